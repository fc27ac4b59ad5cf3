/*
 * Two dumps, each folded to what it opened, and paired by what the openings mean: not by position,
 * nor by what a machine or a run numbers in its own way.
 */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/input.h"
#include "cli/life.h"
#include "decoder/buf.h"
#include "decoder/call.h"

/* What two openings are paired by, the first that pairs them counts; 0: that key is none. */
enum key {
	KEY_SAME,    /* nothing differs, but perhaps the CPUs */
	KEY_MEANING, /* the event, the cgroup, and the leader's event */
	KEY_EVENT,   /* the PMU, and its event or the tracepoint by name */
	KEY_CONFIG,  /* the PMU, and its event by number */
	KEY_PMU,     /* the PMU, if it is a machine's own: pairs only one with one */
	KEYS
};

/* A set of CPUs: one bit each. */
struct cpus {
	uint64_t *words;
	unsigned count; /* of words */
};

/* Calls of one dump that are the same, for whichever CPUs and threads they were made. */
struct opening {
	struct call *call;  /* the first of them */
	unsigned long line; /* where it stands */
	uint64_t keys[KEYS];
	const struct opening *leader; /* of the group; NULL: itself, or unknown */
	struct cpus cpus;
	struct life life; /* of the first call's event */
	uint32_t calls;
	uint32_t closed;   /* how many of the file descriptors were given out again later */
	uint32_t times;    /* how often for one CPU and thread */
	uint32_t unpaired; /* of those times */
};

/* A dump. */
struct side {
	struct opening **openings; /* in the order of their first calls */
	size_t count;
	unsigned long calls;
	bool lived; /* it tells what was done with events */
};

/* What both dumps open, or, with a NULL, what only one of them does. */
struct pair {
	const struct opening *of[2];
	uint32_t times;
};

/* Whether both sides have it. */
static inline bool
pair_whole(const struct pair *pair)
{
	return pair->of[0] && pair->of[1];
}

/* The side that has it; the old one, if both do. */
static inline const struct opening *
pair_side(const struct pair *pair)
{
	return pair->of[0] ? pair->of[0] : pair->of[1];
}

/* Whether none of its file descriptors was kept, as those that only try what the kernel has. */
bool opening_closed(const struct opening *opening);

/*
 * Whether the CPUs say something: those of a try are wherever it was made, and a refusal is not
 * asked for again on the next CPU.
 */
bool cpus_comparable(const struct opening *left, const struct opening *right);
bool cpus_equal(const struct cpus *left, const struct cpus *right);

/* As 0-3,8. */
void cpus_text(struct buf *out, const struct cpus *cpus);

/* Reads all calls of a dump. Memory is taken for what differs, not for every call. */
void side_read(struct side *side, struct input *input);
void side_free(struct side *side);

/*
 * Pairs the openings of two dumps: first what both have, in the order of the first dump, then what
 * only one has. Returns how many pairs there are; the caller frees the array.
 */
size_t sides_pair(struct side sides[2], struct pair **pairs);

#endif
