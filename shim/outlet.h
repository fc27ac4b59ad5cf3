/* One record, one write, and no signal from it. */
#ifndef SHIM_OUTLET_H
#define SHIM_OUTLET_H

#include <stdbool.h>
#include <stddef.h>

enum {
	/* The longest record: JSON, where a hostile byte of the two paths takes six. */
	RECORD_MAX = 65536
};

struct outlet {
	int fd;          /* -1: nowhere */
	bool appends;    /* whatever the position, which is not to be moved */
	bool may_break;  /* a pipe or socket: SIGPIPE */
	bool may_stop;   /* a terminal, written to from the background: SIGTTOU */
	bool may_exceed; /* a file with a limit on its size: SIGXFSZ */
	bool patient;    /* may wait for the reader of a full pipe */
};

/*
 * Writes the record whole, or returns false. Waits a moment for a full pipe, and for a blocking one
 * as a write does.
 */
bool outlet_write(const struct outlet *outlet, const char *text, size_t length);

/*
 * Whether something can be written at once, or in a moment: a program must not hang at its end for
 * words that nobody reads.
 */
bool outlet_is_read(const struct outlet *outlet);

/*
 * Whether the last record was written in part: then the next one should start on a line of its own.
 */
bool outlet_torn(void);

/* Why a record could not be written, the last time: an errno; 0: all could. */
int outlet_error(void);

#endif
