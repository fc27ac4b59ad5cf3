/* What this process opened before: so much of each event as its siblings are checked against. */
#ifndef SHIM_OPENED_H
#define SHIM_OPENED_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"

struct opened {
	uint64_t config;
	uint64_t reads; /* the words of a read(2), by their bits */
	uint32_t type;
	int32_t cpu;
	int32_t task;  /* the thread it watches; -1: none */
	int32_t clock; /* or LEADER_CLOCK_DEFAULT */
	int32_t opener; /* the process */
	bool by_cgroup;
	bool inherit;
	bool backward;
	bool sibling;
	bool aux; /* its PMU makes AUX data */
};

/*
 * Remembers a call that gave an fd, without a lock and without a system call. What cannot be kept
 * is not known later.
 */
void opened_note(const struct call *call);

/*
 * What that process last opened as this fd; false: nothing that is known. That it is still an event
 * is for the caller to see.
 */
bool opened_find(int32_t pid, int fd, struct opened *opened);

/* Whether a core PMU has opened an event that samples: then it has an interrupt. */
bool opened_interrupt(void);

#endif
