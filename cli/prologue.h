/* What stands above the calls in a program that makes them. */
#ifndef CLI_PROLOGUE_H
#define CLI_PROLOGUE_H

#include <stdbool.h>
#include <stddef.h>

/* What the program's calls need above them. */
enum need {
	NEED_BITS,
	NEED_PMU,
	NEED_TRACEPOINT,
	NEED_BREAKPOINT,
	NEED_CLOCK,
	NEED_TASK,
	NEED_LIMITS,
	NEED_EDGE,
	NEED_FDS,
	NEED_FCNTL,
	NEED_IOCTL,
	NEED_MMAN,
	NEED_PRCTL,
	NEED_SIGNAL,
	NEED_CHECK,
	NEED_RING,
	NEED_CLOSE,
	NEED_READ,
	NEEDS
};

struct prologue {
	const char *title;   /* who made the calls, fit for a comment */
	unsigned long calls; /* the last one's place in fd[] */
	bool some;           /* the dump has more */
	unsigned long tasks;
	unsigned long copies; /* the last place in copy[]; 0: there is none */
	bool acts;            /* the program does more than to open events */
	size_t size; /* of the largest attr */
	bool needs[NEEDS];
};

/* Writes the program to standard output, up to where main's first call goes. */
void prologue_write(const struct prologue *prologue);

#endif
