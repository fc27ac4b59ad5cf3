/*
 * What this process opened before. After a success no system call is made, so what is known is what
 * was asked for. A vfork child's fds are not its parent's: the process is remembered too.
 */
#include "shim/opened.h"

#include "decoder/field.h"

enum {
	EVENTS = 1024 /* fds that are remembered: the usual limit of open files */
};

/* An odd version is being written. */
static struct {
	uint32_t version;
	struct opened opened;
} events[EVENTS];

static uint32_t interrupt;

static bool
by_cgroup(const struct call *call)
{
	return call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP);
}

static int32_t
watched_task(const struct call *call)
{
	if (call->pid == -1 || by_cgroup(call))
		return -1;
	return call->pid ? call->pid : call->caller_tid;
}

/* By what their drivers call them. */
static bool
makes_aux(const char *pmu)
{
	static const char starts[][12] = {"intel_pt", "intel_bts", "arm_spe", "cs_etm",
		"hisi_ptt"};

	for (unsigned i = 0; i < COUNT_OF(starts); i++)
		if (text_length(pmu) >= text_length(starts[i])
			&& bytes_equal(pmu, starts[i], text_length(starts[i])))
			return true;
	return false;
}

static void
fill(struct opened *opened, const struct call *call)
{
	bool alone = call->group_fd < 0
		|| (call->flags & name_value(NAME_PERF_FLAG_FD_NO_GROUP));

	opened->type = (uint32_t)attr_value(call, FIELD_type);
	opened->config = attr_value(call, FIELD_config);
	opened->reads = attr_value(call, FIELD_read_format);
	opened->by_cgroup = by_cgroup(call);
	opened->opener = call->caller_pid;
	opened->cpu = call->cpu;
	opened->task = watched_task(call);
	opened->clock = attr_value(call, FIELD_use_clockid)
		? (int32_t)attr_value(call, FIELD_clockid)
		: LEADER_CLOCK_DEFAULT;
	opened->inherit = attr_value(call, FIELD_inherit);
	opened->backward = attr_value(call, FIELD_write_backward);
	opened->sibling = !alone;
	opened->aux = makes_aux(call->pmu);
}

static void
note_interrupt(const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	if (attr_value(call, FIELD_sample_period)
		&& (type == name_value(NAME_PERF_TYPE_HARDWARE)
			|| type == name_value(NAME_PERF_TYPE_HW_CACHE)
			|| type == name_value(NAME_PERF_TYPE_RAW)))
		__atomic_store_n(&interrupt, 1, __ATOMIC_RELAXED);
}

void
opened_note(const struct call *call)
{
	uint32_t version;

	if (call->fd < 0 || call->fd >= EVENTS)
		return;
	note_interrupt(call);
	version = __atomic_load_n(&events[call->fd].version, __ATOMIC_RELAXED);
	if (version & 1
		|| !__atomic_compare_exchange_n(&events[call->fd].version, &version, version + 1,
			false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	fill(&events[call->fd].opened, call);
	__atomic_store_n(&events[call->fd].version, version + 2, __ATOMIC_RELEASE);
}

bool
opened_find(int32_t pid, int fd, struct opened *opened)
{
	uint32_t version;

	if (fd < 0 || fd >= EVENTS)
		return false;
	version = __atomic_load_n(&events[fd].version, __ATOMIC_ACQUIRE);
	bytes_copy(opened, &events[fd].opened, sizeof *opened);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !(version & 1) && version == __atomic_load_n(&events[fd].version, __ATOMIC_RELAXED)
		&& version && opened->opener == pid;
}

bool
opened_interrupt(void)
{
	return __atomic_load_n(&interrupt, __ATOMIC_RELAXED);
}
