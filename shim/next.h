/* The way in from the exported syscall(), and the way on. */
#ifndef SHIM_NEXT_H
#define SHIM_NEXT_H

/*
 * The next syscall() in line: libc's, or another preload's. NULL until our constructor ran: enter
 * the kernel ourselves.
 */
extern long (*shim_next)(long number, ...);

/*
 * What the stub jumps to for perf_event_open; the arguments as they came, upper halves of ints and
 * all.
 */
long shim_perf_event_open(long number, long attr, long pid, long cpu, long group_fd,
	unsigned long flags);

/* What the stub jumps to when the kernel refused a call it made itself: sets errno, returns -1. */
long shim_fail(long result);

/* Where the program's errno is; NULL: there is no libc that has one. */
int *shim_errno(void);

#endif
