/* Acts as they are gathered around a call: from this process's memory, and from another one's. */
#include "decoder/field.h"
#include "decoder/host.h"
#include "shim/act.h"
#include "shim/opened.h"
#include "tests/tables/test.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	EVENT_FD = 50,
	OTHER_FD = 51, /* of an event that process 77 opened */
	EVENT_ID = 1000,
	OTHER_ID = 1001
};

static char text[ACT_TEXT_MAX];
static uint32_t programs[2 + ACT_PROGRAMS_MAX];
static struct call attr;
static unsigned char bytes[CALL_ATTR_MAX];
static struct names_room names_room;
static const struct act_room room = {text, programs, &attr, bytes, &names_room};

static struct act act;
static uint64_t passed[ACT_ARGUMENTS];

static uint64_t
fake_id(const struct actor *actor, int fd)
{
	(void)actor;
	return fd == EVENT_FD ? EVENT_ID : fd == OTHER_FD ? OTHER_ID : 0;
}

static struct actor
actor_of(pid_t pid)
{
	return (struct actor){.pid = pid,
		.tid = pid,
		.comm = "test",
		.arch = HOST_ARCH,
		.page = PAGE,
		.event_id = fake_id};
}

static void
open_event(pid_t pid, uint32_t number, uint64_t id)
{
	struct call call;

	call_clear(&call);
	call.number = number;
	call.caller_pid = pid;
	call.group_fd = -1;
	call.attr = bytes;
	opened_note(&call, id, 0);
}

static bool
begin_as(const struct actor *actor, enum function function, uint64_t first, uint64_t second,
	uint64_t third)
{
	open_event(getpid(), 3, EVENT_ID);
	open_event(77, 4, OTHER_ID);
	memset(passed, 0, sizeof passed);
	passed[0] = first;
	passed[1] = second;
	passed[2] = third;
	return act_begin(&act, actor, function, passed, &room);
}

static void
ioctl_act(unsigned long request, const void *argument, int64_t result, int32_t error)
{
	const struct actor actor = actor_of(getpid());

	assert_true(begin_as(&actor, FUNCTION_ioctl, EVENT_FD, request, (uintptr_t)argument));
	act_end(&act, &actor, result, error, &room);
}

/* Text that ends where memory does. */
static char *
at_the_end(const char *from, size_t length)
{
	char *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(pages + 2 * PAGE, PAGE);
	return memcpy(pages + 2 * PAGE - length, from, length);
}

TEST(an_fd_that_is_no_event_is_nobodys_business)
{
	const struct actor actor = actor_of(getpid());

	assert_false(begin_as(&actor, FUNCTION_close, 3, 0, 0));
	assert_false(begin_as(&actor, FUNCTION_ioctl, (uint64_t)-1, PERF_EVENT_IOC_ENABLE, 0));
}

TEST(a_prctl_about_something_else_is_nobodys_business)
{
	const struct actor actor = actor_of(getpid());

	assert_false(begin_as(&actor, FUNCTION_prctl, 15, 0, 0));
	assert_true(begin_as(&actor, FUNCTION_prctl, 31, 0, 0));
	assert_int_equal(act.command, NAME_PR_TASK_PERF_EVENTS_DISABLE);
}

TEST(an_event_is_named_by_its_call)
{
	const struct actor actor = actor_of(getpid());

	assert_true(begin_as(&actor, FUNCTION_close, 0xffffffff00000000 | EVENT_FD, 0, 0));
	assert_int_equal(act.event.call, 3);
	assert_int_equal(act.event.pid, 0);
	assert_int_equal(act.arguments[0], EVENT_FD);
	assert_true(begin_as(&actor, FUNCTION_close, OTHER_FD, 0, 0));
	assert_int_equal(act.event.call, 4);
	assert_int_equal(act.event.pid, 77);
}

TEST(another_events_fd_is_named_too_and_none_is_a_whole_long)
{
	ioctl_act(PERF_EVENT_IOC_SET_OUTPUT, (void *)(uintptr_t)OTHER_FD, 0, 0);
	assert_int_equal(act.target.call, 4);
	assert_int_equal(act.target.pid, 77);
	if (sizeof(long) < sizeof ACT_NO_FD)
		SKIP("a long is no longer than an fd here");
	ioctl_act(PERF_EVENT_IOC_SET_OUTPUT, (void *)-1L, 0, 0);
	assert_true(act.arguments[2] == ACT_NO_FD);
	ioctl_act(PERF_EVENT_IOC_SET_OUTPUT, (void *)0xffffffffUL, -1, EBADF);
	assert_true(act.arguments[2] == 0xffffffff);
}

TEST(a_period_is_read_and_its_address_forgotten)
{
	const uint64_t period = 12345;

	ioctl_act(PERF_EVENT_IOC_PERIOD, &period, 0, 0);
	assert_true(act.read);
	assert_int_equal(act.number, 12345);
	assert_int_equal(act.arguments[2], 0);
	ioctl_act(PERF_EVENT_IOC_PERIOD, (void *)8, -1, EFAULT);
	assert_false(act.read);
	assert_int_equal(act.arguments[2], 8);
	assert_int_equal(act.error, EFAULT);
}

