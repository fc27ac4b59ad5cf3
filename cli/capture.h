/* A perf_event_open of a traced thread, from its entry to the dump. */
#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/tracee.h"
#include "tables/tables.h"

/* A process whose calls are counted. */
struct process {
	pid_t pid;
	unsigned threads;
	int pidfd; /* -1: none was to be had; 0: not asked for yet */
	uint32_t calls;
	uint64_t forgets; /* ids up to this one: what it executed last knows nothing of them */
	uint32_t lost; /* dumps that could not be written since the last one that could */
};

struct capture;

/*
 * To be called when a thread stopped at the entry of the call, with the attr as it is then. comm:
 * its file in procfs, open. Freed by capture_end() or capture_drop().
 */
struct capture *capture_begin(struct process *process, pid_t tid, int comm, enum arch_id arch,
	const struct stop *entry);

/*
 * To be called when the thread stopped at the end of it: writes the dump. filtered: the process has
 * the filter of filter_install().
 */
void capture_end(struct capture *capture, int64_t result, bool filtered);

/* What the process executed starts anew, as a preloaded library would. */
void capture_restart(struct process *process);

/* The call never ended: its thread was killed. */
void capture_drop(struct capture *capture);

/* Says how many dumps could not be written, if any, and have no later one to say it. */
void capture_tell_lost(const struct process *process);

#endif
