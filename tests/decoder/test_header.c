/* The header that a dump compiles with, and where it has its reserved bits. */
#include "decoder/header.h"
#include "tests/decoder/calls.h"
#include "tests/tables/facts.h"
#include "tests/tables/report.h"

TEST(the_header_is_that_of_the_size)
{
	assert_int_equal(call_version(call_of_size(VER5)), VER5);
	assert_int_equal(call_version(call_of_size(4096)), VER9);
}

TEST(a_half_present_word_needs_its_header)
{
	assert_int_equal(call_version(call_of_size(VER5 + 1)), VER6);
}

TEST(a_bit_that_is_set_needs_its_header)
{
	struct call *call = call_of_size(VER5);

	set(call, FIELD_cgroup, 1);
	assert_int_equal(call_version(call), VER6);
	set(call, FIELD_defer_output, 1);
	assert_int_equal(call_version(call), VER9);
}

TEST(a_name_in_a_mask_needs_its_header)
{
	struct call *call = call_of_size(VER5);

	set(call, FIELD_read_format, name_value(NAME_PERF_FORMAT_LOST));
	assert_int_equal(call_version(call), VER7);
}

TEST(a_name_of_an_argument_needs_its_header)
{
	struct call *call = call_of_size(VER0);

	call->flags = name_value(NAME_PERF_FLAG_FD_CLOEXEC);
	assert_int_equal(call_version(call), VER3);
}

TEST(the_name_of_a_config_needs_its_header)
{
	struct call *call = call_of_size(VER5);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_SOFTWARE));
	set(call, FIELD_config, name_value(NAME_PERF_COUNT_SW_CGROUP_SWITCHES));
	assert_int_equal(call_version(call), VER7);
	set(call, FIELD_type, name_value(NAME_PERF_TYPE_RAW));
	assert_int_equal(call_version(call), VER5);
}

TEST(an_extended_config_needs_the_header_of_its_shift)
{
	struct call *call = call_of_size(VER5);

	set(call, FIELD_config, 4ULL << 32);
	assert_int_equal(call_version(call), VER7);
}

TEST(the_name_of_a_register_needs_its_header)
{
	struct call *call = call_on(ARCH_aarch64, VER5);

	set(call, FIELD_sample_regs_user, 1ULL << 46);
	assert_int_equal(call_version(call), VER7);
}

TEST(reserved_bits_need_no_header)
{
	struct call *call = call_of_size(VER5);
	enum version version = call_version(call);

	set(call, FIELD___reserved_1, 0xffffff);
	assert_int_equal(call_version(call), version);
}

/* The first bit of __reserved_1 in the newest header before a release, by the facts. */
static unsigned
first_bit_before(uint32_t release)
{
	const char *pair = fact_note(fact_find("field", "__reserved_1"), "first_bit_by_release=");
	unsigned bit = 0;

	for (; pair; pair = strchr(pair, ',') ? strchr(pair, ',') + 1 : NULL)
		if (release_of(pair) < release)
			bit = (unsigned)atoi(strchr(pair, ':') + 1);
	return bit;
}

TEST(reserved_1_starts_where_the_newest_header_of_each_size_has_it)
{
	report_begin();
	for (unsigned row = group_starts[GROUP_size]; row < group_starts[GROUP_size + 1]; row++) {
		uint32_t next = row + 1 < group_starts[GROUP_size + 1] ? names[row + 1].since
								       : UINT32_MAX;
		unsigned bit = first_bit_before(next);

		if (reserved_bit(&fields[FIELD___reserved_1], (enum version)names[row].value)
			!= bit)
			complain("%s: %u\n", names[row].text, bit);
	}
	report_end();
}

TEST(reserved_3_was_the_whole_word_before_aux_pause)
{
	assert_int_equal(reserved_bit(&fields[FIELD___reserved_3], VER7), 0);
	assert_int_equal(reserved_bit(&fields[FIELD___reserved_3], VER8), 3);
}

TEST(reserved_bits_are_shifted_for_the_header_of_the_call)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD___reserved_1, 1);
	assert_int_equal(call_version(call), VER7);
	assert_shows(as_c(call), ".__reserved_1 = 4, /* of the word 0x10000000000 */");
}

TEST(reserved_bits_of_big_endian_are_the_low_ones_of_every_header)
{
	struct call *call = call_on(ARCH_s390x, VER7);

	set(call, FIELD___reserved_1, 1);
	assert_shows(as_c(call), ".__reserved_1 = 1, /* of the word 0x1 */");
}
