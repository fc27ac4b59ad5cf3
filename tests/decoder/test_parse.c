/* The C form read back: what is understood, what is skipped, and what is said of damage. */
#include "tests/decoder/calls.h"

static char text[1 << 17];

static const char *
dump(const struct call *call)
{
	return strcpy(text, as_c(call));
}

/* The text with the first `old` in it replaced. */
static const char *
replaced(const char *whole, const char *old, const char *new)
{
	static char result[1 << 17];
	const char *at = strstr(whole, old);

	assert_non_null(at);
	snprintf(result, sizeof result, "%.*s%s%s", (int)(at - whole), whole, new,
		at + strlen(old));
	return result;
}

static unsigned long
lines(const char *words, size_t length)
{
	unsigned long ends = 0;

	while (length--)
		ends += *words++ == '\n';
	return ends;
}

static const char *
joined(const char *first, const char *second, const char *third)
{
	static char result[1 << 17];

	int length = snprintf(result, sizeof result, "%s%s%s", first, second, third);

	assert_true(length >= 0 && (size_t)length < sizeof result);
	return result;
}

/* ---- what is read back */

static struct call *
a_breakpoint(void)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_BREAKPOINT));
	set(call, FIELD_bp_type, name_value(NAME_HW_BREAKPOINT_W));
	set(call, FIELD_bp_addr, 0x7ffc12345678);
	set(call, FIELD_bp_len, 4);
	return call;
}

TEST(every_line_of_a_dump_is_read_back)
{
	assert_reads_back(call_of_size(VER7));
	assert_reads_back(a_breakpoint());
}

TEST(every_flag_is_read_back)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		struct call *call = call_of_size(VER9);

		set_byte(call, 40 + bit / 8, (unsigned char)(1u << bit % 8));
		assert_reads_back(call);
	}
}

TEST(every_flag_of_a_big_endian_call_is_read_back)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		struct call *call = call_on(ARCH_s390x, VER9);

		set_byte(call, 40 + bit / 8, (unsigned char)(1u << bit % 8));
		assert_reads_back(call);
	}
}

TEST(unknown_flags_of_every_size_are_read_back)
{
	for (uint32_t size = 0; size < 200; size++) {
		struct call *call = call_of_size(size);

		set_byte(call, 45, 0x10);
		assert_reads_back(call);
	}
}

TEST(unknown_flags_of_every_size_of_big_endian_are_read_back)
{
	for (uint32_t size = 0; size < 200; size++) {
		struct call *call = call_on(ARCH_s390x, size);

		set_byte(call, 45, 0x10);
		assert_reads_back(call);
	}
}

TEST(every_size_is_read_back)
{
	for (uint32_t size = 0; size < 4200; size += size < 200 ? 1 : 97) {
		struct call *call = call_of_size(size);

		for (unsigned at = 8; at < call->readable; at++)
			set_byte(call, at, (unsigned char)(at * 7));
		assert_reads_back(call);
	}
}

TEST(every_length_that_could_be_read_is_read_back)
{
	for (uint16_t readable = 0; readable < 130; readable++) {
		struct call *call = call_of_size(VER7);

		for (unsigned at = 8; at < VER7; at++)
			set_byte(call, at, (unsigned char)(at * 7));
		call->readable = readable;
		call->attr_addr = 0xffffffffffffff80;
		assert_reads_back(call);
	}
}

TEST(more_bytes_than_the_size_asks_for_are_read_back)
{
	struct call *call = call_of_size(VER0);

	call->readable = VER1;
	assert_reads_back(call);
}

TEST(huge_numbers_are_read_back)
{
	struct call *call = call_of_size(VER9);

	for (unsigned id = 0; id < FIELDS; id++)
		if (id != FIELD_size)
			set(call, (enum field_id)id, ~0ULL);
	call->pid = call->group_fd = INT32_MIN;
	call->cpu = call->fd = INT32_MAX;
	call->flags = ~0ULL;
	call->number = call->lost = call->leader = call->size_after = UINT32_MAX;
	call->error = INT32_MAX;
	assert_reads_back(call);
}

