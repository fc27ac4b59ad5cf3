/* What was rendered reads back as the same call, for thousands of calls that nobody would make. */
#include "tests/decoder/calls.h"
#include "tests/decoder/json.h"
#include "tests/decoder/random.h"

enum {
	CALLS = 5000,
	SEED = 2147483647
};

static struct call_store store;

/* The call's text, if it does not read back as the call. */
static const char *
differs(const struct call *call, enum selection selection)
{
	const char *text = render(call, &form_c, selection);
	struct parser parser;
	struct call back;
	enum parsed result = parse(text, &parser, &back);

	if (result == PARSED_CALL && call_equal(call, &back) && parser.at == parser.length)
		return NULL;
	if (result != PARSED_CALL)
		print_error("line %lu: %s\n", parser.bad_line, parser.why);
	return text;
}

static void
check_calls(enum selection selection)
{
	struct random random = {SEED};
	struct call call;

	for (unsigned i = 0; i < CALLS; i++) {
		const char *text;

		random_call(&random, &call, &store);
		text = differs(&call, selection);
		if (text)
			fprintf(stderr, "call %u:\n%s\n", i, text);
		assert_null(text);
	}
}

TEST(every_call_reads_back_from_all_its_fields)
{
	check_calls(SELECT_ALL);
}

TEST(every_call_reads_back_from_its_set_fields)
{
	check_calls(SELECT_SET);
}

TEST(the_json_of_every_call_is_well_formed)
{
	struct random random = {SEED};
	struct call call;

	for (unsigned i = 0; i < CALLS; i++) {
		const char *text;

		random_call(&random, &call, &store);
		text = as_json(&call);
		if (!json_well_formed(text))
			fprintf(stderr, "call %u:\n%s\n", i, text);
		assert_true(json_well_formed(text));
	}
}

TEST(many_calls_read_back_from_one_log)
{
	static char log[1 << 22];
	static struct call_store back_store;
	struct buf out = {.text = log, .size = sizeof log};
	struct random random = {SEED};
	struct parser parser;
	struct call call, back;

	for (unsigned i = 0; i < 200; i++) {
		random_call(&random, &call, &store);
		call_decode(&out, &call, &form_c, SELECT_ALL);
		buf_text(&out, i % 2 ? "words of the program\n" : "");
	}
	assert_int_equal(out.overflow, 0);
	random.state = SEED;
	parser_begin(&parser, log, out.length, &back_store);
	for (unsigned i = 0; i < 200; i++) {
		random_call(&random, &call, &store);
		assert_int_equal(call_parse(&parser, &back), PARSED_CALL);
		assert_true(call_equal(&call, &back));
	}
	assert_int_equal(call_parse(&parser, &back), PARSED_END);
}

/* That the comparison above can fail. */
TEST(a_byte_that_differs_is_another_call)
{
	struct random random = {SEED};
	struct call call;

	for (unsigned i = 0; i < 500; i++) {
		const struct call *back;

		random_call(&random, &call, &store);
		back = parsed(as_c(&call));
		assert_true(call_equal(&call, back));
		if (call.readable)
			store.attr[random_below(&random, call.readable)] ^= 0x10;
		assert_int_equal(call_equal(&call, back), !call.readable);
	}
}
