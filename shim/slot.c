/* The memory of the calls that are under way, and of those that never came back. */
#include "shim/slot.h"

#include <asm/errno.h>
#include <linux/futex.h>
#include <linux/signal.h>

#include "shim/since.h"
#include "shim/sys.h"

enum {
	SLOTS = 16,
	NESTING = 4, /* calls that one thread can be in: handlers that interrupted handlers */
	PATIENCE = 10000, /* turns in which others had what was freed */
	LONG_TURN = 200,  /* so many of them: one in which nothing was freed */
	LONG_TURN_NS = 20000000,
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
static struct {
	_Alignas(PAGE) struct owner owners[SLOTS];
	uint32_t waiting; /* threads */
	uint32_t freed;   /* for those to wait on */
	uint32_t stuck;   /* nothing was freed for so long that nobody waits until something is */
} shared;

_Static_assert(sizeof shared == PAGE, "what is wiped is one page");

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
		if (!__atomic_load_n(&shared.owners[i].who, __ATOMIC_RELAXED)
			&& take(&shared.owners[i], 0, me))
			return &slots[i];
	return NULL;
}

static unsigned
count_mine(const struct owner *me)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SLOTS; i++)
		count += __atomic_load_n(&shared.owners[i].who, __ATOMIC_RELAXED) == me->who;
	return count;
}

static struct slot *
claim_abandoned(const struct owner *me)
{
	bool too_many = count_mine(me) > NESTING;

	for (unsigned i = 0; i < SLOTS; i++) {
		uint64_t who = __atomic_load_n(&shared.owners[i].who, __ATOMIC_RELAXED);
		bool gone = who == me->who && too_many;

		if (!who || !(gone || abandoned(&shared.owners[i], who, me)))
			continue;
		if (take(&shared.owners[i], who, me))
			return &slots[i];
	}
	return NULL;
}

/* Asleep, since those that have a slot need the CPU. */
static struct slot *
wait_for_free(const struct owner *me, int turns)
{
	const long longest[2] = {0, LONG_TURN_NS};
	struct slot *slot = NULL;

	__atomic_fetch_add(&shared.waiting, 1, __ATOMIC_SEQ_CST);
	while (!slot && turns > 0) {
		uint32_t freed = __atomic_load_n(&shared.freed, __ATOMIC_SEQ_CST);
		long slept = 0;

		slot = claim_free(me);
		if (!slot)
			slept = sys4(__NR_futex, &shared.freed, FUTEX_WAIT_PRIVATE, freed, longest);
		if (slept == -ETIMEDOUT)
			slot = claim_abandoned(me);
		turns -= slept == -ETIMEDOUT ? LONG_TURN : 1;
	}
	__atomic_fetch_sub(&shared.waiting, 1, __ATOMIC_SEQ_CST);
	return slot;
}

/*
 * A call that a signal handler makes within another one keeps that one from its end, and so is not
 * worth waiting for long. Nothing is waited for again before something has been freed: not writers
 * that stand still, and not calls that such handlers keep from their end all the time.
 */
static struct slot *
wait_in_turn(const struct owner *me)
{
	uint32_t freed = __atomic_load_n(&shared.freed, __ATOMIC_RELAXED);
	struct slot *slot;

	if (__atomic_load_n(&shared.stuck, __ATOMIC_RELAXED))
		return NULL;
	slot = wait_for_free(me, count_mine(me) ? LONG_TURN : PATIENCE);
	if (!slot && freed == __atomic_load_n(&shared.freed, __ATOMIC_RELAXED))
		__atomic_store_n(&shared.stuck, 1, __ATOMIC_RELAXED);
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
		sys3(__NR_madvise, &shared, sizeof shared, MADV_WIPEONFORK);
	slot = claim_free(&me);
	if (slot || quiet)
		return slot;
	slot = claim_abandoned(&me);
	return slot ? slot : wait_in_turn(&me);
}

void
slot_release(struct slot *slot)
{
	__atomic_store_n(&shared.owners[slot - slots].who, 0, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&shared.stuck, __ATOMIC_RELAXED))
		__atomic_store_n(&shared.stuck, 0, __ATOMIC_RELAXED);
	if (!__atomic_load_n(&shared.waiting, __ATOMIC_SEQ_CST))
		return;
	__atomic_fetch_add(&shared.freed, 1, __ATOMIC_SEQ_CST);
	sys3(__NR_futex, &shared.freed, FUTEX_WAKE_PRIVATE, 1);
}
