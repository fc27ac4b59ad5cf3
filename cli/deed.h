/* What a traced thread does with an event, from the system call's entry to the dump. */
#ifndef CLI_DEED_H
#define CLI_DEED_H

#include <stdint.h>
#include <sys/types.h>

#include "cli/filter.h"
#include "cli/process.h"
#include "cli/tracee.h"

struct deed;

/*
 * To be called when a thread stopped at the entry of such a system call; comm: its file in procfs,
 * open. NULL: it is none of an event that is known. Freed by deed_end() or deed_drop().
 */
struct deed *deed_begin(struct process *process, pid_t tid, int comm, const struct sight *sight,
	const struct stop *entry);

/* To be called when the thread stopped at the end of it: writes the dump. */
void deed_end(struct deed *deed, int64_t result);

/* The call never ended: its thread was killed. */
void deed_drop(struct deed *deed);

#endif
