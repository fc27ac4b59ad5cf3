/* Tracepoints as tracefs has them: an id's name. */
#ifndef SHIM_TRACEPOINT_H
#define SHIM_TRACEPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"

/* Whether tracefs can be read, so that an id without a name is no tracepoint's. */
bool tracepoints_readable(void);

/* Lent for a walk over tracefs, and where a name is made that is not in the index. */
struct tracepoint_room {
	_Alignas(8) char systems[4096]; /* directory entries, which have integers */
	_Alignas(8) char events[4096];
	char path[640];
	char name[CALL_TRACEPOINT_MAX];
};

/*
 * The system:name of an id; "": tracefs is not there, or has none. The first call reads all of
 * tracefs, some thousand files; the answer is in static memory, or for a tracepoint made since in
 * the room.
 */
const char *tracepoint_name(uint64_t id, struct tracepoint_room *room);

#endif
