/*
 * The whole way of a call: syscall() in this program is the shim's, since its objects are linked
 * in. A raw system call is the witness of what the program would have seen without it.
 */
#include "shim/next.h"
#include "shim/sys.h"

#include "tests/shim/machine.h"

#include <linux/perf_event.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

enum {
	PAGE = 4096,
	ATTR_ROOM = 2 * PAGE,
	UNKNOWN_TYPE = 0x7fffffff,
	THREADS = 4,
	CALLS = 100
};

/* Memory that ends with a page that is not there. */
static unsigned char *room;
static unsigned char *end;

__attribute__((constructor)) static void
map_room(void)
{
	room = mmap(NULL, ATTR_ROOM + PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	end = room + ATTR_ROOM;
	mprotect(room, ATTR_ROOM, PROT_READ | PROT_WRITE);
}

/* All that is passed. */
struct passed {
	void *attr;
	long pid, cpu, group_fd;
	unsigned long flags;
};

static const struct perf_event_attr dummy = {
	.type = PERF_TYPE_SOFTWARE,
	.size = PERF_ATTR_SIZE_VER0,
	.config = PERF_COUNT_SW_DUMMY,
	.disabled = 1,
	.exclude_kernel = 1,
	.exclude_hv = 1,
};

/* ENOENT, whatever the caller may do. */
static const struct perf_event_attr unknown = {
	.type = UNKNOWN_TYPE,
	.size = PERF_ATTR_SIZE_VER0,
	.exclude_kernel = 1,
	.exclude_hv = 1,
};

/* An attr of that size, and not a byte more; less than 64 has 64. */
static void *
attr_put(const void *attr, uint32_t size)
{
	unsigned char *at = end - (size < 64 ? 64 : size);

	memset(room, 0, ATTR_ROOM);
	memcpy(at, attr, 64);
	memcpy(at + 4, &size, sizeof size);
	return at;
}

static struct passed
passed_dummy(void)
{
	return (struct passed){attr_put(&dummy, PERF_ATTR_SIZE_VER0), 0, -1, -1, 0};
}

static struct passed
passed_unknown(void)
{
	return (struct passed){attr_put(&unknown, PERF_ATTR_SIZE_VER0), 0, -1, -1, 0};
}

/* The result, or a negative errno. */
static long
shims(struct passed passed)
{
	long result = syscall(SYS_perf_event_open, passed.attr, passed.pid, passed.cpu,
		passed.group_fd, passed.flags);

	return result == -1 ? -errno : result;
}

static long
raw(struct passed passed)
{
	return sys5(SYS_perf_event_open, passed.attr, passed.pid, passed.cpu, passed.group_fd,
		passed.flags);
}

static void
close_result(long result)
{
	if (result >= 0)
		close((int)result);
}

/* Makes the call both ways, and expects the same of both: the result, and the memory. */
static long
must_be_same(struct passed passed)
{
	static unsigned char before[ATTR_ROOM], after[ATTR_ROOM];
	long expected, result;

	memcpy(before, room, ATTR_ROOM);
	expected = raw(passed);
	memcpy(after, room, ATTR_ROOM);
	close_result(expected);

	memcpy(room, before, ATTR_ROOM);
	result = shims(passed);
	must(result == expected);
	must(memcmp(room, after, ATTR_ROOM) == 0);
	close_result(result);
	return result;
}

static void
log_is_json(void)
{
	setting("PEODUMP=out=%s/log:format=json", folder);
}

static const char *
dumped(void)
{
	const char *text = file_get(place("log"));

	return text ? text : "(no log)";
}

static size_t
count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

/* A containers' seccomp filter or perf_event_paranoid may refuse everything. */
static void
skip_if_refused(const char *sentence)
{
	long result = raw(passed_dummy());

	close_result(result);
	if (result < 0)
		skip_test(sentence, "perf_event_open is refused here");
}

#define needs_perf() skip_if_refused(__func__)

/* --- what the program sees --- */

ACT(open_as_raw)
{
	must(must_be_same(passed_dummy()) >= 0);
}

TEST(a_call_that_succeeds_has_the_result_it_would_have)
{
	needs_perf();
	log_is_json();
	again("open_as_raw");
	assert_shows(dumped(), "\"call\": 1");
}

ACT(fail_as_raw)
{
	struct passed passed = passed_dummy();
	struct passed calls[16];
	size_t count = 0;

	calls[count++] = (struct passed){NULL, 0, -1, -1, 0};
	calls[count++] = (struct passed){(void *)8, 0, -1, -1, 0};
	calls[count++] = (struct passed){(void *)(UINTPTR_MAX - 7), 0, -1, -1, 0};
	calls[count++] = (struct passed){(void *)(UINTPTR_MAX / 16 * 15), 0, -1, -1, 0};
	calls[count++] = (struct passed){end, 0, -1, -1, 0};
	calls[count++] = (struct passed){end - 4, 0, -1, -1, 0};
	calls[count++] = (struct passed){passed.attr, 0x3fffffff, -1, -1, 0};
	calls[count++] = (struct passed){passed.attr, 0, 1 << 20, -1, 0};
	calls[count++] = (struct passed){passed.attr, 0, -1, 999, 0};
	calls[count++] = (struct passed){passed.attr, 0, -1, STDOUT_FILENO, 0};
	calls[count++] = (struct passed){passed.attr, 0, -1, -1, ~0UL};
	calls[count++] = (struct passed){passed.attr, -1, -1, -1, 0};
	calls[count++] = (struct passed){passed.attr, 999, 0, -1, PERF_FLAG_PID_CGROUP};
	for (size_t i = 0; i < count; i++)
		must(must_be_same(calls[i]) < 0);
}

TEST(a_call_that_fails_has_the_errno_it_would_have)
{
	log_is_json();
	again("fail_as_raw");
	assert_int_equal(count_of(dumped(), "\"errno\": "), 13);
}

/* Every struct there was, every size that is none, and those that are refused. */
static const uint32_t sizes[] = {0, 1, 63, 64, 65, 70, 72, 80, 96, 104, 109, 112, 120, 128, 136,
	144, 152, PAGE, PAGE + 4};

ACT(pass_sizes_as_raw)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct passed passed = {attr_put(&dummy, sizes[i]), 0, -1, -1, 0};

		must_be_same(passed);
		end[-1] = 0xff;
		must_be_same(passed);
	}
}

