/* A perf_event_open of a traced thread, from its entry to the dump. */
#include "cli/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/process.h"
#include "cli/standing.h"
#include "decoder/decode.h"
#include "shim/facts.h"
#include "shim/names.h"
#include "shim/opened.h"
#include "shim/probing.h"
#include "shim/rehearse.h"
#include "shim/settings.h"
#include "shim/snapshot.h"

struct capture {
	struct call call;
	struct process *process;
	uint64_t attr_at;
	struct opened leader; /* the event at group_fd */
	struct names_room names;
	struct facts facts;
	struct facts_room facts_room;
	struct traced traced;
	char comm[CALL_COMM_MAX];
	unsigned char attr[CALL_ATTR_MAX];
	struct capture *next; /* of those that are free */
};

static struct capture *spare;

static struct capture *
capture_new(void)
{
	struct capture *capture = spare;

	if (capture)
		spare = capture->next;
	else
		capture = malloc(sizeof *capture);
	if (!capture)
		command_no_memory();
	return capture;
}

void
capture_drop(struct capture *capture)
{
	capture->next = spare;
	spare = capture;
}

static const char *
kernel_release(void)
{
	static struct utsname kernel;

	if (!kernel.release[0])
		uname(&kernel);
	return kernel.release;
}

static uint64_t
event_of(const struct capture *capture, int fd)
{
	return process_event_id(capture->process, capture->call.caller_tid, fd);
}

static void
find_leader(struct capture *capture)
{
	struct call *call = &capture->call;
	struct opened *leader = &capture->leader;

	process_event(capture->process, call->caller_tid, call->group_fd, leader);
	if (leader->leader)
		opened_stray(leader, event_of(capture, leader->leader_fd));
	opened_lead(call, leader);
}

struct capture *
capture_begin(struct process *process, pid_t tid, int comm, enum arch_id arch,
	const struct stop *entry)
{
	struct capture *capture = capture_new();
	struct call *call = &capture->call;

	call_clear(call);
	tracee_read_comm(comm, capture->comm);
	snprintf(capture->traced.folder, sizeof capture->traced.folder, "%d", (int)process->pid);
	capture->process = process;
	capture->attr_at = entry->arguments[0];
	call->arch = (uint8_t)arch;
	call->comm = capture->comm;
	call->kernel = kernel_release();
	call->caller_pid = process->pid;
	call->caller_tid = tid;
	call->number = ++process->calls;
	call->pid = (int32_t)entry->arguments[1];
	call->cpu = (int32_t)entry->arguments[2];
	call->group_fd = (int32_t)entry->arguments[3];
	call->flags = entry->arguments[4];
	snapshot_take(call, tid, capture->attr_at, capture->attr);
	names_find(call, &capture->traced, &capture->names);
	find_leader(capture);
	return capture;
}

/* The program's own attr lends its place: what is read there meanwhile is only the kernel's. */
static long
open_traced(void *with, const struct call *call, const unsigned char *attr)
{
	const struct capture *capture = with;
	const uint64_t given[6] = {capture->attr_at, (uint64_t)call->pid, (uint64_t)call->cpu,
		(uint64_t)call->group_fd, call->flags};
	enum arch_id arch = (enum arch_id)call->arch;
	long result;

	if (!tracee_write(call->caller_tid, capture->attr_at, attr, call->readable))
		return -ENOTSUP;
	result = tracee_call(call->caller_tid, arch, arches[arch].number, given);
	tracee_write(call->caller_tid, capture->attr_at, capture->attr, call->readable);
	return result;
}

static void
close_traced(void *with, long fd)
{
	const struct capture *capture = with;
	const struct call *call = &capture->call;

	tracee_close(call->caller_tid, (enum arch_id)call->arch, (int)fd);
}

static void
open_again(struct capture *capture)
{
	const struct settings *settings = settings_get();
	const struct opener opener = {open_traced, close_traced, capture};
	struct call *call = &capture->call;
	unsigned char attr[CALL_ATTR_MAX];

	if (!tracee_callable((enum arch_id)call->arch))
		return;
	if (settings->probe)
		probe_refusal(call, &opener, attr);
	if (!settings->rehearse || !rehearse(call, &opener, attr))
		return;
	rehearse_note(call, attr, event_of(capture, call->fd), capture->leader.id);
	tracee_answer(call->caller_tid, call->fd);
}

void
capture_end(struct capture *capture, int64_t result, bool filtered)
{
	struct call *call = &capture->call;

	call->fd = result < 0 ? -1 : (int32_t)result;
	call->error = result < 0 ? (int32_t)-result : 0;
	if (call->error == EFAULT && memory_forced())
		snapshot_none(call, capture->attr_at);
	if (call->error == E2BIG)
		call->size_after = snapshot_size(call, call->caller_tid, capture->attr_at);
	if (call->error) {
		standing_learn(&capture->traced, filtered);
		facts_gather(call, &capture->traced, &capture->leader, &capture->facts,
			&capture->facts_room);
		open_again(capture);
	} else {
		opened_note(call, event_of(capture, call->fd), capture->leader.id);
	}
}

void
capture_write(struct capture *capture)
{
	const struct settings *settings = settings_get();
	struct process *process = capture->process;
	struct call *call = &capture->call;
	struct buf record = record_begin(process);

	call->lost = process->lost;
	call->needs_told = settings->needs;
	call_decode(&record, call, settings->form, settings->selection);
	if (record_end(process, &record))
		process->lost = 0;
	capture_drop(capture);
}
