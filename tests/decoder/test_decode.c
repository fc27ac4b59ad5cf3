/* The walk and the C form: what is shown, where, and with which words. */
#include "tests/decoder/calls.h"

static struct call *
of_type(enum name_id type, uint64_t config)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, name_value(type));
	set(call, FIELD_config, config);
	return call;
}

/* ---- which members are there */

TEST(absent_field_is_not_shown)
{
	struct call *call = call_of_size(VER6);

	assert_shows(as_c(call), ".aux_sample_size = 0,");
	assert_hides(as_c(call), ".sig_data");
}

TEST(size_zero_shows_the_64_bytes_of_the_first_struct)
{
	struct call *call = call_of_size(0);

	assert_shows(as_c(call), ".size = 0,");
	assert_shows(as_c(call), ".config1 = 0,");
	assert_hides(as_c(call), ".config2");
}

TEST(members_stand_in_the_order_of_the_struct)
{
	const char *text = as_c(call_of_size(VER9));
	const char *before = text;

	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		char word[40];
		const char *at;

		snprintf(word, sizeof word, "\t.%s = ", field->name);
		at = strstr(text, word);
		assert_true(!at || at > before);
		before = at ? at : before;
	}
}

TEST(a_half_present_word_is_shown_with_a_remark)
{
	struct call *call = call_of_size(70);

	set_byte(call, 64, 0x12);
	set_byte(call, 69, 0x34);
	assert_shows(as_c(call),
		".config2 = 0x340000000012,\n"
		"\t\t/* of these 8 bytes only the first 6 were passed */");
}

/* The kernel copies size bytes and reads the rest as zero: a bit whose byte is there counts. */
TEST(bits_of_a_half_present_word_are_shown)
{
	struct call *call = call_of_size(117);

	set_byte(call, 116, 0x02);
	assert_shows(as_c(call), "\t\t.aux_pause = 1,\n");
	assert_shows(as_json(call), "\"aux_pause\": 1");
}

TEST(reserved_bits_of_a_half_present_word_are_shown)
{
	struct call *call = call_of_size(118);

	set_byte(call, 117, 0xab);
	assert_shows(as_c(call), "\t\t.__reserved_3 = 0xab00,");
	assert_shows(as_c(call), "/* of these 4 bytes only the first 2 were passed */");
}

TEST(bytes_past_the_newest_member_are_shown_raw)
{
	struct call *call = call_of_size(152);

	set_byte(call, 144, 0x01);
	set_byte(call, 151, 0xff);
	assert_shows(as_c(call), "/* bytes 144..151: 01 00 00 00 00 00 00 ff */");
}

TEST(zeros_past_the_newest_member_are_said)
{
	assert_shows(as_c(call_of_size(4096)), "/* bytes 144..4095: zero */");
}

TEST(a_long_run_of_zeros_is_said_and_the_bytes_around_it_are_shown)
{
	struct call *call = call_of_size(300);

	set_byte(call, 144, 0xaa);
	set_byte(call, 299, 0xbb);
	assert_shows(as_c(call),
		"/* bytes 144..144: aa */\n\t\t/* bytes 145..298: zero */\n"
		"\t\t/* bytes 299..299: bb */");
}

TEST(a_row_ends_where_a_long_run_of_zeros_starts)
{
	struct call *call = call_of_size(180);

	for (unsigned at = 144; at < 180; at++)
		set_byte(call, at, at < 168 || at > 175 ? 0x11 : 0);
	assert_shows(as_c(call), "/* bytes 144..167: 11");
	assert_shows(as_c(call), "/* bytes 168..175: zero */");
	assert_shows(as_c(call), "/* bytes 176..179: 11 11 11 11 */");
}

TEST(a_short_run_of_zeros_is_shown)
{
	struct call *call = call_of_size(160);

	set_byte(call, 144, 0x11);
	set_byte(call, 152, 0x11);
	set_byte(call, 159, 0x11);
	assert_shows(as_c(call),
		"/* bytes 144..159: 11 00 00 00 00 00 00 00 11 00 00 00 00 00 00 11 */");
}

TEST(raw_bytes_stand_in_rows_of_32)
{
	struct call *call = call_of_size(200);

	for (unsigned at = 144; at < 200; at++)
		set_byte(call, at, 0x11);
	assert_shows(as_c(call), "/* bytes 144..175: 11");
	assert_shows(as_c(call), "/* bytes 176..199: 11");
}

