/*
 * What was opened before. After a success the kernel is asked for no more than the event's id: what
 * is known is what was asked for.
 */
#include "shim/opened.h"

#include <asm/ioctl.h>

#include "decoder/field.h"
#include "shim/cache.h"
#include "shim/files.h"
#include "shim/settings.h"
#include "shim/sys.h"

enum {
	EVENTS = 4096, /* that are remembered. Ids count up: the newest take the oldest's places */
	NAMESPACE_MAX = 32
};

/* An odd version is being written. */
static struct {
	uint32_t version;
	struct opened opened;
} events[EVENTS];

static uint32_t interrupt;

/* The pid namespace that the numbers of tasks are of. */
static char namespace[NAMESPACE_MAX];
static uint32_t namespace_state;

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
		if (text_starts(pmu, starts[i]))
			return true;
	return false;
}

static void
fill(struct opened *opened, const struct call *call)
{
	opened->type = (uint32_t)attr_value(call, FIELD_type);
	opened->config = attr_value(call, FIELD_config);
	opened->reads = attr_value(call, FIELD_read_format);
	opened->number = call->number;
	opened->opener = call->caller_pid;
	opened->leader_fd = call->group_fd;
	opened->cpu = call->cpu;
	opened->task = watched_task(call);
	opened->clock = attr_value(call, FIELD_use_clockid)
		? (int32_t)attr_value(call, FIELD_clockid)
		: LEADER_CLOCK_DEFAULT;
	opened->by_cgroup = by_cgroup(call);
	opened->inherit = attr_value(call, FIELD_inherit);
	opened->backward = attr_value(call, FIELD_write_backward);
	opened->leaves_on_exec = attr_value(call, FIELD_remove_on_exec);
	opened->aux = makes_aux(call->pmu);
}

static void
note_interrupt(const struct call *call)
{
	if (attr_value(call, FIELD_sample_period)
		&& (call_generic(call)
			|| attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_RAW)))
		__atomic_store_n(&interrupt, 1, __ATOMIC_RELAXED);
}

/* pid:[4026531836] */
static void
ask_namespace(char text[NAMESPACE_MAX])
{
	char path[ROOT_MAX + sizeof "/self/ns/pid"];

	path_join(path, sizeof path, PATH(settings_get()->procfs, "/self/ns/pid"));
	link_read(path, text, NAMESPACE_MAX);
}

void
opened_begin(void)
{
	if (!cache_claim(&namespace_state))
		return;
	ask_namespace(namespace);
	cache_publish(&namespace_state);
}

/* Nobody comes back from an inner one: it is still the first one's if it was that all the time. */
bool
opened_same_pids(void)
{
	char now[NAMESPACE_MAX];

	ask_namespace(now);
	return cache_ready(&namespace_state) && *now && text_equal(now, namespace);
}

/* The request's size is a pointer's, and its direction the architecture's: the row has neither. */
uint64_t
event_id(int fd)
{
	unsigned request = (unsigned)name_value(NAME_PERF_EVENT_IOC_ID);
	uint64_t id = 0;

	request = _IOR(_IOC_TYPE(request), _IOC_NR(request), void *);
	return SYS_FAILED(sys3(__NR_ioctl, fd, request, &id)) ? 0 : id;
}

/* The high half is for who makes ids of a process and a number. */
static unsigned
place_of(uint64_t id)
{
	return (unsigned)(id + (id >> 32) * 2654435761U) % EVENTS;
}

void
opened_note(const struct call *call, uint64_t id, uint64_t group)
{
	bool grouped = call->group_fd >= 0
		&& !(call->flags & name_value(NAME_PERF_FLAG_FD_NO_GROUP));
	uint32_t *version = &events[place_of(id)].version;
	struct opened *opened = &events[place_of(id)].opened;
	uint32_t before = __atomic_load_n(version, __ATOMIC_RELAXED);

	note_interrupt(call);
	if (!id || (grouped && !group) || before & 1
		|| !__atomic_compare_exchange_n(version, &before, before + 1, false,
			__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	fill(opened, call);
	opened->id = id;
	opened->leader = grouped ? group : 0;
	__atomic_store_n(version, before + 2, __ATOMIC_RELEASE);
}

void
opened_find(struct opened *opened, uint64_t id)
{
	const uint32_t *version = &events[place_of(id)].version;
	uint32_t before = __atomic_load_n(version, __ATOMIC_ACQUIRE);

	bytes_copy(opened, &events[place_of(id)].opened, sizeof *opened);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (!id || opened->id != id || before & 1
		|| before != __atomic_load_n(version, __ATOMIC_RELAXED))
		*opened = (struct opened){.id = id};
}

void
opened_stray(struct opened *opened, uint64_t now)
{
	struct opened leader;

	opened_find(&leader, opened->leader);
	opened->strayed = now != opened->leader || !leader.number || leader.leaves_on_exec
		|| opened->leaves_on_exec;
}

void
opened_facts(const struct opened *opened, struct facts *facts)
{
	fact_set(facts, FACT_leader_type, opened->type);
	fact_set(facts, FACT_leader_config, (int64_t)opened->config);
	fact_set(facts, FACT_leader_cpu, opened->cpu);
	fact_set(facts, FACT_leader_read_format, (int64_t)opened->reads);
	if (!opened->by_cgroup)
		fact_set(facts, FACT_leader_cgroup, 0);
	fact_set(facts, FACT_leader_inherit, opened->inherit);
	fact_set(facts, FACT_leader_clock, opened->clock);
	fact_set(facts, FACT_leader_backward, opened->backward);
	if (!opened->strayed)
		fact_set(facts, FACT_leader_sibling, opened->leader != 0);
	fact_set(facts, FACT_leader_aux, opened->aux);
}

void
opened_lead(struct call *call, const struct opened *leader)
{
	call->leader = leader->number;
	if (leader->number && leader->opener != call->caller_pid)
		call->leader_pid = leader->opener;
}

bool
opened_interrupt(void)
{
	return __atomic_load_n(&interrupt, __ATOMIC_RELAXED);
}
