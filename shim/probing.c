/* Active probing: the refused event again, with one group of members reset at a time. */
#include "shim/probing.h"

#include <asm/errno.h>

#include "decoder/explain.h"
#include "decoder/reset.h"
#include "shim/sys.h"

/* The types that cannot set a probe. A tracepoint may be one, and its name does not tell. */
static const uint16_t harmless[] = {
	NAME_PERF_TYPE_HARDWARE,
	NAME_PERF_TYPE_SOFTWARE,
	NAME_PERF_TYPE_HW_CACHE,
	NAME_PERF_TYPE_RAW,
};

/* A PMU whose name is not known for sure may be that of kprobes or uprobes. */
static bool
without_side_effects(const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);
	const struct name *name = name_of(GROUP_type, type);

	for (unsigned i = 0; i < COUNT_OF(harmless); i++)
		if (type == name_value((enum name_id)harmless[i]))
			return true;
	return !name && call->pmu[0] && !text_equal(call->pmu, "kprobe")
		&& !text_equal(call->pmu, "uprobe") && machine_has_pmu(call);
}

/* Where the attr decided nothing, or is not known, there is nothing to be found out. */
static bool
decided_by_attr(const struct call *call)
{
	switch (call->error) {
	case 0:
	case EFAULT:
	case EMFILE:
	case ENFILE:
	case ENOSYS:
		return false;
	default:
		return call->readable >= call_attr_wanted(call_attr_size(call));
	}
}

static bool
settled(const struct call *call)
{
	static const struct facts nothing;
	struct answer answer;

	explain(&answer, call, call->facts ? call->facts : &nothing);
	return answer.kind == ANSWER_CERTAIN;
}

/* Whether the group has anything to reset. */
static bool
changes(const struct call *call, enum reset reset)
{
	const uint8_t *ids = reset_fields(reset);

	switch (reset) {
	case RESET_DISABLED:
		return true;
	case RESET_GROUP:
		return call->group_fd != -1;
	case RESET_TARGET:
		return call->pid != 0 || call->cpu != -1;
	default:
		return reset_next(&ids, call) != NULL;
	}
}

/* The answer to the call with that group reset: 0, and all is closed again, or the error. */
static int32_t
answer_with(const struct call *call, const struct opener *opener, enum reset reset,
	unsigned char *attr)
{
	const uint8_t *ids = reset_fields(reset);
	struct call changed = *call;
	const struct field *field;
	long fd;

	bytes_copy(attr, call->attr, call->readable);
	attr_store(call, attr, FIELD_disabled, 1);
	attr_store(call, attr, FIELD_enable_on_exec, 0);
	while ((field = reset_next(&ids, call)))
		attr_store(call, attr, (enum field_id)(field - fields), 0);
	changed.flags |= name_value(NAME_PERF_FLAG_FD_CLOEXEC);
	if (reset == RESET_GROUP)
		changed.group_fd = -1;
	if (reset == RESET_TARGET) {
		changed.pid = 0;
		changed.cpu = -1;
		changed.flags &= ~name_value(NAME_PERF_FLAG_PID_CGROUP);
	}
	fd = event_open(opener, &changed, attr);
	if (SYS_FAILED(fd))
		return (int32_t)-fd;
	opener->close(opener->with, fd);
	return 0;
}

void
probe_refusal(struct call *call, const struct opener *opener, unsigned char *room)
{
#ifdef SYS_SEEN
	return; /* these calls would be taken for the program's */
#endif
	if (!decided_by_attr(call) || !without_side_effects(call) || settled(call))
		return;
	for (enum reset reset = RESET_DISABLED; reset < RESET_NO_HELP; reset++) {
		int32_t answer;

		if (!changes(call, reset))
			continue;
		answer = answer_with(call, opener, reset, room);
		if (answer == call->error)
			continue;
		call->probed = (uint8_t)reset;
		call->probed_error = answer;
		return;
	}
	call->probed = RESET_NO_HELP;
}
