/* What is timed: the decoder alone, N full dumps into memory, C and JSON. Prints nanoseconds for each. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "decoder/peodump.h"

static double
time_form(const struct peodump_call *call, enum peodump_form form, long rounds)
{
	static char text[65536];
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (long round = 0; round < rounds; round++)
		peodump_format(text, sizeof text, call, form);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec))
		/ (double)rounds;
}

int
main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 100000;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = 4000,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD,
		.disabled = 1,
	};
	struct peodump_call call = {
		.attr = &attr, .readable = sizeof attr, .cpu = -1, .group_fd = -1, .fd = 3,
		.number = 1, .caller_pid = 1, .caller_tid = 1, .comm = "bench", .kernel = "6.1",
	};

	printf("%.0f %.0f\n", time_form(&call, PEODUMP_C, rounds), time_form(&call, PEODUMP_JSON, rounds));
	return 0;
}
