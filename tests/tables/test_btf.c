/* The running kernel's own types: what it knows and the table does not is named. */
#include "tests/tables/btf.h"

static struct btf btf;

/* NULL: the kernel's types can be had; else why not. */
static const char *
without_btf(void)
{
	if (!btf.count && !btf_open(&btf))
		return "the kernel shows no /sys/kernel/btf/vmlinux";
	return NULL;
}

TEST(the_kernel_has_no_member_that_the_table_lacks)
{
	static struct layout layout;

	if (without_btf())
		SKIP(without_btf());
	report_begin();
	assert_true(btf_struct(&btf, "perf_event_attr", &layout));
	assert_true(layout.count > 50);
	layout_check(&layout);
	report_end();
}

/* How many names of the group the kernel's enums have. */
static unsigned
check_group(enum group group)
{
	static struct constants constants;
	unsigned known = 0;

	report_begin();
	for (unsigned id = 1; id < btf.count; id++) {
		btf_enum(&btf, btf.by_id[id], &constants);
		known += constants_check(&constants, group);
	}
	report_end();
	return known;
}

#define TEST_GROUP(group)                                                                          \
	TEST(the_kernel_has_no_##group##_that_the_table_lacks)                                     \
	{                                                                                          \
		if (without_btf())                                                                 \
			SKIP(without_btf());                                                       \
		if (!check_group(GROUP_##group))                                                   \
			SKIP("no enum of this kernel has any of them");                            \
	}

TEST_GROUP(type)
TEST_GROUP(hardware)
TEST_GROUP(software)
TEST_GROUP(cache_id)
TEST_GROUP(cache_op)
TEST_GROUP(cache_result)
TEST_GROUP(sample_type)
TEST_GROUP(branch_sample_type)
TEST_GROUP(read_format)
TEST_GROUP(bp_type)
TEST_GROUP(bp_len)
TEST_GROUP(ioctl_flags)

#if defined __x86_64__ || defined __i386__
TEST_GROUP(regs_x86)
#elif defined __aarch64__
TEST_GROUP(regs_arm64)
#elif defined __riscv
TEST_GROUP(regs_riscv)
#elif defined __powerpc__
TEST_GROUP(regs_powerpc)
#elif defined __s390__
TEST_GROUP(regs_s390)
#endif

TEST(a_member_that_nobody_knows_is_named)
{
	struct layout layout = {.count = 0};

	report_begin();
	layout_add(&layout, "type", 0, 32, false);
	layout_add(&layout, "config99", 8 * 4000, 64, false);
	layout_check(&layout);
	assert_string_equal(report, "config99: 64 bits at 4000+0\n");
}

TEST(a_member_at_another_place_is_named)
{
	struct layout layout = {.count = 0};

	report_begin();
	layout_add(&layout, "disabled", 8 * 40 + 1, 1, true);
	layout_check(&layout);
	assert_string_equal(report, "disabled: 1 bits at 40+1\n");
}

TEST(an_enumerator_that_nobody_knows_is_named)
{
	struct constants constants = {.count = 0};

	report_begin();
	constants_add(&constants, "PERF_SAMPLE_IP", 1);
	constants_add(&constants, "PERF_SAMPLE_EVERYTHING", 1ULL << 40);
	constants_add(&constants, "PERF_SAMPLE_MAX", 1ULL << 41);
	assert_int_equal(constants_check(&constants, GROUP_sample_type), 1);
	assert_string_equal(report, "PERF_SAMPLE_EVERYTHING = 0x10000000000\n");
}

TEST(an_enumerator_of_another_value_is_named)
{
	struct constants constants = {.count = 0};

	report_begin();
	constants_add(&constants, "PERF_SAMPLE_TID", 3);
	constants_check(&constants, GROUP_sample_type);
	assert_string_equal(report, "PERF_SAMPLE_TID = 0x3\n");
}
