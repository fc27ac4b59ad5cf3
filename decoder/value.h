/* One value as text: the C expression that a compiler reads as that value, or the JSON value. */
#ifndef DECODER_VALUE_H
#define DECODER_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/buf.h"
#include "decoder/call.h"
#include "decoder/field.h"
#include "tables/tables.h"

/* What is to be shown: a member of the attr, or an argument. */
struct value {
	uint64_t bits;
	enum kind kind;
	enum group names;
	bool named; /* names hold even for 0: the member's condition holds */
};

static inline struct value
value_of_field(const struct field *field, const struct call *call, uint64_t bits)
{
	bool named = bits || (field->names && field_live(field, call));

	return (struct value){bits, field->kind, field->names, named};
}

struct value value_of_argument(enum argument_id id, const struct call *call);

void value_c(struct buf *out, const struct call *call, const struct value *value);
void value_json(struct buf *out, const struct call *call, const struct value *value);

/* The group's words for a NOTED number; NULL: there is nothing to say. */
const char *value_note(const struct value *value);

/* The release of the youngest name that the value is spelled with; 0: it is a number. */
uint32_t value_since(const struct call *call, const struct value *value);

/* The later of two releases. */
static inline uint32_t
later(uint32_t left, uint32_t right)
{
	return left > right ? left : right;
}

/* Whether a zero says more than that nothing was set. */
bool value_has_name(const struct call *call, const struct value *value);

/*
 * Text from outside, so that it can break out of neither a comment nor a string, nor play tricks on
 * a terminal: control characters, direction marks and bytes that are not UTF-8 become \x and two
 * digits. `also` is one more character that gets escaped; 0: none.
 */
void text_c(struct buf *out, const char *text, char also);
void text_json(struct buf *out, const char *text);

/*
 * A string for C with its quotes: what is not plain ASCII, and what could start or end a comment,
 * in octal, whose three digits end by themselves.
 */
void string_c(struct buf *out, const char *text, size_t length);

/* ENOENT; or, where errno.def has no name for it, errno 524. */
void error_label(struct buf *out, unsigned arch, int32_t number);

/* ENOENT: No such file or directory. */
void error_text(struct buf *out, unsigned arch, int32_t number);

#endif
