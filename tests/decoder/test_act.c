/* What programs do with events, as text and back. */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "decoder/host.h"
#include "tests/decoder/acts.h"
#include "tests/decoder/json.h"
#include "tests/decoder/random.h"
#include "tests/tables/facts.h"

#define WHO "/* perf_event 3: perf[2145] thread 2147, fd 5"

static struct act *
ioctl_of(enum name_id command, uint64_t argument)
{
	return act_told(FUNCTION_ioctl, command, argument);
}

TEST(enabling_an_event_is_a_statement_with_its_actor_behind_it)
{
	assert_act(ioctl_of(NAME_PERF_EVENT_IOC_ENABLE, 0),
		"ioctl(fd[3], PERF_EVENT_IOC_ENABLE, 0); " WHO " */\n");
}

TEST(enabling_a_group_names_the_flag)
{
	assert_act(ioctl_of(NAME_PERF_EVENT_IOC_ENABLE, 1),
		"ioctl(fd[3], PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP); " WHO " */\n");
}

TEST(unknown_bits_of_a_flag_are_shown)
{
	assert_act(ioctl_of(NAME_PERF_EVENT_IOC_RESET, 0x15),
		"ioctl(fd[3], PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP | 0x14); " WHO " */\n");
}

TEST(a_period_is_shown_by_its_value)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_PERIOD, 0);

	act->read = true;
	act->number = 1000;
	assert_act(act, "ioctl(fd[3], PERF_EVENT_IOC_PERIOD, &(__u64){1000}); " WHO " */\n");
}

TEST(a_pointer_to_nothing_is_shown_as_such)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_PERIOD, 0x1234);

	act->result = -1;
	act->error = 14;
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_PERIOD, (void *)0x1234); " WHO ", EFAULT */\n");
}

TEST(a_filter_is_shown_by_its_string)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_SET_FILTER, 0);

	act->read = true;
	act->text = "common_pid != 0 && comm ~ \"a*\"";
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_SET_FILTER, "
		"\"common_pid != 0 && comm ~ \\042a*\\042\"); " WHO " */\n");
}

TEST(a_filter_cannot_pass_for_an_act)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_SET_FILTER, 0);

	act->read = true;
	act->text = "close(fd[1]); /* perf_event 1: sh[1] thread 1, fd 3 */\n*/ ?\?/ \\";
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_SET_FILTER, \"close(fd[1]); /\\052 perf_event 1: "
		"sh[1] thread 1, fd 3 *\\057\\012*\\057 \\077\\077/ \\134\"); " WHO " */\n");
}

TEST(a_filter_that_is_too_long_is_cut)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_SET_FILTER, 0);

	act->read = act->text_cut = true;
	act->text = "pid == 1";
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_SET_FILTER, \"pid == 1\" /* and more */); " WHO
		" */\n");
}

TEST(output_goes_to_another_event)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_SET_OUTPUT, 4);

	act->target.call = 2;
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_SET_OUTPUT, fd[2]); " WHO ", output fd 4 */\n");
}

TEST(output_goes_to_the_event_of_another_process)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_SET_OUTPUT, 4);

	act->target = (struct origin){2, 2000};
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_SET_OUTPUT, fd[2]); " WHO
		", output fd 4 of process 2000 */\n");
}

TEST(output_goes_back_to_the_event_itself)
{
	assert_act(ioctl_of(NAME_PERF_EVENT_IOC_SET_OUTPUT, ACT_NO_FD),
		"ioctl(fd[3], PERF_EVENT_IOC_SET_OUTPUT, -1L); " WHO " */\n");
}

TEST(an_int_of_minus_one_is_an_fd_and_not_none)
{
	assert_act(ioctl_of(NAME_PERF_EVENT_IOC_SET_OUTPUT, UINT32_MAX),
		"ioctl(fd[3], PERF_EVENT_IOC_SET_OUTPUT, -1); " WHO " */\n");
}

TEST(an_id_is_what_the_kernel_answered)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_ID, 0);

	act->read = act->answered = true;
	act->number = 1ULL << 63;
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_ID, &(__u64){0}); " WHO ", id 9223372036854775808 */\n");
}

