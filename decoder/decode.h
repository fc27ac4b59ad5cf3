/* The walk: one call, row by row, through a form of text. */
#ifndef DECODER_DECODE_H
#define DECODER_DECODE_H

#include "decoder/buf.h"
#include "decoder/call.h"
#include "tables/tables.h"

/* Which members are worth a line. */
enum selection {
	SELECT_ALL, /* every member that the size holds */
	SELECT_SET  /* zeros that have no name are left out */
};

/* A form of text: what it makes of each thing the walk finds, in this order. NULL: nothing. */
struct form {
	size_t least; /* bytes of the attr without which no member is shown */
	void (*begin)(struct buf *out, const struct call *call);
	void (*field)(struct buf *out, const struct call *call, const struct field *field,
		uint64_t bits);
	/*
	 * The rows from `first` up to `end`, all of them zeros that are field_bare(): such runs are
	 * most of a call. NULL: for who selects none.
	 */
	void (*zeros)(struct buf *out, const struct field *first, const struct field *end);
	/* A word of which only the bytes up to `held` were passed. */
	void (*half)(struct buf *out, const struct call *call, const struct field *field,
		size_t held);
	/* Bytes that no row holds: from here to call->readable. */
	void (*tail)(struct buf *out, const struct call *call, size_t from);
	void (*argument)(struct buf *out, const struct call *call, enum argument_id id);
	void (*end)(struct buf *out, const struct call *call);
};

extern const struct form form_c;
extern const struct form form_json;

/* Appends the call as text; a buffer that is too small has overflow set. */
void call_decode(struct buf *out, const struct call *call, const struct form *form,
	enum selection selection);

/* The attr alone: its members, halves and tail. */
void attr_decode(struct buf *out, const struct call *call, const struct form *form,
	enum selection selection);

#endif
