/* The way in from the program's syscall(), and the way on. */
#ifndef SHIM_NEXT_H
#define SHIM_NEXT_H

/* As many as an auditing library can meet libcs: glibc's ld.so has 16 namespaces (DL_NNS). */
#define NEXT_MAX 16

#ifndef __ASSEMBLER__

/* Where calls of one libc's syscall() go on to. */
struct next {
	/* libc's own, or another preload's. NULL: not known yet, enter the kernel ourselves. */
	long (*call)(long number, ...);
	/* That libc's errno; NULL: there is no libc that has one. */
	int *(*errno_location)(void);
};

/* The preload's only one; the auditing library's, one for each of its entries. */
extern struct next shim_next[];

/*
 * What the stub jumps to for perf_event_open, its own way on in the number's place; the other
 * arguments as they came, upper halves of ints and all.
 */
long shim_perf_event_open(const struct next *next, long attr, long pid, long cpu, long group_fd,
	unsigned long flags);

/* What the stub jumps to when the kernel refused a call it made itself: sets errno, returns -1. */
long shim_fail(long result, const struct next *next);

/* Where the program's errno is, as that libc has it; NULL: nowhere. */
int *next_errno(const struct next *next);

#endif

#endif