TEST(bpf_programs_are_listed)
{
	const uint32_t programs[] = {17, 18};
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_QUERY_BPF, 0);

	act->read = act->answered = true;
	act->number = 4;
	act->programs_count = 2;
	act->programs = programs;
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_QUERY_BPF, (__u32[2 + 4]){4}); " WHO
		", 2 programs: 17 18 */\n");
}

TEST(bpf_programs_for_which_there_was_no_room_are_counted)
{
	const uint32_t programs[] = {17, 18, 0, 0};
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_QUERY_BPF, 0);

	act->read = act->answered = true;
	act->number = 1;
	act->programs_count = 2;
	act->programs = programs;
	act->result = -1;
	act->error = 28;
	assert_act(act,
		"ioctl(fd[3], PERF_EVENT_IOC_QUERY_BPF, (__u32[2 + 1]){1}); " WHO
		", 2 programs: 17, ENOSPC */\n");
}

TEST(a_command_that_no_row_has_is_shown_in_hex)
{
	struct act *act = act_of(FUNCTION_ioctl);

	act->arguments[1] = 0x24ff;
	act->arguments[2] = 0x7ffe12345678;
	act->result = -1;
	act->error = 25;
	assert_act(act, "ioctl(fd[3], 0x24ff, 0x7ffe12345678); " WHO ", ENOTTY */\n");
}

TEST(a_modified_attr_is_a_block_like_a_calls)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_MODIFY_ATTRIBUTES, 0);
	struct call *call = call_of_size(64);
	const char *text;

	call_of_size(64);
	call->comm = call->kernel = "";
	call->number = 0;
	call->caller_pid = call->caller_tid = call->cpu = call->group_fd = call->fd = 0;
	set(call, FIELD_type, 5);
	act->attr = call;
	act->read = true;
	text = act_text(act_c, act);
	assert_true(strncmp(text, WHO " */\n{\n\tstruct perf_event_attr attr = {\n", 60) == 0);
	assert_non_null(strstr(text, "\t\t.type = PERF_TYPE_BREAKPOINT,\n"));
	assert_non_null(strstr(text,
		"\t};\n\tioctl(fd[3], PERF_EVENT_IOC_MODIFY_ATTRIBUTES, &attr);\n}\n"));
	assert_true(act_equal(act_parsed(text), act));
}

static struct act *
mmap_of(uint64_t length, uint64_t offset)
{
	struct act *act = act_of(FUNCTION_mmap);

	act->arguments[1] = length;
	act->arguments[2] = 3;
	act->arguments[3] = 1;
	act->arguments[5] = offset;
	act->page = 4096;
	act->result = 0x7f1200000000;
	return act;
}

TEST(a_ring_is_mapped_in_pages_behind_the_first)
{
	assert_act(mmap_of(129 * 4096, 0),
		"ring[3] = mmap(NULL, 528384, PROT_READ | PROT_WRITE, MAP_SHARED, fd[3], 0); " WHO
		", 1 + 128 pages, at 0x7f1200000000 */\n");
}

TEST(an_aux_area_has_an_offset)
{
	assert_act(mmap_of(16 * 4096, 129 * 4096),
		"ring[3] = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd[3], 0x81000); "
		WHO ", 16 pages of AUX data, at 0x7f1200000000 */\n");
}

TEST(a_mapping_of_half_a_page_says_how_long_pages_are)
{
	struct act *act = mmap_of(100, 0);

	act->result = -1;
	act->error = 22;
	act->arguments[0] = 0x10000;
	act->arguments[2] = 0;
	assert_act(act,
		"ring[3] = mmap((void *)0x10000, 100, 0, MAP_SHARED, fd[3], 0); " WHO
		", pages of 4096 bytes, EINVAL */\n");
}

