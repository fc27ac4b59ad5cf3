/*
 * A log of N calls as a profiler makes them, some 20 events on each CPU in groups, for the parser
 * and diff to read: log N FREQUENCY.
 */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoder/peodump.h"

enum {
	EVENTS = 20
};

static struct perf_event_attr
attr_of(long event, long frequency)
{
	return (struct perf_event_attr){
		.type = event % 2 ? PERF_TYPE_SOFTWARE : PERF_TYPE_RAW,
		.size = sizeof(struct perf_event_attr),
		.config = (unsigned long long)event / 2,
		.freq = 1,
		.sample_freq = (unsigned long long)frequency,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME
			| PERF_SAMPLE_CPU,
		.read_format = PERF_FORMAT_ID | PERF_FORMAT_GROUP,
		.disabled = event == 0,
		.inherit = 1,
		.exclude_kernel = event % 3 == 0,
		.mmap = event == 0,
		.comm = event == 0,
	};
}

int
main(int argc, char **argv)
{
	long calls = atol(argv[1]), frequency = argc > 2 ? atol(argv[2]) : 4000;
	static char text[65536];

	for (long at = 0; at < calls; at++) {
		struct perf_event_attr attr = attr_of(at % EVENTS, frequency);
		struct peodump_call call = {
			.attr = &attr, .readable = sizeof attr, .pid = -1,
			.cpu = (int32_t)(at / EVENTS), .group_fd = at % EVENTS ? 3 : -1,
			.flags = PERF_FLAG_FD_CLOEXEC, .fd = (int32_t)(3 + at % EVENTS),
			.number = (uint32_t)at + 1, .caller_pid = 4321, .caller_tid = 4321,
			.comm = "profiler", .kernel = "6.18.44",
		};

		fwrite(text, 1, peodump_format(text, sizeof text, &call, PEODUMP_C), stdout);
	}
	return 0;
}