TEST(bytes_behind_a_size_below_64_are_shown_raw)
{
	struct call *call = call_of_size(16);

	set_byte(call, 63, 0x77);
	assert_shows(as_c(call), ".config = PERF_COUNT_HW_CPU_CYCLES,");
	assert_hides(as_c(call), ".sample_period");
	assert_shows(as_c(call), "/* bytes 63..63: 77 */");
}

TEST(the_size_shows_no_more_than_could_be_read)
{
	struct call *call = call_of_size(VER7);

	call->readable = 72;
	call->attr_addr = 0x7fffffb8;
	assert_shows(as_c(call), "attr = { /* 72 bytes of 0x7fffffb8 were read */\n");
	assert_shows(as_c(call), ".config2 = 0,");
	assert_hides(as_c(call), ".branch_sample_type");
}

TEST(an_attr_that_could_not_be_read_is_its_pointer)
{
	struct call *call = call_of_size(0);

	call->readable = 0;
	call->attr_addr = 8;
	assert_shows(as_c(call),
		"\tstruct perf_event_attr *attr = (void *)0x8; /* 0 bytes of 0x8 were read */\n"
		"\tpid_t pid");
}

TEST(an_attr_of_which_too_little_could_be_read_has_its_bytes_in_a_comment)
{
	struct call *call = call_of_size(0);

	set_byte(call, 0, 0x12);
	call->readable = 3;
	call->attr_addr = 0x1000;
	assert_shows(as_c(call),
		"*attr = (void *)0x1000; /* 3 bytes of 0x1000 were read */\n"
		"\t\t/* bytes 0..2: 12 00 00 */\n\tpid_t pid");
	assert_hides(as_c(call), ".type");
}

TEST(a_zero_bit_is_shown_when_the_size_is_that_of_its_first_header)
{
	assert_hides(as_c(call_of_size(VER6)), ".inherit_thread");
	assert_shows(as_c(call_of_size(VER7)), ".inherit_thread = 0,");
	assert_hides(as_c(call_of_size(VER7)), ".aux_pause");
	assert_shows(as_c(call_of_size(VER8)), ".aux_pause = 0,");
}

TEST(a_bit_that_is_set_is_shown_whatever_the_size)
{
	struct call *call = call_of_size(VER0);

	set(call, FIELD_defer_output, 1);
	assert_shows(as_c(call), ".defer_output = 1,");
}

TEST(unknown_flag_bits_land_in_reserved_1)
{
	struct call *call = call_of_size(VER9);

	set_byte(call, 45, 0x81);
	assert_shows(as_c(call), ".__reserved_1 = 0x81, /* of the word 0x810000000000 */");
}

TEST(reserved_bits_that_are_zero_are_not_shown)
{
	assert_hides(as_c(call_of_size(VER9)), "__reserved_1");
	assert_hides(as_c(call_of_size(VER9)), "__reserved_3");
}

TEST(unknown_bits_beside_aux_pause_land_in_reserved_3)
{
	struct call *call = call_of_size(VER8);

	set(call, FIELD_aux_pause, 1);
	set(call, FIELD___reserved_3, 5);
	assert_shows(as_c(call), ".aux_pause = 1,");
	assert_shows(as_c(call), ".__reserved_3 = 5, /* of the word 0x2a */");
}

TEST(flags_of_a_big_endian_call_are_shown)
{
	struct call *call = call_on(ARCH_s390x, VER7);

	set_byte(call, 40, 0x80);
	set_byte(call, 41, 0x20);
	assert_shows(as_c(call), ".disabled = 1,");
	assert_shows(as_c(call), ".freq = 1,");
	assert_shows(as_c(call), ".inherit = 0,");
}

TEST(unknown_flag_bits_of_a_big_endian_call_land_in_reserved_1)
{
	struct call *call = call_on(ARCH_s390x, VER9);

	set_byte(call, 47, 0x03);
	assert_shows(as_c(call), ".__reserved_1 = 3, /* of the word 0x3 */");
}

TEST(zeros_are_left_out_of_the_set_fields)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_sample_period, 1000);
	assert_shows(as_c_set(call), ".sample_period = 1000,");
	assert_hides(as_c_set(call), ".sample_type");
	assert_hides(as_c_set(call), ".inherit");
}

TEST(zeros_that_have_a_name_are_set_fields)
{
	assert_shows(as_c_set(of_type(NAME_PERF_TYPE_HARDWARE, 0)), ".type = PERF_TYPE_HARDWARE,");
	assert_shows(as_c_set(of_type(NAME_PERF_TYPE_HARDWARE, 0)),
		".config = PERF_COUNT_HW_CPU_CYCLES,");
	assert_hides(as_c_set(of_type(NAME_PERF_TYPE_RAW, 0)), ".config");
}

