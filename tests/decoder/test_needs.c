/*
 * The oldest kernel that accepts an attr, held against what was measured:
 * tests/data/attr_since.tsv.
 */
#include "decoder/needs.h"
#include "tests/decoder/calls.h"

enum {
	KIND,
	NAME,
	VALUE,
	OLDEST,
	COLUMNS
};

static struct needs
needs_of(const struct call *call)
{
	struct needs needs;

	call_needs(&needs, call);
	return needs;
}

static const char *
text_of(const struct call *call)
{
	static char text[512];
	struct needs needs = needs_of(call);
	struct buf out = {.text = text, .size = sizeof text - 1};

	needs_text(&out, &needs);
	assert_int_equal(out.overflow, 0);
	text[out.length] = '\0';
	return text;
}

/* An event that the first perf had. */
static struct call *
old_call(void)
{
	struct call *call = call_of_size(VER9);

	set(call, FIELD_type, 1);
	set(call, FIELD_size, VER9);
	return call;
}

static uint32_t
release_of(const char *text)
{
	unsigned major = 0, minor = 0, patch = 0;

	sscanf(text, "%u.%u.%u", &major, &minor, &patch);
	return L(major, minor, patch);
}

static void
set_named(struct call *call, const char *name, uint64_t value)
{
	for (enum field_id id = 0; id < FIELDS; id++)
		if (strcmp(fields[id].name, name) == 0) {
			set(call, id, value);
			return;
		}
	print_error("no member %s\n", name);
	fail();
}

/* "bit 17" or "bit 0-10" of a mask: the last one, which is the youngest. */
static unsigned
last_bit(const char *text)
{
	unsigned first = 0, last = 0;

	return sscanf(text, "bit %u-%u", &first, &last) == 2 ? last : first;
}

/* Rows that stand for what a test below looks at on its own. */
static bool
set_row(struct call *call, char **column)
{
	const char *kind = column[KIND];

	if (strcmp(kind, "flag") == 0) {
		set_named(call, column[NAME], 1);
	} else if (strcmp(kind, "sample_type") == 0 || strcmp(kind, "read_format") == 0) {
		set_named(call, kind, 1ULL << last_bit(column[VALUE]));
	} else if (strcmp(kind, "branch_sample_type") == 0) {
		set(call, FIELD_sample_type, 1 << 11);
		set(call, FIELD_branch_sample_type, 1ULL << last_bit(column[VALUE]));
	} else if (strcmp(kind, "software config") == 0) {
		set(call, FIELD_config, strtoull(column[VALUE], NULL, 0));
	} else if (strcmp(kind, "flags") == 0) {
		call->flags = strtoull(column[VALUE], NULL, 0);
	} else {
		return false;
	}
	return true;
}

/* Of "2.6.31-2.6.32" the last. */
static uint32_t
oldest(const char *text)
{
	const char *dash = strchr(text, '-');

	return release_of(dash ? dash + 1 : text);
}

TEST(every_flag_and_bit_needs_the_release_that_was_measured)
{
	FILE *file = fopen("tests/data/attr_since.tsv", "r");
	char line[512], *rest, *column[COLUMNS];
	unsigned looked_at = 0;

	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		struct call *call = old_call();
		uint32_t wanted;

		rest = line;
		for (unsigned i = 0; i < COLUMNS; i++)
			column[i] = strsep(&rest, "\t");
		assert_non_null(column[OLDEST]);
		if (!set_row(call, column))
			continue;
		wanted = oldest(column[OLDEST]);
		if (wanted == L(2, 6, 32) && strcmp(column[KIND], "sample_type") == 0)
			wanted = L(2, 6, 31);
		if (needs_of(call).release != wanted)
			print_error("%s: %s\n", column[NAME], text_of(call));
		assert_int_equal(needs_of(call).release, wanted);
		looked_at++;
	}
	fclose(file);
	assert_true(looked_at > 70);
}

static void
assert_needs(const struct call *call, const char *text)
{
	assert_string_equal(text_of(call), text);
}

