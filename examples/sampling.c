/* Samples every online CPU 99 times a second, whatever runs there: the loop of BPF profilers. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_CPU_CLOCK, /* a timer: needs no PMU, runs in guests */
		.sample_freq = 99, /* not 100, which would beat in time with other timers */
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID,
		.freq = 1,         /* sample_freq is in Hz; without it, a period in ns */
	};
	static struct perf_event_mmap_page *rings[8192]; /* no kernel has more CPUs */
	int cpus = 0, first, last;
	size_t size = 2 * (size_t)sysconf(_SC_PAGESIZE); /* a page of head and one of records */
	const char *path = "/sys/devices/system/cpu/online"; /* "0-3,6": there can be holes */
	FILE *online = fopen(path, "r");

	if (!online)
		err(1, "%s, which needs sysfs (mount -t sysfs none /sys)", path);
	while (fscanf(online, "%d", &first) == 1) {
		if (fscanf(online, "-%d", &last) != 1)
			last = first;
		fgetc(online); /* the comma */
		for (int cpu = first; cpu <= last; cpu++) {
			/* an event follows one task or one CPU, so all CPUs take one event each */
			int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1,
					      PERF_FLAG_FD_CLOEXEC);

			if (fd < 0)
				err(1, "perf_event_open of cpu-clock on CPU %d, which needs "
				       "root or kernel.perf_event_paranoid below 1", cpu);
			rings[cpus] = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
			if (rings[cpus++] == MAP_FAILED)
				err(1, "mmap of CPU %d's ring (kernel.perf_event_mlock_kb)", cpu);
		}
	}
	usleep(100000); /* an idle CPU may give no samples */

	unsigned long long bytes = 0;

	for (int i = 0; i < cpus; i++)
		bytes += rings[i]->data_head;
	printf("sampling: events on %d CPUs gave %llu bytes of samples in 0.1 s\n", cpus, bytes);
}
