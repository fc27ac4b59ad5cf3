/*
 * What is timed: the decoder alone, full dumps of one call into memory, beside a copy of the same
 * bytes and snprintf of the same members. Prints nanoseconds for each.
 */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoder/field.h"
#include "decoder/host.h"
#include "decoder/peodump.h"
#include "tests/bench/clock.h"

static char text[65536];
static char copy[65536];
static size_t length;

static struct perf_event_attr attr = {
	.type = PERF_TYPE_SOFTWARE,
	.size = sizeof attr,
	.config = PERF_COUNT_SW_CPU_CLOCK,
	.freq = 1,
	.sample_freq = 4000,
	.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD,
	.disabled = 1,
};

static void
decode_c(void *call)
{
	length = peodump_format(text, sizeof text, call, PEODUMP_C);
}

static void
decode_json(void *call)
{
	peodump_format(text, sizeof text, call, PEODUMP_JSON);
}

static void
copy_text(void *unused)
{
	memcpy(copy, text, length);
	__asm__ volatile("" : : "g"(unused) : "memory");
}

/* The members that the dump shows, as plain numbers. */
static void
print_members(void *unused)
{
	struct call call;
	size_t at = 0;

	(void)unused;
	call_clear(&call);
	call.attr = (const unsigned char *)&attr;
	call.readable = sizeof attr;
	call.arch = HOST_ARCH;
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (field_present(field, sizeof attr) && field_chosen(field, &call)
			&& field->kind != SPARE && field->version <= sizeof attr)
			at += (size_t)snprintf(copy + at, sizeof copy - at, "\t\t.%s = %llu,\n",
				field->name, (unsigned long long)field_value(field, &call));
}

int
main(int argc, char **argv)
{
	long batches = argc > 1 ? atol(argv[1]) : 100;
	struct peodump_call call = {
		.attr = &attr, .readable = sizeof attr, .cpu = -1, .group_fd = -1, .fd = 3,
		.number = 1, .caller_pid = 1234, .caller_tid = 1234, .comm = "bench",
		.kernel = "6.18.44",
	};
	double json = clock_steps(decode_json, &call, batches);
	double c = clock_steps(decode_c, &call, batches);

	printf("%.1f %.1f %.1f %.1f\n", c, json, clock_steps(print_members, NULL, batches),
		clock_steps(copy_text, NULL, batches));
	return 0;
}
