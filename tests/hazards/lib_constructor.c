/* A library whose constructor makes calls, before those of other libraries have run. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((constructor)) static void
call(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1,
	};
	int parent = syscall(SYS_getppid) == getppid();
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0UL);

	dprintf(STDOUT_FILENO, "the constructor got parent %d, descriptor %ld\n", parent, fd);
}