TEST(an_attr_of_any_size_is_left_as_the_kernel_leaves_it)
{
	log_is_json();
	again("pass_sizes_as_raw");
	assert_int_equal(count_of(dumped(), "\n"), 2 * sizeof sizes / sizeof *sizes);
}

ACT(keep_errno)
{
	errno = 77;
	close_result(syscall(SYS_perf_event_open, attr_put(&dummy, 64), 0, -1, -1, 0UL));
	must(errno == 77);
}

TEST(errno_after_a_success_is_what_it_was_before)
{
	needs_perf();
	log_is_json();
	again("keep_errno");
}

ACT(keep_fds)
{
	long expected = raw(passed_dummy());

	close_result(expected);
	for (int i = 0; i < 10; i++)
		must(shims(passed_dummy()) == expected + i);
}

TEST(fds_have_the_numbers_they_would_have)
{
	needs_perf();
	log_is_json();
	again("keep_fds");
}

#if __SIZEOF_LONG__ == 8

ACT(pass_garbage)
{
	const long garbage = 0x5a5a5a5a00000000;
	struct passed passed = passed_dummy();
	long result;

	passed.pid = garbage;
	passed.cpu = garbage | 0xffffffff;
	passed.group_fd = garbage | 0xffffffff;
	must(must_be_same(passed) >= 0);
	result = syscall(garbage | SYS_perf_event_open, passed.attr, passed.pid, passed.cpu,
		passed.group_fd, 0UL);
	must(result == sys5(garbage | SYS_perf_event_open, passed.attr, 0, -1, -1, 0) - 1);
}

TEST(the_upper_halves_of_ints_are_not_looked_at)
{
	needs_perf();
	log_is_json();
	again("pass_garbage");
	assert_int_equal(count_of(dumped(), "\"pid\": 0, \"cpu\": -1, \"group_fd\": -1"), 2);
}

#endif

/* --- other system calls --- */