TEST(every_error_is_read_back)
{
	for (int error = 1; error < 600; error++) {
		struct call *call = call_on(error % 2 ? ARCH_mips : ARCH_x86_64, VER7);

		call->fd = -1;
		call->error = error;
		assert_reads_back(call);
	}
}

TEST(every_architecture_is_read_back)
{
	for (unsigned arch = 0; arch < ARCHES; arch++)
		assert_reads_back(call_on((enum arch_id)arch, VER7));
}

TEST(the_machines_names_are_read_back)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_RAW));
	call->pmu = "cpu";
	call->event = "cpu/event=0xcd,umask=0x1/";
	call->alias = "mem-loads";
	call->flags = name_value(NAME_PERF_FLAG_PID_CGROUP);
	call->cgroup = "/system.slice/a b";
	assert_reads_back(call);
}

TEST(texts_of_every_single_byte_are_read_back)
{
	for (unsigned byte = 1; byte < 256; byte++) {
		char word[] = {(char)byte, 'x', (char)byte, (char)byte, '\0'};
		struct call *call = call_of_size(VER7);

		set(call, FIELD_type, name_value(NAME_PERF_TYPE_RAW));
		call->comm = call->kernel = call->pmu = call->event = call->alias = call->cgroup =
			word;
		call->flags = name_value(NAME_PERF_FLAG_PID_CGROUP);
		assert_reads_back(call);
	}
}

TEST(a_kernel_called_question_mark_is_read_back)
{
	struct call *call = call_of_size(VER7);

	call->kernel = "?";
	assert_reads_back(call);
}

TEST(a_long_record_is_read_back)
{
	struct call *call = call_of_size(4096);

	for (unsigned at = 144; at < 4096; at++)
		set_byte(call, at, 0x55);
	assert_reads_back(call);
}

TEST(a_record_of_every_length_around_10000_is_read_back)
{
	static const char *const comms[] = {"a", "ab", "abc"};

	for (unsigned i = 0; i < 3 * 300; i++) {
		struct call *call = call_of_size(2500 + i / 3);

		for (unsigned at = 144; at < call->readable; at++)
			set_byte(call, at, 0x55);
		call->comm = comms[i % 3];
		assert_reads_back(call);
	}
}

TEST(a_pointer_alone_has_no_bytes)
{
	struct call *call = call_of_size(0);
	const char *words;

	call->readable = 0;
	words = replaced(dump(call), " /* 0 bytes of 0x0 were read */", "");
	assert_true(call_equal(parsed(words), call));
}

TEST(numbers_may_stand_where_names_could)
{
	const char *words = replaced(dump(a_breakpoint()), "HW_BREAKPOINT_LEN_4", "0X4ull");

	assert_true(call_equal(parsed(words), a_breakpoint()));
}

TEST(members_may_stand_in_another_order)
{
	const char *words = replaced(dump(a_breakpoint()), "\t\t.disabled = 0,\n", "");

	words = replaced(joined(words, "", ""), "\t\t.type =", "\t\t.disabled = 0,\n\t\t.type =");
	assert_true(call_equal(parsed(words), a_breakpoint()));
}

TEST(lines_may_end_in_crlf)
{
	static char dos[1 << 17];
	char *to = dos;

	for (const char *at = dump(a_breakpoint()); *at; at++) {
		if (*at == '\n')
			*to++ = '\r';
		*to++ = *at;
	}
	assert_true(call_equal(parsed(dos), a_breakpoint()));
}

TEST(comments_of_the_reader_are_skipped)
{
	const char *words =
		replaced(dump(a_breakpoint()), "\t\t.config", "\t\t/* look here */\n\t\t.config");

	assert_true(call_equal(parsed(words), a_breakpoint()));
}

/* ---- what stands around it */

TEST(foreign_words_around_calls_are_skipped)
{
	const char *words =
		joined("Hello\n{\n/* perf_event_open is called */\n", dump(a_breakpoint()), "bye");
	struct parser parser;
	struct call call;

	assert_int_equal(parse(words, &parser, &call), PARSED_BAD);
	assert_int_equal(call_parse(&parser, &call), PARSED_CALL);
	assert_true(call_equal(&call, a_breakpoint()));
	assert_int_equal(call_parse(&parser, &call), PARSED_END);
}

