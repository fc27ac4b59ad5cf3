/* A perf_event_open of a traced thread, from its entry to the dump. */
#include "cli/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/standing.h"
#include "decoder/decode.h"
#include "shim/facts.h"
#include "shim/names.h"
#include "shim/opened.h"
#include "shim/output.h"
#include "shim/probing.h"
#include "shim/rehearse.h"
#include "shim/settings.h"
#include "shim/snapshot.h"

enum {
	RECORD_MAX = 65536 /* as a slot of the library has it */
};

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
static char text[RECORD_MAX];

static struct capture *
capture_new(void)
{
	struct capture *capture = spare;

	if (capture)
		spare = capture->next;
	else
		capture = malloc(sizeof *capture);
	if (!capture)
		die("trace:");
	return capture;
}

void
capture_drop(struct capture *capture)
{
	capture->next = spare;
	spare = capture;
}

static void
read_comm(int file, char comm[CALL_COMM_MAX])
{
	ssize_t length = pread(file, comm, CALL_COMM_MAX, 0);

	comm[length > 0 ? length - 1 : 0] = '\0'; /* for the newline */
}

static const char *
kernel_release(void)
{
	static struct utsname kernel;

	if (!kernel.release[0])
		uname(&kernel);
	return kernel.release;
}

/* The kernel's id of the event behind an fd of that process; 0: it is none. */
static uint64_t
id_in(struct process *process, int fd)
{
	uint64_t id;
	int copy;

	if (!process->pidfd)
		process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	copy = fd < 0 || process->pidfd < 0 ? -1
		: (int)syscall(SYS_pidfd_getfd, process->pidfd, fd, 0);
	if (copy < 0)
		return 0;
	id = event_id(copy);
	close(copy);
	return id;
}

static void
find_leader(struct capture *capture)
{
	struct call *call = &capture->call;
	struct opened *leader = &capture->leader;
	uint64_t id = id_in(capture->process, call->group_fd);

	opened_find(leader, id <= capture->process->forgets ? 0 : id);
	if (leader->leader)
		leader->strayed = id_in(capture->process, leader->leader_fd) != leader->leader;
	call->leader = leader->number;
	if (leader->number && leader->opener != call->caller_pid)
		call->leader_pid = leader->opener;
}

static uint64_t newest;

static void
note_event(struct capture *capture)
{
	uint64_t id = id_in(capture->process, capture->call.fd);

	newest = id > newest ? id : newest;
	opened_note(&capture->call, id, capture->leader.id);
}

void
capture_restart(struct process *process)
{
	process->calls = 0;
	process->forgets = newest;
}

struct capture *
capture_begin(struct process *process, pid_t tid, int comm, enum arch_id arch,
	const struct stop *entry)
{
	struct capture *capture = capture_new();
	struct call *call = &capture->call;

	call_clear(call);
	read_comm(comm, capture->comm);
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

/* A file that cannot be opened is said once: nothing else is lost than the dumps. */
static void
check_output(void)
{
	static bool said;

	if (output_error() && !said)
		warn("cannot open %s: %s; the dumps are lost until it can be opened",
			settings_get()->out, strerror(output_error()));
	said |= output_error() != 0;
}

static void
write_record(struct capture *capture)
{
	const struct settings *settings = settings_get();
	struct call *call = &capture->call;
	struct outlet outlet;
	struct buf out = {.text = text, .size = sizeof text};

	output_prepare(&outlet, call->caller_pid, text, sizeof text);
	check_output();
	if (outlet_torn())
		buf_char(&out, '\n');
	call->lost = capture->process->lost;
	call->needs_told = settings->needs;
	call_decode(&out, call, settings->form, settings->selection);
	if (out.overflow || !outlet_write(&outlet, out.text, out.length))
		capture->process->lost++;
	else
		capture->process->lost = 0;
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
	unsigned char *attr = (unsigned char *)text;

	if (!tracee_callable((enum arch_id)call->arch))
		return;
	if (settings->probe)
		probe_refusal(call, &opener, attr);
	if (!settings->rehearse || !rehearse(call, &opener, attr))
		return;
	rehearse_note(call, attr, id_in(capture->process, call->fd), capture->leader.id);
	tracee_answer(call->caller_tid, call->fd);
}

void
capture_tell_lost(const struct process *process)
{
	if (process->lost)
		warn("%u %s of process %d %s lost: %s", process->lost,
			process->lost == 1 ? "dump" : "dumps", (int)process->pid,
			process->lost == 1 ? "was" : "were",
			strerror(outlet_error() ? outlet_error() : output_error()));
}

void
capture_end(struct capture *capture, int64_t result, bool filtered)
{
	struct call *call = &capture->call;

	call->fd = result < 0 ? -1 : (int32_t)result;
	call->error = result < 0 ? (int32_t)-result : 0;
	if (call->error == E2BIG)
		call->size_after = snapshot_size(call, call->caller_tid, capture->attr_at);
	if (call->error) {
		standing_learn(&capture->traced, call->caller_pid, filtered);
		facts_gather(call, &capture->traced, &capture->leader, &capture->facts,
			&capture->facts_room);
		open_again(capture);
	} else {
		note_event(capture);
	}
	write_record(capture);
	capture_drop(capture);
}
