/* Where the program that is written has what the dump has by number: fds of processes, and pids. */
#ifndef CLI_PLACES_H
#define CLI_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place {
	uint64_t key;
	unsigned long at;   /* in the program's fd[] or task[]; 0: none */
	unsigned long copy; /* in its copy[], for an fd that is a duplicate; 0: it is none */
	uint32_t number;    /* of the call that opened the event */
	bool open;          /* the dump's fd is not closed */
};

/* `{0}` is empty. */
struct places {
	struct place *slots;
	size_t count;
	size_t room; /* a power of two */
};

static inline uint64_t
fd_key(int32_t pid, int32_t fd)
{
	return (uint64_t)(uint32_t)pid << 32 | (uint32_t)fd;
}

/* The place of a key; NULL: it has none. */
struct place *places_find(const struct places *places, uint64_t key);

/* The same, which is new and to be given an `at` if there is none. */
struct place *places_take(struct places *places, uint64_t key);

void places_end(struct places *places);

#endif
