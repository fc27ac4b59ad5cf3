/*
 * What the programs share that make calls which the kernel must refuse, each for one reason known
 * from how it is made. They print each call's check, in the order of the calls, or that it was
 * accepted. Steps are arguments.
 */
#ifndef TESTS_HAZARDS_REFUSALS_H
#define TESTS_HAZARDS_REFUSALS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	NOBODY = 65534,
	SIZE_7 = 128 /* PERF_ATTR_SIZE_VER7 */
};

/* An attr as bytes behind, which no header is too old for. */
union attr {
	struct perf_event_attr of;
	unsigned char bytes[8192];
	uint64_t words[1024];
};

/* The flag word's bits by number. */
enum {
	WORD_FLAGS = 5,
	BIT_INHERIT = 1,
	BIT_PINNED,
	BIT_EXCLUSIVE,
	BIT_ENABLE_ON_EXEC = 12,
	BIT_INHERIT_THREAD = 35,
	BIT_REMOVE_ON_EXEC,
	BIT_SIGTRAP
};

/* Counted by all processes of the program. */
struct counts {
	unsigned made;
	unsigned wrong; /* calls that had another outcome than they must have */
};

static struct counts *counts;

static inline union attr *
software(void)
{
	static union attr attr;

	memset(&attr, 0, sizeof attr);
	attr.of.type = PERF_TYPE_SOFTWARE;
	attr.of.size = SIZE_7;
	attr.of.config = PERF_COUNT_SW_DUMMY;
	attr.of.disabled = 1;
	return &attr;
}

static inline union attr *
user_only(void)
{
	union attr *attr = software();

	attr->of.exclude_kernel = 1;
	attr->of.exclude_hv = 1;
	return attr;
}

static inline long
event_open(const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	return syscall(SYS_perf_event_open, attr, pid, cpu, group_fd, flags);
}

static inline void
must(bool so, const char *what)
{
	if (so)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline void
complain(const char *what, int error)
{
	fprintf(stderr, "call %u: %s: %s\n", counts->made, what, strerror(error));
	counts->wrong++;
}

/* A leader, or any other call that must succeed. */
static inline int
opened(const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	long fd = event_open(attr, pid, cpu, group_fd, flags);
	int error = errno;

	counts->made++;
	printf("%u accepted\n", counts->made);
	if (fd < 0)
		complain("not opened", error);
	return (int)fd;
}

/* A call that must be refused by that check. Returns the error. */
static inline int
refuse(const char *check, const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	long fd = event_open(attr, pid, cpu, group_fd, flags);
	int error = errno;

	counts->made++;
	if (fd < 0) {
		printf("%u %s %d\n", counts->made, check, error);
		return error;
	}
	printf("%u accepted\n", counts->made);
	complain(check, 0);
	close((int)fd);
	return 0;
}

static inline void
refuse_here(const char *check, const void *attr)
{
	refuse(check, attr, 0, -1, -1, 0);
}

static inline int
pmu_type(const char *name)
{
	char path[256];
	int type = -1;
	FILE *file;

	snprintf(path, sizeof path, "/sys/bus/event_source/devices/%s/type", name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%d", &type) != 1)
		type = -1;
	fclose(file);
	return type;
}

static inline uint64_t
tracepoint_id(void)
{
	unsigned long id = 0;
	FILE *file = fopen("/sys/kernel/tracing/events/sched/sched_switch/id", "r");

	if (!file)
		return 0;
	if (fscanf(file, "%lu", &id) != 1)
		id = 0;
	fclose(file);
	return id;
}

static inline long
sysctl(const char *name)
{
	char path[256];
	long value = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/sys/kernel/%s", name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%ld", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static inline bool
kernel_forbidden(void)
{
	return geteuid() && sysctl("perf_event_paranoid") >= 2;
}

static inline void
become_nobody(void)
{
	must(!setgid(NOBODY) && !setuid(NOBODY), "cannot become nobody");
}

static inline pid_t
child_of(void (*run)(void))
{
	pid_t child = fork();

	if (child == 0) {
		run();
		fflush(stdout);
		_exit(0);
	}
	return child;
}

struct step {
	const char *name;
	void (*run)(void);
};

/* Runs the steps that are named; the exit status. */
static inline int
run_steps(const struct step *steps, char **names)
{
	counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(counts != MAP_FAILED, "no memory");
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (; *names; names++)
		for (const struct step *step = steps; step->name; step++)
			if (strcmp(*names, step->name) == 0)
				step->run();
	return counts->wrong ? 1 : 0;
}

#endif
