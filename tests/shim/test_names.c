/* What made-up machines call the PMU, the tracepoint, the probed place and the cgroup of a call. */
#include "shim/names.h"

#include "tests/shim/machine.h"

#include <sys/mman.h>

#include "decoder/host.h"

enum {
	PAGE = 4096
};

/* A machine with one of each PMU and a handful of tracepoints; what is put last counts. */
static void
pmu_put(const char *pmu, const char *file, const char *text)
{
	file_put(place("sys/bus/event_source/devices/%s/%s", pmu, file), text);
}

static void
tracepoint_put(const char *name, unsigned id)
{
	char text[16];

	snprintf(text, sizeof text, "%u\n", id);
	file_put(place("tracing/events/%s/id", name), text);
}

static void
machine_put(void)
{
	pmu_put("software", "type", "1\n");
	pmu_put("tracepoint", "type", "2\n");
	pmu_put("cpu", "type", "4\n");
	pmu_put("cpu", "format/event", "config:0-7\n");
	pmu_put("cpu", "format/umask", "config:8-15\n");
	pmu_put("cpu", "format/ldlat", "config1:0-15\n");
	pmu_put("cpu", "events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n");
	pmu_put("breakpoint", "type", "5\n");
	pmu_put("kprobe", "type", "6\n");
	pmu_put("kprobe", "format/retprobe", "config:0\n");
	pmu_put("uprobe", "type", "7\n");
	pmu_put("uprobe", "format/retprobe", "config:0\n");
	pmu_put("cpu_atom", "type", "10\n");
	tracepoint_put("sched/sched_switch", 316);
	tracepoint_put("sched/sched_wakeup", 318);
	tracepoint_put("syscalls/sys_enter_execve", 678);
	file_put(place("tracing/events/enable"), "0\n");
	file_put(place("tracing/events/header_page"), "1\n");
	file_put(place("tracing/events/sched/enable"), "0\n");
	file_put(place("tracing/events/sched/half_made/format"), "");
}

static void
machine_is_ours(void)
{
	setting("SYSFS_PATH=%s/sys", folder);
	setting("TRACEFS_PATH=%s/tracing", folder);
}

/* A string of that length, flush against a page that is not there. */
static char *
string_at_end(size_t length, bool terminated)
{
	char *pages =
		mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start = pages + 4 * PAGE - length - terminated;

	munmap(pages + 4 * PAGE, PAGE);
	memset(start, 'x', length);
	if (terminated)
		start[length] = '\0';
	return start;
}

struct words {
	uint32_t type;
	uint32_t size;
	uint64_t config;
	uint64_t before[5];
	uint64_t config1;
	uint64_t after[8];
};

/*
 * The names of calls that are told as key=value, with `--` between them. A string is config1's:
 * string=TEXT, terminated=LENGTH, unterminated=LENGTH.
 */
