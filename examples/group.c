/* Counts three software events over exactly the same time, and reads all three with one read. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile char memory[1 << 20];

static int
member(unsigned long config, int leader)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = config,
		.read_format = PERF_FORMAT_GROUP, /* a read of the leader gives every member */
		.disabled = leader < 0,           /* only the leader: its siblings wait for it */
		.exclude_kernel = 1,              /* else perf_event_paranoid 2 asks privilege */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of software event %lu on this process, "
		       "which kernel.perf_event_paranoid above 2 may forbid (try as root)", config);
	return fd;
}

int
main(void)
{
	int leader = member(PERF_COUNT_SW_TASK_CLOCK, -1); /* group_fd -1 starts a group */

	member(PERF_COUNT_SW_PAGE_FAULTS_MIN, leader);
	member(PERF_COUNT_SW_PAGE_FAULTS_MAJ, leader);

	ioctl(leader, PERF_EVENT_IOC_ENABLE, 0); /* starts all three */
	for (size_t i = 0; i < sizeof memory; i += 4096)
		memory[i] = 1;
	ioctl(leader, PERF_EVENT_IOC_DISABLE, 0);

	struct { uint64_t members, nanoseconds, minor, major; } count;

	if (read(leader, &count, sizeof count) != sizeof count)
		err(1, "read of the group");
	printf("group: %llu ns, %llu minor faults, %llu major faults\n",
	       (unsigned long long)count.nanoseconds, (unsigned long long)count.minor,
	       (unsigned long long)count.major);
}
