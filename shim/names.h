/*
 * What this machine calls the PMU, the tracepoint, the event, the probed place and the cgroup of a
 * call.
 */
#ifndef SHIM_NAMES_H
#define SHIM_NAMES_H

#include "decoder/call.h"
#include "shim/pmu.h"
#include "shim/process.h"
#include "shim/tracepoint.h"

/* Where the names of one call are made, if they are not in a cache. */
struct names_room {
	struct pmu_room pmu;
	struct tracepoint_room tracepoint;
	char probe[CALL_PATH_MAX];
	char cgroup[CALL_PATH_MAX];
};

/*
 * Sets the call's pmu, tracepoint, event, alias, probe and cgroup, as far as sysfs, tracefs and
 * procfs tell. To be called before the traced call: it opens files. traced: the process that makes
 * the call, if not this one.
 */
void names_find(struct call *call, const struct traced *traced, struct names_room *room);

#endif
