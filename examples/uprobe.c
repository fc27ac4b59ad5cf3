/* Counts the calls of a function by a probe on its first instruction, in the file it comes from. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((noinline)) void probed(void);

void
probed(void)
{
	__asm__ volatile(""); /* else a call without effect is left out */
}

int
main(void)
{
	const char *pmu = "/sys/bus/event_source/devices/uprobe/type";
	FILE *file = fopen(pmu, "r");
	unsigned type;

	if (!file || fscanf(file, "%u", &type) != 1) /* handed out at boot: no constant to use */
		err(1, "%s, which needs Linux 4.17 with CONFIG_UPROBE_EVENTS", pmu);

	/* The kernel wants a place in a file, so ask which file the function was mapped from. */
	unsigned long start, end, offset, address = (uintptr_t)probed;
	bool found = false;
	char line[4200], path[4096];
	FILE *maps = fopen("/proc/self/maps", "r");

	while (!found && maps && fgets(line, sizeof line, maps))
		found = sscanf(line, "%lx-%lx %*s %lx %*s %*s %4095[^\n]",
			       &start, &end, &offset, path) == 4
			&& start <= address && address < end;
	if (!found)
		errx(1, "/proc/self/maps names no file for probed() (mount -t proc none /proc)");

	struct perf_event_attr attr = {
		.type = type,
		.size = sizeof attr,
		.uprobe_path = (uintptr_t)path,
		.probe_offset = address - start + offset, /* on entry: config 0, not 1 */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of a uprobe in %s, which needs root", path);
	for (int i = 0; i < 3; i++)
		probed();

	uint64_t hits;

	if (read(fd, &hits, sizeof hits) != sizeof hits)
		err(1, "read of the uprobe's count");
	printf("uprobe: 3 calls were made, %llu were caught\n", (unsigned long long)hits);
}