TEST(a_call_may_start_in_the_middle_of_a_line)
{
	assert_true(call_equal(parsed(joined("no newline here: ", dump(a_breakpoint()), "")),
		a_breakpoint()));
}

TEST(two_calls_are_read_one_after_the_other)
{
	struct parser parser;
	struct call call;
	const char *words;

	dump(call_of_size(VER0));
	words = joined(text, as_c(a_breakpoint()), "");
	assert_int_equal(parse(words, &parser, &call), PARSED_CALL);
	assert_true(call_equal(&call, call_of_size(VER0)));
	assert_int_equal(call_parse(&parser, &call), PARSED_CALL);
	assert_true(call_equal(&call, a_breakpoint()));
	assert_int_equal(call_parse(&parser, &call), PARSED_END);
	assert_int_equal(parser.at, strlen(words));
}

TEST(an_empty_text_has_no_call)
{
	struct parser parser;
	struct call call;

	assert_int_equal(parse("", &parser, &call), PARSED_END);
	assert_int_equal(parse("/* perf_event_ope", &parser, &call), PARSED_END);
	assert_int_equal(parse("/* perf_event_opening */\n", &parser, &call), PARSED_END);
}

TEST(the_line_behind_a_call_is_counted)
{
	struct parser parser;
	struct call call;

	assert_int_equal(parse(joined("one\ntwo\n", dump(call_of_size(0)), "after"), &parser,
				 &call),
		PARSED_CALL);
	assert_int_equal(parser.line, 1 + 2 + lines(text, strlen(text)));
}

TEST(a_text_that_ends_in_a_call_can_be_read_on_from_its_start)
{
	const char *words = joined("before\n", dump(a_breakpoint()), "");
	size_t whole = strlen(words);

	for (size_t length = strlen("before\n/* perf_event_open "); length < whole; length++) {
		static struct call_store store;
		struct parser parser;
		struct call call;

		parser_begin(&parser, words, length, &store);
		assert_int_equal(call_parse(&parser, &call), PARSED_CUT);
		assert_int_equal(parser.at, strlen("before\n"));
		assert_int_equal(parser.bad_line, 2);
		parser.length = whole;
		assert_int_equal(call_parse(&parser, &call), PARSED_CALL);
	}
}

TEST(a_marker_that_the_text_cuts_is_left_to_be_read_on)
{
	const char *words = joined("before\n", dump(a_breakpoint()), "");
	static struct call_store store;
	struct parser parser;
	struct call call;

	parser_begin(&parser, words, strlen("before\n/* perf_ev"), &store);
	assert_int_equal(call_parse(&parser, &call), PARSED_END);
	parser.length = strlen(words);
	assert_int_equal(call_parse(&parser, &call), PARSED_CALL);
}

TEST(reading_goes_on_behind_a_damaged_call)
{
	struct parser parser;
	struct call call;

	dump(call_of_size(VER0));
	parse(joined(replaced(text, "int cpu", "int cup"), as_c(a_breakpoint()), ""), &parser,
		&call);
	assert_int_equal(call_parse(&parser, &call), PARSED_CALL);
	assert_true(call_equal(&call, a_breakpoint()));
}

TEST(a_record_torn_by_another_is_noticed)
{
	struct parser parser;
	struct call call;
	char first_half[301];

	snprintf(first_half, sizeof first_half, "%s", dump(a_breakpoint()));
	assert_int_equal(parse(joined(first_half, as_c(call_of_size(VER0)), text + 300), &parser,
				 &call),
		PARSED_BAD);
	assert_int_equal(call_parse(&parser, &call), PARSED_CALL);
	assert_true(call_equal(&call, call_of_size(VER0)));
	assert_int_equal(call_parse(&parser, &call), PARSED_END);
}

/* ---- what is said of damage, and of which line */

static void
assert_said(const char *words, unsigned long line, const char *why)
{
	struct parser parser;
	struct call call;
	enum parsed result = parse(words, &parser, &call);

	assert_true(result == PARSED_BAD || result == PARSED_CUT);
	assert_string_equal(parser.why, why);
	assert_int_equal(parser.bad_line, line);
}

