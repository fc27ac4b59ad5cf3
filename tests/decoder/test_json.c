/* The JSON form: one object on one line, the same members as in C. */
#include "tests/decoder/calls.h"
#include "tests/decoder/json.h"

TEST(a_call_is_one_object_on_one_line)
{
	const char *text = as_json(call_of_size(VER9));

	assert_true(json_well_formed(text));
	assert_int_equal(text[0], '{');
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

TEST(the_check_of_json_finds_what_is_wrong)
{
	assert_true(json_well_formed("{\"a\": [1, -2, \"\\u00ff\\n\"], \"b\": {}}\n"));
	assert_false(json_well_formed("{\"a\": 1,}"));
	assert_false(json_well_formed("{\"a\" 1}"));
	assert_false(json_well_formed("[1] 2"));
	assert_false(json_well_formed("[01]"));
	assert_false(json_well_formed("[\"a\nb\"]"));
	assert_false(json_well_formed("[\"\\x41\"]"));
	assert_false(json_well_formed("[\"\\u00g0\"]"));
	assert_false(json_well_formed("[1"));
	assert_false(json_well_formed("[\"a"));
}

TEST(the_call_and_who_made_it_come_first)
{
	static const char start[] =
		"{\"call\": 1, \"comm\": \"perf\", \"caller_pid\": 2145, \"caller_tid\": 2145, "
		"\"kernel\": \"6.18.1\", \"arch\": \"x86_64\", \"attr\": {\"type\": "
		"\"PERF_TYPE_HARDWARE\", "
		"\"size\": \"PERF_ATTR_SIZE_VER7\", ";

	assert_memory_equal(as_json(call_of_size(VER7)), start, strlen(start));
}

TEST(arguments_and_the_result_come_last)
{
	struct call *call = call_of_size(VER0);

	call->flags = 0x88;
	assert_shows(as_json(call),
		"\"pid\": 0, \"cpu\": -1, \"group_fd\": -1, "
		"\"flags\": [\"PERF_FLAG_FD_CLOEXEC\", \"0x80\"], \"fd\": 3}\n");
}

TEST(no_flags_are_an_empty_list)
{
	assert_shows(as_json(call_of_size(VER0)), "\"flags\": [],");
}

TEST(every_byte_that_could_be_read_is_in_attr_hex)
{
	struct call *call = call_of_size(VER0);

	set_byte(call, 0, 0xa1);
	set_byte(call, 63, 0x0b);
	assert_shows(as_json(call), "\"attr_hex\": \"a100000040000000");
	assert_shows(as_json(call), "000000000000000b\", \"pid\"");
}

TEST(half_present_words_are_in_attr_hex_alone)
{
	struct call *call = call_of_size(70);

	assert_shows(as_json(call), "\"config1\": 0}");
	assert_hides(as_json(call), "config2");
}

TEST(an_attr_that_could_not_be_read_has_its_address)
{
	struct call *call = call_of_size(0);

	call->readable = 0;
	call->attr_addr = 8;
	assert_shows(as_json(call),
		"\"attr\": {}, \"attr_hex\": \"\", \"attr_addr\": \"0x8\", \"pid\"");
	assert_true(json_well_formed(as_json(call)));
}

TEST(members_that_could_not_be_read_are_no_keys)
{
	struct call *call = call_of_size(0);

	call->readable = 3;
	assert_shows(as_json(call), "\"attr\": {}, \"attr_hex\": \"000000\"");
	call->readable = 7;
	assert_shows(as_json(call), "\"attr\": {\"type\": \"PERF_TYPE_HARDWARE\"}, ");
}

TEST(the_size_that_the_kernel_wrote_is_a_key)
{
	struct call *call = call_of_size(VER0);

	assert_hides(as_json(call), "attr_size_after");
	call->size_after = 136;
	assert_shows(as_json(call), "\"attr_size_after\": 136");
}

TEST(lost_dumps_are_a_number)
{
	struct call *call = call_of_size(VER0);

	assert_hides(as_json(call), "lost");
	call->lost = 2;
	assert_shows(as_json(call), "\"lost\": 2, \"attr\"");
}

TEST(a_refusal_has_the_kernels_name)
{
	struct call *call = call_of_size(VER0);

	assert_hides(as_json(call), "errno");
	call->fd = -1;
	call->error = 95;
	assert_shows(as_json(call), "\"fd\": -1, \"errno\": \"EOPNOTSUPP\"}");
}

TEST(an_error_without_a_name_is_a_number)
{
	struct call *call = call_of_size(VER0);

	call->fd = -1;
	call->error = 524;
	assert_shows(as_json(call), "\"errno\": 524}");
}

TEST(a_stand_in_is_said)
{
	struct call *call = call_of_size(VER0);

	call->error = 2;
	assert_shows(as_json(call), "\"fd\": 3, \"errno\": \"ENOENT\", \"stand_in\": true");
	assert_true(json_well_formed(as_json(call)));
}

TEST(the_machines_names_are_keys)
{
	struct call *call = call_of_size(VER0);

	call->leader = 3;
	call->leader_pid = 4;
	call->pmu = "a";
	call->tracepoint = "b";
	call->event = "c";
	call->alias = "d";
	call->probe = "e";
	call->cgroup = "f";
	assert_shows(as_json(call),
		"\"leader\": 3, \"leader_pid\": 4, \"pmu\": \"a\", \"tracepoint\": \"b\", "
		"\"event\": \"c\", \"alias\": \"d\", \"probe\": \"e\", \"cgroup\": \"f\"}\n");
}

TEST(names_that_are_not_known_are_no_keys)
{
	static const char *const keys[] = {"\"leader", "\"pmu", "\"tracepoint", "\"event",
		"\"alias", "\"probe", "\"cgroup\": \""};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		assert_hides(as_json(call_of_size(VER7)), keys[i]);
}

TEST(reserved_1_is_its_bits_shifted_down)
{
	struct call *call = call_of_size(VER0);

	set_byte(call, 45, 0x10);
	assert_shows(as_json(call), "\"__reserved_1\": 16,");
}

TEST(aux_action_is_its_three_bits)
{
	struct call *call = call_of_size(VER8);

	set(call, FIELD_aux_resume, 1);
	assert_shows(as_json(call),
		"\"aux_start_paused\": 0, \"aux_pause\": 0, \"aux_resume\": 1,");
	assert_hides(as_json(call), "aux_action");
}

TEST(registers_are_bare_names)
{
	struct call *call = call_on(ARCH_aarch64_be, VER7);

	set(call, FIELD_sample_regs_user, 1ULL << 32);
	assert_shows(as_json(call), "\"sample_regs_user\": [\"PERF_REG_ARM64_PC\"]");
}

TEST(zeros_are_left_out_of_the_set_fields)
{
	const char *text = render(call_of_size(VER7), &form_json, SELECT_SET);

	assert_shows(text,
		"\"attr\": {\"type\": \"PERF_TYPE_HARDWARE\", \"size\": \"PERF_ATTR_SIZE_VER7\", "
		"\"config\": \"PERF_COUNT_HW_CPU_CYCLES\"}");
}

TEST(a_string_cannot_be_broken_out_of)
{
	struct call *call = call_of_size(VER0);

	call->comm = "\", \"fd\": 7\n";
	call->pmu = "\xff\\\"\x01\xe2\x80\xae";
	assert_true(json_well_formed(as_json(call)));
	assert_shows(as_json(call), "\"comm\": \"\\\", \\\"fd\\\": 7\\u000a\"");
	assert_shows(as_json(call), "\"pmu\": \"\\u00ff\\\\\\\"\\u0001\\u202e\"");
}