TEST(closing_and_duplicating_are_acts)
{
	struct act *act = act_of(FUNCTION_close);

	assert_act(act, "close(fd[3]); " WHO " */\n");
	act = act_of(FUNCTION_dup);
	act->result = 7;
	assert_act(act, "dup(fd[3]); " WHO ", result 7 */\n");
	act = act_of(FUNCTION_dup3);
	act->result = 9;
	act->arguments[1] = 9;
	act->arguments[2] = 0x80000;
	assert_act(act, "dup3(fd[3], 9, O_CLOEXEC); " WHO ", result 9 */\n");
	act = act_told(FUNCTION_fcntl, NAME_F_DUPFD_CLOEXEC, 3);
	act->result = 8;
	assert_act(act, "fcntl(fd[3], F_DUPFD_CLOEXEC, 3); " WHO ", result 8 */\n");
}

TEST(the_flags_of_a_file_are_named_both_ways)
{
	struct act *act = act_told(FUNCTION_fcntl, NAME_F_SETFL, 0x2802);

	assert_act(act, "fcntl(fd[3], F_SETFL, O_RDWR | O_NONBLOCK | O_ASYNC); " WHO " */\n");
	act = act_told(FUNCTION_fcntl, NAME_F_GETFL, 0);
	act->result = 0x8002;
	assert_act(act, "fcntl(fd[3], F_GETFL); " WHO ", result O_RDWR | 0x8000 */\n");
}

TEST(where_flags_have_other_numbers_they_are_numbers)
{
	struct act *act = act_told(FUNCTION_fcntl, NAME_F_SETFL, 0x80);

	act->arch = ARCH_mips64;
	assert_act(act, "fcntl(fd[3], F_SETFL, 0x80); " WHO ", mips64 */\n");
}

TEST(prctl_is_about_all_events_of_its_thread)
{
	struct act *act = act_told(FUNCTION_prctl, NAME_PR_TASK_PERF_EVENTS_DISABLE, 0);

	act->event.call = 0;
	assert_act(act,
		"prctl(PR_TASK_PERF_EVENTS_DISABLE); "
		"/* perf_event 0: perf[2145] thread 2147 */\n");
}

TEST(an_event_that_another_process_opened_says_so)
{
	struct act *act = act_of(FUNCTION_close);

	act->event.pid = 2100;
	assert_act(act,
		"close(fd[3]); /* perf_event 3 of process 2100: perf[2145] thread 2147, fd 5 "
		"*/\n");
}

TEST(a_record_that_a_pipe_may_tear_says_how_long_it_is)
{
	static char filter[ACT_TEXT_MAX];
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_SET_FILTER, 0);
	struct parser parser;
	static char text[ACT_ROOM];

	memset(filter, 'x', sizeof filter - 1);
	act->read = true;
	act->text = filter;
	strcpy(text, act_text(act_c, act));
	assert_non_null(strstr(text, WHO ", 4201 bytes */\n"));
	assert_int_equal(strlen(text), 4201);
	assert_true(act_equal(act_parsed(text), act));
	memmove(text + 100, text + 101, strlen(text + 100));
	assert_int_equal(act_parse(text, &parser), PARSED_BAD);
}

TEST(words_of_the_program_may_stand_before_an_act)
{
	const struct act *act = act_parsed("continue? [y] fclose(3); close(fd[3]); " WHO " */\n");

	assert_int_equal(act->function, FUNCTION_close);
	assert_int_equal(act->event.call, 3);
}

TEST(an_act_that_is_damaged_is_said_to_be)
{
	static const char *const texts[] = {
		"ioctl(fd[3], PERF_EVENT_IOC_NOTHING, 0); " WHO " */\n",
		"ioctl(fd[3], PERF_EVENT_IOC_ENABLE); " WHO " */\n",
		"ioctl(fd[2], PERF_EVENT_IOC_ENABLE, 0); " WHO " */\n",
		"close(fd[3]); " WHO ", and so on */\n",
		"close(fd[3]) " WHO " */\n",
		"close(fd[3]); " WHO "\n",
		WHO " */\nclose(fd[3]);\n",
		WHO " */\n{\n\tclose(fd[3]);\n\tno end\n",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct parser parser;

		assert_int_equal(act_parse(texts[i], &parser), PARSED_BAD);
		assert_non_null(parser.why);
	}
}

