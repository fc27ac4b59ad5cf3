/* rehearse=1: which refusals get a stand-in, what it is, and what the dump says of it. */
#include "tests/shim/machine.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>

enum {
	NO_PMU = INT32_MAX - 1, /* the type of a PMU that no machine has: ENOENT */
	NOBODY = 65534,
	UNTOUCHED = 77 /* an errno that no call here ends with */
};

/* An attr of hardware that is missing, wherever this runs. */
static struct perf_event_attr
missing(void)
{
	return (struct perf_event_attr){.type = NO_PMU,
		.size = sizeof(struct perf_event_attr),
		.config = 0x1cd,
		.sample_period = 1000};
}

static struct perf_event_attr
software(unsigned long long config)
{
	return (struct perf_event_attr){.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(struct perf_event_attr),
		.config = config};
}

static int
open_for(struct perf_event_attr attr, pid_t pid, int group_fd)
{
	return (int)syscall(SYS_perf_event_open, &attr, pid, -1, group_fd, PERF_FLAG_FD_CLOEXEC);
}

static int
open_event(struct perf_event_attr attr)
{
	return open_for(attr, 0, -1);
}

/* Fails unless the event is refused with that error. */
static void
assert_refused(struct perf_event_attr attr, int error)
{
	errno = UNTOUCHED;
	assert_int_equal(open_event(attr), -1);
	assert_int_equal(errno, error);
}

/* Fails unless there is a stand-in, and errno as it was before. */
static int
assert_stood_in(struct perf_event_attr attr, int group_fd)
{
	int fd;

	errno = UNTOUCHED;
	fd = open_for(attr, 0, group_fd);
	assert_int_equal(errno, UNTOUCHED);
	assert_true(fd >= 0);
	return fd;
}

static void
rehearsing(void)
{
	setting("PEODUMP=rehearse=1:out=%s", place("dump"));
}

static const char *
dumped(void)
{
	const char *text = file_get(place("dump"));

	assert_non_null(text);
	return text;
}

ACT(open_what_is_missing)
{
	assert_stood_in(missing(), -1);
}

TEST(missing_hardware_gets_a_stand_in_and_the_dump_says_what_the_kernel_said)
{
	rehearsing();
	again("open_what_is_missing");
	assert_shows(dumped(),
		"/* stand-in; the kernel said ENOENT: ");
	assert_shows(dumped(), ".config = 0x1cd,");
}

TEST(json_says_that_it_is_a_stand_in_beside_the_error)
{
	setting("PEODUMP=rehearse=1:format=json:out=%s", place("dump"));
	again("open_what_is_missing");
	assert_shows(dumped(), "\"errno\": \"ENOENT\", \"stand_in\": true");
	assert_hides(dumped(), "\"fd\": -1");
}

ACT(be_refused_what_is_missing)
{
	assert_refused(missing(), ENOENT);
}

TEST(without_rehearsal_the_refusal_stands)
{
	setting("PEODUMP=rehearse=0:out=%s", place("dump"));
	again("be_refused_what_is_missing");
	assert_shows(dumped(), "int fd = -1; /* ENOENT: ");
}

TEST(safe_mode_makes_no_calls_of_its_own)
{
	setting("PEODUMP=rehearse=1:safe=1");
	again("be_refused_what_is_missing");
}

ACT(open_at_the_lowest_number)
{
	int lowest = dup(0);

	close(lowest);
	assert_int_equal(assert_stood_in(missing(), -1), lowest);
	assert_int_equal(fcntl(lowest, F_GETFD), FD_CLOEXEC);
}

TEST(the_stand_in_has_the_number_and_the_flags_of_the_fd_that_was_refused)
{
	rehearsing();
	again("open_at_the_lowest_number");
}