static void
read_word(struct call *call, struct words *attr, const char *word)
{
	const char *value = strchr(word, '=') + 1;
	uint64_t number = strtoull(value, NULL, 0);

	if (strncmp(word, "type=", 5) == 0)
		attr->type = (uint32_t)number;
	else if (strncmp(word, "size=", 5) == 0)
		attr->size = (uint32_t)number;
	else if (strncmp(word, "config=", 7) == 0)
		attr->config = number;
	else if (strncmp(word, "config1=", 8) == 0)
		attr->config1 = number;
	else if (strncmp(word, "string=", 7) == 0)
		attr->config1 = (uintptr_t)value;
	else if (strncmp(word, "terminated=", 11) == 0)
		attr->config1 = (uintptr_t)string_at_end((size_t)number, true);
	else if (strncmp(word, "unterminated=", 13) == 0)
		attr->config1 = (uintptr_t)string_at_end((size_t)number, false);
	else if (strncmp(word, "readable=", 9) == 0)
		call->readable = (uint16_t)number;
	else if (strncmp(word, "flags=", 6) == 0)
		call->flags = number;
	else if (strncmp(word, "pid=", 4) == 0)
		call->pid = (int32_t)strtol(value, NULL, 0);
	else if (strncmp(word, "folder=", 7) == 0)
		call->pid = open(value, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	else
		abort();
}

static void
show(const struct call *call)
{
	printf("pmu %s\nevent %s\nalias %s\ntracepoint %s\nprobe %s\nprobe_cut %d\ncgroup %s\n",
		call->pmu, call->event, call->alias, call->tracepoint, call->probe, call->probe_cut,
		call->cgroup);
}

static void
find_next_call(char *const **words)
{
	static struct names_room room;
	struct words attr = {.size = 128};
	struct call call;

	call_clear(&call);
	call.arch = HOST_ARCH;
	call.caller_pid = getpid();
	call.readable = 128;
	call.attr = (const unsigned char *)&attr;
	for (; **words && strcmp(**words, "--") != 0; ++*words)
		read_word(&call, &attr, **words);
	names_find(&call, NULL, &room);
	show(&call);
}

ACT(find)
{
	for (find_next_call(&given); *given; find_next_call(&given))
		given++;
}

/* The last act's calls had these, "" where none. */
#define assert_tracepoints(...) assert_tracepoints_are((const char *const[]){__VA_ARGS__, NULL})

static void
assert_tracepoints_are(const char *const *told)
{
	const char *at = act_out;
	char line[CALL_TRACEPOINT_MAX + 32];

	for (; *told; told++) {
		snprintf(line, sizeof line, "\ntracepoint %s\n", *told);
		at = strstr(at, "\ntracepoint ");
		assert_non_null(at);
		if (strncmp(at, line, strlen(line)) != 0)
			fail_msg("not %s in:\n%s", line, at);
		at++;
	}
	assert_null(strstr(at, "\ntracepoint "));
}

#define found(...) (machine_put(), machine_is_ours(), again("find", __VA_ARGS__))

/* --- PMUs --- */

TEST(a_raw_event_is_the_cpu_pmus)
{
	found("type=4", "config=0x1cd", "config1=30");
	assert_shows(act_out, "pmu cpu\n");
	assert_shows(act_out, "event cpu/event=0xcd,umask=0x1,ldlat=30/\n");
	assert_shows(act_out, "alias mem-loads\n");
}

TEST(a_raw_event_is_that_pmu_whose_type_is_4)
{
	machine_put();
	pmu_put("cpu", "type", "11\n");
	pmu_put("cpu_core", "type", "4\n");
	machine_is_ours();
	again("find", "type=4", "config=0x1cd");
	assert_shows(act_out, "pmu cpu_core\n");
	assert_shows(act_out, "event cpu_core/config=0x1cd/\n");
}

TEST(an_event_of_another_pmu_is_that_pmus)
{
	found("type=10", "config=0xc0");
	assert_shows(act_out, "pmu cpu_atom\nevent cpu_atom/config=0xc0/\n");
}

TEST(types_that_the_header_names_are_not_looked_up)
{
	static const char *const types[] = {"type=0", "type=1", "type=2", "type=3", "type=5"};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		settings_count = 0;
		pmu_put("hardware", "type", "0\n");
		pmu_put("cache", "type", "3\n");
		found(types[i], "config=1");
		assert_shows(act_out, "pmu \nevent \nalias \n");
	}
}

TEST(an_extended_hardware_event_has_the_pmu_of_its_high_half)
{
	found("type=0", "config=0xa00000001");
	assert_shows(act_out, "pmu cpu_atom\n");
}

TEST(an_extended_cache_event_has_the_pmu_of_its_high_half)
{
	found("type=3", "config=0x400010002");
	assert_shows(act_out, "pmu cpu\n");
}

TEST(an_extended_event_is_told_by_its_config_and_not_by_formats)
{
	found("type=0", "config=0x400000001");
	assert_shows(act_out, "pmu cpu\nevent \nalias \n");
}

TEST(a_software_event_has_no_extended_type)
{
	found("type=1", "config=0x400000001");
	assert_shows(act_out, "pmu \n");
}

TEST(config1_that_was_not_passed_is_no_parameter)
{
	found("type=4", "size=60", "config=0xcd", "config1=30");
	assert_shows(act_out, "event cpu/event=0xcd/\n");
}