TEST(a_filter_may_end_where_memory_does)
{
	ioctl_act(PERF_EVENT_IOC_SET_FILTER, at_the_end("pid != 0", 9), 0, 0);
	assert_string_equal(act.text, "pid != 0");
	ioctl_act(PERF_EVENT_IOC_SET_FILTER, at_the_end("pid != 0", 8), -1, EFAULT);
	assert_false(act.read);
	assert_string_equal(act.text, "");
}

TEST(a_filter_of_more_than_a_page_is_cut)
{
	static char filter[2 * PAGE];

	memset(filter, 'x', sizeof filter - 1);
	ioctl_act(PERF_EVENT_IOC_SET_FILTER, filter, -1, EINVAL);
	assert_true(act.text_cut);
	assert_int_equal(strlen(act.text), ACT_TEXT_MAX - 1);
	filter[ACT_TEXT_MAX - 1] = '\0';
	ioctl_act(PERF_EVENT_IOC_SET_FILTER, filter, 0, 0);
	assert_false(act.text_cut);
}

TEST(an_id_is_there_only_once_the_kernel_has_answered)
{
	uint64_t id = 99;

	ioctl_act(PERF_EVENT_IOC_ID, &id, 0, 0);
	assert_true(act.read && act.answered);
	assert_int_equal(act.number, 99);
	ioctl_act(PERF_EVENT_IOC_ID, &id, -1, EFAULT);
	assert_false(act.read || act.answered);
	assert_true(act.arguments[2] == (uintptr_t)&id);
}

TEST(programs_are_as_many_as_there_was_room_for)
{
	uint32_t query[] = {2, 3, 17, 18, 19};

	ioctl_act(PERF_EVENT_IOC_QUERY_BPF, query, -1, ENOSPC);
	assert_int_equal(act.number, 2);
	assert_int_equal(act.programs_count, 3);
	assert_int_equal(act_programs(&act), 2);
	assert_int_equal(act.programs[1], 18);
	ioctl_act(PERF_EVENT_IOC_QUERY_BPF, query, -1, EINVAL);
	assert_true(act.read && !act.answered);
}

TEST(an_attr_is_as_it_was_before_the_kernel_wrote_its_size)
{
	struct perf_event_attr modified = {
		.type = PERF_TYPE_BREAKPOINT, .size = 64, .bp_addr = 0x1234};
	const struct actor actor = actor_of(getpid());

	assert_true(begin_as(&actor, FUNCTION_ioctl, EVENT_FD, PERF_EVENT_IOC_MODIFY_ATTRIBUTES,
		(uintptr_t)&modified));
	modified.size = 136;
	act_end(&act, &actor, -1, E2BIG, &room);
	assert_int_equal(act.attr->readable, 64);
	assert_int_equal(call_attr_size(act.attr), 64);
	assert_int_equal(act.attr->size_after, 136);
	assert_int_equal(attr_value(act.attr, FIELD_bp_addr), 0x1234);
}

TEST(a_command_that_no_row_has_keeps_its_number)
{
	ioctl_act(0x24ff, (void *)7, -1, ENOTTY);
	assert_int_equal(act.command, NAMES);
	assert_int_equal(act.arguments[1], 0x24ff);
	assert_int_equal(act.arguments[2], 7);
}

TEST(a_32_bit_programs_commands_have_other_numbers)
{
	enum {
		OF_32_BITS = 0x40042406, /* SET_FILTER's, where a pointer has 4 bytes, and 8 */
		OF_64_BITS = 0x40082406
	};
	const char *filter = "a";
	struct actor actor = actor_of(getpid());

	actor.arch = ARCH_i386;
	assert_true(begin_as(&actor, FUNCTION_ioctl, EVENT_FD, OF_32_BITS, (uintptr_t)filter));
	assert_int_equal(act.command, NAME_PERF_EVENT_IOC_SET_FILTER);
	assert_true(begin_as(&actor, FUNCTION_ioctl, EVENT_FD, OF_64_BITS, 0));
	assert_int_equal(act.command, NAMES);
	assert_true(begin_as(&actor, FUNCTION_ioctl, EVENT_FD, PERF_EVENT_IOC_SET_OUTPUT, 0xffffffff));
	assert_true(act.arguments[2] == ACT_NO_FD);
}

TEST(what_another_process_points_to_is_read_there)
{
	static char filter[] = "parent";
	int ends[2];
	char byte;
	pid_t child;
	struct actor actor;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		strcpy(filter, "child");
		_exit(write(ends[1], "x", 1) != 1 || pause());
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	actor = actor_of(child);
	assert_true(begin_as(&actor, FUNCTION_ioctl, EVENT_FD, PERF_EVENT_IOC_SET_FILTER,
		(uintptr_t)filter));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_string_equal(act.text, "child");
	assert_int_equal(act.event.pid, getpid());
}
