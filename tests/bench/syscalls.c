/*
 * What is counted and timed: N hundred system calls that are not ours, through syscall() or, with a
 * second argument, through that function, with what is no event. Prints nanoseconds for each.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/clock.h"

enum {
	NO_FILE = -1
};

static void
call_syscall(void *unused)
{
	(void)unused;
	syscall(SYS_getppid);
}

static void
call_close(void *unused)
{
	(void)unused;
	close(NO_FILE);
}

static void
call_dup(void *unused)
{
	(void)unused;
	(void)!dup(NO_FILE);
}

static void
call_mmap(void *unused)
{
	(void)unused;
	mmap(NULL, 0, PROT_READ, MAP_PRIVATE, NO_FILE, 0);
}

static void
call_ioctl(void *unused)
{
	int ready;

	(void)unused;
	ioctl(STDIN_FILENO, FIONREAD, &ready);
}

static void
call_fcntl(void *unused)
{
	(void)unused;
	fcntl(STDIN_FILENO, F_GETFD);
}

static const struct {
	const char *name;
	void (*call)(void *);
} functions[] = {{"syscall", call_syscall}, {"close", call_close}, {"dup", call_dup},
	{"mmap", call_mmap}, {"ioctl", call_ioctl}, {"fcntl", call_fcntl}};

int
main(int argc, char **argv)
{
	const char *name = argc > 2 ? argv[2] : "syscall";
	size_t at = 0;

	while (strcmp(functions[at].name, name) != 0)
		at++;
	printf("%.1f\n", clock_steps(functions[at].call, NULL, argc > 1 ? atol(argv[1]) : 100));
	return 0;
}