/* On 32 bits the old mmap has a struct for its argument, and the new one counts in pages. */
#ifdef SYS_mmap2
#define MMAP SYS_mmap2
#define SECOND_PAGE 1L
#else
#define MMAP SYS_mmap
#define SECOND_PAGE ((long)PAGE)
#endif

ACT(pass_others)
{
	char *text = strdup("the file's second page"), *mapped;
	int file = open(place("file"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	must(syscall(SYS_getpid) == getpid());
	must(pwrite(file, text, strlen(text), PAGE) > 0);
	mapped = (char *)syscall(MMAP, NULL, (long)PAGE, (long)PROT_READ, (long)MAP_PRIVATE,
		(long)file, SECOND_PAGE);
	must(strcmp(mapped, text) == 0);
	free(text);
}

TEST(other_system_calls_have_all_six_arguments)
{
	log_is_json();
	again("pass_others");
	assert_string_equal(dumped(), "(no log)");
}

ACT(fail_others)
{
	must(syscall(SYS_close, 999L) == -1 && errno == EBADF);
	must(syscall(100000L) == -1 && errno == ENOSYS);
	must(syscall(-1L) == -1 && errno == ENOSYS);
}

TEST(other_system_calls_fail_as_they_would)
{
	again("fail_others");
}

/* As it is until our constructor ran: there is no next syscall() in line. */
ACT(call_before_load)
{
	shim_next->call = NULL;
	if (strcmp(given[0], "others") == 0) {
		pass_others(NULL);
		fail_others(NULL);
	} else {
		fail_as_raw(NULL);
		keep_errno(NULL);
	}
}

TEST(other_system_calls_enter_the_kernel_before_load)
{
	again("call_before_load", "others");
}

TEST(a_call_enters_the_kernel_before_load)
{
	needs_perf();
	log_is_json();
	again("call_before_load", "perf_event_open");
	assert_int_equal(count_of(dumped(), "\n"), 14);
}

/* --- what is dumped --- */

static long
number_of(char *const *words, const char *key, long otherwise)
{
	size_t length = strlen(key);

	for (; *words; words++)
		if (strncmp(*words, key, length) == 0)
			return (long)strtoul(*words + length, NULL, 0);
	return otherwise;
}

/* Makes the call its words tell, and prints what it knows of it. */
ACT(call)
{
	uint32_t size = (uint32_t)number_of(given, "size=", 64);
	struct perf_event_attr attr = dummy;
	struct passed passed = {NULL, number_of(given, "pid=", 0), number_of(given, "cpu=", -1),
		number_of(given, "group=", -1), (unsigned long)number_of(given, "flags=", 0)};
	size_t shown = size < 64 ? 64 : size < PAGE ? size : PAGE;
	const unsigned char *at;
	uint32_t after;

	attr.type = (uint32_t)number_of(given, "type=", PERF_TYPE_SOFTWARE);
	attr.sample_period = (uint64_t)number_of(given, "period=", 0);
	passed.attr = attr_put(&attr, size);
	at = passed.attr;
	if (number_of(given, "fill=", 0))
		for (unsigned char *byte = end - (shown - 8); byte < end; byte++)
			*byte = (unsigned char)(1 + (end - byte) % 251);
	printf("hex ");
	for (size_t i = 0; i < shown; i++)
		printf("%02x", at[i]);
	printf("\nresult %ld\n", shims(passed));
	memcpy(&after, at + 4, sizeof after);
	printf("size %u\npid %d tid %d\n", after, getpid(), gettid());
}

static long
told(const char *what)
{
	const char *at = strstr(act_out, what);

	assert_non_null(at);
	return strtol(at + strlen(what), NULL, 0);
}

static void
assert_shows_number(const char *text, const char *before, long number, const char *after)
{
	char part[128];

	snprintf(part, sizeof part, "%s%ld%s", before, number, after);
	assert_shows(text, part);
}

TEST(a_dump_is_c_on_standard_error_unless_asked_otherwise)
{
	again("call", "type=0x7fffffff");
	assert_shows(act_err, "/* perf_event_open 1: ");
	assert_shows(act_err, "struct perf_event_attr attr = {\n");
	assert_shows(act_err,
		"\tint fd = -1; /* ENOENT: no PMU of this machine has that type number (PMU-NOTYPE) */"
		"\n");
}

TEST(a_dump_in_json_is_an_object_on_one_line)
{
	log_is_json();
	again("call", "type=0x7fffffff");
	assert_int_equal(count_of(dumped(), "\n"), 1);
	assert_int_equal(dumped()[0], '{');
	assert_string_equal(dumped() + strlen(dumped()) - 2, "}\n");
	assert_string_equal(act_err, "");
}

TEST(the_fd_is_dumped)
{
	needs_perf();
	log_is_json();
	again("call");
	assert_shows_number(dumped(), "\"fd\": ", told("result "), "}\n");
	assert_hides(dumped(), "\"errno\"");
}

TEST(the_fd_is_dumped_in_c)
{
	needs_perf();
	setting("PEODUMP=out=%s/log", folder);
	again("call");
	assert_shows_number(dumped(), "\tint fd = ", told("result "), ";\n");
}

TEST(the_error_is_dumped)
{
	log_is_json();
	again("call", "group=999");
	assert_shows(dumped(), "\"fd\": -1, \"errno\": \"EBADF\"");
}

TEST(the_pid_is_dumped)
{
	log_is_json();
	again("call", "pid=1073741823");
	assert_shows(dumped(), "\"pid\": 1073741823, ");
}

TEST(the_cpu_is_dumped)
{
	log_is_json();
	again("call", "cpu=4711");
	assert_shows(dumped(), "\"cpu\": 4711, ");
}

TEST(the_group_is_dumped)
{
	log_is_json();
	again("call", "group=999");
	assert_shows(dumped(), "\"group_fd\": 999, ");
}

TEST(the_flags_are_dumped)
{
	log_is_json();
	again("call", "flags=9");
	assert_shows(dumped(), "\"flags\": [\"PERF_FLAG_FD_NO_GROUP\", \"PERF_FLAG_FD_CLOEXEC\"]");
}

TEST(a_flag_that_has_no_name_is_dumped_too)
{
	log_is_json();
	again("call", "flags=0x80000008");
	assert_shows(dumped(), "\"flags\": [\"PERF_FLAG_FD_CLOEXEC\", \"0x80000000\"]");
}

TEST(the_attr_is_dumped)
{
	log_is_json();
	again("call", "period=4000000");
	assert_shows(dumped(), "\"type\": \"PERF_TYPE_SOFTWARE\"");
	assert_shows(dumped(), "\"config\": \"PERF_COUNT_SW_DUMMY\"");
	assert_shows(dumped(), "\"sample_period\": 4000000");
	assert_shows(dumped(), "\"exclude_kernel\": 1");
}

TEST(the_bytes_of_an_attr_of_any_size_are_dumped)
{
	static char part[2 * PAGE + 64];

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char size[32];

		settings_count = 0;
		log_is_json();
		unlink(place("log"));
		snprintf(size, sizeof size, "size=%u", sizes[i]);
		again("call", size, "fill=1", "type=0x7fffffff");
		snprintf(part, sizeof part, "\"attr_hex\": \"%.*s\"",
			(int)strcspn(act_out + 4, "\n"), act_out + 4);
		assert_shows(dumped(), part);
		assert_hides(dumped(), "attr_addr");
	}
}

TEST(the_size_that_the_kernel_wrote_back_is_dumped)
{
	log_is_json();
	again("call", "size=4096", "fill=1");
	assert_int_equal(told("result "), -E2BIG);
	assert_true(told("size ") != 4096);
	assert_shows(dumped(), "\"size\": 4096, ");
	assert_shows(dumped(), "\"errno\": \"E2BIG\"");
	assert_shows_number(dumped(), "\"attr_size_after\": ", told("size "), ", ");
}

TEST(a_size_that_the_kernel_left_alone_is_not_dumped)
{
	log_is_json();
	again("call", "type=0x7fffffff");
	assert_hides(dumped(), "attr_size_after");
}

ACT(pass_pointers)
{
	struct passed passed = {NULL, 0, -1, -1, 0};

	must(shims(passed) == -EFAULT);
	passed.attr = (void *)8;
	must(shims(passed) == -EFAULT);
	passed.attr = end - 3;
	memcpy(passed.attr, "abc", 3);
	must(shims(passed) == -EFAULT);
}

TEST(a_pointer_to_nowhere_is_dumped)
{
	log_is_json();
	again("pass_pointers");
	assert_shows(dumped(), "\"attr_hex\": \"\", \"attr_addr\": \"0x0\"");
	assert_shows(dumped(), "\"attr_hex\": \"\", \"attr_addr\": \"0x8\"");
	assert_int_equal(count_of(dumped(), "\"errno\": \"EFAULT\""), 3);
}

TEST(the_bytes_before_a_page_that_is_not_there_are_dumped)
{
	log_is_json();
	again("pass_pointers");
	assert_shows(dumped(), "\"attr_hex\": \"616263\"");
}

TEST(a_pointer_to_nowhere_is_dumped_in_c)
{
	again("pass_pointers");
	assert_shows(act_err, "struct perf_event_attr *attr = (void *)0x8;");
}

TEST(fields_may_be_those_that_are_set)
{
	setting("PEODUMP=out=%s/log:format=json:fields=set", folder);
	again("call", "type=0x7fffffff", "period=17");
	assert_shows(dumped(), "\"sample_period\": 17");
	assert_hides(dumped(), "\"sample_type\"");
	assert_hides(dumped(), "\"wakeup_events\"");
}

/* --- who calls --- */

TEST(the_caller_and_its_kernel_are_dumped)
{
	struct utsname name;
	char part[128];

	log_is_json();
	again("call", "type=0x7fffffff");
	uname(&name);
	snprintf(part, sizeof part, "\"kernel\": \"%s\"", name.release);
	assert_shows(dumped(), part);
	assert_shows_number(dumped(), "\"caller_pid\": ", told("pid "), ", ");
	assert_shows_number(dumped(), "\"caller_tid\": ", told("tid "), ", ");
}

static void *
call_in_named_thread(void *unused)
{
	prctl(PR_SET_NAME, "sampler");
	printf("tid %d\n", gettid());
	shims(passed_unknown());
	return unused;
}

ACT(call_in_thread)
{
	pthread_t thread;

	printf("pid %d\n", getpid());
	must(pthread_create(&thread, NULL, call_in_named_thread, NULL) == 0);
	pthread_join(thread, NULL);
}

TEST(a_threads_tid_and_name_are_dumped)
{
	log_is_json();
	again("call_in_thread");
	assert_shows(dumped(), "\"comm\": \"sampler\"");
	assert_shows_number(dumped(), "\"caller_pid\": ", told("pid "), ", ");
	assert_shows_number(dumped(), "\"caller_tid\": ", told("tid "), ", ");
}

ACT(call_in_parent_and_child)
{
	pid_t child;

	shims(passed_unknown());
	shims(passed_unknown());
	child = fork();
	if (child == 0) {
		shims(passed_unknown());
		_exit(0);
	}
	must(child_ends_well(child));
	printf("parent %d child %d\n", getpid(), child);
	shims(passed_unknown());
}

TEST(a_child_counts_its_calls_from_1)
{
	const char *line;

	log_is_json();
	again("call_in_parent_and_child");
	line = dumped();
	for (int i = 0; i < 4; i++, line = strchr(line, '\n') + 1) {
		static const int numbers[] = {1, 2, 1, 3};

		assert_int_equal(strtol(line + strlen("{\"call\": "), NULL, 10), numbers[i]);
		assert_int_equal(strtol(strstr(line, "_pid\": ") + 7, NULL, 10),
			told(i == 2 ? "child " : "parent "));
	}
}

static void *
call_often(void *unused)
{
	for (int i = 0; i < CALLS; i++)
		syscall(SYS_perf_event_open, &unknown, 0, -1, -1, 0UL);
	return unused;
}

ACT(call_in_threads_at_once)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		must(pthread_create(&threads[i], NULL, call_often, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

TEST(of_calls_that_threads_make_at_once_each_is_dumped_once)
{
	char part[32];

	log_is_json();
	again("call_in_threads_at_once");
	assert_int_equal(count_of(dumped(), "\n"), THREADS * CALLS);
	for (int i = 1; i <= THREADS * CALLS; i++) {
		snprintf(part, sizeof part, "{\"call\": %d, ", i);
		assert_int_equal(count_of(dumped(), part), 1);
	}
}

ACT(open_group)
{
	struct passed passed = passed_dummy();
	pid_t child;

	passed.group_fd = shims(passed);
	must(passed.group_fd >= 0);
	must(shims(passed) >= 0);
	child = fork();
	if (child == 0) {
		shims(passed);
		_exit(0);
	}
	must(child_ends_well(child));
	printf("pid %d\n", getpid());
}

TEST(the_call_that_opened_the_leader_is_dumped)
{
	needs_perf();
	log_is_json();
	again("open_group");
	assert_int_equal(count_of(dumped(), "\"leader\": 1"), 2);
	assert_int_equal(count_of(dumped(), "\"leader_pid\": "), 1);
	assert_shows_number(dumped(), "\"leader\": 1, \"leader_pid\": ", told("pid "), "}\n");
}

ACT(open_group_of_a_leader_that_moved)
{
	struct passed passed = passed_dummy();
	struct rlimit limit = {4000, 4000};
	int leader, other;

	setrlimit(RLIMIT_NOFILE, &limit);
	leader = (int)shims(passed);
	other = (int)shims(passed);
	must(leader >= 0 && other >= 0);
	passed.group_fd = fcntl(leader, F_DUPFD_CLOEXEC, 3000);
	must(passed.group_fd >= 3000 || errno == EINVAL);
	if (passed.group_fd < 0)
		passed.group_fd = dup(leader);
	must(dup2(other, leader) == leader);
	must(shims(passed) >= 0);
	passed.group_fd = leader;
	must(shims(passed) >= 0);
}

TEST(a_leader_is_the_event_that_the_fd_is_now)
{
	needs_perf();
	log_is_json();
	again("open_group_of_a_leader_that_moved");
	assert_int_equal(count_of(dumped(), "\n"), 4);
	assert_int_equal(count_of(strstr(dumped(), "{\"call\": 3"), "\"leader\": 1"), 1);
	assert_int_equal(count_of(strstr(dumped(), "{\"call\": 4"), "\"leader\": 2"), 1);
}

/* --- what the shim says --- */

TEST(a_setting_that_means_nothing_is_said_once)
{
	setting("PEODUMP=colour=red:out=%s/log", folder);
	again("call_in_parent_and_child");
	assert_int_equal(count_of(act_err, "\n"), 1);
	assert_shows(act_err, "/* peodump: ");
	assert_shows(act_err, "colour=red");
	assert_string_equal(act_err + strlen(act_err) - 4, " */\n");
	assert_int_equal(count_of(dumped(), "/* perf_event_open "), 4);
}

ACT(call_before_and_after_the_folder_comes)
{
	shims(passed_unknown());
	shims(passed_unknown());
	must(mkdir(place("late"), 0700) == 0);
	shims(passed_unknown());
	shims(passed_unknown());
}

TEST(dumps_that_were_lost_are_told_with_the_next_one)
{
	setting("PEODUMP=format=json:out=%s/late/log", folder);
	again("call_before_and_after_the_folder_comes");
	assert_int_equal(count_of(file_get(place("late/log")), "\n"), 2);
	assert_shows(file_get(place("late/log")), "{\"call\": 3, ");
	assert_shows(file_get(place("late/log")), "\"lost\": 2, ");
	assert_int_equal(count_of(file_get(place("late/log")), "\"lost\": "), 1);
}

TEST(a_file_that_cannot_be_opened_is_said_once)
{
	setting("PEODUMP=out=%s/none/log", folder);
	again("call_in_threads_at_once");
	assert_int_equal(count_of(act_err, "cannot open"), 1);
	assert_shows(act_err, place("none/log"));
	assert_shows(act_err, "ENOENT");
}

TEST(dumps_that_were_lost_to_the_end_are_told_at_the_end)
{
	setting("PEODUMP=out=%s/none/log", folder);
	again("call_in_threads_at_once");
	assert_shows_number(act_err, "/* peodump: ", THREADS * CALLS, " dumps were lost");
}

TEST(nothing_is_said_when_nothing_is_wrong)
{
	log_is_json();
	again("call_in_threads_at_once");
	assert_string_equal(act_err, "");
}

/* --- more calls at once than there is room for --- */

enum {
	CROWD = 100,
	PIPE_READER = 9
};

static int made;

static void *
call_once(void *unused)
{
	long result = syscall(SYS_perf_event_open, &unknown, 0, -1, -1, 0UL);

	must(result == -1 && errno == ENOENT);
	__atomic_add_fetch(&made, 1, __ATOMIC_RELEASE);
	return unused;
}

static void *
print_pipe(void *unused)
{
	static char text[65536];
	ssize_t length;

	while ((length = read(PIPE_READER, text, sizeof text)) > 0)
		must(fwrite(text, 1, (size_t)length, stdout) == (size_t)length);
	return unused;
}

static void
fill_standard_error(void)
{
	static char filling[PAGE];

	memset(filling, ' ', sizeof filling);
	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	while (write(STDERR_FILENO, filling, sizeof filling) > 0)
		;
	fcntl(STDERR_FILENO, F_SETFL, 0);
}

/* All wait for room in the pipe, but those that find no room in the shim to wait there. */
ACT(call_in_crowd)
{
	pthread_t threads[CROWD], reader;

	fill_standard_error();
	for (int i = 0; i < CROWD; i++)
		must(pthread_create(&threads[i], NULL, call_once, NULL) == 0);
	while (__atomic_load_n(&made, __ATOMIC_ACQUIRE) == 0)
		usleep(1000);
	must(pthread_create(&reader, NULL, print_pipe, NULL) == 0);
	for (int i = 0; i < CROWD; i++)
		pthread_join(threads[i], NULL);
	call_once(NULL);
	must(made == CROWD + 1);
	close(STDERR_FILENO);
	pthread_join(reader, NULL);
}

ACT(call_in_crowd_with_pipe)
{
	int ends[2];

	must(pipe(ends) == 0);
	must(dup2(ends[0], PIPE_READER) == PIPE_READER);
	must(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
	execl("/proc/self/exe", "again", "call_in_crowd", NULL);
}

TEST(a_call_that_finds_no_room_is_made_and_counted)
{
	long lost = 0;

	setting("PEODUMP=format=json");
	again("call_in_crowd_with_pipe");
	for (const char *at = act_out; (at = strstr(at, "\"lost\": ")); at++)
		lost += strtol(at + 8, NULL, 10);
	assert_true(lost > 0);
	assert_int_equal(count_of(act_out, "{\"call\": ") + (size_t)lost, CROWD + 1);
}

/* --- safe=1 --- */

static void
allow_only(const int *numbers, size_t count)
{
	struct sock_filter filter[32] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = {(unsigned short)(count + 3), filter};

	for (size_t i = 0; i < count; i++)
		filter[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			(uint32_t)numbers[i], (uint8_t)(count - i), 0);
	filter[count + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	filter[count + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

ACT(call_in_sandbox)
{
	static const int allowed[] = {SYS_perf_event_open, SYS_write, SYS_exit_group};
	struct passed failing = passed_unknown();

	allow_only(allowed, sizeof allowed / sizeof *allowed);
	shims(failing);
	sys1(SYS_exit_group, shims(passed_dummy()) < 0);
}

TEST(a_sandbox_that_kills_kills_without_safe)
{
	int status = run_again((const char *const[]){"call_in_sandbox", NULL});

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

TEST(a_sandbox_that_kills_does_not_kill_with_safe)
{
	needs_perf();
	setting("PEODUMP=safe=1");
	again("call_in_sandbox");
	assert_shows(act_err, ".config = PERF_COUNT_SW_DUMMY");
	assert_shows(act_err, "/* perf_event_open 2: ");
}

TEST(with_safe_a_call_that_fails_shows_its_pointer_and_error)
{
	needs_perf();
	setting("PEODUMP=safe=1");
	again("call_in_sandbox");
	assert_shows(act_err, "struct perf_event_attr *attr = (void *)0x");
	assert_shows(act_err, "int fd = -1; /* ENOENT");
}
