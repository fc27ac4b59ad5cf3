/* Members against a call: presence, arms, bits. */
#include "tests/decoder/calls.h"

#define assert_present(field, held) assert_true(field_present(&fields[field], held))
#define assert_absent(field, held) assert_false(field_present(&fields[field], held))
#define assert_chosen(field, call) assert_true(field_chosen(&fields[field], call))
#define assert_not_chosen(field, call) assert_false(field_chosen(&fields[field], call))

TEST(a_word_is_present_when_all_of_it_was_passed)
{
	assert_present(FIELD_config2, 72);
	assert_absent(FIELD_config2, 71);
}

TEST(a_word_of_which_some_bytes_were_passed_is_halved)
{
	assert_true(field_halved(&fields[FIELD_config2], 71));
	assert_true(field_halved(&fields[FIELD_config2], 65));
	assert_false(field_halved(&fields[FIELD_config2], 64));
	assert_false(field_halved(&fields[FIELD_config2], 72));
}

TEST(a_value_that_was_stored_is_read_back_on_every_architecture)
{
	for (unsigned arch = 0; arch < ARCHES; arch++)
		for (unsigned id = 0; id < FIELDS; id++) {
			struct call *call = call_on((enum arch_id)arch, 4096);
			uint64_t ones = fields[id].width == 64 ? ~0ULL
							       : (1ULL << fields[id].width) - 1;

			set(call, (enum field_id)id, 0x5a5a5a5a5a5a5a5a);
			assert_true(
				attr_value(call, (enum field_id)id) == (0x5a5a5a5a5a5a5a5a & ones));
		}
}

TEST(a_stored_value_leaves_its_neighbours_alone)
{
	struct call *call = call_of_size(VER9);

	set(call, FIELD_precise_ip, 3);
	set(call, FIELD_precise_ip, 4);
	assert_int_equal(attr_value(call, FIELD_watermark), 0);
	assert_int_equal(attr_value(call, FIELD_precise_ip), 0);
	assert_int_equal(attr_value(call, FIELD_mmap_data), 0);
}

TEST(the_first_flag_is_the_lowest_bit_of_little_endian_and_the_highest_of_big)
{
	struct call *call = call_on(ARCH_x86_64, VER7);

	set_byte(call, 40, 0x01);
	assert_int_equal(attr_value(call, FIELD_disabled), 1);
	call = call_on(ARCH_s390x, VER7);
	set_byte(call, 40, 0x80);
	assert_int_equal(attr_value(call, FIELD_disabled), 1);
}

TEST(whole_words_of_big_endian_have_their_first_byte_on_top)
{
	struct call *call = call_on(ARCH_ppc64, VER7);

	set_byte(call, 0, 0x12);
	assert_int_equal(attr_value(call, FIELD_type), 0x12000000);
}

TEST(bytes_that_could_not_be_read_are_zero)
{
	struct call *call = call_of_size(VER9);

	for (unsigned at = 8; at < 16; at++)
		set_byte(call, at, 0xff);
	call->readable = 10;
	assert_int_equal(attr_value(call, FIELD_config), 0xffff);
	assert_int_equal(attr_value(call, FIELD_sample_type), 0);
}

TEST(freq_chooses_sample_freq)
{
	struct call *call = call_of_size(VER7);

	assert_chosen(FIELD_sample_period, call);
	assert_not_chosen(FIELD_sample_freq, call);
	set(call, FIELD_freq, 1);
	assert_not_chosen(FIELD_sample_period, call);
	assert_chosen(FIELD_sample_freq, call);
}

TEST(watermark_chooses_wakeup_watermark)
{
	struct call *call = call_of_size(VER7);

	assert_chosen(FIELD_wakeup_events, call);
	set(call, FIELD_watermark, 1);
	assert_chosen(FIELD_wakeup_watermark, call);
	assert_not_chosen(FIELD_wakeup_events, call);
}

