/* What an event is opened for and beside: the CPU, the task, the leader. */
#include <asm/errno.h>

#include "shim/gathering.h"
#include "shim/sys.h"

static void
learn_cpu(struct gathering *gathering)
{
	if (gathering->call->cpu >= 0
		&& (may_answer(gathering, ENODEV) || !fact_known(gathering->facts, FACT_cpus))
		&& room_read(gathering, PATH("/sys/devices/system/cpu/online")))
		learn(gathering, FACT_cpu_online,
			list_has(gathering->room->text, gathering->call->cpu));
}

/* `PID (comm) S ...`: the letter behind the last parenthesis. */
static char
task_state(struct gathering *gathering, const char *pid)
{
	const char *text = gathering->room->text;
	char state = '\0';

	if (!room_read(gathering, PATH(PROCFS, "/", pid, "/stat")))
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
	char pid[NUMBER_NAME_MAX];

	if (gathering->traced)
		return pids_are_ours(gathering->traced);
	number_name(pid, gathering->call->caller_pid);
	return !SYS_FAILED(room_link(gathering, PATH(PROCFS, "/self")))
		&& text_equal(gathering->room->text, pid);
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
	link = room_link(gathering, PATH(PROCFS, "/", pid, "/cwd"));
	if (!SYS_FAILED(link) || link == -EACCES || link == -EPERM)
		learn(gathering, FACT_target_observable, !SYS_FAILED(link));
}

static void
learn_task(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	char text[NUMBER_NAME_MAX];
	const char *pid = number_name(text, call->pid);

	if (call->pid <= 0 || (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))
		|| !pids_are_ours(gathering->traced))
		return;
	if (may_answer(gathering, ESRCH))
		learn_end(gathering, pid);
	if (may_answer(gathering, EACCES))
		learn_observable(gathering, pid);
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
	char fd[NUMBER_NAME_MAX];
	long link;

	if (gathering->leader->id) {
		learn(gathering, FACT_group_event, 1);
		return;
	}
	link = room_link(gathering,
		PATH(PROCESS, "/fd/", number_name(fd, gathering->call->group_fd)));
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

void
facts_target(struct gathering *gathering)
{
	learn_cpu(gathering);
	learn_task(gathering);
	learn_group(gathering);
}
