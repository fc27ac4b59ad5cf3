/* What was opened before: known by the kernel's id, whatever fd it has by now. */
#include "shim/opened.h"

#include "tests/shim/machine.h"

#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "decoder/host.h"

enum {
	THREADS = 4,
	ROUNDS = 20000,
	KEPT = 4096
};

static struct perf_event_attr
dummy(void)
{
	return (struct perf_event_attr){.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1,
		.exclude_hv = 1};
}

static int
open_dummy(const char *sentence)
{
	struct perf_event_attr attr = dummy();
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		skip_test(sentence, "perf_event_open is refused here");
	return fd;
}

#define an_event() open_dummy(__func__)

/* A call of some process that opened a dummy. */
static struct call
call_made(uint32_t number, int32_t pid)
{
	static struct perf_event_attr attr;
	struct call call;

	attr = dummy();
	call_clear(&call);
	call.arch = HOST_ARCH;
	call.attr = (const unsigned char *)&attr;
	call.readable = PERF_ATTR_SIZE_VER0;
	call.number = number;
	call.caller_pid = pid;
	call.caller_tid = pid;
	call.cpu = -1;
	call.group_fd = -1;
	return call;
}

static void
note(uint64_t id, uint32_t number)
{
	struct call call = call_made(number, 100);

	opened_note(&call, id, 0);
}

static struct opened
found(uint64_t id)
{
	struct opened opened;

	memset(&opened, 0xaa, sizeof opened);
	opened_find(&opened, id);
	return opened;
}

/* --- the id --- */

TEST(an_event_has_the_id_that_the_kernel_says)
{
	int fd = an_event();
	uint64_t id = 0;

	assert_int_equal(syscall(SYS_ioctl, fd, PERF_EVENT_IOC_ID, &id), 0);
	assert_true(event_id(fd) == id);
	assert_true(id != 0);
	close(fd);
}

TEST(a_duplicate_has_the_same_id_and_another_event_another)
{
	int fd = an_event(), other = an_event(), copy = dup(fd);

	assert_true(event_id(copy) == event_id(fd));
	assert_true(event_id(other) != event_id(fd));
	assert_int_equal(dup2(other, copy), copy);
	assert_true(event_id(copy) == event_id(other));
	close(fd);
	close(other);
	close(copy);
}

TEST(what_is_no_event_has_no_id_and_errno_stays)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	errno = 77;
	assert_true(event_id(ends[0]) == 0);
	assert_true(event_id(-1) == 0);
	assert_true(event_id(1 << 20) == 0);
	assert_int_equal(errno, 77);
	close(ends[0]);
	close(ends[1]);
}

/* --- what is remembered --- */

TEST(what_was_noted_is_found_by_its_id)
{
	note(5, 7);
	note(6, 8);
	assert_int_equal(found(5).number, 7);
	assert_int_equal(found(6).number, 8);
	assert_int_equal(found(5).opener, 100);
}

TEST(what_was_not_noted_has_no_number_but_its_id)
{
	note(5, 7);
	assert_int_equal(found(5 + KEPT).number, 0);
	assert_true(found(5 + KEPT).id == 5 + KEPT);
	assert_int_equal(found(0).number, 0);
}

TEST(an_event_without_an_id_is_not_kept)
{
	note(0, 7);
	assert_int_equal(found(0).number, 0);
}

TEST(the_newest_events_are_kept)
{
	for (uint64_t id = 1; id <= 3 * KEPT; id++)
		note(id, (uint32_t)id);
	for (uint64_t id = 1; id <= 3 * KEPT; id++)
		assert_int_equal(found(id).number, id > 2 * KEPT ? id : 0);
}

TEST(a_sibling_may_have_left_a_group_that_an_exec_ends)
{
	for (unsigned leader_leaves = 0; leader_leaves < 2; leader_leaves++)
		for (unsigned leaves = 0; leaves < 2; leaves++) {
			struct perf_event_attr attr = dummy();
			struct call call = call_made(1, 100);
			struct opened sibling;

			attr.size = sizeof attr;
			call.attr = (const unsigned char *)&attr;
			call.readable = sizeof attr;
			attr.remove_on_exec = leader_leaves & 1;
			opened_note(&call, 19, 0);
			attr.remove_on_exec = leaves & 1;
			call.group_fd = 9;
			opened_note(&call, 20, 19);
			sibling = found(20);
			opened_stray(&sibling, 19);
			assert_int_equal(sibling.strayed, leader_leaves || leaves);
			opened_stray(&sibling, 18);
			assert_true(sibling.strayed);
		}
}

TEST(ids_of_processes_and_numbers_have_places_of_their_own)
{
	for (uint64_t pid = 100; pid < 110; pid++)
		note(pid << 32 | 1, (uint32_t)pid);
	for (uint64_t pid = 100; pid < 110; pid++)
		assert_int_equal(found(pid << 32 | 1).number, pid);
}

TEST(an_event_is_its_leaders_sibling_only_in_the_group)
{
	struct call call = call_made(1, 100);

	call.group_fd = 9;
	opened_note(&call, 20, 19);
	assert_true(found(20).leader == 19);
	assert_int_equal(found(20).leader_fd, 9);
	call.flags = PERF_FLAG_FD_NO_GROUP;
	opened_note(&call, 21, 19);
	assert_true(found(21).leader == 0);
}

/* A sibling that would be taken for a leader. */
TEST(an_event_whose_leader_has_no_id_is_not_kept)
{
	struct call call = call_made(1, 100);

	call.group_fd = 9;
	opened_note(&call, 22, 0);
	assert_int_equal(found(22).number, 0);
}

TEST(an_event_is_known_across_fork)
{
	pid_t child;

	note(30, 7);
	child = fork();
	if (child == 0)
		_exit(found(30).number != 7 || found(30).opener != 100);
	assert_true(child_ends_well(child));
}

/* In all of these the number is the id's own. */
static uint32_t torn;

static void *
note_and_find(void *thread)
{
	for (uint64_t round = 0; round < ROUNDS; round++) {
		uint64_t id = 1 + (round * THREADS + (uint64_t)(size_t)thread) * KEPT;
		struct opened opened;

		note(id, (uint32_t)(id / KEPT) + 1);
		for (unsigned back = 0; back < THREADS; back++) {
			opened_find(&opened, id - back * KEPT);
			if (opened.number && opened.number != opened.id / KEPT + 1)
				__atomic_add_fetch(&torn, 1, __ATOMIC_RELAXED);
		}
	}
	return thread;
}

TEST(threads_that_note_into_one_place_are_never_mixed_up)
{
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, note_and_find, (void *)i), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(torn, 0);
}

/* --- whose numbers --- */

TEST(numbers_of_tasks_mean_the_same_to_a_child)
{
	pid_t child;

	opened_begin();
	child = fork();
	if (child == 0)
		_exit(!opened_same_pids());
	assert_true(child_ends_well(child));
	assert_true(opened_same_pids());
}

static int
say_same_pids(void *unused)
{
	(void)unused;
	return opened_same_pids();
}

TEST(numbers_of_tasks_mean_nothing_in_another_pid_namespace)
{
	static _Alignas(16) char stack[65536];
	pid_t child;

	opened_begin();
	child = clone(say_same_pids, stack + sizeof stack, CLONE_NEWPID | SIGCHLD, NULL);
	if (child < 0)
		skip_test(__func__, "only root can make a pid namespace");
	assert_true(child_ends_well(child));
}