/* In a dump of the breakpoint one thing is another: that is said of its line. */
static void
assert_bad(const char *old, const char *new, const char *why)
{
	const char *at = strstr(dump(a_breakpoint()), old);

	assert_non_null(at);
	assert_said(replaced(text, old, new), 1 + lines(text, (size_t)(at - text)), why);
}

/* It is only noticed in the call's last line. */
static void
assert_bad_in_all(const char *old, const char *new, const char *why)
{
	const char *words = replaced(dump(a_breakpoint()), old, new);

	assert_said(words, lines(words, strlen(words)), why);
}

static const char first_line[] = "the call's first line is damaged";
static const char value[] = "the member's value is no number and no name that it can have";
static const char bytes[] = "there are fewer bytes than the line says";
static const char place[] = "the place of these bytes is damaged";

TEST(a_damaged_first_line_is_said)
{
	assert_bad("1: perf", "one: perf", first_line);
	assert_bad("[2145]", "(2145)", first_line);
	assert_bad("thread 2145", "thread x", first_line);
	assert_bad("x86_64 */", "x86_64, soon */", first_line);
	assert_bad("x86_64 */", "x86_64, 3 shoes */", first_line);
	assert_bad("x86_64 */", "x86_64", first_line);
	assert_bad("x86_64 */", "x86_64 *", first_line);
	assert_bad("1: perf", "4294967296: perf", first_line);
	assert_bad("perf[", "more than fifteen bytes[", first_line);
	assert_bad("perf[", "perf\\x0[", first_line);
	assert_bad("perf[", "perf\\x00[", first_line);
	assert_bad("perf[", "perf\\xg0[", first_line);
	assert_bad("perf[", "perf\\x0g[", first_line);
	assert_bad("perf[2145]", "perf", first_line);
	assert_bad("x86_64 */", "x86_64, 4294967296 dumps lost before it */", first_line);
}

TEST(an_unknown_architecture_is_said)
{
	assert_bad("x86_64", "z80", "no architecture that is known stands here");
}

TEST(a_missing_brace_is_said)
{
	assert_bad("{\n", "(\n", "a call's block does not start here");
}

TEST(an_attr_that_is_no_attr_is_said)
{
	assert_bad("attr = {", "attr {", "neither an attr nor a pointer to one stands here");
	assert_bad("attr = {", "*attr = (void *)nil;",
		"neither an attr nor a pointer to one stands here");
}

TEST(a_damaged_extent_is_said)
{
	assert_bad("attr = {", "attr = { /* all of it */",
		"how much of the attr could be read does not stand here");
	assert_bad("attr = {", "attr = { /* 4097 bytes of 0x1 were read */",
		"how much of the attr could be read does not stand here");
}

TEST(an_unknown_member_is_said)
{
	assert_bad(".size", ".sizes", "perf_event_attr has no such member");
	assert_bad(".size =", ".size", "perf_event_attr has no such member");
}

TEST(a_value_that_is_none_is_said)
{
	assert_bad("PERF_TYPE_BREAKPOINT", "PERF_TYPE_BREAKFAST", value);
	assert_bad("PERF_TYPE_BREAKPOINT", "PERF_SAMPLE_IP", value);
	assert_bad("PERF_TYPE_BREAKPOINT", "1 |", value);
	assert_bad("PERF_TYPE_BREAKPOINT", "1 << 64", value);
	assert_bad("PERF_TYPE_BREAKPOINT", "0x", value);
	assert_bad("PERF_TYPE_BREAKPOINT", "", value);
	assert_bad("PERF_TYPE_BREAKPOINT,", "5;", value);
}

TEST(a_number_above_64_bits_is_said)
{
	assert_bad("0x7ffc12345678", "18446744073709551616", value);
	assert_bad("0x7ffc12345678", "0x10000000000000000", value);
}

