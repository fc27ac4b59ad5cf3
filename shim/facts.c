/*
 * What is known of the machine and the process at a refusal. A program with a seccomp filter is
 * asked about by what the shim does anyway (openat, read, readlinkat): all else its filter may kill
 * for.
 */
#include "shim/facts.h"

#include <asm/errno.h>
#include <asm/resource.h>
#include <asm/statfs.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/stat.h>

#include "decoder/explain.h"
#include "decoder/field.h"
#include "decoder/host.h"
#include "shim/cache.h"
#include "shim/files.h"
#include "shim/pmu.h"
#include "shim/settings.h"
#include "shim/since.h"
#include "shim/snapshot.h"
#include "shim/sys.h"
#include "shim/tracepoint.h"

#define INITIAL_USER_NAMESPACE 0xeffffffd /* PROC_USER_INIT_INO */

#define DEVICES "/sys/bus/event_source/devices"

enum {
	NO_GROUP = -2,   /* an fd that nothing has: EBADF */
	AT_PAGE_SIZE = 6 /* AT_PAGESZ of the auxiliary vector */
};

/* File systems as statfs(2) tells them. */
enum {
	PROC = 0x9fa0,
	SYSFS = 0x62656572,
	DEBUGFS = 0x64626720,
	TRACEFS = 0x74726163,
	CGROUP = 0x27e0eb,
	CGROUP2 = 0x63677270
};

struct gathering {
	const struct call *call;
	const struct opened *leader;
	struct facts *facts;
	struct facts_room *room;
	const struct traced *traced;
	uint64_t type;
	bool filtered; /* by seccomp, and asking would be done behind the filter */
};

/* What does not change while the process runs. */
static struct facts steady;
static uint32_t steady_state;

/* The name of the core PMU in sysfs; "": there is none. */
static char core[PMU_NAME_MAX];

static uint32_t known_size; /* of struct perf_event_attr, as the kernel wrote it; 0: never */

static void
learn(struct gathering *gathering, enum fact_id id, int64_t value)
{
	fact_set(gathering->facts, id, value);
}

/* The texts of an array one after the other; it ends with NULL. */
static const char *
path_of(struct gathering *gathering, const char *const *parts)
{
	return path_join(gathering->room->path, sizeof gathering->room->path, parts);
}

/* Reads the start of a file into the room. */
static bool
read_text(struct gathering *gathering, const char *const *parts)
{
	return file_read(AT_FDCWD, path_of(gathering, parts), gathering->room->text,
		sizeof gathering->room->text);
}

#define PROCFS settings_get()->procfs
#define PROCESS PROCFS, "/", process_folder(gathering->traced)

static bool
number_read(const char *text, int64_t *value)
{
	bool minus = *text == '-';

	text += minus;
	if (*text < '0' || *text > '9')
		return false;
	for (*value = 0; *text >= '0' && *text <= '9'; text++)
		*value = *value * 10 + (*text - '0');
	if (minus)
		*value = -*value;
	return true;
}

/* Whether the kernel answered that, or may: error 0 asks in advance. */
static bool
can_answer(const struct gathering *gathering, int32_t error)
{
	return !gathering->call->error || gathering->call->error == error;
}

static void
learn_number(struct gathering *gathering, enum fact_id id, const char *const *parts)
{
	int64_t value;

	if (read_text(gathering, parts) && number_read(gathering->room->text, &value))
		learn(gathering, id, value);
}

/* Whether a number stands in `0-3,8`. */
static bool
list_has(const char *list, int64_t wanted)
{
	while (*list >= '0' && *list <= '9') {
		int64_t first = 0, last;

		number_read(list, &first);
		last = first;
		while (*list >= '0' && *list <= '9')
			list++;
		if (*list == '-') {
			number_read(++list, &last);
			while (*list >= '0' && *list <= '9')
				list++;
		}
		if (wanted >= first && wanted <= last)
			return true;
		list += *list == ',';
	}
	return false;
}

/* nr_cpu_ids: one more than the last number of the list. */
static void
learn_cpus(struct gathering *gathering)
{
	const char *text = gathering->room->text, *last = text;
	int64_t value;

	if (!read_text(gathering, PATH("/sys/devices/system/cpu/possible")))
		return;
	for (; *text; text++)
		if (*text == '-' || *text == ',')
			last = text + 1;
	if (number_read(last, &value))
		learn(gathering, FACT_cpus, value + 1);
}