TEST(an_attr_whose_config_could_not_be_read_has_no_names)
{
	found("type=4", "config=0x1cd", "readable=15", "--", "type=4", "readable=7", "--", "type=2",
		"readable=0");
	assert_hides(act_out, "pmu c");
	assert_hides(act_out, "event c");
	assert_hides(act_out, "tracepoint s");
}

TEST(a_machine_without_sysfs_and_tracefs_has_no_names)
{
	machine_is_ours();
	again("find", "type=4", "config=0x1cd", "--", "type=2", "config=316", "--", "type=6",
		"string=do_exit");
	assert_string_equal(act_out,
		"pmu \nevent \nalias \ntracepoint \nprobe \nprobe_cut 0\ncgroup \n"
		"pmu \nevent \nalias \ntracepoint \nprobe \nprobe_cut 0\ncgroup \n"
		"pmu \nevent \nalias \ntracepoint \nprobe \nprobe_cut 0\ncgroup \n");
}

/* --- tracepoints --- */

TEST(a_tracepoint_has_its_system_and_name)
{
	found("type=2", "config=678", "--", "type=2", "config=316");
	assert_shows(act_out, "tracepoint syscalls:sys_enter_execve\n");
	assert_shows(act_out, "tracepoint sched:sched_switch\n");
}

TEST(an_id_that_no_tracepoint_has_has_no_name)
{
	found("type=2", "config=317", "--", "type=2", "config=65535", "--", "type=2",
		"config=0x10000013c", "--", "type=2", "config=0xffffffffffffffff");
	assert_hides(act_out, "tracepoint s");
}

TEST(no_other_type_has_a_tracepoint)
{
	found("type=1", "config=316", "--", "type=4", "config=316", "--", "type=10", "config=316");
	assert_hides(act_out, "tracepoint s");
}

TEST(a_tracepoint_whose_id_cannot_be_read_is_passed_over)
{
	file_put(place("tracing/events/sched/a_folder/id/x"), "");
	found("type=2", "config=0", "--", "type=2", "config=316");
	assert_shows(act_out, "tracepoint \n");
	assert_shows(act_out, "tracepoint sched:sched_switch\n");
}

TEST(of_two_thousand_tracepoints_each_has_its_name)
{
	const char *given[ARGUMENTS_MAX] = {"find"};
	static char configs[100][32];
	char name[64];
	size_t at = 1;

	for (unsigned id = 0; id < 2000; id++) {
		snprintf(name, sizeof name, "system_%u/event_number_%u", id % 37, id);
		tracepoint_put(name, id + 1000);
	}
	for (unsigned i = 0; i < 100; i++) {
		snprintf(configs[i], sizeof *configs, "config=%u", 1000 + i * 20 + i % 20);
		given[at++] = "type=2";
		given[at++] = configs[i];
		given[at++] = "--";
	}
	given[at - 1] = NULL;
	machine_is_ours();
	assert_ended_well(run_again(given));
	for (unsigned i = 0; i < 100; i++) {
		unsigned id = i * 20 + i % 20;

		snprintf(name, sizeof name, "tracepoint system_%u:event_number_%u\n", id % 37, id);
		assert_shows(act_out, name);
	}
}

TEST(the_longest_tracepoint_name_is_whole_and_a_longer_one_not_told_by_half)
{
	char name[CALL_TRACEPOINT_MAX + 16] = "e/", expected[CALL_TRACEPOINT_MAX + 64];

	memset(name + 2, 'x', CALL_TRACEPOINT_MAX - 3);
	tracepoint_put(name, 400);
	snprintf(expected, sizeof expected, "tracepoint e:%s\n", name + 2);
	strcat(name, "x");
	tracepoint_put(name, 401);
	tracepoint_put("e/after", 402);
	found("type=2", "config=400", "--", "type=2", "config=401", "--", "type=2", "config=402");
	assert_shows(act_out, expected);
	assert_shows(act_out, "tracepoint \n");
	assert_shows(act_out, "tracepoint e:after\n");
}

/* Between its two questions somebody makes a probe. */
ACT(find_before_and_after)
{
	find((char *const[]){given[0], given[1], "--", given[2], given[3], NULL});
	must(rename(given[4], given[5]) == 0);
	find((char *const[]){given[2], given[3], NULL});
}

