/* The rows of tables/ against the headers of every release, in both directions. */
#include "decoder/field.h"
#include "tests/tables/facts.h"
#include "tests/tables/report.h"

static const char *const group_names[GROUPS] = {
#define GROUP(group) [GROUP_##group] = #group,
#define NAME(name, value, since)
#define SIZE(version, bytes, since)
#define NOTE(text, value, since)
#define COMMANDS(group) [GROUP_##group] = #group,
#include "tables/names.def"
#include "tables/regs.def"
#undef NOTE
#undef SIZE
#undef NAME
#undef GROUP
};

/* Which group holds what the headers have under that kind. */
static const struct {
	const char *kind;
	enum group group;
} carried[] = {
	{"attr_size", GROUP_size},
	{"enum:perf_type_id", GROUP_type},
	{"enum:perf_hw_id", GROUP_hardware},
	{"enum:perf_sw_ids", GROUP_software},
	{"enum:perf_hw_cache_id", GROUP_cache_id},
	{"enum:perf_hw_cache_op_id", GROUP_cache_op},
	{"enum:perf_hw_cache_op_result_id", GROUP_cache_result},
	{"enum:perf_macros", GROUP_macro},
	{"enum:perf_event_sample_format", GROUP_sample_type},
	{"enum:perf_branch_sample_type", GROUP_branch_sample_type},
	{"enum:perf_event_read_format", GROUP_read_format},
	{"enum:hw_breakpoint_type", GROUP_bp_type},
	{"enum:hw_breakpoint_len", GROUP_bp_len},
	{"enum:use_clockid", GROUP_clockid},
	{"enum:perf_event_open_flags", GROUP_open_flags},
	{"enum:perf_event_ioc", GROUP_ioctl},
	{"enum:perf_event_ioc_flags", GROUP_ioctl_flags},
	{"enum:precise_ip", GROUP_precise_ip},
	{"regs:x86", GROUP_regs_x86},
	{"regs:arm64", GROUP_regs_arm64},
	{"regs:arm", GROUP_regs_arm},
	{"regs:riscv", GROUP_regs_riscv},
	{"regs:powerpc", GROUP_regs_powerpc},
	{"regs:s390", GROUP_regs_s390},
	{"regs:loongarch", GROUP_regs_loongarch},
	{"regs:mips", GROUP_regs_mips},
	{"regs:csky", GROUP_regs_csky},
	{"regs:parisc", GROUP_regs_parisc},
};

/* What no row of ours holds; a name of NULL stands for the whole kind. */
static const struct {
	const char *kind, *name, *why;
} left_out[] = {
	{"enum:perf_branch_sample_type_shift", NULL, "the bits' numbers; the masks are rows"},
	{"enum:perf_sample_regs_abi", NULL, "in samples"},
	{"enum:perf_event_type", NULL, "in records"},
	{"enum:perf_record_misc", NULL, "in records"},
	{"enum:perf_callchain_context", NULL, "in call chains"},
	{"enum:perf_txn", NULL, "in samples"},
	{"enum:hw_cache_config", NULL, "the parts of config, in decoder/value.c"},
	{"enum:probe_config", NULL, "sysfs has it in format/"},
	{"enum:perf_macros", "PERF_SAMPLE_BRANCH_PLM_ALL", "three bits that have names"},
	{"enum:perf_macros", "PERF_SAMPLE_WEIGHT_TYPE", "two bits that have names"},
	{"enum:perf_macros", "PERF_MAX_STACK_DEPTH", "a sysctl's default"},
	{"enum:perf_macros", "PERF_MAX_CONTEXTS_PER_STACK", "a sysctl's default"},
	{"enum:precise_ip", "precise_ip_0", "a zero that asks for nothing"},
	{"syscall_nr", "arm64_compat", "its programs are arm"},
	{"syscall_nr", "asm-generic", "no architecture, but what new ones take over"},
};

/* Groups of which perf's headers have no names. */
static const enum group arguments_alone[] = {GROUP_pid, GROUP_cpu, GROUP_group_fd, GROUP_prot,
	GROUP_map_flags, GROUP_fd_flags, GROUP_file_flags, GROUP_fcntl, GROUP_prctl};