/* What a kernel says of itself; one that only names a compiler of theirs stays unknown. */
static void
learn_distribution(struct gathering *gathering)
{
	const char *text = gathering->room->text;

	if (read_text(gathering, PATH("/proc/version_signature")))
		learn(gathering, FACT_distribution, DISTRIBUTION_UBUNTU);
	else if (!read_text(gathering, PATH("/proc/version")))
		return;
	else if (text_find(text, "debian-kernel@"))
		learn(gathering, FACT_distribution, DISTRIBUTION_DEBIAN);
	else if (text_find(gathering->call->kernel, "-android"))
		learn(gathering, FACT_distribution, DISTRIBUTION_ANDROID);
	else if (!text_find(text, "Debian") && !text_find(text, "Ubuntu")
		&& !text_find(text, "kali") && !text_find(text, "proxmox"))
		learn(gathering, FACT_distribution, DISTRIBUTION_MAINLINE);
}

/* `none [integrity] confidentiality` */
static void
learn_security(struct gathering *gathering)
{
	const char *text = gathering->room->text;

	if (read_text(gathering, PATH("/sys/kernel/security/lockdown")))
		learn(gathering, FACT_lockdown,
			text_find(text, "[confidentiality]") ? LOCKDOWN_CONFIDENTIALITY
				: text_find(text, "[integrity]") ? LOCKDOWN_INTEGRITY
				: LOCKDOWN_NONE);
	if (read_text(gathering, PATH("/sys/kernel/security/lsm")))
		learn(gathering, FACT_lsm, text_find(text, "selinux") || text_find(text, "bpf"));
}

static void
learn_page_size(struct gathering *gathering)
{
	unsigned long pair[2];

	if (!read_text(gathering, PATH("/proc/self/auxv")))
		return;
	for (size_t at = 0; at + sizeof pair <= sizeof gathering->room->text; at += sizeof pair) {
		bytes_copy(pair, gathering->room->text + at, sizeof pair);
		if (pair[0] == AT_PAGE_SIZE)
			learn(gathering, FACT_page_size, (int64_t)pair[1]);
		if (pair[0] == AT_PAGE_SIZE || pair[0] == 0)
			return;
	}
}

/* The PMUs that count HARDWARE events, by what their drivers call them. */
static bool
core_name(const char *name)
{
	static const char starts[][8] = {"cpu_", "cpum_cf", "armv", "apple_"};

	if (text_equal(name, "cpu"))
		return true;
	for (unsigned i = 0; i < COUNT_OF(starts); i++)
		if (text_starts(name, starts[i]))
			return true;
	return false;
}

static bool
look_at_device(void *with, const char *name)
{
	(void)with;
	if (text_length(name) >= sizeof core || !core_name(name))
		return true;
	bytes_copy(core, name, text_length(name) + 1);
	return false;
}

static void
learn_core(struct gathering *gathering)
{
	if (directory_walk(AT_FDCWD, DEVICES, gathering->room->text,
		    sizeof gathering->room->text, look_at_device, NULL))
		learn(gathering, FACT_core_pmu, core[0] != '\0');
}

static void
learn_vendor(struct gathering *gathering)
{
	const char *text = gathering->room->text;

	if (!read_text(gathering, PATH("/proc/cpuinfo")) || !text_find(text, "vendor_id"))
		return;
	learn(gathering, FACT_cpu_vendor,
		text_find(text, "GenuineIntel") ? VENDOR_INTEL
			: text_find(text, "AuthenticAMD") || text_find(text, "HygonGenuine")
			? VENDOR_AMD
			: VENDOR_OTHER);
}

static void
learn_steady(struct gathering *gathering)
{
	struct gathering once = *gathering;

	if (cache_claim(&steady_state)) {
		once.facts = &steady;
		learn_cpus(&once);
		learn_distribution(&once);
		learn_security(&once);
		learn_page_size(&once);
		learn_core(&once);
		learn_vendor(&once);
		if (read_text(&once, PATH("/proc/cgroups")))
			learn(&once, FACT_cgroup_perf,
				text_find(once.room->text, "perf_event") != NULL);
		cache_publish(&steady_state);
	}
	if (cache_ready(&steady_state))
		*gathering->facts = steady;
}

