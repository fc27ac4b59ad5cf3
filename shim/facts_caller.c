/* What the caller may do, what the kernel answers it, and what it has left of what is limited. */
#include <asm/errno.h>
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>

#include "decoder/host.h"
#include "shim/gathering.h"
#include "shim/sys.h"

#define INITIAL_USER_NAMESPACE 0xeffffffd /* PROC_USER_INIT_INO */

enum {
	NO_GROUP = -2 /* an fd that nothing has: EBADF */
};

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

	if (!room_read(gathering, PATH(PROCESS, "/status")))
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

/* Where its capabilities hold, if it has any. */
static void
learn_namespace(struct gathering *gathering)
{
	const struct facts *facts = gathering->facts;
	const char *number;
	int64_t inode;

	if (fact_known(facts, FACT_capabilities) && !facts->value[FACT_capabilities])
		return;
	if (SYS_FAILED(room_link(gathering, PATH(PROCESS, "/ns/user"))))
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
	bool forbidden = may_answer(gathering, EACCES) || may_answer(gathering, EPERM);

#ifdef SYS_SEEN
	return; /* the questions would be taken for calls of the program's */
#endif
	if (forbidden)
		learn_namespace(gathering);
	if (!asker_is_alike(gathering->traced))
		return;
	if (forbidden || may_answer(gathering, ENOSYS) || gathering->filtered)
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
	if (directory_walk(AT_FDCWD, room_path(gathering, PATH(PROCESS, "/fd")),
		    gathering->room->text, sizeof gathering->room->text, count_descriptor,
		    &descriptors))
		learn(gathering, FACT_descriptors_left, descriptors.used < descriptors.limit);
}

static void
learn_limits(struct gathering *gathering)
{
	int64_t used, most;

	if (may_answer(gathering, EMFILE)) {
		if (gathering->traced)
			learn_traced_descriptors(gathering);
		else
			learn_descriptors(gathering);
	}
	if (may_answer(gathering, ENFILE)
		&& room_read(gathering, PATH(PROCFS, "/sys/fs/file-nr"))
		&& number_read(gathering->room->text, &used)
		&& room_read(gathering, PATH(PROCFS, "/sys/fs/file-max"))
		&& number_read(gathering->room->text, &most))
		learn(gathering, FACT_files_left, used < most);
}

void
facts_caller(struct gathering *gathering)
{
	learn_seccomp(gathering);
	learn_capabilities(gathering);
	learn_permissions(gathering);
	learn_limits(gathering);
}
