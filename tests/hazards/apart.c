/*
 * A program that opens events in ways that go by a preload, as its arguments name them, and says
 * what it saw, its own errno too. The library's path is the first argument.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *library;
static int lingering;

typedef void function(void);

static function *
find(void *handle, const char *name)
{
	void *found = handle ? dlsym(handle, name) : NULL;
	function *result;

	if (!found) {
		dprintf(STDOUT_FILENO, "%s\n", dlerror());
		exit(1);
	}
	memcpy(&result, &found, sizeof(found));
	return result;
}

/* What the library does to its own errno is none of ours. */
static void
open_events(void *handle)
{
	function *call = find(handle, "open_events");

	errno = 77;
	call();
	dprintf(STDOUT_FILENO, "errno here %d\n", errno);
}

static void
step_deepbind(void)
{
	open_events(dlopen(library, RTLD_LAZY | RTLD_DEEPBIND));
}

static void
step_deepbind_now(void)
{
	open_events(dlopen(library, RTLD_NOW | RTLD_DEEPBIND));
}

static void
step_space(void)
{
	open_events(dlmopen(LM_ID_NEWLM, library, RTLD_NOW));
}

static void
step_spaces_that_come_and_go(void)
{
	for (int i = 0; i < 40; i++) {
		void *handle = dlmopen(LM_ID_NEWLM, library, RTLD_LAZY);

		open_events(handle);
		dlclose(handle);
	}
}

/* As many at a time as glibc and its memory for threads' variables allow. */
static void
step_spaces(void)
{
	void *handles[8];

	for (int i = 0; i < 8; i++)
		handles[i] = dlmopen(LM_ID_NEWLM, library, RTLD_NOW);
	for (int i = 0; i < 8; i++)
		open_events(handles[i]);
}

static void
step_handle(void)
{
	long (*call)(long, ...) = (long (*)(long, ...))find(dlopen("libc.so.6", RTLD_LAZY), "syscall");
	long fd;

	errno = 77;
	fd = call(SYS_perf_event_open, NULL, 0, -1, -1, 0UL);
	dprintf(STDOUT_FILENO, "fd %ld, errno %d\n", fd, errno);
}

static void
step_version(void)
{
	const char *version = sizeof(long) == 8 ? "GLIBC_2.2.5" : "GLIBC_2.0";

	dprintf(STDOUT_FILENO, "the same function by its version: %d\n",
		dlvsym(RTLD_DEFAULT, "syscall", version) == dlsym(RTLD_DEFAULT, "syscall"));
}

/* By way of the global offset table, not of the procedure linkage table. */
static void
step_pointer(void)
{
	static long (*volatile call)(long, ...) = syscall;
	long fd = call(SYS_perf_event_open, NULL, 0, -1, -1, 0UL);

	dprintf(STDOUT_FILENO, "fd %ld, errno %d\n", fd, errno);
}

static void
call_rightly(void)
{
	errno = 0;
	if (syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0UL) != -1 || errno != EFAULT)
		abort();
	if (syscall(SYS_close, -1) != -1 || errno != EBADF)
		abort();
}

static void *
thread_that_calls(void *argument)
{
	for (;;)
		call_rightly();
	return argument;
}

static void *
thread_that_loads(void *argument)
{
	for (;;) {
		void *handle = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW);

		if (handle)
			dlclose(handle);
	}
	return argument;
}

/* Libraries are told that the program ends while its threads go on. */
__attribute__((destructor)) static void
linger(void)
{
	if (lingering)
		usleep(20000);
}

static void
step_end_in_full_swing(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, thread_that_calls, NULL);
	pthread_create(&thread, NULL, thread_that_loads, NULL);
	usleep(30000);
	lingering = 1;
}

static const struct step {
	const char *name;
	void (*run)(void);
} steps[] = {
	{"deepbind", step_deepbind},
	{"deepbind_now", step_deepbind_now},
	{"end_in_full_swing", step_end_in_full_swing},
	{"handle", step_handle},
	{"pointer", step_pointer},
	{"space", step_space},
	{"spaces", step_spaces},
	{"spaces_that_come_and_go", step_spaces_that_come_and_go},
	{"version", step_version},
};

int
main(int argc, char **argv)
{
	library = argv[1];
	for (int i = 2; i < argc; i++)
		for (size_t step = 0; step < sizeof(steps) / sizeof(*steps); step++)
			if (strcmp(steps[step].name, argv[i]) == 0)
				steps[step].run();
	return 0;
}