ACT(open_whatever_hardware_can_do)
{
	struct perf_event_attr attr = missing();

	attr.freq = 1;
	attr.precise_ip = 3;
	attr.config1 = attr.config2 = 0x1234;
	attr.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_BRANCH_STACK | PERF_SAMPLE_REGS_INTR;
	attr.branch_sample_type = PERF_SAMPLE_BRANCH_ANY | PERF_SAMPLE_BRANCH_USER;
	attr.sample_regs_intr = 1;
	attr.exclude_hv = attr.exclude_idle = attr.exclude_guest = 1;
	assert_stood_in(attr, -1);
}

TEST(what_only_hardware_can_do_is_asked_of_no_dummy)
{
	rehearsing();
	again("open_whatever_hardware_can_do");
	assert_shows(dumped(), ".precise_ip = 3,");
	assert_shows(dumped(), "PERF_SAMPLE_BRANCH_ANY");
}

ACT(read_a_group)
{
	struct perf_event_attr attr = missing(), faults = software(PERF_COUNT_SW_PAGE_FAULTS);
	uint64_t values[1 + 3 * 2];
	uint64_t id;
	int leader;

	attr.read_format = faults.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID;
	leader = assert_stood_in(attr, -1);
	assert_stood_in(attr, leader);
	assert_true(open_for(faults, 0, leader) >= 0);
	assert_int_equal(read(leader, values, sizeof values), sizeof values);
	assert_int_equal(values[0], 3);
	assert_int_equal(values[1], 0);
	assert_int_equal(syscall(SYS_ioctl, leader, PERF_EVENT_IOC_ID, &id), 0);
	assert_int_equal(values[2], id);
}

TEST(stand_ins_and_real_events_make_a_group_that_reads_as_it_was_asked_to)
{
	rehearsing();
	again("read_a_group");
	assert_shows(dumped(), "/* opened by call 1 */");
}

ACT(ask_for_what_no_machine_has)
{
	assert_refused(software(999), ENOENT);
}

TEST(a_software_event_that_the_kernel_does_not_know_is_still_refused)
{
	rehearsing();
	again("ask_for_what_no_machine_has");
	assert_shows(dumped(), "int fd = -1; /* ENOENT");
}

ACT(ask_for_branches_of_a_clock)
{
	struct perf_event_attr attr = software(PERF_COUNT_SW_CPU_CLOCK);

	attr.sample_period = 1000;
	attr.sample_type = PERF_SAMPLE_BRANCH_STACK;
	attr.branch_sample_type = PERF_SAMPLE_BRANCH_ANY | PERF_SAMPLE_BRANCH_USER;
	assert_refused(attr, EOPNOTSUPP);
}

TEST(what_software_can_never_do_is_still_refused)
{
	rehearsing();
	again("ask_for_branches_of_a_clock");
}

ACT(ask_with_an_unknown_bit)
{
	struct perf_event_attr attr = missing();

	attr.sample_type = 1ULL << 62;
	assert_refused(attr, EINVAL);
}

TEST(a_bit_that_the_kernel_does_not_know_is_still_refused)
{
	rehearsing();
	again("ask_with_an_unknown_bit");
	assert_shows(dumped(), "int fd = -1; /* EINVAL: ");
}

ACT(pin_a_sibling)
{
	struct perf_event_attr attr = missing();
	int leader = open_event(software(PERF_COUNT_SW_PAGE_FAULTS));

	attr.pinned = 1;
	errno = UNTOUCHED;
	assert_int_equal(open_for(attr, 0, leader), -1);
	assert_int_equal(errno, ENOENT);
}

TEST(where_the_stand_in_is_refused_too_the_program_hears_the_first_answer)
{
	rehearsing();
	again("pin_a_sibling");
	assert_shows(dumped(), "int fd = -1; /* ENOENT");
}

/* Why nobody cannot have events of user space alone here, as these tests need; NULL: that is so. */
static const char *
without_paranoia(void)
{
	const char *level = file_get("/proc/sys/kernel/perf_event_paranoid");

	return level && strcmp(level, "2\n") == 0 ? NULL : "perf_event_paranoid is not 2";
}

