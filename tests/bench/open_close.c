/*
 * What is timed: N hundred times perf_event_open and close of one software event, whose attr is on
 * the stack or, with "elsewhere", in memory of its own; or, with FILE and BYTES, those two and the
 * other system calls that a dump to a file takes. Prints nanoseconds for each.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/clock.h"

static void
open_close(void *attr)
{
	long fd = syscall(SYS_perf_event_open, attr, 0, -1, -1, 0UL);

	if (fd < 0)
		err(1, "perf_event_open");
	close((int)fd);
}

static int file;
static size_t bytes;

static void
make_the_calls_of_a_dump(void *attr)
{
	static char text[65536], name[16];
	struct rlimit limit;
	uint64_t id;
	long fd;

	syscall(SYS_gettid);
	prctl(PR_GET_NAME, name);
	lseek(file, 0, SEEK_CUR);
	prlimit(0, RLIMIT_FSIZE, NULL, &limit);
	fd = syscall(SYS_perf_event_open, attr, 0, -1, -1, 0UL);
	if (fd < 0 || ioctl((int)fd, PERF_EVENT_IOC_ID, &id) < 0
		|| pwrite(file, text, bytes, 0) != (ssize_t)bytes)
		err(1, "the calls of a dump");
	close((int)fd);
}

int
main(int argc, char **argv)
{
	static struct perf_event_attr elsewhere;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.disabled = 1,
	};

	elsewhere = attr;
	if (argc == 4) {
		file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
		bytes = strtoul(argv[3], NULL, 10);
		printf("%.0f\n", clock_steps(make_the_calls_of_a_dump, &attr, atol(argv[1])));
	} else {
		printf("%.0f\n", clock_steps(open_close, argc > 2 ? &elsewhere : &attr, atol(argv[1])));
	}
	return 0;
}
