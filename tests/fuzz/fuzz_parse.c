/* Any text through the parser: it ends, and what it read is shown as a text that stays. */
#include "tests/fuzz/fuzz.h"

static void
check_settles(const struct call *call)
{
	static char once[TEXT_MAX], twice[TEXT_MAX];
	static struct call_store store;
	struct parser parser;
	struct call back;

	parser_begin(&parser, once, render(call, &form_c, SELECT_ALL, once), &store);
	check(call_parse(&parser, &back) == PARSED_CALL, parser.why, once);
	render(&back, &form_c, SELECT_ALL, twice);
	if (strcmp(once, twice) != 0)
		check(false, once, twice);
	check_json(call);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct call_store store;
	struct parser parser;
	struct call call;
	enum parsed result;
	size_t before = 0;

	parser_begin(&parser, (const char *)data, size, &store);
	while ((result = call_parse(&parser, &call)) == PARSED_CALL || result == PARSED_BAD) {
		check(parser.at > before && parser.at <= size, "the parser does not move on", "");
		before = parser.at;
		if (result == PARSED_CALL)
			check_settles(&call);
		else
			check(parser.why && parser.bad_line, "nobody says what is bad", "");
	}
	return 0;
}