static void
become_nobody(void)
{
	/* The shim opens its output as who calls. */
	assert_int_equal(chmod(folder, 0777), 0);
	if (geteuid() == 0)
		assert_int_equal(setresuid(NOBODY, NOBODY, NOBODY), 0);
}

ACT(look_into_the_kernel_as_nobody)
{
	become_nobody();
	assert_stood_in(software(PERF_COUNT_SW_TASK_CLOCK), -1);
}

TEST(missing_permission_gets_a_stand_in_that_stays_out_of_the_kernel)
{
	if (without_paranoia())
		SKIP(without_paranoia());
	rehearsing();
	again("look_into_the_kernel_as_nobody");
	assert_shows(dumped(), "/* stand-in; the kernel said EACCES: ");
}

ACT(miss_hardware_as_nobody)
{
	struct perf_event_attr attr = missing();

	become_nobody();
	attr.exclude_kernel = 1;
	assert_stood_in(attr, -1);
}

TEST(hardware_is_missing_for_who_has_no_permission_either)
{
	if (without_paranoia())
		SKIP(without_paranoia());
	rehearsing();
	again("miss_hardware_as_nobody");
	assert_shows(dumped(), "/* stand-in; the kernel said ENOENT");
}

ACT(watch_another_as_nobody)
{
	become_nobody();
	errno = UNTOUCHED;
	assert_int_equal(open_for(software(PERF_COUNT_SW_TASK_CLOCK), 1, -1), -1);
	assert_int_equal(errno, EACCES);
}

TEST(another_users_process_stays_closed)
{
	if (without_paranoia())
		SKIP(without_paranoia());
	rehearsing();
	again("watch_another_as_nobody");
	assert_shows(dumped(), "int fd = -1; /* EACCES");
}

/*
 * The number of this machine's msr PMU, which says EINVAL to an event that it does not have; "" if
 * there is none.
 */
static const char *
msr_type(void)
{
	const char *text = file_get("/sys/bus/event_source/devices/msr/type");

	return text ? text : "";
}

static struct perf_event_attr
not_of_msr(char *const *given)
{
	struct perf_event_attr attr = missing();

	attr.type = (uint32_t)atoi(given[0]);
	attr.config = 0x1000;
	return attr;
}

ACT(open_by_a_number_that_is_anothers)
{
	assert_stood_in(not_of_msr(given), -1);
}

ACT(open_too_often_by_a_number_that_is_anothers)
{
	struct perf_event_attr attr = not_of_msr(given);

	attr.freq = 1;
	attr.sample_freq = UINT32_MAX; /* Hz: a dummy would not mind */
	assert_refused(attr, EINVAL);
}

ACT(open_by_its_own_number)
{
	assert_refused(not_of_msr(given), EINVAL);
}

/* Another machine's PMU, by the number that msr has on this one. */
static void
machine_of_another(const char *name)
{
	file_put(place("bus/event_source/devices/%s/type", name), msr_type());
	setting("SYSFS_PATH=%s", folder);
	rehearsing();
}

TEST(a_missing_pmu_whose_number_is_anothers_here_gets_a_stand_in)
{
	if (!*msr_type())
		SKIP("this machine has no msr PMU");
	machine_of_another("ibs_op");
	again("open_by_a_number_that_is_anothers", msr_type());
	assert_shows(dumped(), "/* ibs_op */");
	assert_shows(dumped(), "/* stand-in; the kernel said EINVAL: ");
}

TEST(an_attr_that_is_wrong_stays_wrong_for_a_missing_pmu)
{
	if (!*msr_type())
		SKIP("this machine has no msr PMU");
	machine_of_another("ibs_op");
	again("open_too_often_by_a_number_that_is_anothers", msr_type());
	assert_shows(dumped(), "int fd = -1; /* EINVAL");
}

TEST(what_a_pmu_of_this_machine_finds_wrong_stays_wrong)
{
	if (!*msr_type())
		SKIP("this machine has no msr PMU");
	machine_of_another("msr");
	again("open_by_its_own_number", msr_type());
	assert_shows(dumped(), "/* msr */");
}
