/* What this process opened before: so much of each event as its siblings are checked against. */
#ifndef SHIM_OPENED_H
#define SHIM_OPENED_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"

struct opened {
	uint64_t id; /* PERF_EVENT_IOC_ID: of no other event as long as the machine runs */
	uint64_t config;
	uint64_t read_format;
	uint64_t cgroup; /* inode of its directory; 0: none */
	uint32_t type;
	int32_t cpu;
	int32_t task;  /* the thread it watches; -1: none */
	int32_t clock; /* or LEADER_CLOCK_DEFAULT */
	bool inherit;
	bool backward;
	bool sibling;
	bool aux; /* its PMU makes AUX data */
};

/* Remembers a call that gave an fd. Without a lock; what cannot be kept is not known later. */
void opened_note(const struct call *call);

/* The event behind an fd; false: it was opened out of our sight. */
bool opened_find(int fd, struct opened *opened);

/* Whether a core PMU has opened an event that samples: then it has an interrupt. */
bool opened_interrupt(void);

/* The inode behind an fd; 0: not known. */
uint64_t file_inode(int fd);

#endif
