/* The C form read back: text, with anything else in between, to calls and acts. */
#ifndef DECODER_PARSE_H
#define DECODER_PARSE_H

#include <stddef.h>

#include "decoder/act.h"
#include "decoder/call.h"

enum parsed {
	PARSED_CALL, /* *call holds the next one */
	PARSED_ACT,  /* acts->act does */
	PARSED_BAD,  /* a block that is torn or damaged: see line and why; parsing can go on behind
	                its first line */
	PARSED_CUT, /* the text ends within a block: at is where it starts, so that more can be read
	               and tried again */
	PARSED_END  /* no further block */
};

struct parser {
	const char *text;
	size_t length;
	struct call_store *store;
	struct act_store *acts; /* to be set behind parser_begin; NULL: acts are skipped */
	size_t at;          /* of the next byte to look at */
	unsigned long line; /* that byte's, counted from 1 */

	unsigned long bad_line; /* with PARSED_BAD and PARSED_CUT */
	const char *why;        /* a sentence without its full stop */
};

/*
 * Starts at the first byte of a text. What a call points to is kept in the store, until the next
 * one is read.
 */
void parser_begin(struct parser *parser, const char *text, size_t length, struct call_store *store);

/*
 * Reads the next block, or the next line that is an act, and moves behind it. Whatever else there
 * is is skipped.
 */
enum parsed call_parse(struct parser *parser, struct call *call);

#endif