TEST(who_asks_for_calls_alone_is_not_told_of_acts)
{
	struct parser parser;
	struct call call;

	assert_int_equal(parse("close(fd[3]); " WHO " */\n", &parser, &call), PARSED_END);
}

TEST(a_line_that_is_not_whole_yet_is_kept)
{
	const char *text = "hello\nioctl(fd[3], PERF_EVENT_IOC_ENABLE, 0); /* perf_ev";
	struct parser parser;

	assert_int_equal(act_parse(text, &parser), PARSED_END);
	assert_int_equal(parser.at, strlen("hello\n"));
	text = "hello\nioctl(fd[3], PERF_EVENT_IOC_ENABLE, 0); " WHO;
	assert_int_equal(act_parse(text, &parser), PARSED_CUT);
	assert_int_equal(parser.at, strlen("hello\n"));
}

/* Values of the rows against this machine's headers. */
TEST(the_words_have_the_numbers_of_the_headers)
{
	static const struct {
		enum name_id name;
		long value;
	} words[] = {
		{NAME_PROT_READ, PROT_READ}, {NAME_PROT_WRITE, PROT_WRITE},
		{NAME_PROT_EXEC, PROT_EXEC}, {NAME_MAP_SHARED, MAP_SHARED},
		{NAME_MAP_PRIVATE, MAP_PRIVATE}, {NAME_MAP_FIXED, MAP_FIXED},
		{NAME_MAP_ANONYMOUS, MAP_ANONYMOUS}, {NAME_MAP_LOCKED, MAP_LOCKED},
		{NAME_MAP_NORESERVE, MAP_NORESERVE}, {NAME_MAP_POPULATE, MAP_POPULATE},
		{NAME_MAP_NONBLOCK, MAP_NONBLOCK}, {NAME_FD_CLOEXEC, FD_CLOEXEC},
		{NAME_O_WRONLY, O_WRONLY}, {NAME_O_RDWR, O_RDWR}, {NAME_O_APPEND, O_APPEND},
		{NAME_O_NONBLOCK, O_NONBLOCK}, {NAME_O_ASYNC, O_ASYNC},
		{NAME_O_CLOEXEC, O_CLOEXEC}, {NAME_F_DUPFD, F_DUPFD}, {NAME_F_GETFD, F_GETFD},
		{NAME_F_SETFD, F_SETFD}, {NAME_F_GETFL, F_GETFL}, {NAME_F_SETFL, F_SETFL},
		{NAME_F_SETOWN, F_SETOWN}, {NAME_F_GETOWN, F_GETOWN}, {NAME_F_SETSIG, F_SETSIG},
		{NAME_F_GETSIG, F_GETSIG}, {NAME_F_SETOWN_EX, F_SETOWN_EX},
		{NAME_F_GETOWN_EX, F_GETOWN_EX}, {NAME_F_DUPFD_CLOEXEC, F_DUPFD_CLOEXEC},
		{NAME_PR_TASK_PERF_EVENTS_DISABLE, PR_TASK_PERF_EVENTS_DISABLE},
		{NAME_PR_TASK_PERF_EVENTS_ENABLE, PR_TASK_PERF_EVENTS_ENABLE},
	};

	if (!words_shared(GROUP_map_flags, HOST_ARCH))
		SKIP("this architecture has numbers of its own");
	for (size_t i = 0; i < COUNT_OF(words); i++)
		assert_int_equal(names[words[i].name].value, words[i].value);
}

/* The number in a fact's note behind that key. */
static uint32_t
noted(const struct fact *fact, const char *key)
{
	const char *at = strstr(fact->note, key);

	assert_non_null(at);
	return (uint32_t)strtoul(at + strlen(key), NULL, 0);
}