TEST(a_word_needs_the_kernel_whose_struct_has_it)
{
	static const struct {
		enum field_id id;
		const char *release;
	} words[] = {
		{FIELD_config2, "2.6.33"},
		{FIELD_sample_regs_user, "3.7"},
		{FIELD_sample_stack_user, "3.7"},
		{FIELD_sample_regs_intr, "3.19"},
		{FIELD_aux_watermark, "4.1"},
		{FIELD_sample_max_stack, "4.8"},
		{FIELD_aux_sample_size, "5.5"},
		{FIELD_aux_pause, "6.13"},
		{FIELD_sig_data, "5.13"},
		{FIELD_config3, "6.3"},
		{FIELD_config4, "6.19"},
	};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct call *call = old_call();

		set(call, words[i].id, 1);
		assert_int_equal(needs_of(call).release, release_of(words[i].release));
	}
}

TEST(a_large_size_with_zeros_needs_no_new_kernel)
{
	assert_needs(old_call(), "needs Linux 2.6.31");
}

TEST(all_who_ask_for_the_same_release_are_named)
{
	struct call *call = old_call();

	set(call, FIELD_sigtrap, 1);
	set(call, FIELD_remove_on_exec, 1);
	set(call, FIELD_use_clockid, 1);
	set(call, FIELD_clockid, 1);
	assert_needs(call, "needs Linux 5.13: remove_on_exec, sigtrap");
}

TEST(a_bit_of_a_mask_is_named_by_its_own_name)
{
	struct call *call = old_call();

	set(call, FIELD_sample_type, 1 << 21 | 1);
	assert_needs(call, "needs Linux 5.7: PERF_SAMPLE_CGROUP");
}

TEST(a_bit_that_no_kernel_has_is_said)
{
	struct call *call = old_call();

	set(call, FIELD_sample_type, 1ULL << 40);
	assert_shows(text_of(call), "no known kernel");
	call = old_call();
	set_byte(call, 47, 0x80);
	assert_true(needs_of(call).unknown);
}

TEST(branches_that_are_not_asked_for_need_only_the_room)
{
	struct call *call = old_call();

	set(call, FIELD_branch_sample_type, 1 << 19);
	assert_needs(call, "needs Linux 3.4: branch_sample_type");
	set(call, FIELD_sample_type, 1 << 11);
	assert_needs(call, "needs Linux 6.8: PERF_SAMPLE_BRANCH_COUNTERS");
}

TEST(a_clock_that_is_not_used_needs_only_the_room)
{
	struct call *call = old_call();

	set(call, FIELD_clockid, 4);
	assert_needs(call, "needs Linux 3.7: clockid");
}

TEST(probes_need_the_kernel_that_has_their_pmu)
{
	struct call *call = old_call();

	set(call, FIELD_type, 8);
	call->pmu = "uprobe";
	set(call, FIELD_uprobe_path, 0x1000);
	assert_needs(call, "needs Linux 4.17: uprobe_path");
}

TEST(combinations_need_the_kernel_that_takes_them)
{
	struct call *call = old_call();

	set(call, FIELD_inherit, 1);
	set(call, FIELD_read_format, 8);
	assert_needs(call, "needs Linux 4.13: inherit with PERF_FORMAT_GROUP");
	set(call, FIELD_sample_type, 16 | 2);
	assert_needs(call, "needs Linux 6.12: inherit with PERF_SAMPLE_READ");
	call = old_call();
	set(call, FIELD_type, 0);
	set(call, FIELD_config, 4ULL << 32);
	assert_needs(call, "needs Linux 5.13: a PMU's type in the upper half of config");
	call = old_call();
	set(call, FIELD_sample_regs_intr, 1ULL << 40);
	assert_needs(call, "needs Linux 5.2: XMM registers");
	call = old_call();
	call->group_fd = 3;
	call->flags = 2;
	assert_needs(call, "needs Linux 6.1: PERF_FLAG_FD_OUTPUT with cpu = -1");
	call = old_call();
	set(call, FIELD_type, 9);
	call->pmu = "msr";
	assert_needs(call, "needs Linux 4.3: the msr PMU");
}

TEST(those_who_have_no_room_are_counted)
{
	struct call *call = old_call();
	struct needs needs;

	for (unsigned bit = 0; bit < 3; bit++)
		set(call, (enum field_id)(FIELD_aux_start_paused + bit), 1);
	needs = needs_of(call);
	assert_int_equal(needs.count, 3);
	assert_int_equal(needs.more, 0);
}