static bool
is_left_out(const struct fact *fact)
{
	for (size_t i = 0; i < COUNT_OF(left_out); i++)
		if (strcmp(left_out[i].kind, fact->kind) == 0
			&& (!left_out[i].name || strcmp(left_out[i].name, fact->name) == 0))
			return true;
	return false;
}

static enum group
group_of(const struct fact *fact)
{
	for (size_t i = 0; i < COUNT_OF(carried); i++)
		if (strcmp(carried[i].kind, fact->kind) == 0)
			return carried[i].group;
	return GROUP_none;
}

static const char *
kind_of(enum group group)
{
	for (size_t i = 0; i < COUNT_OF(carried); i++)
		if (carried[i].group == group)
			return carried[i].kind;
	return NULL;
}

static bool
is_kind(const struct fact *fact, const char *kind)
{
	return strcmp(fact->kind, kind) == 0;
}

/* Limits move with every release, and some names went again. */
static bool
is_no_name(const struct fact *fact)
{
	return fact_note(fact, "non-ABI limit") || fact_note(fact, "limit, not a register")
		|| fact_note(fact, "last=");
}

/* ---- the members */

static bool
is_bits(const struct fact *fact)
{
	return strchr(fact->value, ':') != NULL;
}

static unsigned
word_bytes(const struct fact *fact)
{
	return (unsigned)atoi(fact->value + strcspn(fact->value, "123456789")) / 8;
}

static bool
in_struct(const struct fact *fact)
{
	return is_kind(fact, "field") || is_kind(fact, "flagbit");
}

/* A word whose bits are members is no row of its own: flags_word, aux_action. */
static bool
is_split(const struct fact *word)
{
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (in_struct(fact) && is_bits(fact) && fact->offset == word->offset)
			return !is_bits(word);
	return false;
}

static bool
is_member(const struct fact *fact)
{
	return in_struct(fact) && !is_split(fact);
}

static const struct field *
field_find(const char *name)
{
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}

static const struct fact *
member_find(const char *name)
{
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (is_member(fact) && strcmp(fact->name, name) == 0)
			return fact;
	return NULL;
}

/* A reserved member was wider once: the same name at the same place. */
static uint32_t
first_release(const struct fact *member)
{
	uint32_t since = member->since;

	for (const struct fact *fact = facts(); fact->kind; fact++)
		if ((in_struct(fact) || is_kind(fact, "field_retired")) && fact->since < since
			&& fact->offset == member->offset && strcmp(fact->name, member->name) == 0)
			since = fact->since;
	return since;
}

static void
compare_member(const struct fact *fact, const struct field *field)
{
	if (field->offset != fact->offset || field->bytes != word_bytes(fact))
		complain("%s is a word of %u bytes at %u\n", fact->name, word_bytes(fact),
			fact->offset);
	if (field->bit != fact->bit || field->width != fact->width)
		complain("%s has %u bits from bit %u on\n", fact->name, fact->width, fact->bit);
	if (field->since != first_release(fact))
		complain("%s came with %#x\n", fact->name, first_release(fact));
}

TEST(every_member_of_the_headers_is_a_row)
{
	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++) {
		const struct field *field = is_member(fact) ? field_find(fact->name) : NULL;

		if (field)
			compare_member(fact, field);
		else if (is_member(fact))
			complain("%s has no row\n", fact->name);
	}
	report_end();
}

TEST(every_row_is_a_member_of_the_headers)
{
	report_begin();
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (!member_find(field->name))
			complain("no header has %s\n", field->name);
	report_end();
}

TEST(rows_stand_in_the_order_of_the_struct)
{
	report_begin();
	for (const struct field *field = fields + 1; field < fields + FIELDS; field++)
		if (field->offset < field[-1].offset
			|| (field->offset == field[-1].offset && field->bit < field[-1].bit))
			complain("%s stands behind %s\n", field->name, field[-1].name);
	report_end();
}

/* The size version that first holds that many bytes. */
static uint64_t
size_for(unsigned bytes)
{
	unsigned row = group_starts[GROUP_size];

	while (names[row].value < bytes)
		row++;
	return names[row].value;
}

