/*
 * What this process opened before. An fd may since have been closed and be another file's: the
 * event's own id, asked again, tells.
 */
#include "shim/opened.h"

#include <asm/ioctl.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "decoder/field.h"
#include "shim/sys.h"

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
event_id(int fd, uint64_t *id)
{
	return !SYS_FAILED(sys3(__NR_ioctl, fd, _IOR('$', 7, uint64_t *), id));
}

uint64_t
file_inode(int fd)
{
#ifdef __NR_statx
	struct statx file;

	if (!SYS_FAILED(sys5(__NR_statx, fd, "", AT_EMPTY_PATH, STATX_INO, &file)))
		return file.stx_ino;
#else
	(void)fd;
#endif
	return 0;
}

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
	opened->read_format = attr_value(call, FIELD_read_format);
	opened->cgroup = by_cgroup(call) ? file_inode(call->pid) : 0;
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
	uint64_t id;

	if (call->fd < 0 || call->fd >= EVENTS || !event_id(call->fd, &id))
		return;
	note_interrupt(call);
	version = __atomic_load_n(&events[call->fd].version, __ATOMIC_RELAXED);
	if (version & 1
		|| !__atomic_compare_exchange_n(&events[call->fd].version, &version, version + 1,
			false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	fill(&events[call->fd].opened, call);
	events[call->fd].opened.id = id;
	__atomic_store_n(&events[call->fd].version, version + 2, __ATOMIC_RELEASE);
}

bool
opened_find(int fd, struct opened *opened)
{
	uint32_t version;
	uint64_t id;

	if (fd < 0 || fd >= EVENTS || !event_id(fd, &id))
		return false;
	version = __atomic_load_n(&events[fd].version, __ATOMIC_ACQUIRE);
	bytes_copy(opened, &events[fd].opened, sizeof *opened);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !(version & 1) && version == __atomic_load_n(&events[fd].version, __ATOMIC_RELAXED)
		&& version && opened->id == id;
}

bool
opened_interrupt(void)
{
	return __atomic_load_n(&interrupt, __ATOMIC_RELAXED);
}
