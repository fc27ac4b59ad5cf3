/* A traced process: its events, and the dumps that it gets. */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "decoder/buf.h"
#include "shim/opened.h"

struct process {
	pid_t pid;
	uint32_t calls;
	uint32_t lost;    /* dumps that could not be written since the last one that could */
	int pidfd;        /* 0: not asked for yet; -1: none was to be had */
	uint64_t forgets; /* events up to this id: what it executed last knows nothing of them */
};

/* The kernel's id of the event behind an fd of that process and thread of it; 0: it is none. */
uint64_t process_event_id(struct process *process, pid_t tid, int fd);

/* What is remembered of an event, as far as the program that the process is now can know. */
void process_event(struct process *process, pid_t tid, int fd, struct opened *opened);

/* What the process executed starts anew, as a preloaded library would. */
void process_restart(struct process *process);

/* Says how many dumps could not be written, if any, and closes what is open. */
void process_end(struct process *process);

/*
 * Where the process's next record is made, and its way to the file. Returns false for one that does
 * not get there, which is counted.
 */
struct buf record_begin(struct process *process);
bool record_end(struct process *process, const struct buf *record);

/*
 * Whether records go where the process may write too, so that they should come before what it does
 * next.
 */
bool record_shared(void);

#endif
