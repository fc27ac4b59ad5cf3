/*
 * Who calls. All that is kept here is numbers in static memory, changed by single atomic steps: no
 * lock, no TLS.
 */
#include "shim/caller.h"

#include <linux/prctl.h>
#include <linux/utsname.h>

#include "decoder/bytes.h"
#include "shim/sys.h"

enum {
	PROCESSES = 256 /* a process and the forks it descends from, whose numbers it inherited */
};

/* A pid in the high half, a number of its own in the low one. */
typedef uint64_t owned;

static owned calls[PROCESSES];
static owned lost[PROCESSES];
static uint32_t none_lost = 1; /* not zero: on a page that relocation has touched anyway */

static int32_t last_asked; /* a pid that was right for whoever asked last */
static struct caller at_load;
static struct new_utsname kernel;
static uint32_t kernel_known;

static owned
own(int32_t pid, uint32_t number)
{
	return (uint64_t)(uint32_t)pid << 32 | number;
}

static int32_t
owner(owned value)
{
	return (int32_t)(value >> 32);
}

static owned
load(const owned *at)
{
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static bool
replace(owned *at, owned old, owned new)
{
	return __atomic_compare_exchange_n(at, &old, new, false, __ATOMIC_RELAXED,
		__ATOMIC_RELAXED);
}

/*
 * A main thread has its process's number, so one call is enough to know it again. Any other one, a
 * forked or vforked child too, asks.
 */
static int32_t
process_of(int32_t tid)
{
	int32_t pid = __atomic_load_n(&last_asked, __ATOMIC_RELAXED);

	if (tid == pid)
		return pid;
	pid = (int32_t)sys0(__NR_getpid);
	__atomic_store_n(&last_asked, pid, __ATOMIC_RELAXED);
	return pid;
}

void
caller_ask(struct caller *caller)
{
	caller->tid = (int32_t)sys0(__NR_gettid);
	caller->pid = process_of(caller->tid);
	caller->comm[0] = '\0';
	sys2(__NR_prctl, PR_GET_NAME, caller->comm);
}

void
caller_load(void)
{
	caller_ask(&at_load);
	caller_kernel();
}

void
caller_remember(struct caller *caller)
{
	bytes_copy(caller, &at_load, sizeof *caller);
}

/* Every thread that comes here first writes the same text. */
const char *
caller_kernel(void)
{
	if (!__atomic_load_n(&kernel_known, __ATOMIC_ACQUIRE)) {
		sys1(__NR_uname, &kernel);
		__atomic_store_n(&kernel_known, 1, __ATOMIC_RELEASE);
	}
	return kernel.release;
}

/* This process's place in a table, or the first free one behind where its pid points. */
static owned *
find_process(owned *table, int32_t pid)
{
	for (unsigned step = 0; step < PROCESSES; step++) {
		owned *at = &table[((uint32_t)pid + step) % PROCESSES];
		owned value = load(at);

		if (!value || owner(value) == pid)
			return at;
	}
	return &table[(uint32_t)pid % PROCESSES];
}

/* Adds to this process's number there. Returns what it is then. */
static uint32_t
add(owned *table, int32_t pid, uint32_t count)
{
	for (;;) {
		owned *at = find_process(table, pid);
		owned value = load(at);
		uint32_t number = (owner(value) == pid ? (uint32_t)value : 0) + count;

		if (replace(at, value, own(pid, number)))
			return number;
	}
}

uint32_t
caller_count(int32_t pid)
{
	return add(calls, pid, 1);
}

void
caller_lose(int32_t pid, uint32_t count)
{
	__atomic_store_n(&none_lost, 0, __ATOMIC_RELAXED);
	add(lost, pid, count);
}

bool
caller_lost(void)
{
	return !__atomic_load_n(&none_lost, __ATOMIC_RELAXED);
}

uint32_t
caller_take_lost(int32_t pid)
{
	owned *at = find_process(lost, pid);
	owned value = load(at);

	while (owner(value) == pid && (uint32_t)value && !replace(at, value, own(pid, 0)))
		value = load(at);
	return owner(value) == pid ? (uint32_t)value : 0;
}
