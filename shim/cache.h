/*
 * Entries of static tables that are written once and then only read: no lock, since a signal
 * handler may come at any moment, and no second version, since a pointer to the text may be in use.
 */
#ifndef SHIM_CACHE_H
#define SHIM_CACHE_H

#include <stdbool.h>
#include <stdint.h>

enum cache_state {
	CACHE_FREE,
	CACHE_WRITING,
	CACHE_READY
};

static inline bool
cache_ready(const uint32_t *state)
{
	return __atomic_load_n(state, __ATOMIC_ACQUIRE) == CACHE_READY;
}

/* Whether nobody has written the entry, nor begun to: none behind it is written either. */
static inline bool
cache_free(const uint32_t *state)
{
	return __atomic_load_n(state, __ATOMIC_ACQUIRE) == CACHE_FREE;
}

/* Whether the caller may now write the entry. */
static inline bool
cache_claim(uint32_t *state)
{
	uint32_t before = CACHE_FREE;

	return __atomic_compare_exchange_n(state, &before, CACHE_WRITING, false, __ATOMIC_ACQUIRE,
		__ATOMIC_RELAXED);
}

static inline void
cache_publish(uint32_t *state)
{
	__atomic_store_n(state, CACHE_READY, __ATOMIC_RELEASE);
}

/*
 * What was looked for last and not found, and how often. A program may ask for the same that is not
 * there on every CPU, and a look may take thousands of files: only every 2^nth time is worth one.
 */
struct missed {
	uint32_t key;
	uint32_t times;
};

static inline bool
missed_worth_a_look(const struct missed *missed, uint32_t key)
{
	uint32_t times = __atomic_load_n(&missed->times, __ATOMIC_RELAXED);

	return __atomic_load_n(&missed->key, __ATOMIC_RELAXED) != key
		|| (times & (times - 1)) == 0;
}

static inline void
missed_again(struct missed *missed, uint32_t key)
{
	bool same = __atomic_load_n(&missed->key, __ATOMIC_RELAXED) == key;
	uint32_t times = same ? __atomic_load_n(&missed->times, __ATOMIC_RELAXED) + 1 : 1;

	__atomic_store_n(&missed->times, times, __ATOMIC_RELAXED);
	__atomic_store_n(&missed->key, key, __ATOMIC_RELAXED);
}

#endif
