/* The threads that are traced, and their processes. */
#include "cli/followed.h"

#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/tracee.h"

static void *tracees;   /* by tid, for tsearch() */
static void *processes; /* by pid */
static size_t count;

static int
compare_tid(const void *left, const void *right)
{
	pid_t a = ((const struct tracee *)left)->tid, b = ((const struct tracee *)right)->tid;

	return (a > b) - (a < b);
}

static int
compare_pid(const void *left, const void *right)
{
	pid_t a = ((const struct process *)left)->pid, b = ((const struct process *)right)->pid;

	return (a > b) - (a < b);
}

static void *
remember(void **tree, void *node, int (*compare)(const void *, const void *))
{
	if (!node || !tsearch(node, tree, compare))
		command_no_memory();
	return node;
}

struct process *
followed_process(pid_t pid)
{
	struct process wanted = {.pid = pid};
	void *found = tfind(&wanted, &processes, compare_pid);

	return found ? *(struct process **)found : NULL;
}

static struct process *
add_process(pid_t pid)
{
	struct process *process = followed_process(pid);

	if (process)
		return process;
	process = calloc(1, sizeof *process);
	if (process)
		process->pid = pid;
	return remember(&processes, process, compare_pid);
}

struct process *
followed_caller(struct tracee *tracee)
{
	if (!tracee->process)
		tracee->process = add_process(tracee_number(tracee->tid, "Tgid"));
	return tracee->process;
}

static void
end_process(void *process)
{
	process_end(process);
	free(process);
}

/* The kernel tells of the first thread's end when it was the last one. */
static void
leave_process(pid_t tid)
{
	struct process *process = followed_process(tid);

	if (!process)
		return;
	tdelete(process, &processes, compare_pid);
	end_process(process);
}

void
followed_end(void)
{
	tdestroy(processes, end_process);
	processes = NULL;
}

struct tracee *
followed_find(pid_t tid)
{
	struct tracee wanted = {.tid = tid};
	void *found = tfind(&wanted, &tracees, compare_tid);

	return found ? *(struct tracee **)found : NULL;
}

struct tracee *
followed_add(pid_t tid)
{
	struct tracee *tracee = followed_find(tid);

	if (tracee)
		return tracee;
	tracee = calloc(1, sizeof *tracee);
	if (tracee)
		*tracee = (struct tracee){.tid = tid, .comm = -1};
	count++;
	return remember(&tracees, tracee, compare_tid);
}

void
followed_drop(struct tracee *tracee)
{
	if (!tracee)
		return;
	followed_forget(tracee);
	if (tracee->comm >= 0)
		close(tracee->comm);
	leave_process(tracee->tid);
	tdelete(tracee, &tracees, compare_tid);
	free(tracee);
	count--;
}

void
followed_forget(struct tracee *tracee)
{
	if (tracee->capture)
		capture_drop(tracee->capture);
	if (tracee->deed)
		deed_drop(tracee->deed);
	tracee->capture = NULL;
	tracee->deed = NULL;
}

size_t
followed_count(void)
{
	return count;
}

static bool (*question)(const struct tracee *tracee);
static bool answered;

static void
ask_node(const void *node, VISIT visit, int depth)
{
	(void)depth;
	if (visit == postorder || visit == leaf)
		answered |= question(*(struct tracee *const *)node);
}

bool
followed_any(bool (*holds)(const struct tracee *tracee))
{
	question = holds;
	answered = false;
	twalk(tracees, ask_node);
	return answered;
}

int
followed_comm(struct tracee *tracee)
{
	char path[32];

	if (tracee->comm < 0) {
		snprintf(path, sizeof path, "/proc/%d/comm", (int)tracee->tid);
		tracee->comm = open(path, O_RDONLY | O_CLOEXEC);
	}
	return tracee->comm;
}