TEST(every_word_ends_in_the_size_that_the_headers_say)
{
	report_begin();
	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		const struct fact *fact = member_find(field->name);
		const char *size = fact ? fact_note(fact, "min_size=") : NULL;

		if (!size || strtoull(size, NULL, 10) != size_for(field->offset + field->bytes))
			complain("%s\n", field->name);
	}
	report_end();
}

/* The size version of the newest headers that are not newer than the release. */
static uint64_t
size_at(uint32_t release)
{
	uint64_t size = 0;

	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (is_kind(fact, "attr_size") && fact->since <= release)
			size = fact_value(fact);
	return size;
}

TEST(bits_carry_the_size_version_of_their_first_header)
{
	report_begin();
	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		const struct fact *fact = member_find(field->name);
		bool bits = fact && is_bits(fact) && field->kind != SPARE;

		if (fact && field->version != (bits ? size_at(fact->since) : 0))
			complain("%s came with VER%llu\n", fact->name,
				(unsigned long long)size_at(fact->since));
	}
	report_end();
}

/* The word as a big-endian compiler fills it, against what the decoder takes out. */
TEST(big_endian_bits_are_where_their_compilers_put_them)
{
	unsigned seen = 0;

	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++) {
		const char *shift = fact_note(fact, "be_shift=");
		const struct field *field = shift ? field_find(fact->name) : NULL;
		uint64_t ones = (1ULL << fact->width % 64) - 1,
			 bits = shift ? ones << atoi(shift) : 0;
		unsigned char attr[CALL_ATTR_MAX] = {0};
		struct call call = {.arch = ARCH_s390x, .readable = CALL_ATTR_MAX, .attr = attr};

		if (!shift)
			continue;
		for (unsigned i = 0, bytes = word_bytes(fact); i < bytes; i++)
			attr[fact->offset + i] = (unsigned char)(bits >> 8 * (bytes - 1 - i));
		if (!field || field_value(field, &call) != ones)
			complain("%s\n", fact->name);
		seen++;
	}
	assert_true(seen > 0);
	report_end();
}

/* ---- when members count: a note such as `selected when freq=1`, `used when use_clockid=1` */

TEST(arms_of_a_union_are_neighbours)
{
	report_begin();
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		for (const struct field *arm = field + 2; arm < fields + FIELDS; arm++)
			if (field->width == 8 * field->bytes && arm->offset == field->offset
				&& arm[-1].offset != field->offset)
				complain("%s is apart from %s\n", arm->name, field->name);
	report_end();
}

struct condition_said {
	char name[40], value[40];
};

/* Returns false if the note says none, or none that is NAME=VALUE. */
static bool
condition_of(const struct fact *fact, struct condition_said *said)
{
	const char *words = fact_note(fact, "selected when ");

	if (!words)
		words = fact_note(fact, "used when ");
	return words && sscanf(words, "%39[a-z_]=%39[A-Z_0-9]", said->name, said->value) == 2;
}

/* Whether the condition makes the member live, and its opposite does not. */
static bool
selects(const struct condition_said *said, const struct field *member)
{
	unsigned char attr[CALL_ATTR_MAX] = {0};
	struct call call = {.readable = CALL_ATTR_MAX, .attr = attr, .pmu = ""};
	const struct field *by = field_find(said->name);
	const struct name *word;
	uint64_t bits;

	if (!by || !member)
		return false;
	word = name_find((enum group)by->names, said->value, strlen(said->value));
	bits = word ? word->value : strtoull(said->value, NULL, 10);
	field_store(by, attr, ARCH_x86_64, bits);
	if (!field_live(member, &call))
		return false;
	field_store(by, attr, ARCH_x86_64, bits ^ 1);
	return !field_live(member, &call);
}

TEST(members_count_when_the_headers_say_so)
{
	struct condition_said said;
	unsigned seen = 0;

	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++) {
		if (!condition_of(fact, &said))
			continue;
		if (!selects(&said, field_find(fact->name)))
			complain("%s: %s=%s\n", fact->name, said.name, said.value);
		seen++;
	}
	assert_true(seen > 0);
	report_end();
}

