/* Where records go, and what the program that is traced keeps: its fds, its files, its signals. */
#include "shim/output.h"

#include "tests/shim/machine.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "shim/settings.h"

enum {
	PROCESSES = 4,
	THREADS = 2,
	ROUNDS = 1000,
	FDS = 1100, /* more than are ever open */
	RECORDS = 200,
	RECORD_LENGTH = 3000,
	OTHER_FD = 7
};

static bool
record(const char *text)
{
	static __thread char path[2 * SETTING_PATH_MAX];
	struct outlet outlet;

	output_prepare(&outlet, getpid(), path, sizeof path);
	return outlet_write(&outlet, text, strlen(text));
}

ACT(write_one)
{
	must(record("one\n"));
}

ACT(lose_one)
{
	must(!record("one\n"));
}

static void
out_is(const char *file)
{
	setting("PEODUMP=out=%s/%s", folder, file);
}

#define assert_file(path, text)                                                                    \
	assert_string_equal(file_get(path) ? file_get(path) : "(none)", text)

/* The fd that is open on that file; -1: none is. The next one is looked for behind `after`. */
static int
fd_of(const char *path, int after)
{
	struct stat wanted, status;

	must(stat(path, &wanted) == 0);
	for (int fd = after + 1; fd < FDS; fd++)
		if (fstat(fd, &status) == 0 && status.st_ino == wanted.st_ino
			&& status.st_dev == wanted.st_dev)
			return fd;
	return -1;
}

