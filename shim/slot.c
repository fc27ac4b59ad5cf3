/* The memory of the calls that are under way, and of those that never came back. */
#include "shim/slot.h"

#include <asm/errno.h>
#include <linux/signal.h>

#include "shim/since.h"
#include "shim/sys.h"

enum {
	SLOTS = 16,
	PATIENCE = 10000,  /* naps */
	NAP_NS = 50000,
	NESTING = 4,       /* calls that one thread can be in: handlers that interrupted handlers */
	PAGE = 4096
};

static struct slot slots[SLOTS];

struct owner {
	uint64_t who;    /* pid and tid; 0: nobody */
	uintptr_t frame; /* where the owner's stack was */
};

/*
 * Who has each. Wiped in a forked child, where the other threads that were calling do not exist; a
 * vfork child shares them. The slots themselves stay: it may be a signal handler within a call that
 * forks.
 */
static _Alignas(PAGE) struct owner owners[PAGE / sizeof(struct owner)];

_Static_assert(SLOTS <= PAGE / sizeof(struct owner), "the owners are one page");

static uint32_t wiped_on_fork;

static bool
take(struct owner *owner, uint64_t from, const struct owner *me)
{
	if (!__atomic_compare_exchange_n(&owner->who, &from, me->who, false, __ATOMIC_ACQUIRE,
		    __ATOMIC_RELAXED))
		return false;
	owner->frame = me->frame;
	return true;
}

static bool
on_signal_stack(void)
{
	stack_t stack = {0};

	return SYS_FAILED(sys2(__NR_sigaltstack, 0, &stack)) || (stack.ss_flags & SS_ONSTACK);
}

/*
 * Whether the owner will not come back: its thread was cancelled or killed, or it is this very
 * thread, and a signal handler jumped out of a frame that stood at this one or below.
 */
static bool
abandoned(const struct owner *owner, uint64_t who, const struct owner *me)
{
	if (who == me->who)
		return owner->frame <= me->frame && !on_signal_stack();
	return sys3(__NR_tgkill, (int32_t)(who >> 32), (int32_t)who, 0) == -ESRCH;
}

static struct slot *
claim_free(const struct owner *me)
{
	for (unsigned i = 0; i < SLOTS; i++)
		if (!__atomic_load_n(&owners[i].who, __ATOMIC_RELAXED) && take(&owners[i], 0, me))
			return &slots[i];
	return NULL;
}

static unsigned
count_mine(const struct owner *me)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SLOTS; i++)
		count += __atomic_load_n(&owners[i].who, __ATOMIC_RELAXED) == me->who;
	return count;
}

static struct slot *
claim_abandoned(const struct owner *me)
{
	bool too_many = count_mine(me) > NESTING;

	for (unsigned i = 0; i < SLOTS; i++) {
		uint64_t who = __atomic_load_n(&owners[i].who, __ATOMIC_RELAXED);
		bool gone = who == me->who && too_many;

		if (!who || !(gone || abandoned(&owners[i], who, me)))
			continue;
		if (take(&owners[i], who, me))
			return &slots[i];
	}
	return NULL;
}

/*
 * Napping, since a thread that only gives up its turn has nobody to give it to on its own CPU, and
 * has had thousands before those on another have run.
 */
static struct slot *
wait_for_free(const struct owner *me)
{
	const long nap[2] = {0, NAP_NS};
	struct slot *slot = NULL;

	for (unsigned naps = 0; !slot && naps < PATIENCE; naps++) {
		sys2(__NR_nanosleep, nap, 0);
		slot = claim_free(me);
	}
	return slot;
}

struct slot *
slot_claim(const struct caller *caller, bool quiet)
{
	const struct owner me = {
		(uint64_t)(uint32_t)caller->pid << 32 | (uint32_t)caller->tid,
		(uintptr_t)__builtin_frame_address(0),
	};
	struct slot *slot;

	if (!quiet && !__atomic_exchange_n(&wiped_on_fork, 1, __ATOMIC_RELAXED))
		sys3(__NR_madvise, owners, sizeof owners, MADV_WIPEONFORK);
	slot = claim_free(&me);
	if (slot || quiet)
		return slot;
	slot = claim_abandoned(&me);
	return slot ? slot : wait_for_free(&me);
}

void
slot_release(struct slot *slot)
{
	__atomic_store_n(&owners[slot - slots].who, 0, __ATOMIC_RELEASE);
}
