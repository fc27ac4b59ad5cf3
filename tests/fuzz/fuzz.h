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

static inline void
check_json(const struct call *call)
{
	static char text[TEXT_MAX];

	render(call, &form_json, SELECT_ALL, text);
	check(json_well_formed(text), "this is no JSON", text);
}

#endif
