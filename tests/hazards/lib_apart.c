/* A library that calls through whatever libc it was loaded with, and says what it found in that one's errno. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

void
open_events(void)
{
	const struct perf_event_attr dummy = {
		.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1,
	};
	long fd;

	errno = 66;
	fd = syscall(SYS_perf_event_open, &dummy, 0, -1, -1, 0UL);
	dprintf(STDOUT_FILENO, "fd %ld, errno %d; ", fd, errno);
	fd = syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0UL);
	dprintf(STDOUT_FILENO, "fd %ld, errno %d; ", fd, errno);
	fd = syscall(SYS_close, -1);
	dprintf(STDOUT_FILENO, "close %ld, errno %d; parent %d\n", fd, errno,
		syscall(SYS_getppid) == getppid());
}
