/*
 * What is timed: N hundred times perf_event_open and close of one software event, whose attr is on
 * the stack or, with a second argument, in memory of its own. Prints nanoseconds for each.
 */
#include <err.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
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
	printf("%.0f\n", clock_steps(open_close, argc > 2 ? &elsewhere : &attr, atol(argv[1])));
	return 0;
}