TEST(a_damaged_comment_of_a_member_is_said)
{
	assert_bad("VER7,", "VER7, /* the size it knows */", "the member's comment is damaged");
	assert_bad("BREAKPOINT,", "BREAKPOINT, /* never ends", "the member's comment is damaged");
	assert_bad(".bp_addr = 0x7ffc12345678,", ".uprobe_path = 0x5000, /* bare */",
		"the member's comment is damaged");
}

TEST(a_value_of_an_argument_that_is_none_is_said)
{
	assert_bad("int cpu = -1;", "int cpu = any;",
		"the argument's value is no number and no name that it can have");
	assert_bad("flags = 0;", "flags = PERF_SAMPLE_IP;",
		"the argument's value is no number and no name that it can have");
	assert_bad("int cpu = -1;", "int cpu = -1,",
		"the argument's value is no number and no name that it can have");
}

TEST(a_damaged_comment_of_an_argument_is_said)
{
	assert_bad("int fd = 3;", "int fd = -1; /* EWHAT: no such error */",
		"the argument's comment is damaged");
	assert_bad("int fd = 3;", "int fd = -1; /* errno many */",
		"the argument's comment is damaged");
	assert_bad("-1; /* its own leader */", "4; /* opened by call me */",
		"the argument's comment is damaged");
	assert_bad("0; /* the calling thread */", "4; /* cgroup / and so on",
		"the argument's comment is damaged");
}

TEST(a_line_that_is_none_is_said)
{
	assert_bad("\t\t.size", "\t\tsize", "this is no line of a dump");
	assert_bad("\tint cpu", "\tint cup", "this is no line of a dump");
	assert_bad("\tint cpu", "\tlong cpu", "this is no line of a dump");
	assert_bad("\tint cpu", "\tint cpus", "this is no line of a dump");
}

TEST(a_missing_argument_is_said)
{
	assert_bad_in_all("\tint cpu = -1; /* any CPU */\n", "",
		"the call lacks an argument or its result");
}

TEST(raw_bytes_that_are_none_are_said)
{
	assert_bad("\t\t.config =", "\t\t/* bytes 5: 00 */\n\t\t.config =", place);
	assert_bad("\t\t.config =", "\t\t/* bytes 9..8: 00 */\n\t\t.config =", place);
	assert_bad("\t\t.config =", "\t\t/* bytes 4095..4096: zero */\n\t\t.config =", place);
	assert_bad("\t\t.config =", "\t\t/* bytes 8..9: 00 */\n\t\t.config =", bytes);
	assert_bad("\t\t.config =", "\t\t/* bytes 8..9: 00 0", bytes);
}

TEST(a_record_of_another_length_than_it_says_is_noticed)
{
	assert_bad_in_all("x86_64 */", "x86_64, 12 bytes */",
		"the call has another length than its first line says");
}

TEST(a_zero_byte_in_a_text_is_said)
{
	static struct call_store store;
	struct parser parser;
	struct call call;
	size_t length = strlen(dump(a_breakpoint()));

	*strstr(text, "erf[") = '\0';
	parser_begin(&parser, text, length, &store);
	assert_int_equal(call_parse(&parser, &call), PARSED_BAD);
	assert_string_equal(parser.why, first_line);
}

TEST(the_second_of_two_damaged_calls_has_its_own_line)
{
	unsigned long first;
	struct parser parser;
	struct call call;

	dump(call_of_size(VER0));
	first = lines(text, strlen(text));
	strcpy(text, replaced(text, "int cpu", "int cup"));
	assert_int_equal(parse(joined(text, "/* perf_event_open one */\n", ""), &parser, &call),
		PARSED_BAD);
	assert_int_equal(call_parse(&parser, &call), PARSED_BAD);
	assert_int_equal(parser.bad_line, first + 1);
}

TEST(a_text_that_ends_in_a_call_is_said)
{
	assert_said(replaced(dump(a_breakpoint()), "\n}\n", ""), 1,
		"the dump ends here, in the middle of a call");
}

TEST(lines_are_counted_from_the_start_of_the_text)
{
	dump(a_breakpoint());
	assert_said(joined("a\nb\n", replaced(text, ".size", ".sizes"), ""), 7,
		"perf_event_attr has no such member");
}