TEST(arms_of_a_dynamic_pmu_count_by_its_name)
{
	unsigned seen = 0;

	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++) {
		const char *words = fact_note(fact, "selected when type is the dynamic ");
		const struct field *field = field_find(fact->name);
		unsigned char attr[CALL_ATTR_MAX] = {0};
		char pmu[16] = "";
		struct call call = {.readable = CALL_ATTR_MAX, .attr = attr, .pmu = pmu};

		if (!words)
			continue;
		sscanf(words, "%15s", pmu);
		if (!field || !field_live(field, &call))
			complain("%s is not live with %s\n", fact->name, pmu);
		pmu[0] = '\0';
		if (!field || field_live(field, &call))
			complain("%s is live without it\n", fact->name);
		seen++;
	}
	assert_true(seen > 0);
	report_end();
}

/* ---- the names */

/* A name of the headers, or one that was invented where they have none: then the value counts. */
static const struct name *
row_of(const struct fact *fact, enum group group)
{
	if (fact_note(fact, "synthetic name"))
		return name_of(group, fact_value(fact));
	return name_find(group, fact->name, strlen(fact->name));
}

static void
compare_name(const struct fact *fact, const struct name *name)
{
	if (is_no_name(fact)) {
		if (name)
			complain("%s is no name\n", fact->name);
	} else if (!name) {
		complain("%s has no row\n", fact->name);
	} else if (name->value != fact_value(fact) || name->since != fact->since) {
		complain("%s is %s since %#x\n", fact->name, fact->value, fact->since);
	}
}

TEST(every_name_of_the_headers_is_a_row)
{
	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (group_of(fact) != GROUP_none && !is_left_out(fact))
			compare_name(fact, row_of(fact, group_of(fact)));
	report_end();
}

static bool
has_fact(enum group group, const struct name *name)
{
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (group_of(fact) == group && row_of(fact, group) == name && !is_left_out(fact))
			return true;
	return false;
}

TEST(every_row_is_a_name_of_the_headers)
{
	report_begin();
	for (unsigned group = 1; group < GROUPS; group++)
		for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
			if (kind_of((enum group)group) && !has_fact((enum group)group, &names[row]))
				complain("no header has %s in %s\n", names[row].text,
					group_names[group]);
	report_end();
}

TEST(every_kind_of_fact_has_its_group_or_is_left_out_by_name)
{
	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (group_of(fact) == GROUP_none && !is_left_out(fact) && !in_struct(fact)
			&& !is_kind(fact, "field_retired") && !is_kind(fact, "syscall_nr"))
			complain("%s of %s\n", fact->name, fact->kind);
	report_end();
}

TEST(every_group_has_its_facts_or_is_an_argument)
{
	report_begin();
	for (unsigned group = 1; group < GROUPS; group++) {
		bool argument = false;

		for (size_t i = 0; i < COUNT_OF(arguments_alone); i++)
			argument |= arguments_alone[i] == group;
		if (!kind_of((enum group)group) == !argument)
			complain("%s\n", group_names[group]);
	}
	report_end();
}

TEST(what_is_left_out_is_among_the_facts)
{
	report_begin();
	for (size_t i = 0; i < COUNT_OF(left_out); i++) {
		const struct fact *fact = facts();

		while (fact->kind && !(is_left_out(fact) && is_kind(fact, left_out[i].kind)))
			fact++;
		if (!fact->kind
			|| (left_out[i].name && !fact_find(left_out[i].kind, left_out[i].name)))
			complain("%s %s\n", left_out[i].kind,
				left_out[i].name ? left_out[i].name : "");
	}
	report_end();
}

TEST(no_two_names_of_a_group_share_a_value)
{
	report_begin();
	for (unsigned group = 1; group < GROUPS; group++)
		for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
			if (name_of((enum group)group, names[row].value) != &names[row])
				complain("%s\n", names[row].text);
	report_end();
}

