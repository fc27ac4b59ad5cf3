/* Acts as statements of the program that makes the calls again. */
#ifndef CLI_STATEMENT_H
#define CLI_STATEMENT_H

#include <stdio.h>

#include "cli/places.h"
#include "cli/prologue.h"
#include "decoder/act.h"

/* Where an act's fds are in the program. */
struct deed {
	struct act *act; /* a copy of our own */
	unsigned long at;     /* the event's place in fd[]; 0: the act is about none */
	unsigned long copy;   /* the fd's in copy[] */
	unsigned long target; /* the other event's in fd[] */
	unsigned long made;   /* the new fd's in copy[] */
};

struct statements {
	FILE *body;
	struct prologue *head;
	struct places *fds; /* of the dump */
	struct deed *deeds; /* that are to be written */
	size_t count;
	size_t room;
	bool any;
};

/* The next act, in the order of the dump. */
void statements_add(struct statements *statements, const struct act *act);

/* Writes all that was added: a call follows. */
void statements_flush(struct statements *statements);

/* The same at the program's end, where the events are read before they are closed. */
void statements_end(struct statements *statements);

#endif