TEST(a_zero_config_that_the_machine_names_is_a_set_field)
{
	struct call *call = of_type(NAME_PERF_TYPE_RAW, 0);

	call->event = "cpu/event=0/";
	assert_shows(as_c_set(call), ".config = 0, /* cpu/event=0/ */");
}

/* ---- comments */

TEST(units_are_said_of_what_is_set)
{
	struct call *call = call_of_size(VER7);

	assert_shows(as_c(call), ".sample_period = 0,\n");
	set(call, FIELD_sample_freq, 99);
	set(call, FIELD_freq, 1);
	assert_shows(as_c(call), ".sample_freq = 99, /* Hz */");
}

TEST(the_skid_is_said)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_precise_ip, 2);
	assert_shows(as_c(call), ".precise_ip = 2, /* requested to have 0 skid */");
}

TEST(the_pmu_is_said_of_its_type)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, 10);
	call->pmu = "ibs_op";
	assert_shows(as_c(call), ".type = 10, /* ibs_op */");
}

TEST(the_pmu_of_an_extended_config_is_said_of_the_config)
{
	struct call *call = of_type(NAME_PERF_TYPE_HARDWARE, 8ULL << 32);

	call->pmu = "cpu_atom";
	assert_shows(as_c(call), ".type = PERF_TYPE_HARDWARE,\n");
	assert_shows(as_c(call), "| PERF_COUNT_HW_CPU_CYCLES, /* cpu_atom */");
}

TEST(the_tracepoint_is_said_of_its_number)
{
	struct call *call = of_type(NAME_PERF_TYPE_TRACEPOINT, 678);

	call->tracepoint = "syscalls:sys_enter_execve";
	assert_shows(as_c(call), ".config = 678, /* syscalls:sys_enter_execve */");
}

TEST(the_terms_and_the_alias_are_said_of_a_raw_config)
{
	struct call *call = of_type(NAME_PERF_TYPE_RAW, 0x1cd);

	call->event = "cpu/event=0xcd,umask=0x1/";
	assert_shows(as_c(call), "/* cpu/event=0xcd,umask=0x1/ */");
	call->alias = "mem-loads";
	assert_shows(as_c(call), "/* cpu/event=0xcd,umask=0x1/ mem-loads */");
}

TEST(the_string_of_a_probe_is_said_and_quoted)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, 8);
	set(call, FIELD_uprobe_path, 0x5000);
	call->pmu = "uprobe";
	call->probe = "/bin/\"sh";
	assert_shows(as_c(call), ".uprobe_path = 0x5000, /* \"/bin/\\\"sh\" */");
	call->probe_cut = true;
	assert_shows(as_c(call), "/* \"/bin/\\\"sh\" and more */");
}

TEST(the_size_that_the_kernel_wrote_is_said)
{
	struct call *call = call_of_size(4096);

	call->size_after = 136;
	assert_shows(as_c(call),
		".size = 4096, /* the kernel wrote 136 here: the size it knows */");
}

/* ---- the call around the attr */

TEST(the_first_line_says_who_called)
{
	static const char start[] =
		"/* perf_event_open 7: perf[2145] thread 2147, Linux 6.18.1 x86_64 */\n{\n";
	struct call *call = call_of_size(VER7);

	call->number = 7;
	call->caller_tid = 2147;
	assert_memory_equal(as_c(call), start, strlen(start));
}

TEST(lost_dumps_are_said_in_the_first_line)
{
	struct call *call = call_of_size(VER7);

	call->lost = 3;
	assert_shows(as_c(call), " x86_64, 3 dumps lost before it */\n");
}

TEST(a_record_that_a_pipe_may_tear_says_how_long_it_is)
{
	struct call *call = call_of_size(4096);
	char said[40];

	assert_hides(as_c(call), " bytes */\n{");
	for (unsigned at = 144; at < 4096; at++)
		set_byte(call, at, 0x55);
	snprintf(said, sizeof said, " x86_64, %zu bytes */\n{", strlen(as_c(call)));
	assert_shows(as_c(call), said);
}

TEST(an_unknown_kernel_is_a_question_mark)
{
	struct call *call = call_of_size(VER7);

	call->kernel = "";
	assert_shows(as_c(call), ", Linux ? x86_64 */");
}