static int
lowest_free_fd(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

/* --- standard error, and other fds the program was started with --- */

TEST(records_go_to_standard_error)
{
	again("write_one");
	assert_string_equal(act_err, "one\n");
	assert_string_equal(act_out, "");
}

static void
put_over(int fd, const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	must(file >= 0);
	must(dup2(file, fd) == fd);
	close(file);
}

ACT(replace_standard_error)
{
	must(record("one\n"));
	put_over(STDERR_FILENO, place("programs"));
	must(!record("two\n"));
}

TEST(a_file_that_took_the_place_of_standard_error_is_not_written_to)
{
	again("replace_standard_error");
	assert_file(place("programs"), "");
	assert_string_equal(act_err, "one\n");
}

ACT(close_standard_error)
{
	close(STDERR_FILENO);
	must(!record("one\n"));
	must(!output_say("two\n", 4));
}

TEST(a_closed_standard_error_loses_the_record)
{
	again("close_standard_error");
	assert_string_equal(act_err, "");
}

ACT(put_standard_error_back)
{
	int kept = dup(STDERR_FILENO);

	put_over(STDERR_FILENO, "/dev/null");
	must(!record("one\n"));
	must(dup2(kept, STDERR_FILENO) == STDERR_FILENO);
	must(record("two\n"));
}

TEST(standard_error_that_was_put_back_is_written_to_again)
{
	again("put_standard_error_back");
	assert_string_equal(act_err, "two\n");
}

TEST(out_may_be_standard_output)
{
	setting("PEODUMP=out=/dev/stdout");
	again("write_one");
	assert_string_equal(act_out, "one\n");
	assert_string_equal(act_err, "");
}

TEST(out_may_be_standard_error)
{
	setting("PEODUMP=out=/dev/stderr");
	again("write_one");
	assert_string_equal(act_err, "one\n");
}

/* Starts another act with a file open at a number that the shim is told about. */
ACT(with_other_fd)
{
	int file = open(place("other"), O_WRONLY | O_CREAT, 0600);

	must(dup2(file, OTHER_FD) == OTHER_FD);
	close(file);
	execl("/proc/self/exe", "again", given[0], NULL);
}

TEST(out_may_be_an_fd_that_was_inherited)
{
	setting("PEODUMP=out=/dev/fd/%d", OTHER_FD);
	again("with_other_fd", "write_one");
	assert_file(place("other"), "one\n");
}

TEST(out_may_be_an_inherited_fd_by_its_name_in_proc)
{
	setting("PEODUMP=out=/proc/self/fd/%d", OTHER_FD);
	again("with_other_fd", "write_one");
	assert_file(place("other"), "one\n");
}

ACT(write_between_the_programs_words)
{
	must(write(OTHER_FD, "a\n", 2) == 2);
	must(record("one\n"));
	must(write(OTHER_FD, "b\n", 2) == 2);
	must(record("two\n"));
}

TEST(an_inherited_fd_is_written_at_the_programs_own_place)
{
	setting("PEODUMP=out=/dev/fd/%d", OTHER_FD);
	again("with_other_fd", "write_between_the_programs_words");
	assert_file(place("other"), "a\none\nb\ntwo\n");
}

ACT(replace_other_fd)
{
	put_over(OTHER_FD, place("programs"));
	must(!record("one\n"));
	close(OTHER_FD);
	must(!record("two\n"));
}

TEST(an_inherited_fd_that_the_program_replaced_is_not_written_to)
{
	setting("PEODUMP=out=/dev/fd/%d", OTHER_FD);
	again("with_other_fd", "replace_other_fd");
	assert_file(place("programs"), "");
	assert_file(place("other"), "");
}

TEST(an_fd_that_was_not_inherited_loses_the_record)
{
	setting("PEODUMP=out=/dev/fd/%d", OTHER_FD);
	again("lose_one");
	assert_string_equal(act_err, "");
}

ACT(open_nothing)
{
	int before = lowest_free_fd();
	int count = 0;

	must(record("one\n"));
	must(lowest_free_fd() == before);
	for (int fd = 3; fd < FDS; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	must(count == (given[0] ? atoi(given[0]) : 0));
}

TEST(an_inherited_fd_is_not_opened_again)
{
	setting("PEODUMP=out=/dev/stdout");
	again("open_nothing");
	assert_string_equal(act_out, "one\n");
}

ACT(say)
{
	must(record("one\n"));
	must(output_say("two\n", 4));
}

TEST(what_the_shim_says_goes_to_standard_error)
{
	out_is("log");
	again("say");
	assert_string_equal(act_err, "two\n");
	assert_file(place("log"), "one\n");
}

/* --- a file --- */

TEST(records_are_appended)
{
	file_put(place("log"), "before\n");
	out_is("log");
	again("write_one");
	again("write_one");
	assert_file(place("log"), "before\none\none\n");
}

ACT(write_with_umask_0)
{
	umask(0);
	must(record("one\n"));
}

TEST(a_new_file_is_its_owners_alone)
{
	struct stat status;

	out_is("log");
	again("write_with_umask_0");
	assert_int_equal(stat(place("log"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_uid, getuid());
}

TEST(a_file_that_exists_keeps_its_mode)
{
	struct stat status;

	file_put(place("log"), "");
	chmod(place("log"), 0664);
	out_is("log");
	again("write_one");
	assert_int_equal(stat(place("log"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0664);
}

ACT(do_nothing)
{
}

TEST(without_a_record_no_file_is_made)
{
	out_is("log");
	again("do_nothing");
	assert_null(file_get(place("log")));
}

TEST(a_colon_in_the_files_name_is_escaped)
{
	out_is("a%:b");
	again("write_one");
	assert_file(place("a:b"), "one\n");
}

ACT(write_elsewhere)
{
	must(chdir("/") == 0);
	must(record("one\n"));
}

ACT(start_in_folder)
{
	must(chdir(folder) == 0);
	execl("/proc/self/exe", "again", "write_elsewhere", NULL);
}

TEST(a_relative_file_is_where_the_program_started)
{
	setting("PEODUMP=out=log");
	again("start_in_folder");
	assert_file(place("log"), "one\n");
}

TEST(the_programs_next_fd_is_what_it_would_have_been)
{
	out_is("log");
	again("open_nothing", "1");
}

static void
look_at_fd(void)
{
	int fd = fd_of(place("log"), STDERR_FILENO);
	int lowest = lowest_free_fd();

	must(fd > lowest);
	must(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	must((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND)) == (O_WRONLY | O_APPEND));
	must(fd_of(place("log"), fd) == -1);
}

ACT(look_at_fd_after_record)
{
	must(record("one\n"));
	look_at_fd();
	must(record("two\n"));
	look_at_fd();
}

TEST(the_file_is_open_once_high_to_append_and_not_for_programs_to_come)
{
	out_is("log");
	again("look_at_fd_after_record");
}

static void
limit_fds(rlim_t limit)
{
	const struct rlimit limits = {limit, limit};

	must(setrlimit(RLIMIT_NOFILE, &limits) == 0);
}

ACT(look_at_fd_with_few_allowed)
{
	static const rlim_t limits[] = {1024, 1001, 1000, 512, 100, 64, 33, 16, 10, 8};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		limit_fds(limits[i]);
		must(record("one\n"));
		look_at_fd();
		close(fd_of(place("log"), STDERR_FILENO));
	}
}

TEST(a_low_limit_of_open_files_is_honoured)
{
	out_is("log");
	again("look_at_fd_with_few_allowed");
}

ACT(fill_some_fds)
{
	limit_fds(200);
	while (dup(STDOUT_FILENO) < 130)
		;
	must(record("one\n"));
	look_at_fd();
}

TEST(a_limit_little_above_the_programs_own_fds_is_honoured)
{
	out_is("log");
	again("fill_some_fds");
}

/* All numbers but the last are the program's; then all; then one is free again. */
ACT(fill_fds)
{
	limit_fds(16);
	while (dup(STDOUT_FILENO) >= 0)
		;
	must(!record("one\n"));
	must(output_error() == EMFILE);
	close(15);
	must(!record("two\n"));
	must(dup(STDOUT_FILENO) == 15);
	close(15);
	close(14);
	must(record("three\n"));
	must(output_error() == 0);
	must(dup(STDOUT_FILENO) == 14);
}

TEST(the_last_free_fd_is_the_programs)
{
	out_is("log");
	again("fill_fds");
	assert_file(place("log"), "three\n");
}

ACT(write_close_all_write)
{
	for (int i = 0; i < RECORDS; i++) {
		must(record("one\n"));
		must(syscall(SYS_close_range, 3, ~0U, 0U) == 0);
	}
}

TEST(a_file_that_the_program_closed_is_opened_again)
{
	out_is("log");
	again("write_close_all_write");
	assert_int_equal(strlen(file_get(place("log"))), RECORDS * 4);
	assert_hides(file_get(place("log")), "\n\n");
}

ACT(write_replace_write)
{
	must(record("one\n"));
	put_over(fd_of(place("log"), STDERR_FILENO), place("programs"));
	must(record("two\n"));
	must(fd_of(place("programs"), STDERR_FILENO) >= 0);
}

TEST(a_file_that_the_program_put_over_ours_is_not_written_to)
{
	file_put(place("programs"), "precious\n");
	out_is("log");
	again("write_replace_write");
	assert_file(place("programs"), "precious\n");
	assert_file(place("log"), "one\ntwo\n");
}

ACT(write_replace_by_appended_write)
{
	int file, ours;

	must(record("one\n"));
	ours = fd_of(place("log"), STDERR_FILENO);
	file = open(place("programs"), O_WRONLY | O_APPEND | O_CLOEXEC);
	must(write(file, "own\n", 4) == 4);
	must(dup2(file, ours) == ours);
	must(record("two\n"));
}

TEST(a_file_to_append_that_the_program_put_over_ours_is_not_written_to)
{
	file_put(place("programs"), "precious\n");
	out_is("log");
	again("write_replace_by_appended_write");
	assert_file(place("programs"), "precious\nown\n");
	assert_file(place("log"), "one\ntwo\n");
}

/* A sandbox that is entered later may refuse any of the calls that know a file again. */
ACT(write_with_less)
{
	int ours;

	must(record("one\n"));
	ours = fd_of(place("log"), STDERR_FILENO);
	for (; given[0]; given++)
		refuse_syscall(atoi(given[0]), EPERM);
	must(record("two\n"));
	must(record("three\n"));
	put_over(ours, place("programs"));
	must(record("four\n"));
	must(output_say("words\n", 6));
}

TEST(our_file_is_known_again_with_less_than_all_calls)
{
	static const int calls[] = {SYS_statx, SYS_lseek, SYS_pwrite64};

	out_is("log");
	for (unsigned without = 1; without < 8; without++) {
		char numbers[3][8] = {"", "", ""};
		unsigned count = 0;

		for (unsigned i = 0; i < 3; i++)
			if (without >> i & 1)
				snprintf(numbers[count++], sizeof *numbers, "%d", calls[i]);
		file_put(place("programs"), "precious\n");
		unlink(place("log"));
		again("write_with_less", numbers[0], count > 1 ? numbers[1] : NULL,
			count > 2 ? numbers[2] : NULL);
		assert_file(place("programs"), "precious\n");
		assert_file(place("log"), "one\ntwo\nthree\nfour\n");
		assert_string_equal(act_err, "words\n");
	}
}

/* --- %p --- */

ACT(write_in_two_processes)
{
	pid_t child;

	printf("%d\n", getpid());
	fflush(stdout);
	must(record("parent\n"));
	child = fork();
	if (child == 0) {
		char parents[32];

		printf("%d\n", getpid());
		must(record("child\n"));
		snprintf(parents, sizeof parents, "log.%d", getppid());
		must(fd_of(place("%s", parents), STDERR_FILENO) == -1);
		exit(0);
	}
	must(child_ends_well(child));
	must(record("parent\n"));
}

TEST(each_process_has_its_file)
{
	int parent, child;

	out_is("log.%p");
	again("write_in_two_processes");
	assert_int_equal(sscanf(act_out, "%d %d", &parent, &child), 2);
	assert_file(place("log.%d", parent), "parent\nparent\n");
	assert_file(place("log.%d", child), "child\n");
}

ACT(write_in_child)
{
	pid_t child;
	int fd;

	must(record("parent\n"));
	fd = fd_of(place("log"), STDERR_FILENO);
	child = fork();
	if (child == 0) {
		must(record("child\n"));
		must(fd_of(place("log"), STDERR_FILENO) == fd);
		must(fd_of(place("log"), fd) == -1);
		exit(0);
	}
	must(child_ends_well(child));
}

TEST(a_child_writes_to_its_parents_file)
{
	out_is("log");
	again("write_in_child");
	assert_file(place("log"), "parent\nchild\n");
}

static char long_record[PROCESSES][RECORD_LENGTH + 1];

static void
write_long_records(int process)
{
	memset(long_record[process], 'a' + process, RECORD_LENGTH - 1);
	strcpy(long_record[process] + RECORD_LENGTH - 1, "\n");
	for (int i = 0; i < RECORDS / 2; i++)
		must(record(long_record[process]));
}

ACT(write_in_many_processes)
{
	pid_t children[PROCESSES];

	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			write_long_records(i);
			_exit(0);
		}
	}
	for (int i = 0; i < PROCESSES; i++)
		must(child_ends_well(children[i]));
}

TEST(records_of_many_processes_stay_whole)
{
	size_t seen[PROCESSES] = {0};

	out_is("log");
	again("write_in_many_processes");
	for (const char *line = file_get(place("log")); *line; line += RECORD_LENGTH) {
		assert_int_equal(strspn(line, (char[]){*line, '\0'}), RECORD_LENGTH - 1);
		seen[*line - 'a']++;
	}
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(seen[i], RECORDS / 2);
}

/* Spins, since threads that sleep do not wake at once. */
static void
meet(void)
{
	static int arrived;
	int meeting = (__atomic_fetch_add(&arrived, 1, __ATOMIC_ACQ_REL) / THREADS + 1) * THREADS;

	while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < meeting)
		sched_yield();
}

static void *
write_at_once(void *thread)
{
	for (int round = 0; round < ROUNDS; round++) {
		meet();
		for (volatile int wait = round % 50 * 200 * ((size_t)thread != 0); wait > 0; wait--)
			;
		record("one\n");
		meet();
		if ((size_t)thread != 0)
			continue;
		look_at_fd();
		close(fd_of(place("log"), STDERR_FILENO));
	}
	return thread;
}

ACT(write_in_threads_at_once)
{
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		must(pthread_create(&threads[i], NULL, write_at_once, (void *)i) == 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* A long path takes its time, in which another thread may have opened the file. */
TEST(threads_that_open_the_file_at_once_leave_it_open_once)
{
	char file[3600] = "";

	while (strlen(file) < sizeof file - 8)
		strcat(file, "./");
	strcat(file, "log");
	out_is(file);
	again("write_in_threads_at_once");
	assert_int_equal(strlen(file_get(place("log"))), ROUNDS * THREADS * 4);
}

/* --- files that cannot be written --- */

ACT(lose_with_error)
{
	must(!record("one\n"));
	must(output_error() == atoi(given[0]));
}

static void
expect_lost(const char *file, int error)
{
	char text[16];

	out_is(file);
	snprintf(text, sizeof text, "%d", error);
	again("lose_with_error", text);
}

TEST(a_symbolic_link_is_refused)
{
	file_put(place("target"), "precious\n");
	assert_int_equal(symlink("target", place("log")), 0);
	expect_lost("log", ELOOP);
	assert_file(place("target"), "precious\n");
}

TEST(a_dangling_symbolic_link_is_refused)
{
	assert_int_equal(symlink("target", place("log")), 0);
	expect_lost("log", ELOOP);
	assert_null(file_get(place("target")));
}

TEST(a_folder_is_no_file)
{
	assert_int_equal(mkdir(place("log"), 0700), 0);
	expect_lost("log", EISDIR);
}

TEST(a_folder_that_does_not_exist_is_not_made)
{
	expect_lost("none/log", ENOENT);
	assert_int_not_equal(access(place("none"), F_OK), 0);
}

TEST(a_name_that_is_too_long_is_told)
{
	char name[512] = "";

	memset(name, 'n', 300);
	expect_lost(name, ENAMETOOLONG);
}

ACT(write_when_the_folder_comes)
{
	must(!record("one\n"));
	must(mkdir(place("late"), 0700) == 0);
	must(record("two\n"));
	must(output_error() == 0);
}

TEST(a_file_that_can_be_opened_later_is_opened_then)
{
	out_is("late/log");
	again("write_when_the_folder_comes");
	assert_file(place("late/log"), "two\n");
}

TEST(a_full_disk_loses_the_record_and_nothing_else)
{
	setting("PEODUMP=out=/dev/full");
	again("lose_with_error", "0");
}

static volatile sig_atomic_t signals;

static void
count_signal(int number)
{
	(void)number;
	signals++;
}

ACT(exceed_the_size_of_files)
{
	const struct rlimit limit = {6, 6};

	signal(SIGXFSZ, given[0] ? SIG_DFL : count_signal);
	must(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	must(record("one\n"));
	record("two\n");
	must(!record("three\n"));
	must(signals == 0);
}

TEST(a_limit_on_the_size_of_files_raises_no_signal)
{
	out_is("log");
	again("exceed_the_size_of_files");
	assert_int_equal(strncmp(file_get(place("log")), "one\n", 4), 0);
}

TEST(a_limit_on_the_size_of_files_does_not_kill)
{
	out_is("log");
	again("exceed_the_size_of_files", "default");
}

/* --- pipes --- */

TEST(a_fifo_without_a_reader_does_not_stop_the_program)
{
	assert_int_equal(mkfifo(place("log"), 0600), 0);
	expect_lost("log", ENXIO);
}

TEST(a_fifo_with_a_reader_is_written_to)
{
	char text[16] = "";
	int reader;

	assert_int_equal(mkfifo(place("log"), 0600), 0);
	reader = open(place("log"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	out_is("log");
	again("write_one");
	assert_int_equal(read(reader, text, sizeof text), 4);
	assert_string_equal(text, "one\n");
	close(reader);
}

static int pipe_ends[2];

/* Starts another act with a pipe as standard error. */
ACT(with_pipe)
{
	must(pipe(pipe_ends) == 0);
	must(dup2(pipe_ends[0], OTHER_FD) == OTHER_FD);
	must(dup2(pipe_ends[1], STDERR_FILENO) == STDERR_FILENO);
	syscall(SYS_close_range, OTHER_FD + 1, ~0U, 0U);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	execl("/proc/self/exe", "again", given[0], given[1], NULL);
}

static void
fill_pipe(void)
{
	static const char filling[4096];

	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	while (write(STDERR_FILENO, filling, sizeof filling) > 0)
		;
	must(errno == EAGAIN);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

ACT(write_to_full_pipe)
{
	double start;

	fill_pipe();
	start = seconds();
	for (int i = 0; i < 100; i++)
		must(!record("one\n"));
	must(seconds() - start < 2);
}

TEST(a_full_pipe_holds_the_program_up_once)
{
	again("with_pipe", "write_to_full_pipe");
}

ACT(write_to_drained_pipe)
{
	static char filling[1 << 20];

	fill_pipe();
	must(!record("one\n"));
	must(read(OTHER_FD, filling, sizeof filling) > 0);
	must(record("two\n"));
	must(read(OTHER_FD, filling, sizeof filling) == 4);
	must(memcmp(filling, "two\n", 4) == 0);
}

TEST(a_full_pipe_that_is_read_again_is_written_to_again)
{
	again("with_pipe", "write_to_drained_pipe");
}

/* What a broken pipe must not change; SIGPIPE would kill. */
static void
write_to_broken_pipe(void)
{
	sigset_t none, now;

	close(OTHER_FD);
	must(!record("one\n"));
	sigemptyset(&none);
	sigpending(&now);
	must(sigismember(&now, SIGPIPE) == 0);
	sigprocmask(SIG_SETMASK, NULL, &now);
	must(sigismember(&now, SIGPIPE) == 0);
	must(!record("two\n"));
}

ACT(write_to_pipe_without_reader)
{
	signal(SIGPIPE, SIG_DFL);
	if (given[0])
		refuse_syscall(SYS_pwritev2, EOPNOTSUPP);
	write_to_broken_pipe();
}

TEST(a_broken_pipe_raises_no_signal)
{
	again("with_pipe", "write_to_pipe_without_reader");
}

TEST(a_broken_pipe_raises_no_signal_on_an_older_kernel)
{
	again("with_pipe", "write_to_pipe_without_reader", "older");
}

ACT(write_to_pipe_as_an_older_kernel)
{
	char text[16] = "";

	refuse_syscall(SYS_pwritev2, EOPNOTSUPP);
	must(record("one\n"));
	must(read(OTHER_FD, text, sizeof text) == 4);
	must(strcmp(text, "one\n") == 0);
}

TEST(a_pipe_is_written_to_on_an_older_kernel)
{
	again("with_pipe", "write_to_pipe_as_an_older_kernel");
}

/* The program's own SIGPIPE, which it holds back and has yet to take. */
ACT(keep_pending_signal)
{
	sigset_t pipe_signal, now;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_signal, NULL);
	raise(SIGPIPE);
	if (given[0])
		refuse_syscall(SYS_pwritev2, EOPNOTSUPP);
	close(OTHER_FD);
	must(!record("one\n"));
	sigpending(&now);
	must(sigismember(&now, SIGPIPE) == 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	must(sigismember(&now, SIGPIPE) == 1);
}

TEST(a_signal_of_the_programs_own_stays_pending)
{
	again("with_pipe", "keep_pending_signal");
}

TEST(a_signal_of_the_programs_own_stays_pending_on_an_older_kernel)
{
	again("with_pipe", "keep_pending_signal", "older");
}

ACT(write_to_socket)
{
	char text[16] = "";
	int ends[2];

	signal(SIGPIPE, SIG_DFL);
	if (!given[0]) {
		must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
		dup2(ends[0], OTHER_FD);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/proc/self/exe", "again", "write_to_socket", "started", NULL);
	}
	must(record("one\n"));
	must(read(OTHER_FD, text, sizeof text) == 4);
	must(strcmp(text, "one\n") == 0);
	close(OTHER_FD);
	must(!record("two\n"));
}

TEST(a_socket_is_written_to_and_may_break)
{
	again("write_to_socket");
}

/* --- what the program does not notice --- */

ACT(keep_errno)
{
	errno = 77;
	must(record("one\n"));
	syscall(SYS_close_range, 3, ~0U, 0U);
	record("two\n");
	must(errno == 77);
}

TEST(writing_leaves_errno_alone)
{
	out_is("log");
	again("keep_errno");
}

ACT(keep_errno_on_failure)
{
	errno = 77;
	must(!record("one\n"));
	must(errno == 77);
}

TEST(failing_leaves_errno_alone)
{
	out_is("none/log");
	again("keep_errno_on_failure");
}
