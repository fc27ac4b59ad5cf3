/* What the fuzzers share: a call must read back as itself, and its JSON must be JSON. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoder/decode.h"
#include "decoder/field.h"
#include "decoder/parse.h"
#include "tests/decoder/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	TEXT_MAX = 1 << 17
};

/* Ends the program, with what it is about on stderr. */
static inline void
check(bool holds, const char *what, const char *text)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n%s\n", what, text);
	abort();
}

/* Into a text of TEXT_MAX bytes. */
static inline size_t
render(const struct call *call, const struct form *form, enum selection selection, char *text)
{
	struct buf out = {.text = text, .size = TEXT_MAX - 1};

	call_decode(&out, call, form, selection);
	text[out.length] = '\0';
	check(!out.overflow, "the text is too long", text);
	return out.length;
}

/* Whoever chose the names in it, a text moves no cursor and ends no comment. */
static inline void
check_tame(const char *text)
{
	for (const char *at = text; *at; at++)
		check((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t', "a control character", text);
	for (const char *at = text; (at = strstr(at, "/*")); at++) {
		const char *end = strstr(at, "*/"), *newline = strchr(at, '\n');

		check(end && (!newline || end < newline), "a comment is open at its line's end", text);
		check(!memmem(at + 2, (size_t)(end - at - 2), "/*", 2), "a comment in a comment", text);
		at = end;
	}
}

static inline void
check_json(const struct call *call)
{
	static char text[TEXT_MAX];

	render(call, &form_json, SELECT_ALL, text);
	check(json_well_formed(text), "this is no JSON", text);
}

/* What is read from a call's text is shown as the same text again. */
static inline void
check_settles(const struct call *call)
{
	static char once[TEXT_MAX], twice[TEXT_MAX];
	static struct call_store store;
	struct parser parser;
	struct call back;

	parser_begin(&parser, once, render(call, &form_c, SELECT_ALL, once), &store);
	check_tame(once);
	check(call_parse(&parser, &back) == PARSED_CALL, parser.why, once);
	render(&back, &form_c, SELECT_ALL, twice);
	if (strcmp(once, twice) != 0)
		check(false, once, twice);
	check_json(call);
}

#endif
