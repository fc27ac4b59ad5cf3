/* Counts the page faults of this process while it touches fresh memory: no samples, one number. */
#include <err.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr, /* tells the kernel which headers we were built with */
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.disabled = 1,       /* so that nothing before the ioctl below is counted */
		.exclude_kernel = 1, /* else perf_event_paranoid 2 asks for privilege */
	};
	/* pid 0 and cpu -1: this thread, wherever it runs */
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open of page-faults on this process, "
		       "which kernel.perf_event_paranoid above 2 may forbid (try as root)");

	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 100;
	volatile char *memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap of %zu pages to touch, which needs free memory", pages);

	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	for (size_t i = 0; i < pages; i++)
		memory[i * page] = 1;
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);

	uint64_t faults;

	if (read(fd, &faults, sizeof faults) != sizeof faults)
		err(1, "read of the page-faults count");
	printf("counting: touching %zu pages took %llu page faults\n", pages,
	       (unsigned long long)faults);
}
