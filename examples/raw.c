/* Counts an event by the number that the processor's manual gives it. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __aarch64__
#define INSTRUCTIONS 0x08 /* INST_RETIRED */
#else
#define INSTRUCTIONS 0xc0 /* Intel and AMD, umask 0; another processor has its own number */
#endif

int
main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_RAW,
		.size = sizeof attr,
		.config = INSTRUCTIONS, /* given to the PMU as it is */
		.exclude_kernel = 1,    /* else perf_event_paranoid 2 asks for privilege */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of raw event %#x on this process, which needs a "
		       "hardware PMU (none in many guests: ls /sys/bus/event_source/devices)",
		    INSTRUCTIONS);

	uint64_t count;

	if (read(fd, &count, sizeof count) != sizeof count)
		err(1, "read of raw event %#x", INSTRUCTIONS);
	printf("raw: event %#x happened %llu times\n", INSTRUCTIONS, (unsigned long long)count);
}
