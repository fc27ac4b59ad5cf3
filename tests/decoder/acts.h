/* Acts for the tests, and what the decoder makes of them: good until the next of their kind. */
#ifndef TESTS_DECODER_ACTS_H
#define TESTS_DECODER_ACTS_H

#include "decoder/act_text.h"
#include "decoder/parse.h"
#include "tests/decoder/calls.h"

enum {
	ACT_ROOM = 1 << 18
};

/* Of perf's third event, whose fd is 5. */
static inline struct act *
act_of(enum function function)
{
	static struct act act;

	act_clear(&act);
	act.function = (uint8_t)function;
	act.comm = "perf";
	act.caller_pid = 2145;
	act.caller_tid = 2147;
	act.arch = ARCH_x86_64;
	act.event.call = 3;
	for (unsigned place = 0; place < act_parts(&act); place++)
		if (act_part(&act, place).part == PART_OWN_FD)
			act.arguments[place] = 5;
	return &act;
}

static inline struct act *
act_told(enum function function, enum name_id command, uint64_t argument)
{
	struct act *act = act_of(function);

	act->command = (uint16_t)command;
	act->arguments[act_parts(act) - 1] = argument;
	return act;
}

static inline const char *
act_text(void (*form)(struct buf *, const struct act *, enum selection), const struct act *act)
{
	static char text[ACT_ROOM];
	struct buf out = {.text = text, .size = sizeof text - 1};

	form(&out, act, SELECT_ALL);
	assert_int_equal(out.overflow, 0);
	text[out.length] = '\0';
	return text;
}

static inline enum parsed
act_parse(const char *text, struct parser *parser)
{
	static struct call_store calls;
	static struct act_store acts;
	struct call call;

	parser_begin(parser, text, strlen(text), &calls);
	parser->acts = &acts;
	return call_parse(parser, &call);
}

/* The act that the text holds. */
static inline const struct act *
act_parsed(const char *text)
{
	struct parser parser;
	enum parsed result = act_parse(text, &parser);

	if (result == PARSED_BAD)
		print_error("line %lu: %s\n%s\n", parser.bad_line, parser.why, text);
	assert_int_equal(result, PARSED_ACT);
	return &parser.acts->act;
}

/* That it is shown so in C, and that this is read as the same act. */
static inline void
assert_act(const struct act *act, const char *text)
{
	assert_string_equal(act_text(act_c, act), text);
	assert_true(act_equal(act_parsed(act_text(act_c, act)), act));
}

#endif
