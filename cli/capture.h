/* A perf_event_open of a traced thread, from its entry to the dump. */
#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/process.h"
#include "cli/tracee.h"
#include "tables/tables.h"

struct capture;

/*
 * To be called when a thread stopped at the entry of the call, with the attr as it is then. comm:
 * its file in procfs, open. Freed by capture_write() or capture_drop().
 */
struct capture *capture_begin(struct process *process, pid_t tid, int comm, enum arch_id arch,
	const struct stop *entry);

/*
 * To be called when the thread stopped at the end of it, for what can be asked only as long as it
 * stands there. filtered: the process has the filter of filter_install().
 */
void capture_end(struct capture *capture, int64_t result, bool filtered);

/* The dump itself, which the thread need not wait for. */
void capture_write(struct capture *capture);

/* The call never ended: its thread was killed. */
void capture_drop(struct capture *capture);

#endif
