/* One value as text, for the compiler and for JSON; and text from outside. */
#include "decoder/value.h"
#include "tests/decoder/calls.h"

typedef void writer(struct buf *out, const struct call *call, const struct value *value);

static const char *
written(writer *write, enum field_id id, const struct call *call)
{
	static char text[4096];
	struct buf out = {.text = text, .size = sizeof text - 1};
	struct value value = value_of_field(&fields[id], call, attr_value(call, id));

	write(&out, call, &value);
	text[out.length] = '\0';
	return text;
}

/* The member alone, set to that, in an attr of that type. */
static struct call *
with(enum name_id type, enum field_id id, uint64_t bits)
{
	struct call *call = call_of_size(VER9);

	set(call, FIELD_type, name_value(type));
	set(call, id, bits);
	return call;
}

#define assert_c(id, bits, expected)                                                               \
	assert_string_equal(written(value_c, id, with(NAME_PERF_TYPE_RAW, id, bits)), expected)
#define assert_json(id, bits, expected)                                                            \
	assert_string_equal(written(value_json, id, with(NAME_PERF_TYPE_RAW, id, bits)), expected)
#define assert_config(type, bits, expected)                                                        \
	assert_string_equal(written(value_c, FIELD_config, with(NAME_##type, FIELD_config, bits)), \
		expected)
#define assert_config_json(type, bits, expected)                                                   \
	assert_string_equal(written(value_json, FIELD_config,                                      \
				    with(NAME_##type, FIELD_config, bits)),                        \
		expected)

TEST(counts_are_decimal)
{
	assert_c(FIELD_sample_period, 4000, "4000");
}

TEST(a_count_from_2_to_the_63_is_unsigned_for_the_compiler)
{
	assert_c(FIELD_sample_period, INT64_MAX, "9223372036854775807");
	assert_c(FIELD_sample_period, 1ULL << 63, "9223372036854775808ULL");
}

TEST(addresses_are_hex)
{
	assert_c(FIELD_config1, 0x7fff1000, "0x7fff1000");
}

TEST(a_single_digit_needs_no_hex)
{
	assert_c(FIELD_config1, 9, "9");
	assert_c(FIELD_config1, 10, "0xa");
}

TEST(hex_from_2_to_the_63_is_unsigned_for_the_compiler)
{
	assert_c(FIELD_config1, 1ULL << 63, "0x8000000000000000ULL");
}

TEST(an_enum_is_its_name)
{
	assert_c(FIELD_size, 120, "PERF_ATTR_SIZE_VER6");
	assert_json(FIELD_size, 120, "\"PERF_ATTR_SIZE_VER6\"");
}

TEST(an_enum_without_a_name_is_its_number)
{
	assert_c(FIELD_size, 121, "121");
	assert_json(FIELD_size, 121, "121");
}

TEST(a_mask_is_its_names_in_order)
{
	assert_c(FIELD_read_format, 5, "PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_ID");
	assert_json(FIELD_read_format, 5,
		"[\"PERF_FORMAT_TOTAL_TIME_ENABLED\", \"PERF_FORMAT_ID\"]");
}

TEST(bits_without_a_name_come_last)
{
	assert_c(FIELD_read_format, 0x8000000000000401,
		"PERF_FORMAT_TOTAL_TIME_ENABLED | 0x8000000000000400ULL");
	assert_json(FIELD_read_format, 0x8000000000000401,
		"[\"PERF_FORMAT_TOTAL_TIME_ENABLED\", \"0x8000000000000400\"]");
}

TEST(a_mask_of_unknown_bits_alone_is_hex)
{
	assert_c(FIELD_read_format, 0x100, "0x100");
	assert_json(FIELD_read_format, 0x100, "[\"0x100\"]");
}

TEST(an_empty_mask_is_zero_or_an_empty_list)
{
	assert_c(FIELD_sample_type, 0, "0");
	assert_json(FIELD_sample_type, 0, "[]");
}

TEST(registers_are_shifted_for_the_compiler_and_bare_in_json)
{
	assert_c(FIELD_sample_regs_user, 0x101,
		"1ULL << PERF_REG_X86_AX | 1ULL << PERF_REG_X86_IP");
	assert_json(FIELD_sample_regs_user, 0x101, "[\"PERF_REG_X86_AX\", \"PERF_REG_X86_IP\"]");
}

TEST(the_second_bit_of_a_wide_register_is_shown)
{
	assert_c(FIELD_sample_regs_intr, 3ULL << 32, "1ULL << PERF_REG_X86_XMM0 | 0x200000000");
}

TEST(registers_are_named_by_the_architecture_of_the_call)
{
	struct call *call = call_on(ARCH_s390x, VER7);

	set(call, FIELD_sample_regs_user, 1ULL << 33);
	assert_string_equal(written(value_c, FIELD_sample_regs_user, call),
		"1ULL << PERF_REG_S390_PC");
}

TEST(an_architecture_without_names_of_registers_has_hex)
{
	struct call *call = call_on(ARCH_sparc64, VER7);

	set(call, FIELD_sample_regs_user, 0xff);
	assert_string_equal(written(value_c, FIELD_sample_regs_user, call), "0xff");
}

TEST(config_of_hardware_is_its_name)
{
	assert_config(PERF_TYPE_HARDWARE, 1, "PERF_COUNT_HW_INSTRUCTIONS");
	assert_config_json(PERF_TYPE_HARDWARE, 1, "\"PERF_COUNT_HW_INSTRUCTIONS\"");
}

TEST(config_of_hardware_without_a_name_is_a_number)
{
	assert_config(PERF_TYPE_HARDWARE, 0x40, "0x40");
	assert_config_json(PERF_TYPE_HARDWARE, 0x40, "64");
}

TEST(config_of_software_is_its_name)
{
	assert_config(PERF_TYPE_SOFTWARE, 9, "PERF_COUNT_SW_DUMMY");
}

TEST(config_of_software_has_no_pmu_in_its_high_half)
{
	assert_config(PERF_TYPE_SOFTWARE, 4ULL << 32 | 9, "0x400000009");
}

TEST(config_of_the_cache_is_its_three_parts)
{
	assert_config(PERF_TYPE_HW_CACHE, 0x10203,
		"PERF_COUNT_HW_CACHE_DTLB | PERF_COUNT_HW_CACHE_OP_PREFETCH << 8 | "
		"PERF_COUNT_HW_CACHE_RESULT_MISS << 16");
	assert_config_json(PERF_TYPE_HW_CACHE, 0,
		"\"PERF_COUNT_HW_CACHE_L1D | PERF_COUNT_HW_CACHE_OP_READ << 8 | "
		"PERF_COUNT_HW_CACHE_RESULT_ACCESS << 16\"");
}

TEST(parts_of_the_cache_without_a_name_are_numbers)
{
	assert_config(PERF_TYPE_HW_CACHE, 0x7f0403ff, "0xff | 3 << 8 | 4 << 16 | 0x7f000000");
}

TEST(an_extended_config_names_the_pmu_by_its_number)
{
	assert_config(PERF_TYPE_HARDWARE, 4ULL << 32,
		"4ULL << PERF_PMU_TYPE_SHIFT | PERF_COUNT_HW_CPU_CYCLES");
	assert_config_json(PERF_TYPE_HW_CACHE, 0x8ULL << 32 | 2,
		"\"8ULL << PERF_PMU_TYPE_SHIFT | PERF_COUNT_HW_CACHE_LL | "
		"PERF_COUNT_HW_CACHE_OP_READ << 8 | "
		"PERF_COUNT_HW_CACHE_RESULT_ACCESS << 16\"");
}

TEST(config_of_a_tracepoint_is_decimal)
{
	assert_config(PERF_TYPE_TRACEPOINT, 678, "678");
}

TEST(config_of_other_types_is_hex)
{
	assert_config(PERF_TYPE_RAW, 0x1cd, "0x1cd");
	assert_config_json(PERF_TYPE_RAW, 0x1cd, "461");
}

TEST(json_numbers_from_2_to_the_53_are_hex_strings)
{
	assert_json(FIELD_config1, (1ULL << 53) - 1, "9007199254740991");
	assert_json(FIELD_config1, 1ULL << 53, "\"0x20000000000000\"");
}

TEST(a_dynamic_clock_is_negative)
{
	assert_c(FIELD_clockid, (uint32_t)-30, "-30");
	assert_json(FIELD_clockid, (uint32_t)-30, "-30");
}

TEST(clock_0_has_a_name_only_with_use_clockid)
{
	struct call *call = call_of_size(VER7);

	assert_string_equal(written(value_c, FIELD_clockid, call), "0");
	set(call, FIELD_use_clockid, 1);
	assert_string_equal(written(value_c, FIELD_clockid, call), "CLOCK_REALTIME");
}

TEST(the_type_of_no_breakpoint_has_no_name)
{
	struct call *call = call_of_size(VER7);

	assert_string_equal(written(value_c, FIELD_bp_type, call), "0");
	set(call, FIELD_type, name_value(NAME_PERF_TYPE_BREAKPOINT));
	assert_string_equal(written(value_c, FIELD_bp_type, call), "HW_BREAKPOINT_EMPTY");
}

TEST(the_skid_is_a_note)
{
	struct call *call = call_of_size(VER7);
	struct value value = value_of_field(&fields[FIELD_precise_ip], call, 3);

	assert_string_equal(value_note(&value), "must have 0 skid");
	value.bits = 0;
	assert_null(value_note(&value));
}

TEST(negative_arguments_are_negative)
{
	struct call *call = call_of_size(VER7);
	struct value value;
	char text[32];
	struct buf out = {.text = text, .size = sizeof text};

	call->cpu = INT32_MIN;
	value = value_of_argument(ARGUMENT_cpu, call);
	value_c(&out, call, &value);
	assert_int_equal(out.length, 11);
	assert_memory_equal(text, "-2147483648", 11);
}

/* ---- text from outside */

static const char *
escaped(const char *text, char also)
{
	static char result[1024];
	struct buf out = {.text = result, .size = sizeof result - 1};

	text_c(&out, text, also);
	result[out.length] = '\0';
	return result;
}

static const char *
quoted(const char *text)
{
	static char result[1024];
	struct buf out = {.text = result, .size = sizeof result - 1};

	text_json(&out, text);
	result[out.length] = '\0';
	return result;
}

TEST(plain_text_stays_as_it_is)
{
	assert_string_equal(escaped("perf: 100% of /usr/bin/ls", 0), "perf: 100% of /usr/bin/ls");
	assert_string_equal(quoted("perf: 100% of /usr/bin/ls"), "\"perf: 100% of /usr/bin/ls\"");
}

TEST(the_end_of_a_comment_is_broken)
{
	assert_string_equal(escaped("a*/b", 0), "a*\\/b");
}

TEST(the_start_of_a_comment_is_broken)
{
	assert_string_equal(escaped("a/*b", 0), "a/\\*b");
}

TEST(marks_that_end_and_start_a_comment_at_once_are_broken)
{
	assert_string_equal(escaped("*/*/", 0), "*\\/\\*\\/");
}

TEST(trigraphs_are_broken)
{
	assert_string_equal(escaped("\?\?/", 0), "?\\?/");
}

TEST(quotes_and_backslashes_are_escaped)
{
	assert_string_equal(escaped("\"\\", 0), "\\\"\\\\");
	assert_string_equal(quoted("\"\\"), "\"\\\"\\\\\"");
}

TEST(control_bytes_are_hex)
{
	assert_string_equal(escaped("\n\t\033[2J\177", 0), "\\x0a\\x09\\x1b[2J\\x7f");
	assert_string_equal(quoted("\n\033\177"), "\"\\u000a\\u001b\\u007f\"");
}

TEST(one_more_character_is_escaped_where_the_caller_asks)
{
	assert_string_equal(escaped("a b", ' '), "a\\x20b");
}

TEST(utf_8_stays_readable)
{
	assert_string_equal(escaped("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7", 0),
		"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7");
	assert_string_equal(quoted("caf\xc3\xa9"), "\"caf\xc3\xa9\"");
}

TEST(the_first_and_last_of_each_length_of_utf_8_stay_readable)
{
	static const char edges[] =
		"~\xc2\xa0\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";

	assert_string_equal(escaped(edges, 0), edges);
}

TEST(bytes_that_are_no_utf_8_are_hex)
{
	assert_string_equal(escaped("\xff\x80\xc3", 0), "\\xff\\x80\\xc3");
	assert_string_equal(quoted("\xff\x80\xc3"), "\"\\u00ff\\u0080\\u00c3\"");
}

TEST(overlong_and_surrogate_sequences_are_no_utf_8)
{
	assert_string_equal(escaped("\xc0\xaf", 0), "\\xc0\\xaf");
	assert_string_equal(escaped("\xe0\x80\xaf", 0), "\\xe0\\x80\\xaf");
	assert_string_equal(escaped("\xed\xa0\x80", 0), "\\xed\\xa0\\x80");
	assert_string_equal(escaped("\xf4\x90\x80\x80", 0), "\\xf4\\x90\\x80\\x80");
	assert_string_equal(escaped("\xf8\x88\x80\x80\x80", 0), "\\xf8\\x88\\x80\\x80\\x80");
}

TEST(a_sequence_that_the_text_cuts_is_no_utf_8)
{
	assert_string_equal(escaped("\xe2\x82", 0), "\\xe2\\x82");
}

TEST(marks_of_direction_are_hex)
{
	assert_string_equal(escaped("\xe2\x80\xae"
				    "fdp.exe",
				    0),
		"\\xe2\\x80\\xaefdp.exe");
	assert_string_equal(quoted("\xe2\x80\xae"
				   "fdp.exe"),
		"\"\\u202efdp.exe\"");
	assert_string_equal(escaped("\xe2\x81\xa7", 0), "\\xe2\\x81\\xa7");
	assert_string_equal(escaped("\xd8\x9c", 0), "\\xd8\\x9c");
}

TEST(controls_of_two_bytes_are_hex)
{
	assert_string_equal(escaped("\xc2\x9b", 0), "\\xc2\\x9b");
	assert_string_equal(quoted("\xc2\x9b"), "\"\\u009b\"");
}
