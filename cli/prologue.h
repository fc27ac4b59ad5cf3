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
	NEED_CGROUP,
	NEED_BREAKPOINT,
	NEED_CLOCK,
	NEED_TASK,
	NEED_LIMITS,
	NEED_EDGE,
	NEED_FDS,
	NEEDS
};

struct prologue {
	const char *title;   /* who made the calls, fit for a comment */
	unsigned long calls; /* the last one's place in fd[] */
	bool some;           /* the dump has more */
	unsigned long tasks;
	size_t size; /* of the largest attr */
	bool needs[NEEDS];
};

/* Writes the program to standard output, up to where main's first call goes. */
void prologue_write(const struct prologue *prologue);

#endif
