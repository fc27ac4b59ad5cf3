/* Counts the writes to one variable with a debug register of the processor. */
#include <err.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int32_t watched;

int
main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof attr,
		.bp_type = HW_BREAKPOINT_W,     /* writes; x86 cannot watch reads alone */
		.bp_addr = (uintptr_t)&watched, /* must be a multiple of bp_len */
		.bp_len = HW_BREAKPOINT_LEN_4,
		.exclude_kernel = 1,            /* else perf_event_paranoid 2 asks for privilege */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of a breakpoint at %p, which needs a free debug register "
		       "(is a debugger using them?)", (void *)(uintptr_t)&watched);

	for (int i = 0; i < 7; i++)
		watched = i;

	uint64_t writes;

	if (read(fd, &writes, sizeof writes) != sizeof writes)
		err(1, "read of the breakpoint's count");
	printf("breakpoint: 7 writes were made, %llu were caught\n", (unsigned long long)writes);
}
