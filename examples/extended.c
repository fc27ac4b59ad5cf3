/* Counts cycles on one kind of core of a hybrid processor: a hardware event that names its PMU. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef PERF_PMU_TYPE_SHIFT
#define PERF_PMU_TYPE_SHIFT 32 /* headers before 5.13 lack it */
#endif

int
main(void)
{
	/* An Intel hybrid has two core PMUs; another x86 has one, its type is PERF_TYPE_RAW. */
	unsigned type = PERF_TYPE_RAW;
	FILE *atom = fopen("/sys/bus/event_source/devices/cpu_atom/type", "r");

	if (atom && fscanf(atom, "%u", &type) != 1)
		err(1, "/sys/bus/event_source/devices/cpu_atom/type, which should hold a number");

	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof attr,
		/* the high half says whose cycles; 0 there would let the kernel choose */
		.config = (uint64_t)type << PERF_PMU_TYPE_SHIFT | PERF_COUNT_HW_CPU_CYCLES,
		.exclude_kernel = 1, /* else perf_event_paranoid 2 asks for privilege */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of the cycles of PMU %u on this process, which needs "
		       "Linux 5.13 and a hardware PMU (ls /sys/bus/event_source/devices)", type);

	uint64_t cycles;

	if (read(fd, &cycles, sizeof cycles) != sizeof cycles)
		err(1, "read of the cycles of PMU %u", type);
	printf("extended: %llu cycles on PMU %u\n", (unsigned long long)cycles, type);
}
