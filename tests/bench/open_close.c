/* What is timed: N times perf_event_open and close of one software event. Prints nanoseconds for each. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 10000;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.disabled = 1,
	};
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (long round = 0; round < rounds; round++) {
		long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0UL);

		if (fd < 0)
			err(1, "perf_event_open");
		close((int)fd);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.0f\n", ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec))
		/ (double)rounds);
	return 0;
}
