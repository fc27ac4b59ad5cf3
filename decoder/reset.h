/* What active probing changes of a refused call, one group of fields after the other. */
#ifndef DECODER_RESET_H
#define DECODER_RESET_H

#include <stddef.h>
#include <stdint.h>

#include "decoder/buf.h"
#include "decoder/call.h"
#include "tables/tables.h"

/* In the order in which they are tried. */
enum reset {
	RESET_NONE, /* not probed */
	RESET_DISABLED,
	RESET_DEFERRED,
	RESET_AUX,
	RESET_SIGTRAP,
	RESET_BUILD_ID,
	RESET_TEXT_POKE,
	RESET_CGROUP,
	RESET_AUX_OUTPUT,
	RESET_SYMBOLS,
	RESET_BACKWARD,
	RESET_CLOCK,
	RESET_RECORDS,
	RESET_CALLCHAIN,
	RESET_INHERIT,
	RESET_PINNED,
	RESET_SAMPLE_TYPE,
	RESET_SAMPLING,
	RESET_GROUP,
	RESET_TARGET,
	RESET_PRECISE,
	RESET_EXCLUDE,
	RESET_NO_HELP, /* none of them changed the answer */
	RESETS
};

/* The members that a group sets to zero, up to a FIELDS; none for the groups that set others. */
const uint8_t *reset_fields(enum reset reset);

/* The next member of those with a value in the call; NULL: none is left. */
const struct field *reset_next(const uint8_t **ids, const struct call *call);

/* `sigtrap, remove_on_exec = 0` */
void reset_text(struct buf *out, const struct call *call, enum reset reset);

/* The group that has that member or argument; RESET_NONE: there is none. */
enum reset reset_find(const char *name, size_t length);

/* A comment line of its own, without a last newline; nothing if the call was not probed. */
void probed_c(struct buf *out, const struct call *call);

/* The key probe_result; nothing if the call was not probed. */
void probed_json(struct buf *out, const struct call *call);

#endif