static void
check_ioctl(const struct fact *fact)
{
	static const struct {
		enum arch_id arch;
		const char *key;
	} families[] = {
		{ARCH_i386, ";generic_ilp32="},
		{ARCH_x32, ";generic_ilp32="},
		{ARCH_ppc64le, ";alpha_mips_powerpc_sparc_lp64="},
		{ARCH_mips64, ";alpha_mips_powerpc_sparc_lp64="},
		{ARCH_mipsn32, ";alpha_mips_powerpc_sparc_ilp32="},
		{ARCH_ppc, ";alpha_mips_powerpc_sparc_ilp32="},
		{ARCH_sparc64, ";alpha_mips_powerpc_sparc_lp64="},
		{ARCH_alpha, ";alpha_mips_powerpc_sparc_lp64="},
		{ARCH_parisc64, ";parisc_lp64="},
		{ARCH_parisc, ";parisc_ilp32="},
	};
	const struct name *name = name_find(GROUP_ioctl, fact->name, strlen(fact->name));

	assert_non_null(name);
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		uint32_t number = noted(fact, families[i].key);

		assert_int_equal(command_number((enum name_id)(name - names), families[i].arch),
			number);
		assert_int_equal(command_find(FUNCTION_ioctl, families[i].arch, number),
			name - names);
	}
	assert_int_equal(command_number((enum name_id)(name - names), ARCH_aarch64),
		strtoul(fact->value, NULL, 0));
}

TEST(every_ioctl_has_its_number_on_every_family_of_architectures)
{
	static char line[4096];
	FILE *file = fopen("tests/data/perf_event_uapi.tsv", "r");
	unsigned checked = 0;

	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		struct fact fact;

		line[strcspn(line, "\n")] = '\0';
		fact = fact_of(line);
		if (strcmp(fact.kind, "enum:perf_event_ioc") != 0)
			continue;
		check_ioctl(&fact);
		checked++;
	}
	fclose(file);
	assert_int_equal(checked, 12);
}

TEST(every_ioctl_has_the_number_of_this_machines_header)
{
	static const unsigned long numbers[] = {PERF_EVENT_IOC_ENABLE, PERF_EVENT_IOC_DISABLE,
		PERF_EVENT_IOC_REFRESH, PERF_EVENT_IOC_RESET, PERF_EVENT_IOC_PERIOD,
		PERF_EVENT_IOC_SET_OUTPUT, PERF_EVENT_IOC_SET_FILTER, PERF_EVENT_IOC_ID,
		PERF_EVENT_IOC_SET_BPF, PERF_EVENT_IOC_PAUSE_OUTPUT, PERF_EVENT_IOC_QUERY_BPF,
		PERF_EVENT_IOC_MODIFY_ATTRIBUTES};

	for (unsigned i = 0; i < COUNT_OF(numbers); i++)
		assert_int_equal(command_number((enum name_id)(AT_ioctl + i), HOST_ARCH),
			numbers[i]);
}

/* The rest of an act that passes memory. */
static void
random_memory(struct random *random, struct act *act, struct act_store *store,
	struct call_store *attr)
{
	enum part part = (enum part)act_part(act, act_parts(act) - 1).part;

	if (part < PART_NUMBER_AT || random_chance(random, 4))
		return;
	act->read = true;
	act->arguments[act_parts(act) - 1] = 0;
	act->answered = part == PART_ANSWER_AT
		|| (part == PART_PROGRAMS_AT && random_chance(random, 2));
	if (part == PART_NUMBER_AT || part == PART_ANSWER_AT)
		act->number = random_word(random);
	if (part == PART_TEXT_AT) {
		act->text = random_text(random, store->text, sizeof store->text);
		act->text_cut = random_chance(random, 3);
	}
	if (part == PART_PROGRAMS_AT) {
		act->number = random_below(random, random_chance(random, 2) ? 4 : UINT32_MAX);
		act->programs_count =
			act->answered ? random_below(random, random_chance(random, 2) ? 99 : 9) : 0;
		act->programs = store->programs;
		for (unsigned i = 0; i < ACT_PROGRAMS_MAX; i++)
			store->programs[i] = (uint32_t)random_word(random);
	}
	if (part == PART_ATTR_AT) {
		call_clear(&store->attr);
		store->attr.arch = act->arch;
		store->attr.attr = attr->attr;
		random_attr(random, &store->attr, attr->attr);
		random_names(random, &store->attr, attr);
		act->attr = &store->attr;
	}
}