static void
learn_seccomp(struct gathering *gathering)
{
	long mode;

	if (gathering->traced) {
		if (gathering->traced->seccomp >= 0)
			learn(gathering, FACT_seccomp, gathering->traced->seccomp);
		return;
	}
	mode = sys1(__NR_prctl, PR_GET_SECCOMP);
	gathering->filtered = mode != 0;
	if (!SYS_FAILED(mode))
		learn(gathering, FACT_seccomp, mode);
}

static void
learn_status(struct gathering *gathering)
{
	static const char key[] = "\nCapEff:\t";
	const char *text;
	uint64_t mask = 0;

	if (!read_text(gathering, PATH(PROCESS, "/status")))
		return;
	text = text_find(gathering->room->text, key);
	if (!text)
		return;
	for (text += sizeof key - 1; *text > ' '; text++)
		mask = mask << 4 | (uint64_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
	learn(gathering, FACT_capabilities, (int64_t)mask);
}

static void
learn_capabilities(struct gathering *gathering)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};

	if (gathering->traced) {
		if (gathering->traced->capabilities >= 0)
			learn(gathering, FACT_capabilities, gathering->traced->capabilities);
		return;
	}
	if (gathering->filtered)
		learn_status(gathering);
	else if (!SYS_FAILED(sys2(__NR_capget, &header, data)))
		learn(gathering, FACT_capabilities,
			(int64_t)((uint64_t)data[1].effective << 32 | data[0].effective));
}

static void
learn_sysctls(struct gathering *gathering)
{
	learn_number(gathering, FACT_paranoid, PATH(PROCFS, "/sys/kernel/perf_event_paranoid"));
	if (fact_known(gathering->facts, FACT_paranoid))
		learn(gathering, FACT_has_perf, 1);
	else if (read_text(gathering, PATH(PROCFS, "/sys/kernel/ostype")))
		learn(gathering, FACT_has_perf, 0);
	if (attr_value(gathering->call, FIELD_freq))
		learn_number(gathering, FACT_max_sample_rate,
			PATH(PROCFS, "/sys/kernel/perf_event_max_sample_rate"));
	if (can_answer(gathering, EOVERFLOW))
		learn_number(gathering, FACT_max_stack,
			PATH(PROCFS, "/sys/kernel/perf_event_max_stack"));
}

/* The text of a link into the room. Returns its length, or -errno. */
static long
read_link(struct gathering *gathering, const char *const *parts)
{
	return link_read(path_of(gathering, parts), gathering->room->text,
		sizeof gathering->room->text);
}

/* Where its capabilities hold, if it has any. */
static void
learn_namespace(struct gathering *gathering)
{
	const struct facts *facts = gathering->facts;
	const char *number;
	int64_t inode;

	if (fact_known(facts, FACT_capabilities) && !facts->value[FACT_capabilities])
		return;
	if (SYS_FAILED(read_link(gathering, PATH(PROCESS, "/ns/user"))))
		return;
	number = text_find(gathering->room->text, "[");
	if (number && number_read(number + 1, &inode))
		learn(gathering, FACT_initial_namespace, inode == INITIAL_USER_NAMESPACE);
}

/* What a call is answered that can open nothing; 0: a filter has it succeed. */
static int64_t
answer_of(long result)
{
	return SYS_FAILED(result) ? -result : 0;
}

static int64_t
group_answer(const unsigned char *attr)
{
	return answer_of(sys5(__NR_perf_event_open, attr, 0, -1, NO_GROUP, 0));
}

static uint64_t
known_flags(void)
{
	uint64_t flags = 0;

	for (int row = group_starts[GROUP_open_flags]; row < group_starts[GROUP_open_flags + 1];
		row++)
		flags |= names[row].value;
	return flags;
}

/*
 * The call without its attr: EFAULT, unless a filter is faster, which sees all the rest of it. Of a
 * flag that it does not know the kernel would say EINVAL first.
 */
static int64_t
null_answer(const struct call *call)
{
	return answer_of(sys5(__NR_perf_event_open, NULL, call->pid, call->cpu, call->group_fd,
		call->flags & known_flags()));
}

