/*
 * One perf_event_open call: the one struct that travels from the traced program to every renderer
 * and back.
 */
#ifndef DECODER_CALL_H
#define DECODER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder/facts.h"

enum {
	CALL_COMM_MAX = 16,   /* TASK_COMM_LEN */
	CALL_KERNEL_MAX = 65, /* utsname.release */
	CALL_NAME_MAX = 128,
	CALL_TRACEPOINT_MAX = 256,
	CALL_EVENT_MAX = 512,
	CALL_PATH_MAX = 4096,
	CALL_ATTR_MAX = 4096 /* perf_copy_attr reads a page at most, and 4 KiB is the smallest */
};

/* Texts and attr belong to whoever made the call; no text is ever NULL. */
struct call {
	uint32_t number; /* counted from 1 in its process */
	uint32_t lost;   /* dumps of this process that could not be written before this one */
	int32_t caller_pid;
	int32_t caller_tid;
	uint8_t arch; /* enum arch_id: names its registers, orders its bytes */

	uint16_t readable;   /* bytes of attr that could be read before the call */
	uint64_t attr_addr;  /* where it was, if not all call_attr_wanted() could be read; else 0 */
	uint32_t size_after; /* attr.size as an E2BIG rewrote it; 0: untouched */

	int32_t pid;
	int32_t cpu;
	int32_t group_fd;
	int32_t fd;
	int32_t error; /* a positive errno; 0: it succeeded. With an fd: call_stand_in() */
	uint64_t flags;

	uint32_t leader;      /* the call that opened group_fd; 0: unknown */
	int32_t leader_pid;   /* the process that made it, if another one; else 0 */
	bool probe_cut;       /* the string at probe was longer */
	uint8_t probed;       /* enum reset: the change that active probing found; 0: not probed */
	int32_t probed_error; /* what the kernel said to it; 0: it accepted */
	bool needs_told;      /* the text is to say what the attr needs; no part of the call */

	const char *comm;
	const char *kernel; /* utsname.release */

	/* What this machine calls things; "" where it does not say. */
	const char *pmu;
	const char *tracepoint; /* sched:sched_switch */
	const char *event;      /* cpu/event=0xcd,umask=0x1/ */
	const char *alias;      /* the name in the PMU's events/ */
	const char *cgroup;     /* the path behind pid */
	const char *probe;      /* the string behind kprobe_func or uprobe_path */

	const unsigned char *attr;

	const struct facts *facts; /* with an error: what was known then; NULL: nothing */
};

/* A place to keep all that a call points to, for who reads calls from a dump. */
struct call_store {
	char comm[CALL_COMM_MAX];
	char kernel[CALL_KERNEL_MAX];
	char pmu[CALL_NAME_MAX];
	char tracepoint[CALL_TRACEPOINT_MAX];
	char event[CALL_EVENT_MAX];
	char alias[CALL_NAME_MAX];
	char cgroup[CALL_PATH_MAX];
	char probe[CALL_PATH_MAX];
	unsigned char attr[CALL_ATTR_MAX];
	struct facts facts;
};

/* Makes an empty call: texts of no length, no attr, 0 in all else. */
void call_clear(struct call *call);

/* The size as the caller wrote it; 0 too if the first 8 bytes could not be read. */
uint32_t call_attr_size(const struct call *call);

/*
 * How many bytes of a struct of this size are worth reading. Less than 64 is refused, but then the
 * struct behind it is mostly a whole one; 0 means 64 (perf_copy_attr), and no kernel reads beyond a
 * page.
 */
size_t call_attr_wanted(uint32_t size);

/*
 * How many bytes of the attr hold members: what the caller passed, and could be read. The first 8
 * are looked at for every size, since size itself is there.
 */
size_t call_attr_held(const struct call *call);

/*
 * Whether the kernel refused the call, with error, and fd is a software dummy opened in its place.
 */
bool call_stand_in(const struct call *call);

bool call_equal(const struct call *left, const struct call *right);

#endif
