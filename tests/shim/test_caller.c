/* Who calls: numbers that count apart for each process, whatever memory it shares. */
#include "shim/caller.h"

#include "tests/shim/machine.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "decoder/call.h"

enum {
	THREADS = 4,
	ROUNDS = 5000,
	NO_PID = 1 << 28 /* above the highest pid: from here on processes are made up */
};

/* A process that no other test made up. */
static int32_t
some_process(void)
{
	static int32_t last = NO_PID;

	return ++last;
}

static void
on_threads(void *(*run)(void *))
{
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run, (void *)i), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* --- who --- */

TEST(the_caller_is_this_process)
{
	struct caller caller;
	char comm[CALL_COMM_MAX];

	caller_ask(&caller);
	prctl(PR_GET_NAME, comm);
	assert_int_equal(caller.pid, getpid());
	assert_int_equal(caller.tid, getpid());
	assert_string_equal(caller.comm, comm);
}

static struct caller in_thread;
static pid_t thread_tid;

static void *
ask_in_thread(void *unused)
{
	prctl(PR_SET_NAME, "a thread");
	thread_tid = (pid_t)syscall(SYS_gettid);
	caller_ask(&in_thread);
	return unused;
}

TEST(a_thread_has_its_own_tid_and_name)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, ask_in_thread, NULL), 0);
	pthread_join(thread, NULL);
	assert_int_equal(in_thread.pid, getpid());
	assert_int_equal(in_thread.tid, thread_tid);
	assert_int_not_equal(in_thread.tid, getpid());
	assert_string_equal(in_thread.comm, "a thread");
}

static bool
asked_right(void)
{
	struct caller caller;

	caller_ask(&caller);
	return caller.pid == getpid() && caller.tid == (pid_t)syscall(SYS_gettid);
}

static void *
ask_right_in_thread(void *unused)
{
	return asked_right() ? NULL : unused;
}

static int
ask_in_child(void *unused)
{
	pthread_t thread;
	void *wrong = unused;

	return pthread_create(&thread, NULL, ask_right_in_thread, unused) != 0
		|| pthread_join(thread, &wrong) != 0 || wrong || !asked_right();
}

TEST(a_forked_child_and_its_threads_have_its_pid)
{
	pid_t child;

	assert_true(asked_right());
	child = fork();
	if (child == 0)
		_exit(ask_in_child(&child));
	assert_true(child_ends_well(child));
	assert_true(asked_right());
}

static int
ask_in_vfork_child(void *unused)
{
	(void)unused;
	return !asked_right();
}

TEST(a_vfork_child_has_its_own_pid_and_leaves_its_parents)
{
	static char stack[65536];

	assert_true(asked_right());
	assert_true(child_ends_well(clone(ask_in_vfork_child, stack + sizeof stack,
		CLONE_VM | CLONE_VFORK | SIGCHLD, NULL)));
	assert_true(asked_right());
}

TEST(the_longest_name_is_whole)
{
	struct caller caller;
	char before[CALL_COMM_MAX];

	prctl(PR_GET_NAME, before);
	prctl(PR_SET_NAME, "fifteen letters");
	caller_ask(&caller);
	prctl(PR_SET_NAME, before);
	assert_string_equal(caller.comm, "fifteen letters");
}

TEST(what_was_known_at_load_is_remembered_in_a_child)
{
	struct caller now, remembered;
	pid_t child;

	caller_load();
	caller_ask(&now);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_NAME, "a child");
		caller_remember(&remembered);
		_exit(memcmp(&remembered, &now, sizeof now) != 0);
	}
	assert_true(child_ends_well(child));
}

TEST(the_kernel_is_what_uname_says)
{
	struct utsname name;

	uname(&name);
	assert_string_equal(caller_kernel(), name.release);
}

/* --- numbers --- */

TEST(calls_are_counted_from_1)
{
	int32_t pid = some_process();

	for (uint32_t number = 1; number <= 10; number++)
		assert_int_equal(caller_count(pid), number);
}

TEST(processes_count_apart)
{
	int32_t one = some_process(), other = some_process();

	assert_int_equal(caller_count(one), 1);
	assert_int_equal(caller_count(other), 1);
	assert_int_equal(caller_count(one), 2);
	assert_int_equal(caller_count(other), 2);
}

TEST(processes_whose_pids_look_alike_count_apart)
{
	int32_t pid = some_process();

	for (uint32_t number = 1; number <= 3; number++)
		for (int32_t distance = 0; distance < 1 << 16; distance += 1 << 12)
			assert_int_equal(caller_count(pid + distance), number);
}

TEST(a_forked_child_counts_from_1)
{
	pid_t child;

	caller_count(getpid());
	child = fork();
	if (child == 0)
		_exit(caller_count(getpid()) != 1 || caller_count(getpid()) != 2);
	assert_true(child_ends_well(child));
}