static void
random_command(struct random *random, struct act *act)
{
	enum group group = (enum group)function_rows[act->function].commands;
	unsigned count = group_starts[group + 1] - group_starts[group];

	if (group && (act->function == FUNCTION_prctl || !random_chance(random, 10)))
		act->command = (uint16_t)(group_starts[group] + random_below(random, count));
}

static uint64_t
random_argument(struct random *random, enum part part, const struct act *act)
{
	if (part == PART_ABSENT || (part == PART_ORDER && act->command != NAMES))
		return 0;
	if (part == PART_OTHER_FD)
		return act->target.call || random_chance(random, 2) ? (uint32_t)random_int(random)
								    : ACT_NO_FD;
	if (part == PART_OWN_FD || part == PART_SIGNED)
		return (uint64_t)(int64_t)random_int(random);
	return random_word(random);
}

static void
random_act(struct random *random, struct act *act, struct act_store *store,
	struct call_store *attr)
{
	act_clear(act);
	act->function = (uint8_t)random_below(random, FUNCTIONS);
	act->arch = (uint8_t)random_below(random, ARCHES);
	random_command(random, act);
	act->caller_pid = random_int(random);
	act->caller_tid = random_int(random);
	act->comm = random_text(random, store->comm, sizeof store->comm);
	if (act->function != FUNCTION_prctl)
		act->event.call = (uint32_t)random_word(random);
	act->event.pid = random_int(random);
	for (unsigned place = 0; place < act_parts(act); place++) {
		enum part part = (enum part)act_part(act, place).part;

		if (part == PART_OTHER_FD)
			act->target.call = random_below(random, 3);
		act->arguments[place] = random_argument(random, part, act);
		if (act->target.call)
			act->target.pid = random_int(random);
	}
	random_memory(random, act, store, attr);
	act->error = random_chance(random, 2) ? (int32_t)random_below(random, 600) : 0;
	act->result = act->error ? -1 : 0;
	if (random_chance(random, 3))
		act->result = act_result_names(act) ? (int64_t)(random_word(random) >> 1)
						    : (int64_t)random_int(random);
	if (act->function == FUNCTION_mmap && random_chance(random, 2)) {
		act->page = 4096;
		if (random_chance(random, 2))
			act->arguments[1] = 4096 * (1 + (uint64_t)random_below(random, 1000));
	}
}

enum {
	ACTS = 20000,
	SEED = 2147483647
};

TEST(every_act_reads_back_and_is_well_formed_in_json)
{
	static struct act_store store;
	static struct call_store attr;
	struct random random = {SEED};

	for (unsigned i = 0; i < ACTS; i++) {
		struct parser parser;
		struct act act;
		const char *text;

		random_act(&random, &act, &store, &attr);
		text = act_text(act_c, &act);
		if (act_parse(text, &parser) != PARSED_ACT
			|| !act_equal(&parser.acts->act, &act) || parser.at != parser.length) {
			fprintf(stderr, "act %u: %s\n%s\n", i, parser.why, text);
			assert_true(act_equal(&parser.acts->act, &act));
			fail();
		}
		text = act_text(act_json, &act);
		if (!json_well_formed(text))
			fprintf(stderr, "act %u:\n%s\n", i, text);
		assert_true(json_well_formed(text));
	}
}

/* That the comparison above can fail. */
TEST(what_differs_is_another_act)
{
	struct act *act = ioctl_of(NAME_PERF_EVENT_IOC_ENABLE, 0);
	struct act other = *act;

	assert_true(act_equal(act, &other));
	other.arguments[2] = 1;
	assert_false(act_equal(act, &other));
	other = *act;
	other.event.pid = 1;
	assert_false(act_equal(act, &other));
	other = *act;
	other.error = 1;
	assert_false(act_equal(act, &other));
}