TEST(arguments_are_declared_with_their_types)
{
	struct call *call = call_of_size(VER7);

	call->pid = 77;
	call->cpu = 2;
	call->group_fd = 4;
	call->flags = 9;
	call->fd = 5;
	assert_shows(as_c(call),
		"\t};\n\tpid_t pid = 77;\n\tint cpu = 2;\n\tint group_fd = 4;\n"
		"\tunsigned long flags = PERF_FLAG_FD_NO_GROUP | PERF_FLAG_FD_CLOEXEC;\n"
		"\tint fd = 5;\n}\n");
}

TEST(arguments_that_mean_more_than_a_number_say_so)
{
	struct call *call = call_of_size(VER7);

	assert_shows(as_c(call), "pid = 0; /* the calling thread */");
	assert_shows(as_c(call), "cpu = -1; /* any CPU */");
	assert_shows(as_c(call), "group_fd = -1; /* its own leader */");
	call->pid = -1;
	assert_shows(as_c(call), "pid = -1; /* any process */");
}

TEST(the_cgroup_is_said_of_a_pid_that_is_its_descriptor)
{
	struct call *call = call_of_size(VER7);

	call->flags = name_value(NAME_PERF_FLAG_PID_CGROUP);
	call->cgroup = "/user.slice";
	assert_shows(as_c(call), "pid = 0; /* cgroup /user.slice */");
}

TEST(the_call_that_opened_the_leader_is_said)
{
	struct call *call = call_of_size(VER7);

	call->group_fd = 3;
	call->leader = 12;
	assert_shows(as_c(call), "group_fd = 3; /* opened by call 12 */");
	call->leader_pid = 99;
	assert_shows(as_c(call), "group_fd = 3; /* opened by call 12 of process 99 */");
}

TEST(a_refusal_has_the_kernels_name_and_text)
{
	struct call *call = call_of_size(VER7);

	call->fd = -1;
	call->error = 95;
	assert_shows(as_c(call), "int fd = -1; /* EOPNOTSUPP: Operation not supported */\n}\n");
}

TEST(a_stand_in_says_what_the_kernel_said)
{
	struct call *call = call_of_size(VER7);

	call->error = 13;
	assert_shows(as_c(call),
		"int fd = 3; /* stand-in; the kernel said EACCES: Permission denied */");
	assert_reads_back(call);
}

TEST(an_error_that_has_no_name_is_its_number)
{
	struct call *call = call_of_size(VER7);

	call->fd = -1;
	call->error = 524;
	assert_shows(as_c(call), "int fd = -1; /* errno 524 */");
}

TEST(an_error_that_another_architecture_numbers_is_its_number)
{
	struct call *call = call_on(ARCH_mips64, VER7);

	call->fd = -1;
	call->error = 122;
	assert_shows(as_c(call), "/* errno 122");
}

/* ---- text from outside */

/* How often the text opens or ends a comment: equally often, when nothing broke out. */
static unsigned
count(const char *text, const char *part)
{
	unsigned found = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		found++;
	return found;
}

TEST(comment_cannot_be_broken_out_of)
{
	static const char evil[] = "*/ x /* \" ?\?/\n\\";
	struct call *call = of_type(NAME_PERF_TYPE_RAW, 1);
	const char *text;
	unsigned lines;

	lines = count(as_c(call), "\n");
	call->comm = call->kernel = call->pmu = call->event = call->alias = call->cgroup = evil;
	call->flags = name_value(NAME_PERF_FLAG_PID_CGROUP);
	text = as_c(call);
	assert_int_equal(count(text, "/*"), count(text, "*/"));
	assert_hides(text, "*/ x");
	assert_int_equal(count(text, "\n"), lines);
}

TEST(comm_cannot_end_before_its_pid)
{
	struct call *call = call_of_size(VER7);

	call->comm = "a[1] thread 2";
	assert_shows(as_c(call), "1: a\\x5b1] thread 2[2145] thread 2145,");
}

TEST(a_buffer_that_is_too_small_is_noticed)
{
	char text[100];
	struct buf out = {.text = text, .size = sizeof text};

	call_decode(&out, call_of_size(VER7), &form_c, SELECT_ALL);
	assert_int_equal(out.length, 100);
	assert_int_equal(out.length + out.overflow, strlen(as_c(call_of_size(VER7))));
}

TEST(a_second_call_stands_behind_the_first)
{
	static char text[1 << 16];
	struct buf out = {.text = text, .size = sizeof text - 1};
	struct call *call = call_of_size(VER0);
	size_t once = strlen(as_c(call));

	call_decode(&out, call, &form_c, SELECT_ALL);
	call_decode(&out, call, &form_c, SELECT_ALL);
	assert_int_equal(out.length, 2 * once);
	assert_memory_equal(text, text + once, once);
}
