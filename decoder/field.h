/* A member of the attr against one call: is it there, is it the live arm, what are its bits. */
#ifndef DECODER_FIELD_H
#define DECODER_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder/buf.h"
#include "decoder/bytes.h"
#include "decoder/call.h"
#include "tables/tables.h"

enum {
	ATTR_HEAD = 8 /* type and size, without which nothing else can be told */
};

/*
 * Where the bits stand in their word. Big-endian compilers allocate bit-fields from the high end:
 * this function alone knows it.
 */
static inline unsigned
field_shift(const struct field *field, bool big)
{
	return big ? 8u * field->bytes - field->bit - field->width : field->bit;
}

/* As many ones as the member has bits. */
static inline uint64_t
field_mask(const struct field *field)
{
	return ~0ULL >> (64 - field->width);
}

/*
 * Whether the caller passed the whole member, or only some bytes of it. Bits stand in the first
 * bytes of their word on either byte order, and count if their own bytes are there.
 */
static inline bool
field_present(const struct field *field, size_t held)
{
	return field->offset + (field->bit + field->width + 7u) / 8 <= held;
}

static inline bool
field_halved(const struct field *field, size_t held)
{
	return field->offset + field->bit / 8u < held && !field_present(field, held);
}

static inline bool
call_big(const struct call *call)
{
	return arches[call->arch].order == BIG;
}

/* field_word for one that could not be read whole. */
uint64_t field_word_cut(const struct field *field, const struct call *call);

/*
 * The word that holds the member. Bytes past readable are read as zero, as the kernel does with
 * those past size.
 */
static inline uint64_t
field_word(const struct field *field, const struct call *call)
{
	if ((size_t)field->offset + field->bytes > call->readable)
		return field_word_cut(field, call);
	return bytes_load(call->attr + field->offset, field->bytes, call_big(call));
}

static inline uint64_t
field_bits(const struct field *field, uint64_t word, bool big)
{
	return word >> field_shift(field, big) & field_mask(field);
}

/* The bits of the member as a number. */
static inline uint64_t
field_value(const struct field *field, const struct call *call)
{
	return field_bits(field, field_word(field, call), call_big(call));
}

void field_store(const struct field *field, unsigned char *attr, unsigned arch, uint64_t value);

/* The value of any flag or word by its id. */
uint64_t attr_value(const struct call *call, enum field_id id);

/* Whether the row's condition holds. */
bool field_live(const struct field *field, const struct call *call);

/* Whether this arm is the one of its union to show: the first live one, or the last. */
bool field_chosen_arm(const struct field *field, const struct call *call);

/* The rows stand in order, so the arms of a union are neighbours. */
static inline bool
field_has_arms(const struct field *field)
{
	return (field > fields && field[-1].offset == field->offset)
		|| (field + 1 < fields + FIELDS && field[1].offset == field->offset);
}

/* The same of any row: bits share a word with other bits, but are no arms. */
static inline bool
field_chosen(const struct field *field, const struct call *call)
{
	return field->width != 8 * field->bytes || !field_has_arms(field)
		|| field_chosen_arm(field, call);
}

/*
 * Whether the value is worth a line in an attr of that size: zero bits younger than the caller's
 * header, and reserved ones, are not.
 */
static inline bool
field_shown(const struct field *field, uint32_t attr_size, uint64_t value)
{
	if (value)
		return true;
	return field->kind != SPARE && (field->version <= VER0 || field->version <= attr_size);
}

/* Whether a zero is that and no more: neither a name nor a comment can go with it. */
static inline bool
field_bare(const struct field *field)
{
	const unsigned kinds = 1u << UINT | 1u << HEX | 1u << PMUBITS | 1u << MASK | 1u << REGS;

	return kinds >> field->kind & 1;
}

/* The member's name between two texts of three bytes. */
static inline void
field_name(struct buf *out, const struct field *field, const char before[4], const char after[4])
{
	char *to = buf_room(out, 4 + sizeof field->name + 4);

	if (to) {
		__builtin_memcpy(to, before, 4);
		__builtin_memcpy(to + 3, field->name, sizeof field->name);
		__builtin_memcpy(to + 3 + field->length, after, 4);
		out->length += 3u + field->length + 3u;
	} else {
		buf_add(out, before, 3);
		buf_add(out, field->name, field->length);
		buf_add(out, after, 3);
	}
}

/* The value of a name, the name of a value in a group, and the row of a spelling; NULL: none. */
uint64_t name_value(enum name_id id);
const struct name *name_of(enum group group, uint64_t value);
const struct name *name_find(enum group group, const char *text, size_t length);

/* The registers of the call's architecture. */
enum group call_registers(const struct call *call);

/* Whether its type is HARDWARE or HW_CACHE: the core PMU's, unless config names another. */
bool call_generic(const struct call *call);

/* Whether config names another PMU in its high half (5.13: perf_init_event). */
bool call_extended(const struct call *call);

/*
 * errno.def's row, if that number means the same on this architecture; NULL: it has no name there.
 */
const struct error *error_of(unsigned arch, int32_t number);

#endif