TEST(a_tracepoint_that_comes_later_is_found)
{
	machine_put();
	machine_is_ours();
	file_put(place("later/id"), "900\n");
	again("find_before_and_after", "type=2", "config=316", "type=2", "config=900",
		place("later"), place("tracing/events/sched/later"));
	assert_shows(act_out, "tracepoint \n");
	assert_shows(act_out, "tracepoint sched:later\n");
}

ACT(find_before_and_after_mount)
{
	find((char *const[]){"type=2", "config=316", NULL});
	must(rename(given[0], given[1]) == 0);
	find((char *const[]){"type=2", "config=316", NULL});
}

ACT(events_made_anew)
{
	char *const asked[] = {"type=2", "config=316", NULL};

	find(asked);
	must(rename(place("tracing/events/sched"), place("tracing/events/kprobes")) == 0);
	find(asked);
	tracepoint_put("kprobes/sched_switch", 317);
	tracepoint_put("kprobes/another", 316);
	find(asked);
	find(asked);
	tracepoint_put("kprobes/another", 319);
	find(asked);
}

TEST(an_id_that_was_given_to_another_event_has_its_new_name)
{
	machine_put();
	machine_is_ours();
	again("events_made_anew");
	assert_tracepoints("sched:sched_switch", "kprobes:sched_switch", "kprobes:another",
		"kprobes:another", "");
}

TEST(an_id_file_without_a_number_is_no_id)
{
	file_put(place("tracing/events/sched/empty/id"), "");
	file_put(place("tracing/events/sched/line/id"), "\n");
	file_put(place("tracing/events/sched/word/id"), "none\n");
	found("type=2", "config=0", "--", "type=2", "config=0", "--", "type=2", "config=316");
	assert_tracepoints("", "", "sched:sched_switch");
}

TEST(a_tracefs_that_comes_later_is_found)
{
	machine_put();
	machine_is_ours();
	assert_int_equal(rename(place("tracing"), place("unmounted")), 0);
	again("find_before_and_after_mount", place("unmounted"), place("tracing"));
	assert_shows(act_out, "tracepoint \n");
	assert_shows(act_out, "tracepoint sched:sched_switch\n");
}

TEST(the_machines_own_tracefs_is_found_where_it_is)
{
	const char *id = file_get("/sys/kernel/tracing/events/sched/sched_switch/id");
	char config[32];

	if (!id)
		id = file_get("/sys/kernel/debug/tracing/events/sched/sched_switch/id");
	if (!id)
		SKIP("no tracefs is mounted, or it may not be read");
	snprintf(config, sizeof config, "config=%d", atoi(id));
	again("find", "type=2", config);
	assert_shows(act_out, "tracepoint sched:sched_switch\n");
}

/* --- probes --- */

TEST(a_kprobe_has_its_function)
{
	found("type=6", "string=do_sys_openat2");
	assert_shows(act_out, "pmu kprobe\n");
	assert_shows(act_out, "probe do_sys_openat2\nprobe_cut 0\n");
}

TEST(a_uprobe_has_its_file)
{
	found("type=7", "config=1", "string=/usr/lib/libc.so.6");
	assert_shows(act_out, "pmu uprobe\n");
	assert_shows(act_out, "probe /usr/lib/libc.so.6\nprobe_cut 0\n");
}

TEST(a_string_that_ends_with_its_page_is_whole)
{
	found("type=7", "terminated=20");
	assert_shows(act_out, "probe xxxxxxxxxxxxxxxxxxxx\nprobe_cut 0\n");
}

TEST(an_empty_string_is_no_probe)
{
	found("type=6", "terminated=0");
	assert_shows(act_out, "probe \nprobe_cut 0\n");
}

TEST(a_string_that_runs_into_a_page_that_is_not_there_is_none)
{
	found("type=7", "unterminated=20", "--", "type=7", "unterminated=4095");
	assert_hides(act_out, "probe x");
	assert_hides(act_out, "probe_cut 1");
}

