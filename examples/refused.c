/* Asks for an event of every process on every CPU, which no kernel gives: a call that fails. */
#include <err.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.exclude_kernel = 1, /* else the unprivileged get EACCES before EINVAL */
	};
	/* -1 means any, but pid and cpu may not both say it: sampling.c opens one per CPU */
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0)
		errx(1, "the kernel opened an event with pid -1 and cpu -1, which it should not");
	if (errno != EINVAL)
		err(1, "perf_event_open with pid -1 and cpu -1 should fail with EINVAL, "
		       "but another check came first (seccomp? paranoid?)");
	printf("refused: pid -1 and cpu -1: %s\n", strerror(errno));
}
