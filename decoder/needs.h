/* What an attr needs: the oldest kernel that accepts it, and who asks for that one. */
#ifndef DECODER_NEEDS_H
#define DECODER_NEEDS_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/buf.h"
#include "decoder/call.h"
#include "tables/tables.h"

enum need_kind {
	NEED_FIELD,    /* id: enum field_id */
	NEED_NAME,     /* id: enum name_id */
	NEED_BEHAVIOUR /* id: enum behaviour_id */
};

struct need {
	uint8_t kind;
	uint16_t id;
};

enum {
	NEEDS_MAX = 8
};

struct needs {
	uint32_t release; /* L(); the first release of perf, 2.6.31, if nothing asks for a later */
	bool unknown;     /* there are bits or names beside that no kernel in the tables accepts */
	uint8_t count;    /* who asks for that release: needs[0..count), none for 2.6.31 */
	uint8_t more;     /* further ones that had no room */
	struct need needs[NEEDS_MAX];
};

/*
 * Looks at what is not zero, and at the flags argument: a large attr.size with zeros behind is
 * accepted by every kernel. Stable updates and distributions may accept it earlier.
 */
void call_needs(struct needs *needs, const struct call *call);

/* sigtrap, PERF_SAMPLE_CGROUP, or some words. */
void need_text(struct buf *out, const struct need *need);

/* 5.13, 2.6.33 */
void release_put(struct buf *out, uint32_t release);

/* needs Linux 5.13: sigtrap, remove_on_exec */
void needs_text(struct buf *out, const struct needs *needs);

#endif
