/* A member of the attr against one call: is it there, is it the live arm, what are its bits. */
#ifndef DECODER_FIELD_H
#define DECODER_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder/call.h"
#include "tables/tables.h"

enum {
	ATTR_HEAD = 8 /* type and size, without which nothing else can be told */
};

/*
 * The bits of the member as a number. Bytes past readable are read as zero, as the kernel does with
 * those past size. Big-endian compilers allocate bit-fields from the high end; field_value and
 * field_store alone know that.
 */
uint64_t field_value(const struct field *field, const struct call *call);
void field_store(const struct field *field, unsigned char *attr, unsigned arch, uint64_t value);

/* The value of any flag or word by its id. */
uint64_t attr_value(const struct call *call, enum field_id id);

/* Whether the caller passed the whole word that holds the member, or only some bytes of it. */
bool field_present(const struct field *field, size_t held);
bool field_halved(const struct field *field, size_t held);

/* Whether the row's condition holds. */
bool field_live(const struct field *field, const struct call *call);

/*
 * Whether this row is the one to show for its bits: the first live arm at its offset, or the last.
 */
bool field_chosen(const struct field *field, const struct call *call);

/*
 * Whether the value is worth a line: zero bits younger than the caller's header, and reserved ones,
 * are not.
 */
bool field_shown(const struct field *field, const struct call *call, uint64_t value);

/* The value of a name, the name of a value in a group, and the row of a spelling; NULL: none. */
uint64_t name_value(enum name_id id);
const struct name *name_of(enum group group, uint64_t value);
const struct name *name_find(enum group group, const char *text, size_t length);

/* The registers of the call's architecture. */
enum group call_registers(const struct call *call);

/* Whether config names another PMU in its high half (5.13: perf_init_event). */
bool call_extended(const struct call *call);

/*
 * errno.def's row, if that number means the same on this architecture; NULL: it has no name there.
 */
const struct error *error_of(unsigned arch, int32_t number);

#endif