TEST(a_forked_child_does_not_make_its_parent_count_on)
{
	uint32_t before = caller_count(getpid());
	pid_t child = fork();

	if (child == 0) {
		caller_count(getpid());
		_exit(0);
	}
	assert_true(child_ends_well(child));
	assert_int_equal(caller_count(getpid()), before + 1);
}

static uint32_t shared_numbers[2];

static int
count_twice(void *unused)
{
	(void)unused;
	shared_numbers[0] = caller_count(getpid());
	shared_numbers[1] = caller_count(getpid());
	return 0;
}

TEST(a_vfork_child_that_shares_our_memory_counts_apart)
{
	static _Alignas(16) char stack[65536];
	uint32_t before = caller_count(getpid());
	pid_t child =
		clone(count_twice, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);

	assert_true(child_ends_well(child));
	assert_int_equal(shared_numbers[0], 1);
	assert_int_equal(shared_numbers[1], 2);
	assert_int_equal(caller_count(getpid()), before + 1);
}

static int32_t threads_pid;
static uint8_t seen[THREADS * ROUNDS + 1];

static void *
count_in_thread(void *unused)
{
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t number = caller_count(threads_pid);

		if (number <= THREADS * ROUNDS)
			__atomic_add_fetch(&seen[number], 1, __ATOMIC_RELAXED);
	}
	return unused;
}

TEST(threads_never_get_the_same_number)
{
	threads_pid = some_process();
	on_threads(count_in_thread);
	for (size_t number = 1; number <= THREADS * ROUNDS; number++)
		assert_int_equal(seen[number], 1);
}

/* In a child, whose places are then all taken. */
static int
count_in_many_processes(void)
{
	for (int i = 0; i < 1000; i++) {
		int32_t pid = some_process();

		for (uint32_t number = 1; number <= 3; number++)
			if (caller_count(pid) != number)
				return 1;
	}
	return 0;
}

TEST(the_thousandth_process_counts_from_1_too)
{
	pid_t child = fork();

	if (child == 0)
		_exit(count_in_many_processes());
	assert_true(child_ends_well(child));
}

/* --- lost dumps --- */

TEST(nothing_is_lost_at_first)
{
	assert_int_equal(caller_take_lost(some_process()), 0);
}

TEST(what_was_lost_adds_up)
{
	int32_t pid = some_process();

	caller_lose(pid, 1);
	caller_lose(pid, 2);
	assert_int_equal(caller_take_lost(pid), 3);
}

TEST(what_was_lost_is_taken_once)
{
	int32_t pid = some_process();

	caller_lose(pid, 1);
	caller_take_lost(pid);
	assert_int_equal(caller_take_lost(pid), 0);
}

TEST(what_one_process_lost_another_does_not_take)
{
	int32_t one = some_process(), other = some_process();

	caller_lose(one, 1);
	assert_int_equal(caller_take_lost(other), 0);
	assert_int_equal(caller_take_lost(one), 1);
}

TEST(what_a_vfork_child_loses_leaves_its_parents_losses)
{
	int32_t parent = some_process(), child = some_process();

	caller_lose(parent, 3);
	caller_lose(child, 1);
	assert_int_equal(caller_take_lost(child), 1);
	assert_int_equal(caller_take_lost(parent), 3);
}

TEST(a_forked_child_has_lost_nothing)
{
	pid_t child;

	caller_lose(getpid(), 5);
	child = fork();
	if (child == 0)
		_exit(caller_take_lost(getpid()) != 0);
	assert_true(child_ends_well(child));
	assert_int_equal(caller_take_lost(getpid()), 5);
}

static void *
lose_in_thread(void *unused)
{
	for (int round = 0; round < ROUNDS; round++)
		caller_lose(threads_pid, 1);
	return unused;
}

TEST(what_threads_lose_at_once_adds_up)
{
	threads_pid = some_process();
	on_threads(lose_in_thread);
	assert_int_equal(caller_take_lost(threads_pid), THREADS * ROUNDS);
}

static uint32_t taken_in_threads;

static void *
lose_or_take_in_thread(void *thread)
{
	for (int round = 0; round < ROUNDS; round++)
		if ((size_t)thread % 2)
			caller_lose(threads_pid, 1);
		else
			__atomic_add_fetch(&taken_in_threads, caller_take_lost(threads_pid),
				__ATOMIC_RELAXED);
	return thread;
}

TEST(what_is_taken_while_others_lose_is_taken_once)
{
	threads_pid = some_process();
	on_threads(lose_or_take_in_thread);
	assert_int_equal(taken_in_threads + caller_take_lost(threads_pid), THREADS / 2 * ROUNDS);
}
