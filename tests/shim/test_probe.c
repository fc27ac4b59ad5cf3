/* probe=1: what active probing finds out, what it never opens, and that nobody else notices. */
#include "tests/shim/machine.h"

#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>

#include "decoder/explain.h"
#include "decoder/field.h"
#include "decoder/host.h"
#include "decoder/reset.h"
#include "shim/probing.h"
#include "shim/sys.h"

enum {
	UNTOUCHED = 77, /* an errno that no call here ends with */
	FILTERED = 76,  /* and one that only a filter answers */
	NO_THREAD = 0x3ffffffe
};

static struct perf_event_attr
event_of(unsigned type, unsigned long long config)
{
	return (struct perf_event_attr){.type = type,
		.size = sizeof(struct perf_event_attr),
		.config = config};
}

/* With a bit that old kernels do not know: of an unknown one, the table cannot settle an EINVAL. */
static struct perf_event_attr
unsettled(unsigned type)
{
	struct perf_event_attr attr = event_of(type, 0);

	attr.read_format = PERF_FORMAT_LOST;
	return attr;
}

static struct perf_event_attr
faults(void)
{
	return event_of(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS);
}

static uint32_t
pmu_type(const char *name)
{
	char path[128];
	const char *text;

	snprintf(path, sizeof path, "/sys/bus/event_source/devices/%s/type", name);
	text = file_get(path);
	return text ? (uint32_t)atoi(text) : 0;
}

/* Past the shim, which then does not know the event. */
static int
open_unseen(struct perf_event_attr attr, int cpu)
{
	long fd = sys5(__NR_perf_event_open, &attr, cpu < 0 ? 0 : -1, cpu, -1, 0);

	must(fd >= 0);
	return (int)fd;
}

static int
lowest_fd(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

/* The call as the shim would have it after a refusal, but with no facts. */
static struct call
refusal(const struct perf_event_attr *attr, int pid, int cpu, int group_fd, int error)
{
	struct call call;

	call_clear(&call);
	call.arch = HOST_ARCH;
	call.attr = (const unsigned char *)attr;
	call.readable = sizeof *attr;
	call.pid = pid;
	call.cpu = cpu;
	call.group_fd = group_fd;
	call.fd = -1;
	call.error = error;
	return call;
}

static unsigned char room[CALL_ATTR_MAX];

/* Makes the call, which has to be refused so, and probes it. */
static void
assert_probed(struct call *call, enum reset reset, int answer)
{
	long fd = sys5(__NR_perf_event_open, memcpy(room, call->attr, call->readable), call->pid,
		call->cpu, call->group_fd, call->flags);
	const struct opener here = opener_here();
	int lowest = lowest_fd();

	assert_int_equal(fd, -call->error);
	errno = UNTOUCHED;
	probe_refusal(call, &here, room);
	assert_int_equal(errno, UNTOUCHED);
	assert_int_equal(lowest_fd(), lowest);
	assert_int_equal(call->probed, reset);
	assert_int_equal(call->probed_error, answer);
}

static void
assert_settled(struct perf_event_attr attr, int group_fd, int error, enum reset reset)
{
	struct call call = refusal(&attr, 0, -1, group_fd, error);

	assert_probed(&call, reset, 0);
}

TEST(a_flag_that_lacks_another_or_that_the_kernel_does_not_know)
{
	struct perf_event_attr attr = unsettled(PERF_TYPE_SOFTWARE);

	field_store(&fields[FIELD_defer_output], (unsigned char *)&attr, HOST_ARCH, 1);
	assert_settled(attr, -1, EINVAL, RESET_DEFERRED);
}

TEST(sigtrap_without_remove_on_exec)
{
	struct perf_event_attr attr = unsettled(PERF_TYPE_SOFTWARE);

	attr.sigtrap = 1;
	assert_settled(attr, -1, EINVAL, RESET_SIGTRAP);
}

TEST(another_clock_than_the_leaders)
{
	struct perf_event_attr attr = faults();
	int leader = open_unseen(attr, -1);

	attr.use_clockid = 1;
	attr.clockid = 1;
	assert_settled(attr, leader, EINVAL, RESET_CLOCK);
	close(leader);
}

TEST(inherit_unlike_the_leader)
{
	struct perf_event_attr attr = faults();
	int leader = open_unseen(attr, -1);

	attr.inherit = 1;
	assert_settled(attr, leader, EINVAL, RESET_INHERIT);
	close(leader);
}

TEST(a_pinned_sibling)
{
	struct perf_event_attr attr = faults();
	int leader = open_unseen(attr, -1);

	attr.pinned = 1;
	assert_settled(attr, leader, EINVAL, RESET_PINNED);
	close(leader);
}

TEST(a_sample_of_a_kind_that_no_kernel_has)
{
	struct perf_event_attr attr = unsettled(PERF_TYPE_SOFTWARE);

	attr.sample_period = 1000;
	attr.sample_type = 1ULL << 62;
	attr.use_clockid = 1; /* which is none of the reasons */
	attr.clockid = 1;
	assert_settled(attr, -1, EINVAL, RESET_SAMPLE_TYPE);
}

TEST(a_leader_on_another_cpu)
{
	int leader = open_unseen(faults(), 0);

	assert_settled(faults(), leader, EINVAL, RESET_GROUP);
	close(leader);
}

TEST(a_thread_that_is_not_there)
{
	struct perf_event_attr attr = faults();
	struct call call = refusal(&attr, NO_THREAD, -1, -1, ESRCH);

	assert_probed(&call, RESET_TARGET, 0);
}

TEST(a_pmu_that_cannot_sample)
{
	struct perf_event_attr attr = unsettled(pmu_type("msr"));
	struct call call = refusal(&attr, 0, -1, -1, EINVAL);

	if (!attr.type)
		SKIP("this machine has no msr PMU");
	attr.sample_period = 1000;
	call.pmu = "msr";
	assert_probed(&call, RESET_SAMPLING, 0);
}

TEST(a_pmu_that_cannot_exclude)
{
	struct perf_event_attr attr = unsettled(pmu_type("msr"));
	struct call call = refusal(&attr, 0, -1, -1, EINVAL);

	if (!attr.type)
		SKIP("this machine has no msr PMU");
	attr.exclude_kernel = 1;
	call.pmu = "msr";
	assert_probed(&call, RESET_EXCLUDE, 0);
}

TEST(a_change_that_only_has_another_error_is_told_too)
{
	struct perf_event_attr attr = unsettled(PERF_TYPE_SOFTWARE);
	struct call call = refusal(&attr, 0, -1, -1, EINVAL);

	attr.config = 999;
	attr.sample_period = 1000;
	attr.sample_type = 1ULL << 62;
	attr.use_clockid = 1; /* which is none of the reasons */
	attr.clockid = 1;
	assert_probed(&call, RESET_SAMPLE_TYPE, ENOENT);
}

TEST(where_nothing_helps_that_is_told)
{
	struct perf_event_attr attr = event_of(PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES);
	struct call call = refusal(&attr, 0, -1, -1, ENOENT);

	if (pmu_type("cpu"))
		SKIP("this machine has hardware counters");
	assert_probed(&call, RESET_NO_HELP, 0);
}

/* Every perf_event_open is answered by a filter: whoever makes one hears that. */
static void
must_reopen(struct call call, bool does)
{
	static const struct facts nothing;
	const struct opener here = opener_here();
	struct answer answer;

	explain(&answer, &call, &nothing);
	must(answer.kind != ANSWER_CERTAIN);
	probe_refusal(&call, &here, room);
	must(call.probed == (does ? RESET_DISABLED : RESET_NONE));
	must(call.probed_error == (does ? FILTERED : 0));
}

ACT(probe_what_must_not_be_opened)
{
	struct perf_event_attr attr = event_of(PERF_TYPE_BREAKPOINT, 0);
	struct call call = refusal(&attr, 0, -1, -1, EACCES);

	refuse_syscall(SYS_perf_event_open, FILTERED);
	attr.bp_type = HW_BREAKPOINT_W;
	attr.bp_addr = (uintptr_t)room;
	attr.bp_len = HW_BREAKPOINT_LEN_4;
	must_reopen(call, false);
	attr.type = PERF_TYPE_TRACEPOINT;
	must_reopen(call, false);
	for (int i = 0; i < 2; i++) {
		call.pmu = i ? "uprobe" : "kprobe";
		attr.type = pmu_type(call.pmu);
		if (attr.type)
			must_reopen(call, false);
	}
	call.pmu = "msr"; /* as SYSFS_PATH can say */
	must_reopen(call, false);
	call.pmu = "";
	must_reopen(call, false);
	attr = faults(); /* the filter can tell */
	must_reopen(call, true);
}

TEST(breakpoints_tracepoints_and_probes_are_not_opened_again)
{
	setting("PEODUMP=probe=1:out=%s", place("dump"));
	again("probe_what_must_not_be_opened");
}

/* As a program would: the leader is out of the shim's sight, the sibling is not. */
ACT(open_on_another_cpu_than_the_leader)
{
	struct perf_event_attr attr = faults();
	int leader = open_unseen(attr, 0), lowest = lowest_fd();

	errno = UNTOUCHED;
	must(syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC) == -1);
	must(errno == EINVAL);
	must(lowest_fd() == lowest);
	must(attr.disabled == 0);
}

