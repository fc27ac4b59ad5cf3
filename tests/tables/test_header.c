/* The headers that this machine builds with: what the table lacks of them is named. */
#include "tests/tables/header.h"

/* The macros of perf_event.h that are groups of names.def, by how they begin. */
static const struct {
	const char *prefix;
	enum group group;
} macros[] = {
	{"PERF_ATTR_SIZE_", GROUP_size},
	{"PERF_FLAG_", GROUP_open_flags},
	{"PERF_EVENT_IOC_", GROUP_ioctl},
	{"PERF_PMU_TYPE_", GROUP_macro},
	{"PERF_HW_EVENT_", GROUP_macro},
};

static void
check_struct(const char *text)
{
	static struct layout layout;

	layout.count = 0;
	read_struct(text, "perf_event_attr", &layout);
	layout_check(&layout);
}

/* Every enum of the text against every group; returns how many names of the groups it has. */
static unsigned
check_enums(const char *text)
{
	static struct constants all, one;
	unsigned known = 0;
	const char *at = text;

	all.count = 0;
	for (unsigned from = 0; read_enum(&at, &all); from = all.count) {
		one.count = all.count - from;
		memcpy(one.rows, all.rows + from, one.count * sizeof *one.rows);
		for (unsigned group = 1; group < GROUPS; group++)
			known += constants_check(&one, (enum group)group);
	}
	return known;
}

static void
check_macros(const char *text)
{
	for (const char *at = text; (at = strstr(at, "#define ")) != NULL;) {
		char name[60];

		at += strlen("#define ");
		token(&at, name);
		for (size_t i = 0; i < COUNT_OF(macros); i++)
			if (strncmp(name, macros[i].prefix, strlen(macros[i].prefix)) == 0
				&& !name_find(macros[i].group, name, strlen(name)))
				complain("%s\n", name);
	}
}

static char *
header_or_skip(const char *sentence, const char *header)
{
	char *text = header_text(header);

	if (!text)
		skip_test(sentence, "this machine has no such header");
	return text;
}

TEST(the_header_has_no_member_that_the_table_lacks)
{
	char *text = header_or_skip(__func__, "linux/perf_event.h");

	report_begin();
	check_struct(text);
	free(text);
	report_end();
}

TEST(the_header_has_no_enumerator_that_the_table_lacks)
{
	char *text = header_or_skip(__func__, "linux/perf_event.h");

	report_begin();
	assert_true(check_enums(text) > 40);
	free(text);
	report_end();
}

TEST(the_header_has_no_macro_that_the_table_lacks)
{
	char *text = header_or_skip(__func__, "linux/perf_event.h");

	report_begin();
	check_macros(text);
	free(text);
	report_end();
}

TEST(the_header_of_breakpoints_has_no_name_that_the_table_lacks)
{
	char *text = header_or_skip(__func__, "linux/hw_breakpoint.h");

	report_begin();
	assert_true(check_enums(text) > 10);
	free(text);
	report_end();
}

TEST(the_header_of_registers_has_no_name_that_the_table_lacks)
{
	char *text = header_or_skip(__func__, "asm/perf_regs.h");

	report_begin();
	assert_true(check_enums(text) > 10);
	free(text);
	report_end();
}

TEST(a_member_that_was_added_to_the_header_is_named)
{
	report_begin();
	check_struct("struct perf_event_attr { __u32 type; __u32 size; union { __u64 config; __u64 "
	             "configure; }; };");
	assert_string_equal(report, "configure: 64 bits at 8+0\n");
}

TEST(a_member_that_moved_is_named)
{
	report_begin();
	check_struct("struct perf_event_attr { __u32 type; __u64 config; __u32 size; };");
	assert_string_equal(report, "size: 32 bits at 16+0\n");
}

TEST(a_bit_that_was_added_to_the_header_is_named)
{
	report_begin();
	check_struct("struct perf_event_attr { union { __u32 aux_action; struct { __u32 aux_stop : "
	             "1, __reserved_3 : 31; }; }; };");
	assert_string_equal(report, "aux_stop: 1 bits at 0+0\n");
}

TEST(an_enumerator_that_was_added_to_the_header_is_named)
{
	report_begin();
	check_enums("enum perf_sw_ids { PERF_COUNT_SW_CPU_CLOCK = 0, PERF_COUNT_SW_WALL_CLOCK, "
	            "PERF_COUNT_SW_MAX, };");
	assert_string_equal(report, "PERF_COUNT_SW_WALL_CLOCK = 0x1\n");
}

TEST(an_enumerator_whose_value_changed_is_named)
{
	report_begin();
	check_enums("enum { SHIFT = 4, }; enum { PERF_FORMAT_GROUP = 1U << SHIFT, PERF_FORMAT_LOST "
	            "= SHIFT | 16 };");
	assert_string_equal(report, "PERF_FORMAT_GROUP = 0x10\nPERF_FORMAT_LOST = 0x14\n");
}

TEST(a_macro_that_was_added_to_the_header_is_named)
{
	report_begin();
	check_macros("#define PERF_FLAG_FD_CLOEXEC (1UL << 3)\n#define PERF_FLAG_FD_CLOFORK (1UL "
	             "<< 4)\n");
	assert_string_equal(report, "PERF_FLAG_FD_CLOFORK\n");
}
