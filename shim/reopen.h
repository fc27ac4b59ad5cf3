/* Calls of our own that open the program's event once more, changed. */
#ifndef SHIM_REOPEN_H
#define SHIM_REOPEN_H

#include <stdbool.h>

#include "decoder/call.h"
#include "decoder/field.h"

/* Sets a member in a copy of the call's attr, if the caller passed it. */
void attr_store(const struct call *call, unsigned char *attr, enum field_id id, uint64_t value);

/*
 * Who opens an event once more for the program, and closes it: the program's own thread, past all
 * that is preloaded, or a tracer that makes it do so. open returns the program's fd or -errno; attr
 * has as many bytes as the call's.
 */
struct opener {
	long (*open)(void *with, const struct call *call, const unsigned char *attr);
	void (*close)(void *with, long fd);
	void *with;
};

/* The thread that runs this. */
struct opener opener_here(void);

static inline long
event_open(const struct opener *opener, const struct call *call, const unsigned char *attr)
{
	return opener->open(opener->with, call, attr);
}

/* Whether attr.type is the call's PMU here: whatever tree SYSFS_PATH names. */
bool machine_has_pmu(const struct call *call);

#endif
