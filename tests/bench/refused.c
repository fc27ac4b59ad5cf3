/*
 * What is timed: N hundred times a call that the kernel refuses, beside the nearest one that it
 * accepts, with the close. Prints a name and nanoseconds for both.
 */
#include <err.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/clock.h"

enum {
	NOBODY = 65534
};

struct call {
	struct perf_event_attr attr;
	int pid;
	int cpu;
	int group_fd;
	unsigned long flags;
};

static void
open_close(void *with)
{
	struct call *call = with;
	long fd = syscall(SYS_perf_event_open, &call->attr, call->pid, call->cpu, call->group_fd,
		call->flags);

	if (fd >= 0)
		close((int)fd);
}

static struct call
dummy(void)
{
	return (struct call){
		.attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof(struct perf_event_attr),
			.config = PERF_COUNT_SW_DUMMY, .disabled = 1, .exclude_kernel = 1,
			.exclude_hv = 1},
		.cpu = -1,
		.group_fd = -1,
	};
}

static void
compare(const char *name, struct call accepted, struct call refused, long batches)
{
	double one = clock_steps(open_close, &accepted, batches);

	printf("%s\t%.0f\t%.0f\n", name, one, clock_steps(open_close, &refused, batches));
}

static void
compare_all(long batches)
{
	struct call plain = dummy(), grouped = dummy(), wrong;

	grouped.group_fd = (int)syscall(SYS_perf_event_open, &plain.attr, 0, -1, -1, 0UL);
	if (grouped.group_fd < 0)
		err(1, "perf_event_open");
	wrong = plain;
	wrong.attr.sample_type = 1ULL << 40;
	compare("CPY-STYPE", plain, wrong, batches);
	wrong = plain;
	wrong.attr.config = 999;
	compare("SW-CONFIG", plain, wrong, batches);
	wrong = plain;
	wrong.pid = INT32_MAX;
	compare("SYS-ESRCH", plain, wrong, batches);
	wrong = plain;
	wrong.group_fd = STDIN_FILENO;
	compare("GRP-FD", plain, wrong, batches);
	wrong = grouped;
	wrong.cpu = 0;
	compare("GRP-CPU", grouped, wrong, batches);
	wrong = grouped;
	wrong.flags = PERF_FLAG_FD_OUTPUT | PERF_FLAG_FD_NO_GROUP;
	compare("OUT-NORB", grouped, wrong, batches);
}

/* What another user may not do; root may. */
static void
compare_forbidden(long batches)
{
	struct call plain = dummy(), wrong = plain;

	if (setgid(NOBODY) || setuid(NOBODY))
		return;
	wrong.attr.namespaces = 1;
	compare("PERM-NS", plain, wrong, batches);
	wrong = plain;
	wrong.pid = 1;
	compare("CTX-PTRACE", plain, wrong, batches);
}

int
main(int argc, char **argv)
{
	long batches = argc > 1 ? atol(argv[1]) : 1;

	compare_all(batches);
	compare_forbidden(batches);
	return 0;
}