static void
learn_group_answers(struct gathering *gathering)
{
	unsigned char attr[VER0];

	bytes_zero(attr, sizeof attr);
	field_store(&fields[FIELD_type], attr, HOST_ARCH, name_value(NAME_PERF_TYPE_SOFTWARE));
	field_store(&fields[FIELD_size], attr, HOST_ARCH, sizeof attr);
	field_store(&fields[FIELD_config], attr, HOST_ARCH, name_value(NAME_PERF_COUNT_SW_DUMMY));
	field_store(&fields[FIELD_exclude_hv], attr, HOST_ARCH, 1);
	learn(gathering, FACT_kernel_answer, group_answer(attr));
	field_store(&fields[FIELD_exclude_kernel], attr, HOST_ARCH, 1);
	learn(gathering, FACT_group_answer, group_answer(attr));
}

static void
learn_permissions(struct gathering *gathering)
{
	bool forbidden = can_answer(gathering, EACCES) || can_answer(gathering, EPERM);

#ifdef SYS_SEEN
	return; /* the questions would be taken for calls of the program's */
#endif
	if (forbidden)
		learn_namespace(gathering);
	if (!asker_is_alike(gathering->traced))
		return;
	if (forbidden || can_answer(gathering, ENOSYS) || gathering->filtered)
		learn(gathering, FACT_null_answer, null_answer(gathering->call));
	if (forbidden)
		learn_group_answers(gathering);
}

static void
learn_descriptors(struct gathering *gathering)
{
	long fd = file_open(AT_FDCWD, "/");

	if (!SYS_FAILED(fd))
		sys1(__NR_close, fd);
	if (!SYS_FAILED(fd) || fd == -EMFILE)
		learn(gathering, FACT_descriptors_left, fd != -EMFILE);
}

struct descriptors {
	uint64_t limit;
	uint64_t used; /* numbers below it */
};

static bool
count_descriptor(void *with, const char *name)
{
	struct descriptors *descriptors = with;
	int64_t number;

	if (number_read(name, &number) && (uint64_t)number < descriptors->limit)
		descriptors->used++;
	return true;
}

static void
learn_traced_descriptors(struct gathering *gathering)
{
	uint64_t limit[2];
	struct descriptors descriptors = {0, 0};

	if (SYS_FAILED(sys4(__NR_prlimit64, gathering->call->caller_pid, RLIMIT_NOFILE, 0, limit)))
		return;
	descriptors.limit = limit[0];
	if (directory_walk(AT_FDCWD, path_of(gathering, PATH(PROCESS, "/fd")),
		    gathering->room->text, sizeof gathering->room->text, count_descriptor,
		    &descriptors))
		learn(gathering, FACT_descriptors_left, descriptors.used < descriptors.limit);
}

static void
learn_limits(struct gathering *gathering)
{
	int64_t used, most;

	if (can_answer(gathering, EMFILE)) {
		if (gathering->traced)
			learn_traced_descriptors(gathering);
		else
			learn_descriptors(gathering);
	}
	if (can_answer(gathering, ENFILE)
		&& read_text(gathering, PATH(PROCFS, "/sys/fs/file-nr"))
		&& number_read(gathering->room->text, &used)
		&& read_text(gathering, PATH(PROCFS, "/sys/fs/file-max"))
		&& number_read(gathering->room->text, &most))
		learn(gathering, FACT_files_left, used < most);
}

static void
learn_cpu(struct gathering *gathering)
{
	if (gathering->call->cpu >= 0
		&& (can_answer(gathering, ENODEV) || !fact_known(gathering->facts, FACT_cpus))
		&& read_text(gathering, PATH("/sys/devices/system/cpu/online")))
		learn(gathering, FACT_cpu_online,
			list_has(gathering->room->text, gathering->call->cpu));
}

/* `PID (comm) S ...`: the letter behind the last parenthesis. */
static char
task_state(struct gathering *gathering, const char *pid)
{
	const char *text = gathering->room->text;
	char state = '\0';

	if (!read_text(gathering, PATH(PROCFS, "/", pid, "/stat")))
		return '\0';
	for (; *text; text++)
		if (text[0] == ')' && text[1] == ' ')
			state = text[2];
	return state;
}

static bool
task_exists(struct gathering *gathering, int32_t task, bool *known)
{
	long result = gathering->filtered ? -ENOSYS : sys2(__NR_kill, task, 0);

	*known = !SYS_FAILED(result) || result == -EPERM || result == -ESRCH;
	return result != -ESRCH;
}

