/* Any text through the parser: it ends, and what it read is shown as a text that stays. */
#include "decoder/act_text.h"
#include "tests/fuzz/fuzz.h"

static size_t
render_act(const struct act *act, char *text)
{
	struct buf out = {.text = text, .size = TEXT_MAX - 1};

	act_c(&out, act, SELECT_ALL);
	text[out.length] = '\0';
	check(!out.overflow, "the text is too long", text);
	return out.length;
}

static void
check_act(const struct act *act)
{
	static char once[TEXT_MAX], twice[TEXT_MAX];
	static struct call_store store;
	static struct act_store acts;
	struct parser parser;
	struct call call;

	parser_begin(&parser, once, render_act(act, once), &store);
	parser.acts = &acts;
	check(call_parse(&parser, &call) == PARSED_ACT, parser.why, once);
	render_act(&acts.act, twice);
	if (strcmp(once, twice) != 0)
		check(false, once, twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct call_store store;
	static struct act_store acts;
	struct parser parser;
	struct call call;
	enum parsed result;
	size_t before = 0;

	parser_begin(&parser, (const char *)data, size, &store);
	parser.acts = &acts;
	while ((result = call_parse(&parser, &call)) < PARSED_CUT) {
		check(parser.at > before && parser.at <= size, "the parser does not move on", "");
		before = parser.at;
		if (result == PARSED_BAD)
			check(parser.why && parser.bad_line, "nobody says what is bad", "");
		else if (result == PARSED_ACT)
			check_act(&acts.act);
		else
			check_settles(&call);
	}
	return 0;
}
