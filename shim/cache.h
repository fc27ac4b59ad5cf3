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

#endif
