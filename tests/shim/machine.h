/*
 * What the tests of the shim share: a folder for each test to make a machine in, and runs of the
 * test program itself under other settings, since settings are read once, at load.
 */
#ifndef TESTS_SHIM_MACHINE_H
#define TESTS_SHIM_MACHINE_H

/* Ours looks for an act first. */
#define main every_test
#include "tests/tables/test.h"
#undef main

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ACTS_MAX = 64,
	ARGUMENTS_MAX = 1024,
	SETTINGS_MAX = 8,
	PATH_ROOM = 8192,
	OUTPUT_MAX = 1 << 21,
	PATIENCE = 60 /* seconds, after which an act hangs */
};

static char folder[64];
static char settings_made[SETTINGS_MAX][PATH_ROOM];
static size_t settings_count;

/* What the last act wrote. */
static char act_out[OUTPUT_MAX];
static char act_err[OUTPUT_MAX];

struct act {
	const char *name;
	void (*run)(char *const *given);
};

static struct act acts[ACTS_MAX];
static size_t acts_count;

/* ACT(name) { what the program does when it is run again } */
#define ACT(name)                                                                                  \
	static void name(char *const *);                                                           \
	__attribute__((constructor)) static void add_##name(void)                                  \
	{                                                                                          \
		if (acts_count == ACTS_MAX)                                                        \
			abort();                                                                   \
		acts[acts_count++] = (struct act){#name, name};                                    \
	}                                                                                          \
	static void name(char *const *given __attribute__((unused)))

/* A path in the test's folder. Eight of them are good at once. */
__attribute__((format(printf, 1, 2))) static inline const char *
place(const char *format, ...)
{
	static char paths[8][PATH_ROOM];
	static unsigned used;
	char *path = paths[used++ % 8];
	size_t length = (size_t)snprintf(path, PATH_ROOM, "%s/", folder);
	va_list list;

	va_start(list, format);
	vsnprintf(path + length, PATH_ROOM - length, format, list);
	va_end(list);
	return path;
}

/* NAME=value for the acts of this test; and PEODUMP's value. */
__attribute__((format(printf, 1, 2))) static inline void
setting(const char *format, ...)
{
	va_list list;

	assert_true(settings_count < SETTINGS_MAX);
	va_start(list, format);
	vsnprintf(settings_made[settings_count++], PATH_ROOM, format, list);
	va_end(list);
}

static inline void
folders_make(const char *path)
{
	char part[PATH_ROOM];

	for (const char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		snprintf(part, sizeof part, "%.*s", (int)(at - path), path);
		mkdir(part, 0755);
	}
}

/* A file with that text, and the folders it lies in. */
static inline void
file_put(const char *path, const char *text)
{
	int fd;

	folders_make(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static inline void
file_read_whole(int fd, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while ((got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(fd);
}

/* The text of a file, good until the next call; NULL: there is no such file. */
static inline const char *
file_get(const char *path)
{
	static char text[OUTPUT_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	file_read_whole(fd, text, sizeof text);
	return text;
}

/* For acts and children, where cmocka is not: ends the process and says why. */
#define must(condition) ((condition) ? (void)0 : must_fail(__FILE__, __LINE__, #condition))

static inline void
must_fail(const char *file, int line, const char *condition)
{
	int error = errno;
	int said;

	close(STDIN_FILENO); /* no other may be free */
	said = open(place("act.failed"), O_WRONLY | O_CREAT | O_APPEND, 0600);
	dprintf(said, "%s:%d: not so: %s (errno %d)\n", file, line, condition, error);
	_exit(1);
}

static inline void
become(const char *const *given)
{
	static const char *const read_by_shim[] = {"PEODUMP", "SYSFS_PATH", "TRACEFS_PATH",
		"PROCFS_PATH"};
	const char *all[ARGUMENTS_MAX] = {"again"};

	for (size_t i = 0; i < sizeof read_by_shim / sizeof *read_by_shim; i++)
		unsetenv(read_by_shim[i]);
	for (size_t i = 0; i < settings_count; i++)
		putenv(settings_made[i]);
	setenv("TEST_FOLDER", folder, 1);
	for (size_t i = 0; given[i] && i < ARGUMENTS_MAX - 2; i++)
		all[i + 1] = given[i];
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0U);
	alarm(PATIENCE);
	execv("/proc/self/exe", (char *const *)(uintptr_t)all);
	_exit(127);
}

static inline int
run_again(const char *const *given)
{
	int out = open(place("act.out"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int err = open(place("act.err"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		become(given);
	}
	waitpid(child, &status, 0);
	lseek(out, 0, SEEK_SET);
	lseek(err, 0, SEEK_SET);
	file_read_whole(out, act_out, sizeof act_out);
	file_read_whole(err, act_err, sizeof act_err);
	return status;
}

/* Runs the program again, as that act with those arguments, and expects it to end well. */
#define again(...) assert_ended_well(run_again((const char *const[]){__VA_ARGS__, NULL}))

static inline void
assert_ended_well(int status)
{
	const char *why;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	print_error("the act ended with status 0x%x\n%s%s", (unsigned)status, act_out, act_err);
	why = file_get(place("act.failed"));
	print_error("%s", why ? why : "");
	fail();
}

static inline bool
child_ends_well(pid_t child)
{
	int status = -1;

	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* From here on that system call answers with that error, in this process and its children. */
static inline void
refuse_syscall(int number, int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof filter / sizeof *filter, filter};

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static inline int
folder_make(void **state)
{
	(void)state;
	settings_count = 0;
	strcpy(folder, "/tmp/peodump-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static inline int
remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int
folder_remove(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int
act(char *const *given)
{
	const char *parents = getenv("TEST_FOLDER");

	snprintf(folder, sizeof folder, "%s", parents ? parents : "");
	for (size_t i = 0; i < acts_count; i++) {
		if (strcmp(acts[i].name, given[0]) != 0)
			continue;
		acts[i].run(given + 1);
		return 0;
	}
	return 1;
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return act(argv + 1);
	for (size_t i = 0; i < tests_count; i++) {
		tests[i].setup_func = folder_make;
		tests[i].teardown_func = folder_remove;
	}
	return every_test();
}

#endif
