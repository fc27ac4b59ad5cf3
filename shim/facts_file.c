/* What a call names by way of a file: a tracepoint, what it probes, a cgroup. */
#include <asm/errno.h>
#include <asm/statfs.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "shim/gathering.h"
#include "shim/since.h"
#include "shim/snapshot.h"
#include "shim/sys.h"
#include "shim/tracepoint.h"

/* File systems as statfs(2) tells them. */
enum {
	PROC = 0x9fa0,
	SYSFS = 0x62656572,
	DEBUGFS = 0x64626720,
	TRACEFS = 0x74726163,
	CGROUP = 0x27e0eb,
	CGROUP2 = 0x63677270
};

static void
learn_tracepoint(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	const char *name = call->tracepoint;

	if (gathering->type != name_value(NAME_PERF_TYPE_TRACEPOINT))
		return;
	if (name[0] || tracepoints_readable())
		learn(gathering, FACT_tracepoint, name[0] != '\0');
	if (may_answer(gathering, EINTR) && text_starts(name, "uprobes:")
		&& room_read(gathering,
			PATH("/sys/kernel/tracing/events/uprobes/", name + sizeof "uprobes:" - 1,
				"/enable")))
		learn(gathering, FACT_tracepoint_uprobe, gathering->room->text[0] == '1');
}

/* ext4 and the like have pages of their own, files of proc none; others got them at some time. */
static void
learn_pages(struct gathering *gathering, const struct statfs *system)
{
	switch ((uint32_t)system->f_type) {
	case PROC:
	case DEBUGFS:
	case TRACEFS:
		learn(gathering, FACT_path_pages, 0);
		break;
	case SYSFS:
	case CGROUP:
	case CGROUP2:
		break;
	default:
		learn(gathering, FACT_path_pages, 1);
	}
}

/* As that process means it: from its root, or from where it is. */
static const char *
probed_path(struct gathering *gathering)
{
	const char *path = gathering->call->probe;

	if (!gathering->traced)
		return path;
	return room_path(gathering, PATH(PROCESS, path[0] == '/' ? "/root" : "/cwd/", path));
}

static void
learn_path(struct gathering *gathering)
{
	const char *path = probed_path(gathering);
	struct status file;
	struct statfs system;
	long result = sys5(__NR_statx, AT_FDCWD, path, 0, STATUS_TYPE | STATUS_SIZE, &file);

	if (result == -ENOSYS)
		return;
	learn(gathering, FACT_path_error, -result);
	if (SYS_FAILED(result))
		return;
	learn(gathering, FACT_path_regular, (file.mode & S_IFMT) == S_IFREG);
	learn(gathering, FACT_path_size, (int64_t)file.size);
	if (sizeof system.f_type == sizeof(long) && !SYS_FAILED(sys2(__NR_statfs, path, &system)))
		learn_pages(gathering, &system);
}

static void
learn_probe(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	bool function = field_live(&fields[FIELD_kprobe_func], call);
	const struct field *field =
		&fields[function ? FIELD_kprobe_func : FIELD_uprobe_path];
	uint64_t address = field_value(field, call);
	size_t length = text_length(call->probe) + call->probe_cut;
	char first = 1;

	if (!field_live(field, call) || !address)
		return;
	if (!length) /* empty, or one that runs into unreadable memory */
		memory_read(call->caller_pid, address, &first, 1);
	learn(gathering, FACT_probe_readable, length || !first);
	if (length || !first)
		learn(gathering, FACT_probe_length, (int64_t)length);
	if (length && !call->probe_cut && !function && !gathering->filtered)
		learn_path(gathering);
}

/* An fd that only names its file opens nothing; of another process we would not know. */
static bool
opened_as_path(struct gathering *gathering)
{
	long flags = gathering->traced ? 0 : sys2(__NR_fcntl, gathering->call->pid, F_GETFL);

	return !SYS_FAILED(flags) && flags & O_PATH;
}

static bool
is_cgroup(const struct statfs *system)
{
	return (uint32_t)system->f_type == CGROUP || (uint32_t)system->f_type == CGROUP2;
}

/* Which controllers it has is not told: of version 1 each hierarchy has its own. */
static void
learn_cgroup(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	struct statfs system;
	struct status file;
	const char *path = "";
	char fd[NUMBER_NAME_MAX];
	long result;

	if (!(call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP)) || gathering->filtered
		|| sizeof system.f_type != sizeof(long))
		return;
	if (gathering->traced) {
		path = room_path(gathering, PATH(PROCESS, "/fd/", number_name(fd, call->pid)));
		result = sys2(__NR_statfs, path, &system);
	} else {
		result = sys2(__NR_fstatfs, call->pid, &system);
	}
	if (SYS_FAILED(result)) {
		learn(gathering, FACT_cgroup_fd, 0);
		return;
	}
	result = sys5(__NR_statx, call->pid, path, AT_EMPTY_PATH, STATUS_TYPE | STATUS_INODE,
		&file);
	if (SYS_FAILED(result))
		return;
	learn(gathering, FACT_cgroup_fd,
		is_cgroup(&system) && (file.mode & S_IFMT) == S_IFDIR
			&& !opened_as_path(gathering));
	learn(gathering, FACT_cgroup, (int64_t)file.inode);
}

void
facts_file(struct gathering *gathering)
{
	learn_tracepoint(gathering);
	learn_probe(gathering);
	learn_cgroup(gathering);
}