/* A procfs of another pid namespace has other processes under our numbers. */
static bool
procfs_is_ours(struct gathering *gathering)
{
	char text[NUMBER_NAME_MAX];

	if (gathering->traced)
		return pids_are_ours(gathering->traced);
	return !SYS_FAILED(read_link(gathering, PATH(PROCFS, "/self")))
		&& text_equal(gathering->room->text,
			number_name(text, gathering->call->caller_pid));
}

static void
learn_end(struct gathering *gathering, const char *pid)
{
	bool exists, known;
	char state;

	exists = task_exists(gathering, gathering->call->pid, &known);
	if (known)
		learn(gathering, FACT_target_exists, exists);
	if (!procfs_is_ours(gathering))
		return;
	state = task_state(gathering, pid);
	if (state)
		learn(gathering, FACT_target_exiting, state == 'Z' || state == 'X');
}

static void
learn_observable(struct gathering *gathering, const char *pid)
{
	long link;

	if (!asker_is_alike(gathering->traced) || !procfs_is_ours(gathering))
		return;
	link = read_link(gathering, PATH(PROCFS, "/", pid, "/cwd"));
	if (!SYS_FAILED(link) || link == -EACCES || link == -EPERM)
		learn(gathering, FACT_target_observable, !SYS_FAILED(link));
}

static void
learn_target(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	char text[NUMBER_NAME_MAX];
	const char *pid = number_name(text, call->pid);

	if (call->pid <= 0 || (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))
		|| !pids_are_ours(gathering->traced))
		return;
	if (can_answer(gathering, ESRCH))
		learn_end(gathering, pid);
	if (can_answer(gathering, EACCES))
		learn_observable(gathering, pid);
}

/* A PMU says in a file which CPUs it is for; one that is called cpu is for all. */
static void
learn_coverage(struct gathering *gathering, const char *pmu)
{
	bool mask = read_text(gathering, PATH(DEVICES "/", pmu, "/cpumask"));

	learn(gathering, FACT_pmu_cpumask, mask);
	if (gathering->call->cpu < 0)
		return;
	if (mask || read_text(gathering, PATH(DEVICES "/", pmu, "/cpus")))
		learn(gathering, FACT_pmu_covers_cpu,
			list_has(gathering->room->text, gathering->call->cpu));
	else if (text_equal(pmu, "cpu"))
		learn(gathering, FACT_pmu_covers_cpu, 1);
}

static void
learn_capacity(struct gathering *gathering, const char *pmu)
{
	if (!core_name(pmu))
		return;
	learn_number(gathering, FACT_max_precise, PATH(DEVICES "/", pmu, "/caps/max_precise"));
	learn_number(gathering, FACT_pmu_branches, PATH(DEVICES "/", pmu, "/caps/branches"));
	if (!fact_known(gathering->facts, FACT_pmu_branches))
		learn(gathering, FACT_pmu_branches, 0);
}

static enum config_pmu
config_pmu(const struct call *call)
{
	if (!call->pmu[0])
		return CONFIG_PMU_NONE;
	return core_name(call->pmu) ? CONFIG_PMU_CORE : CONFIG_PMU_OTHER;
}

static bool
generic_hardware(uint64_t type)
{
	return type == name_value(NAME_PERF_TYPE_HARDWARE)
		|| type == name_value(NAME_PERF_TYPE_HW_CACHE);
}

/* Only of the machine that runs: with SYSFS_PATH the names are another one's. */
static void
learn_pmu(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	const struct name *generic = name_of(GROUP_type, gathering->type);
	const char *pmu = call->pmu;

	if (!text_equal(settings_get()->sysfs, "/sys"))
		return;
	if (call_extended(call))
		learn(gathering, FACT_config_pmu, config_pmu(call));
	else if (!generic || gathering->type == name_value(NAME_PERF_TYPE_RAW))
		learn(gathering, FACT_pmu, pmu[0] != '\0');
	if (generic_hardware(gathering->type) && !call_extended(call))
		pmu = core;
	if (opened_interrupt())
		learn(gathering, FACT_interrupt, 1);
	if (!pmu[0])
		return;
	learn_coverage(gathering, pmu);
	learn_capacity(gathering, pmu);
}

