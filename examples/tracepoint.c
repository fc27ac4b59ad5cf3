/* Waits until any process calls execve on CPU 0: a tracepoint that wakes its reader each time. */
#define _GNU_SOURCE /* sched_setaffinity */
#include <err.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ID "/events/syscalls/sys_enter_execve/id"

int
main(void)
{
	unsigned long long id;
	FILE *file = fopen("/sys/kernel/tracing" ID, "r");

	if (!file && errno == ENOENT) /* tracefs is there or, as before Linux 4.1, in debugfs */
		file = fopen("/sys/kernel/debug/tracing" ID, "r");
	if (!file || fscanf(file, "%llu", &id) != 1)
		err(1, "/sys/kernel/tracing" ID ", which needs root and tracefs "
		       "(mount -t tracefs none /sys/kernel/tracing)");

	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof attr,
		.config = id,        /* differs from kernel to kernel */
		.sample_period = 1,  /* each time, not one in many */
		.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW, /* RAW: its fields */
		.wakeup_events = 1,  /* else poll sleeps until the ring is half full */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	size_t size = 2 * (size_t)sysconf(_SC_PAGESIZE); /* a page of head and one of records */

	if (fd < 0)
		err(1, "perf_event_open of sys_enter_execve on CPU 0, which needs root");
	if (mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED)
		err(1, "mmap of the ring of CPU 0 (see kernel.perf_event_mlock_kb)");

	cpu_set_t zero;

	CPU_ZERO(&zero);
	CPU_SET(0, &zero);
	if (sched_setaffinity(0, sizeof zero, &zero))
		err(1, "sched_setaffinity to CPU 0, which this process's cpuset must allow");
	execl("", "", (char *)NULL); /* fails, but it is the entry that is traced */

	if (poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 1000) != 1)
		errx(1, "no execve seen on CPU 0 within a second, though we made one there "
			"(x86 does not trace those of 32-bit programs: build for 64 bits)");
	printf("tracepoint: syscalls:sys_enter_execve is %llu, and it woke us\n", id);
}