static void
expect_probe_of(const char *string, size_t shown, const char *cut)
{
	char expected[PAGE + 64];

	found("type=7", string);
	memset(expected, 'x', shown);
	snprintf(expected + shown, sizeof expected - shown, "\nprobe_cut %s\n", cut);
	assert_shows(act_out, expected);
	assert_hides(act_out, place("x%s", expected) + strlen(folder) + 1);
}

TEST(the_longest_path_is_whole)
{
	expect_probe_of("terminated=4095", 4095, "0");
}

TEST(a_string_longer_than_a_path_can_be_is_cut_and_says_so)
{
	expect_probe_of("terminated=4096", 4095, "1");
}

TEST(a_string_without_an_end_is_cut_and_says_so)
{
	expect_probe_of("unterminated=8192", 4095, "1");
}

TEST(a_probe_at_null_has_no_string)
{
	found("type=6", "config1=0", "--", "type=7", "config1=0");
	assert_hides(act_out, "probe_cut 1");
	assert_hides(act_out, "probe x");
}

TEST(a_pointer_to_nowhere_has_no_string)
{
	found("type=6", "config1=8", "--", "type=7", "config1=0xffff888000000000", "--", "type=7",
		"config1=0xffffffffffffffff");
	assert_shows(act_out, "probe \nprobe_cut 0\n");
	assert_hides(act_out, "probe_cut 1");
}

TEST(config1_of_another_pmu_is_no_string)
{
	found("type=4", "string=do_exit", "--", "type=10", "string=do_exit", "--", "type=1",
		"string=do_exit");
	assert_hides(act_out, "probe do_exit");
}

TEST(config1_of_a_pmu_that_only_has_a_probes_type_elsewhere_is_no_string)
{
	pmu_put("amd_iommu", "type", "6\n");
	machine_is_ours();
	again("find", "type=6", "string=do_exit");
	assert_shows(act_out, "pmu amd_iommu\n");
	assert_shows(act_out, "probe \n");
}

TEST(a_string_that_was_not_passed_is_none)
{
	found("type=6", "size=60", "string=do_exit");
	assert_shows(act_out, "pmu kprobe\n");
	assert_shows(act_out, "probe \n");
}

/* --- cgroups --- */

TEST(a_cgroup_has_the_path_of_its_folder)
{
	char word[128], expected[128];

	snprintf(word, sizeof word, "folder=%s", folder);
	snprintf(expected, sizeof expected, "cgroup %s\n", folder);
	found("type=1", "flags=4", word);
	assert_shows(act_out, expected);
}

TEST(a_pid_without_the_flag_is_no_cgroup)
{
	char word[128];

	snprintf(word, sizeof word, "folder=%s", folder);
	found("type=1", "flags=11", word);
	assert_shows(act_out, "cgroup \n");
}

TEST(a_cgroup_fd_that_is_not_open_has_no_path)
{
	found("type=1", "flags=4", "pid=999", "--", "type=1", "flags=4", "pid=-1");
	assert_hides(act_out, "cgroup /");
}

TEST(a_cgroup_has_its_path_from_the_procfs_that_is_set)
{
	file_put(place("proc/self/fd/x"), "");
	assert_int_equal(symlink("/sys/fs/cgroup/a.slice", place("proc/self/fd/77")), 0);
	setting("PROCFS_PATH=%s/proc", folder);
	found("type=1", "flags=4", "pid=77");
	assert_shows(act_out, "cgroup /sys/fs/cgroup/a.slice\n");
}

TEST(a_cgroup_has_its_path_though_the_attr_cannot_be_read)
{
	char word[128], expected[128];

	snprintf(word, sizeof word, "folder=%s", folder);
	snprintf(expected, sizeof expected, "cgroup %s\n", folder);
	found("readable=0", "flags=4", word);
	assert_shows(act_out, expected);
}

static int
lowest_free_fd(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

ACT(open_files)
{
	int before = lowest_free_fd();

	find((char *const[]){"type=2", "config=317", "--", "type=4", "config=0x1cd", "--",
		"type=77", NULL});
	must(lowest_free_fd() == before);
}

TEST(finding_names_leaves_no_file_open)
{
	machine_put();
	machine_is_ours();
	again("open_files");
}