static void
learn_breakpoint(struct gathering *gathering)
{
	if (gathering->type == name_value(NAME_PERF_TYPE_BREAKPOINT)
		&& can_answer(gathering, EOPNOTSUPP)
		&& read_text(gathering, PATH(PROCFS, "/cpuinfo"))
		&& text_find(gathering->room->text, "\nflags"))
		learn(gathering, FACT_bpext, text_find(gathering->room->text, " bpext") != NULL);
}

static void
learn_tracepoint(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	const char *name = call->tracepoint;

	if (gathering->type != name_value(NAME_PERF_TYPE_TRACEPOINT))
		return;
	if (name[0] || tracepoints_readable())
		learn(gathering, FACT_tracepoint, name[0] != '\0');
	if (can_answer(gathering, EINTR) && text_starts(name, "uprobes:")
		&& read_text(gathering,
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
	return path_of(gathering, PATH(PROCESS, path[0] == '/' ? "/root" : "/cwd/", path));
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
	char text[NUMBER_NAME_MAX];
	long result;

	if (!(call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP)) || gathering->filtered
		|| sizeof system.f_type != sizeof(long))
		return;
	if (gathering->traced) {
		path = path_of(gathering, PATH(PROCESS, "/fd/", number_name(text, call->pid)));
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

/*
 * An event dies with the thread that it watches, or by an exec of that one; of the caller we would
 * know. A zombie is still there.
 */
static void
learn_leader_alive(struct gathering *gathering)
{
	int32_t task = gathering->leader->task;
	bool known;

	if (task == gathering->call->caller_tid)
		learn(gathering, FACT_leader_alive, 1);
	else if (task > 0 && !task_exists(gathering, task, &known) && known)
		learn(gathering, FACT_leader_alive, 0);
}

/* In another pid namespace the task has another number. */
static void
learn_leader_task(struct gathering *gathering)
{
	const struct opened *leader = gathering->leader;
	bool same = gathering->traced ? leader->opener == gathering->call->caller_pid
				      : opened_same_pids();

	if (leader->task != -1 && !same)
		return;
	learn(gathering, FACT_leader_task, leader->task);
	learn_leader_alive(gathering);
}

static void
learn_leader(struct gathering *gathering)
{
	if (!gathering->leader->number)
		return;
	opened_facts(gathering->leader, gathering->facts);
	learn_leader_task(gathering);
}

static void
learn_group_event(struct gathering *gathering)
{
	char text[NUMBER_NAME_MAX];
	long link;

	if (gathering->leader->id) {
		learn(gathering, FACT_group_event, 1);
		return;
	}
	link = read_link(gathering,
		PATH(PROCESS, "/fd/", number_name(text, gathering->call->group_fd)));
	if (!SYS_FAILED(link) || link == -ENOENT)
		learn(gathering, FACT_group_event,
			text_equal(gathering->room->text, "anon_inode:[perf_event]"));
}

static void
learn_group(struct gathering *gathering)
{
	if (gathering->call->group_fd < 0)
		return;
	learn_group_event(gathering);
	if (!fact_known(gathering->facts, FACT_group_event)
		|| !gathering->facts->value[FACT_group_event])
		return;
	learn_leader(gathering);
}

/* What the kernel wrote once holds for all later calls. */
static void
learn_attr_size(struct gathering *gathering)
{
	uint32_t size = gathering->call->size_after;

	if (size)
		__atomic_store_n(&known_size, size, __ATOMIC_RELAXED);
	else
		size = __atomic_load_n(&known_size, __ATOMIC_RELAXED);
	if (size)
		learn(gathering, FACT_attr_size, size);
}

void
facts_gather(struct call *call, const struct traced *traced, const struct opened *leader,
	struct facts *facts, struct facts_room *room)
{
	struct gathering gathering = {
		call, leader, facts, room, traced, attr_value(call, FIELD_type), false};

	facts->known = 0;
	call->facts = facts;
	learn_steady(&gathering);
	learn_seccomp(&gathering);
	learn_capabilities(&gathering);
	learn_sysctls(&gathering);
	learn_permissions(&gathering);
	learn_limits(&gathering);
	learn_cpu(&gathering);
	learn_target(&gathering);
	learn_pmu(&gathering);
	learn_breakpoint(&gathering);
	learn_tracepoint(&gathering);
	learn_probe(&gathering);
	learn_cgroup(&gathering);
	learn_group(&gathering);
	learn_attr_size(&gathering);
}
