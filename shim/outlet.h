/* One record, one write, and no signal from it. */
#ifndef SHIM_OUTLET_H
#define SHIM_OUTLET_H

#include <stdbool.h>
#include <stddef.h>

struct outlet {
	int fd;          /* -1: nowhere */
	bool may_break;  /* a pipe or socket: SIGPIPE */
	bool may_exceed; /* a file with a limit on its size: SIGXFSZ */
};

/*
 * Writes the record whole, or returns false. Waits a moment for a full pipe, and for a blocking one
 * as a write does.
 */
bool outlet_write(const struct outlet *outlet, const char *text, size_t length);

/* Why a record could not be written, the last time: an errno; 0: all could. */
int outlet_error(void);

#endif