TEST(a_breakpoint_chooses_its_address_and_length)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_BREAKPOINT));
	assert_chosen(FIELD_bp_addr, call);
	assert_chosen(FIELD_bp_len, call);
	assert_not_chosen(FIELD_config1, call);
	assert_not_chosen(FIELD_config2, call);
}

TEST(the_kprobe_pmu_chooses_the_function_and_the_offset)
{
	struct call *call = call_of_size(VER7);

	call->pmu = "kprobe";
	set(call, FIELD_kprobe_func, 0x1000);
	assert_chosen(FIELD_kprobe_func, call);
	assert_chosen(FIELD_probe_offset, call);
	assert_not_chosen(FIELD_uprobe_path, call);
}

TEST(a_kprobe_without_a_function_chooses_the_address)
{
	struct call *call = call_of_size(VER7);

	call->pmu = "kprobe";
	assert_chosen(FIELD_kprobe_addr, call);
	assert_not_chosen(FIELD_probe_offset, call);
}

TEST(the_uprobe_pmu_chooses_the_path_and_the_offset)
{
	struct call *call = call_of_size(VER7);

	call->pmu = "uprobe";
	assert_chosen(FIELD_uprobe_path, call);
	assert_chosen(FIELD_probe_offset, call);
	assert_not_chosen(FIELD_kprobe_addr, call);
}

TEST(all_other_types_choose_config1_and_config2)
{
	struct call *call = call_of_size(VER7);

	call->pmu = "kprobes";
	assert_chosen(FIELD_config1, call);
	assert_chosen(FIELD_config2, call);
	assert_not_chosen(FIELD_bp_addr, call);
	assert_not_chosen(FIELD_uprobe_path, call);
}

TEST(one_arm_of_every_union_is_chosen)
{
	struct call *call = call_of_size(VER9);

	for (unsigned flags = 0; flags < 16; flags++) {
		unsigned chosen = 0, places = 0;

		set(call, FIELD_freq, flags & 1);
		set(call, FIELD_watermark, flags >> 1 & 1);
		set(call, FIELD_type, flags & 4 ? 5 : 9);
		call->pmu = flags & 8 ? "uprobe" : "";
		for (unsigned id = 0; id < FIELDS; id++) {
			chosen += field_chosen(&fields[id], call);
			places += !id || fields[id].offset != fields[id - 1].offset
				|| fields[id].bit != fields[id - 1].bit;
		}
		assert_int_equal(chosen, places);
	}
}

TEST(a_type_above_the_static_ones_is_no_extended_config)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_config, 4ULL << 32);
	assert_true(call_extended(call));
	set(call, FIELD_type, name_value(NAME_PERF_TYPE_HW_CACHE));
	assert_true(call_extended(call));
	set(call, FIELD_type, name_value(NAME_PERF_TYPE_RAW));
	assert_false(call_extended(call));
}

TEST(errors_above_34_have_no_name_where_they_are_numbered_otherwise)
{
	assert_string_equal(error_of(ARCH_x86_64, 95)->name, "EOPNOTSUPP");
	assert_null(error_of(ARCH_mips, 95));
	assert_string_equal(error_of(ARCH_mips, 34)->name, "ERANGE");
}

TEST(numbers_without_an_error_have_no_name)
{
	assert_null(error_of(ARCH_x86_64, 0));
	assert_null(error_of(ARCH_x86_64, -1));
	assert_null(error_of(ARCH_x86_64, 41));
	assert_null(error_of(ARCH_x86_64, 524));
}

TEST(names_are_found_by_their_whole_text)
{
	assert_non_null(name_find(GROUP_sample_type, "PERF_SAMPLE_ID", 14));
	assert_null(name_find(GROUP_sample_type, "PERF_SAMPLE_I", 13));
	assert_null(name_find(GROUP_read_format, "PERF_SAMPLE_ID", 14));
}
