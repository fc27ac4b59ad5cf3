/*
 * The memory of the calls that are under way: static, since a signal handler's stack may be 2 KiB.
 */
#ifndef SHIM_SLOT_H
#define SHIM_SLOT_H

#include <stdbool.h>

#include "decoder/call.h"
#include "shim/caller.h"
#include "shim/facts.h"
#include "shim/names.h"
#include "shim/opened.h"
#include "shim/outlet.h"

/* All that one call needs beside its stack frame. */
struct slot {
	struct call call;
	struct caller caller;
	struct opened leader; /* the event at group_fd */
	struct outlet outlet;
	struct names_room names;
	struct facts facts;
	struct facts_room facts_room;
	unsigned char attr[CALL_ATTR_MAX];
	char text[RECORD_MAX];
};

/*
 * A slot for that caller until slot_release; NULL: too many calls are under way, even after a
 * while. With `quiet` no system call is made to find that out.
 */
struct slot *slot_claim(const struct caller *caller, bool quiet);
void slot_release(struct slot *slot);

#endif
