/* Counts the reads that missed the first-level data cache. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HW_CACHE,
		.size = sizeof attr,
		/* three numbers in one: which cache, what was done to it, how that ended */
		.config = PERF_COUNT_HW_CACHE_L1D
			| PERF_COUNT_HW_CACHE_OP_READ << 8
			| PERF_COUNT_HW_CACHE_RESULT_MISS << 16,
		.exclude_kernel = 1, /* else perf_event_paranoid 2 asks for privilege */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of L1D read misses on this process, which needs a "
		       "hardware PMU (none in many guests: ls /sys/bus/event_source/devices)");

	uint64_t misses;

	if (read(fd, &misses, sizeof misses) != sizeof misses)
		err(1, "read of the L1D read misses");
	printf("cache: %llu reads missed the L1 data cache\n", (unsigned long long)misses);
}
