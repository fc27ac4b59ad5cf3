/* One perf_event_open of the traced program: snapshot, names, the real call, decode, write. */
#include <asm/errno.h>

#include "decoder/decode.h"
#include "decoder/host.h"
#include "shim/caller.h"
#include "shim/facts.h"
#include "shim/life.h"
#include "shim/next.h"
#include "shim/names.h"
#include "shim/opened.h"
#include "shim/output.h"
#include "shim/probing.h"
#include "shim/rehearse.h"
#include "shim/settings.h"
#include "shim/slot.h"
#include "shim/snapshot.h"
#include "shim/sys.h"
#include "shim/warning.h"

enum {
	STDERR = 2
};

static long
hand_on(const struct next *next, long attr, long pid, long cpu, long group_fd, unsigned long flags)
{
	long (*call)(long number, ...) = next->call;
	long result;

	if (call)
		return call(__NR_perf_event_open, attr, pid, cpu, group_fd, flags);
	result = sys5(__NR_perf_event_open, attr, pid, cpu, group_fd, flags);
	return SYS_FAILED(result) ? shim_fail(result, next) : result;
}

static void
describe(struct slot *slot)
{
	struct call *call = &slot->call;

	call->arch = HOST_ARCH;
	call->comm = slot->caller.comm;
	call->kernel = caller_kernel();
	call->caller_pid = slot->caller.pid;
	call->caller_tid = slot->caller.tid;
	call->number = caller_count(call->caller_pid);
}

/* An fd is proved by the kernel's id of the event that it is now. */
static void
find_leader(struct call *call, struct opened *leader)
{
	opened_begin();
	opened_find(leader, call->group_fd < 0 ? 0 : event_id(call->group_fd));
	if (leader->leader)
		opened_stray(leader, event_id(leader->leader_fd));
	opened_lead(call, leader);
}

/*
 * Everything that opens files or reads them comes before the traced call: its fd gets the number it
 * would have had.
 */
static void
before_call(struct slot *slot, const struct settings *settings, uint64_t attr)
{
	describe(slot);
	slot->outlet = (struct outlet){.fd = STDERR};
	if (settings->safe)
		return;
	output_prepare(&slot->outlet, slot->caller.pid, slot->text, sizeof slot->text);
	warning_give(slot->text, sizeof slot->text);
	if (!snapshot_on_stack(&slot->call, attr, slot->attr))
		snapshot_take(&slot->call, slot->caller.pid, attr, slot->attr);
	names_find(&slot->call, NULL, &slot->names);
	find_leader(&slot->call, &slot->leader);
}

/* What the program would find in errno. */
static int
error_now(const struct next *next)
{
	const int *error = next_errno(next);

	return error ? *error : 0;
}

static void
keep_result(struct call *call, long result, const struct next *next)
{
	call->fd = (int32_t)result;
	call->error = result == -1 ? error_now(next) : 0;
}

static void
after_call(struct slot *slot, const struct settings *settings, uint64_t attr)
{
	struct call *call = &slot->call;

	if (!settings->safe) {
		if (call->error == E2BIG)
			call->size_after = snapshot_size(call, call->caller_pid, attr);
		if (call->error)
			facts_gather(call, NULL, &slot->leader, &slot->facts, &slot->facts_room);
		else
			opened_note(call, event_id(call->fd), slot->leader.id);
	} else if (!call->error) {
		snapshot_trust(call, attr, slot->attr);
	} else {
		call->attr_addr = attr;
	}
}

/*
 * A record that cannot be written is counted, and the next one that can says how many there were.
 */
static void
write_record(struct slot *slot, const struct settings *settings)
{
	struct call *call = &slot->call;
	struct buf out = {.text = slot->text, .size = sizeof slot->text};

	if (outlet_torn())
		buf_char(&out, '\n');
	call->lost = caller_take_lost(call->caller_pid);
	call->needs_told = settings->needs;
	call_decode(&out, call, settings->form, settings->selection);
	if (out.overflow || !outlet_write(&slot->outlet, out.text, out.length))
		caller_lose(call->caller_pid, call->lost + 1);
}

/* Returns whether a stand-in has taken the event's place. */
static bool
open_again(struct slot *slot, const struct settings *settings)
{
	const struct opener opener = opener_here();
	unsigned char *attr = (unsigned char *)slot->text;

	if (settings->probe && !settings->safe)
		probe_refusal(&slot->call, &opener, attr);
	if (!settings->rehearse || !rehearse(&slot->call, &opener, attr))
		return false;
	rehearse_note(&slot->call, attr, event_id(slot->call.fd), slot->leader.id);
	return true;
}

static void
who_calls(struct caller *caller, const struct settings *settings)
{
	if (settings->safe)
		caller_remember(caller);
	else
		caller_ask(caller);
}

long
shim_perf_event_open(const struct next *next, long attr, long pid, long cpu, long group_fd,
	unsigned long flags)
{
	const struct settings *settings = settings_get();
	struct caller caller;
	struct slot *slot;
	int error_before;
	long result;

	if (!settings) {
		caller_lose((int32_t)sys0(__NR_getpid), 1);
		return hand_on(next, attr, pid, cpu, group_fd, flags);
	}
	who_calls(&caller, settings);
	slot = slot_claim(&caller, settings->safe);
	if (!slot) {
		caller_lose(caller.pid, 1);
		return hand_on(next, attr, pid, cpu, group_fd, flags);
	}
	call_clear(&slot->call);
	slot->caller = caller;
	slot->call.pid = (int32_t)pid;
	slot->call.cpu = (int32_t)cpu;
	slot->call.group_fd = (int32_t)group_fd;
	slot->call.flags = flags;

	before_call(slot, settings, (unsigned long)attr);
	error_before = error_now(next);
	result = hand_on(next, attr, pid, cpu, group_fd, flags);
	keep_result(&slot->call, result, next);
	after_call(slot, settings, (unsigned long)attr);
	if (slot->call.error && (settings->probe || settings->rehearse)
		&& open_again(slot, settings)) {
		result = slot->call.fd;
		*next_errno(next) = error_before;
	}
	if (life_note)
		life_note(&slot->call);
	write_record(slot, settings);
	slot_release(slot);
	return result;
}
