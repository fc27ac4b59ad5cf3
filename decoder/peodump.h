/*
 * libpeodecode: perf_event_open(2) calls as text, for programs that print their own.
 *
 *	fd = syscall(SYS_perf_event_open, &attr, pid, cpu, group_fd, flags);
 *	char *text = perf_event_open_dump(&attr, pid, cpu, group_fd, flags, fd);
 *
 * Link with -lpeodecode. The text is a block of C that compiles, with every member named that
 *attr.size holds.
 */
#ifndef PEODUMP_H
#define PEODUMP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct perf_event_attr;

enum peodump_form {
	PEODUMP_C,   /* a block that compiles in a function body */
	PEODUMP_JSON /* one object on one line, as peodump.schema.json describes it */
};

/* A call to be shown. What is 0 or NULL is unknown, and left out. */
struct peodump_call {
	const void *attr; /* struct perf_event_attr of any release */
	size_t readable;  /* bytes at attr that may be read: all are shown up to what attr.size says
	                     (0 is 64), 4096 at most */
	int32_t pid;
	int32_t cpu;
	int32_t group_fd;
	uint64_t flags;
	int32_t fd;          /* the result */
	int32_t error;       /* the errno, when fd is -1 */
	uint32_t size_after; /* what the kernel wrote into attr.size (perf_copy_attr, with E2BIG) */

	uint32_t number; /* of the call in its process, from 1 */
	int32_t caller_pid;
	int32_t caller_tid;
	const char *comm;
	const char *kernel; /* uname -r */
	const char *arch; /* as uname -m; NULL: the one this library is for. Names registers, orders
	                     bytes */
	const char *pmu;  /* the name of attr.type in /sys/bus/event_source/devices */
	const char *tracepoint; /* of attr.config, as sched:sched_switch */
	const char *probe;      /* the string behind kprobe_func or uprobe_path */
};

/*
 * Writes the call into text, which holds size bytes, and ends it with a NUL if size is not 0.
 * Returns the length of the whole text without the NUL, like snprintf: a result of size or more
 * means that it was cut. Returns 0 for an arch that is not known. Neither allocates nor calls
 * anything; fit for signal handlers.
 */
size_t peodump_format(char *text, size_t size, const struct peodump_call *call,
	enum peodump_form form);

/*
 * The C form of a call this program just made: attr.size bytes are read at attr, and errno if fd is
 * negative; after E2BIG only 64, since the kernel then wrote its own size into attr. Returns a
 * string to be freed by the caller, or NULL with errno set (ENOMEM). On success errno is as it was.
 */
char *perf_event_open_dump(const struct perf_event_attr *attr, int pid, int cpu, int group_fd,
	unsigned long flags, int fd);

#ifdef __cplusplus
}
#endif

#endif