TEST(the_dump_says_what_was_found_below_the_reason)
{
	const char *text;

	setting("PEODUMP=probe=1:out=%s", place("dump"));
	again("open_on_another_cpu_than_the_leader");
	text = file_get(place("dump"));
	assert_shows(text, "int fd = -1; /* EINVAL: ");
	assert_shows(text, "\t/* probed: with group_fd = -1 the kernel accepts it */\n");
}

TEST(json_says_what_was_found)
{
	setting("PEODUMP=probe=1:format=json:out=%s", place("dump"));
	again("open_on_another_cpu_than_the_leader");
	assert_shows(file_get(place("dump")),
		"\"probe_result\": {\"accepted\": true, \"change\": \"group_fd = -1\"}");
}

TEST(it_is_only_done_when_asked_for)
{
	setting("PEODUMP=out=%s", place("dump"));
	again("open_on_another_cpu_than_the_leader");
	assert_hides(file_get(place("dump")), "probed");
}

TEST(safe_mode_opens_nothing_again)
{
	setting("PEODUMP=probe=1:safe=1");
	again("open_on_another_cpu_than_the_leader");
	assert_shows(act_err, "int fd = -1; /* EINVAL");
	assert_hides(act_err, "probed");
}

ACT(ask_for_a_bad_config)
{
	struct perf_event_attr attr = event_of(PERF_TYPE_SOFTWARE, 999);

	must(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0) == -1 && errno == ENOENT);
}

TEST(what_the_table_settles_is_not_opened_again)
{
	setting("PEODUMP=probe=1:out=%s", place("dump"));
	again("ask_for_a_bad_config");
	assert_shows(file_get(place("dump")), "int fd = -1; /* ENOENT: ");
	assert_hides(file_get(place("dump")), "probed");
}