TEST(every_text_fits_its_row)
{
	report_begin();
	for (unsigned row = 0; row < NAMES; row++)
		if (strnlen(names[row].text, sizeof names[row].text) != names[row].length)
			complain("name %.43s\n", names[row].text);
	for (unsigned row = 0; row < FIELDS; row++)
		if (strnlen(fields[row].name, sizeof fields[row].name) != fields[row].length
			|| strnlen(fields[row].note, sizeof fields[row].note)
				== sizeof fields[row].note)
			complain("field %.28s\n", fields[row].name);
	for (unsigned row = 0; row < ERRORS; row++)
		if (strnlen(errors[row].name, sizeof errors[row].name) == sizeof errors[row].name
			|| strnlen(errors[row].text, sizeof errors[row].text)
				== sizeof errors[row].text)
			complain("error %.16s\n", errors[row].name);
	for (unsigned row = 0; row < ARCHES; row++)
		if (strnlen(arches[row].name, sizeof arches[row].name) == sizeof arches[row].name)
			complain("architecture %.16s\n", arches[row].name);
	report_end();
}

/* ---- the architectures */

TEST(every_architecture_has_the_number_of_its_table)
{
	report_begin();
	for (const struct arch *arch = arches; arch < arches + ARCHES; arch++) {
		const struct fact *fact = fact_find("syscall_nr", arch->table);

		if (!fact || arch->number != fact_value(fact))
			complain("%s\n", arch->name);
	}
	report_end();
}

/* "arch present in 4.16.13, absent in 4.20" */
static bool
is_gone(const struct fact *fact)
{
	const char *last = fact_note(fact, "present in ");

	while (last && strncmp(last + strcspn(last, " ,("), ", absent in", 11) != 0) {
		const char *next = strstr(last, "present in ");

		last = next ? next + strlen("present in ") : NULL;
	}
	return last != NULL;
}

static bool
has_table(const char *table)
{
	for (const struct arch *arch = arches; arch < arches + ARCHES; arch++)
		if (strcmp(arch->table, table) == 0)
			return true;
	return false;
}

TEST(every_table_of_system_calls_has_its_architecture_unless_that_is_gone)
{
	report_begin();
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (is_kind(fact, "syscall_nr") && !is_left_out(fact)
			&& has_table(fact->name) == is_gone(fact))
			complain("%s\n", fact->name);
	report_end();
}

/* By their ELF header (EI_DATA). */
TEST(the_big_endian_architectures_are_these)
{
	static const enum arch_id big[] = {ARCH_aarch64_be, ARCH_armeb, ARCH_ppc64, ARCH_ppc,
		ARCH_s390x, ARCH_s390, ARCH_mips, ARCH_mips64, ARCH_mipsn32, ARCH_parisc,
		ARCH_parisc64, ARCH_sparc, ARCH_sparc64, ARCH_m68k, ARCH_or1k};

	for (unsigned arch = 0; arch < ARCHES; arch++) {
		bool expected = false;

		for (size_t i = 0; i < COUNT_OF(big); i++)
			expected |= big[i] == arch;
		assert_int_equal(arches[arch].order, expected ? BIG : LITTLE);
	}
}

TEST(an_architecture_reads_registers_of_its_own)
{
	static const struct {
		enum arch_id arch;
		enum group registers;
	} some[] = {
		{ARCH_x32, GROUP_regs_x86},
		{ARCH_aarch64_be, GROUP_regs_arm64},
		{ARCH_armeb, GROUP_regs_arm},
		{ARCH_riscv32, GROUP_regs_riscv},
		{ARCH_ppc, GROUP_regs_powerpc},
		{ARCH_s390, GROUP_regs_s390},
		{ARCH_loongarch64, GROUP_regs_loongarch},
		{ARCH_mipsn32el, GROUP_regs_mips},
		{ARCH_csky, GROUP_regs_csky},
		{ARCH_parisc64, GROUP_regs_parisc},
		{ARCH_sparc64, GROUP_none},
	};

	for (size_t i = 0; i < COUNT_OF(some); i++)
		assert_int_equal(arches[some[i].arch].registers, some[i].registers);
}

TEST(every_group_of_registers_has_an_architecture)
{
	report_begin();
	for (unsigned group = 1; group < GROUPS; group++) {
		const struct arch *arch = arches;

		while (arch < arches + ARCHES && arch->registers != group)
			arch++;
		if (arch == arches + ARCHES && strncmp(group_names[group], "regs_", 5) == 0)
			complain("%s\n", group_names[group]);
	}
	report_end();
}
