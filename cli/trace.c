/* Calls caught by ptrace: the events of all that is traced, one after the other. */
#include "cli/trace.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "cli/filter.h"
#include "cli/followed.h"
#include "cli/say.h"
#include "cli/tracee.h"
#include "shim/settings.h"

enum {
	FOLLOW = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
		| PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC,
	SYSCALL_STOP = SIGTRAP | 0x80 /* TRACESYSGOOD */
};

static struct {
	pid_t command; /* 0: attached to what ran before */
	int status;    /* how the command ended, as waitpid() has it */
	bool started;  /* the command was executed, or a process attached to */
} trace;

static volatile sig_atomic_t asked_to_leave;

/* --- one stop --- */

static bool
filtered(void)
{
	return trace.command != 0;
}

static bool
in_call(const struct tracee *tracee)
{
	return tracee->capture || tracee->deed;
}

static void
resume(const struct tracee *tracee, int signal)
{
	bool each_call = in_call(tracee) || !(filtered() || asked_to_leave);

	ptrace(each_call ? PTRACE_SYSCALL : PTRACE_CONT, tracee->tid, 0, signal);
}

static void
begin_call(struct tracee *tracee)
{
	struct process *process;
	struct sight sight;
	struct stop stop;

	if (asked_to_leave || in_call(tracee) || !tracee_look(tracee->tid, &stop) || stop.end)
		return;
	if (!filter_sees(&sight, stop.audit, stop.number, settings_get()->life)) {
		if (filtered())
			tracee_skip(tracee->tid); /* a filter of its own wants another tracer */
		return;
	}
	process = followed_caller(tracee);
	if (sight.function == FUNCTIONS)
		tracee->capture = capture_begin(process, tracee->tid, followed_comm(tracee),
			sight.arch, &stop);
	else
		tracee->deed = deed_begin(process, tracee->tid, followed_comm(tracee), &sight,
			&stop);
}

static struct capture *ended; /* yet to be written */

static void
write_ended(void)
{
	if (ended)
		capture_write(ended);
	ended = NULL;
}

static void
end_call(struct tracee *tracee)
{
	struct stop stop;

	if (!tracee_look(tracee->tid, &stop) || !stop.end)
		return;
	if (tracee->capture)
		capture_end(tracee->capture, stop.result, filtered());
	else
		deed_end(tracee->deed, stop.result);
	ended = tracee->capture;
	if (record_shared())
		write_ended();
	tracee->capture = NULL;
	tracee->deed = NULL;
}

/* A program gains no privileges that its tracer has not got (bprm_creds_from_file). */
static void
check_privileges(pid_t tid)
{
	char path[32], name[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)tid);
	if (geteuid() == 0 || !command_privileged(path))
		return;
	length = readlink(path, name, sizeof name - 1);
	name[length < 0 ? 0 : length] = '\0';
	warn("%s runs without the privileges that it gains untraced", name);
}

/* Nothing is to run unseen: with this process ends the command. */
static void
check_kernel(pid_t tid)
{
	struct stop stop;

	if (tracee_look(tid, &stop) || errno != ENOSYS)
		return;
	warn("cannot trace: this kernel is older than 5.3 (PTRACE_GET_SYSCALL_INFO)");
	exit(COMMAND_FAILED);
}

/* Before what is traced goes on for the first time. */
static void
start(pid_t tid)
{
	if (!trace.started)
		check_kernel(tid);
	trace.started = true;
}

/*
 * What is executed starts anew, as a preloaded library would. Of the threads only one is left, and
 * it has the number of the first; the others end, but the first one's end is not told.
 */
static void
executed(struct tracee *tracee)
{
	unsigned long before = (unsigned long)tracee->tid;
	struct process *process = followed_process(tracee->tid);

	ptrace(PTRACE_GETEVENTMSG, tracee->tid, 0, &before);
	if ((pid_t)before != tracee->tid)
		followed_drop(followed_find((pid_t)before));
	followed_forget(tracee);
	if (process)
		process_restart(process);
	if (tracee->tid == trace.command)
		start(tracee->tid);
	check_privileges(tracee->tid);
}

/* The child stops by itself, sooner or later than this, and may even have ended: ECHILD then. */
static void
forked(const struct tracee *tracee)
{
	const int any = WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL;
	unsigned long child = 0;
	siginfo_t info;

	ptrace(PTRACE_GETEVENTMSG, tracee->tid, 0, &child);
	if (child && waitid(P_PID, (id_t)child, &info, any) == 0)
		followed_add((pid_t)child);
}

static bool
stops_a_job(int signal)
{
	return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/*
 * The thread stays stopped until SIGCONT. A key that stops the command is to stop its whole job,
 * and that is this process, as the shell sees it.
 */
static void
stay_stopped(struct tracee *tracee, int signal)
{
	ptrace(PTRACE_LISTEN, tracee->tid, 0, 0);
	if (tracee->tid == trace.command && stops_a_job(signal)
		&& getpgid(trace.command) == getpgrp())
		raise(SIGSTOP);
}

static void
handle_stop(struct tracee *tracee, int status)
{
	int signal = WSTOPSIG(status);

	switch (status >> 16) {
	case PTRACE_EVENT_SECCOMP:
		begin_call(tracee);
		break;
	case PTRACE_EVENT_EXEC:
		executed(tracee);
		break;
	case PTRACE_EVENT_STOP:
		if (!filtered())
			start(tracee->tid);
		if (signal == SIGTRAP)
			break;
		stay_stopped(tracee, signal);
		return;
	case 0:
		if (signal != SYSCALL_STOP) {
			resume(tracee, signal);
			return;
		}
		if (in_call(tracee))
			end_call(tracee);
		else
			begin_call(tracee);
		break;
	default:
		forked(tracee);
	}
	resume(tracee, 0);
	write_ended();
}

/* --- signals, and all stops --- */

/* What may ask this process to end, to stop, or to leave. */
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP,
	SIGTTIN, SIGTTOU, SIGCONT};

static bool
asks_to_leave(int signal)
{
	return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

/*
 * What a terminal sends to the whole job has reached the command too; what was sent to this process
 * is meant for the command. Who is attached leaves; the timer is for a signal that came just before
 * waitpid() did.
 */
static void
hear(int signal, siginfo_t *info, void *unused)
{
	static const struct itimerval again = {{0, 50000}, {0, 50000}};
	int error = errno;

	(void)unused;
	if (trace.command && info->si_code != SI_KERNEL && info->si_pid != trace.command) {
		kill(trace.command, signal);
	} else if (!trace.command && asks_to_leave(signal)) {
		asked_to_leave = true;
		setitimer(ITIMER_REAL, &again, NULL);
	}
	errno = error;
}

/*
 * What is ignored stays so; but a shell has a job in the background ignore ^C, and who is attached
 * is to leave by it.
 */
static bool
to_be_heard(int signal)
{
	struct sigaction before;

	return (!trace.command && (signal == SIGINT || signal == SIGQUIT))
		|| (sigaction(signal, NULL, &before) == 0 && before.sa_handler != SIG_IGN);
}

static void
set_signals(const struct sigaction *action)
{
	for (size_t i = 0; i < COUNT_OF(signals); i++)
		if (to_be_heard(signals[i]))
			sigaction(signals[i], action, NULL);
}

/* Once the command has ended they are this process's own. */
static void
stop_hearing(void)
{
	static const struct sigaction plain = {.sa_handler = SIG_DFL};

	set_signals(&plain);
}

static void
handle(pid_t tid, int status)
{
	if (WIFSTOPPED(status)) {
		handle_stop(followed_add(tid), status);
		return;
	}
	if (tid == trace.command) {
		trace.status = status;
		stop_hearing();
	}
	followed_drop(followed_find(tid));
}

/*
 * The kernel lets go of all threads when this process ends, and wakes none up for it but those that
 * are stopped: the call that one of them is about to make would be told EINTR, and a signal that
 * was heard of would be lost.
 */
static bool
may_leave(void)
{
	return asked_to_leave && !tracee_waits() && !followed_any(in_call);
}

void
trace_run(void)
{
	while (followed_count() && !may_leave()) {
		int status;
		pid_t tid = tracee_wait(&status);

		if (tid > 0)
			handle(tid, status);
		else if (errno != EINTR)
			break;
	}
	followed_end();
}

/* --- its beginning and end --- */

void
trace_begin(pid_t command)
{
	const struct sigaction heard = {.sa_sigaction = hear,
		.sa_flags = SA_SIGINFO | (command ? SA_RESTART : 0)}; /* errno is the child's too */
	static const struct sigaction quiet = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP};

	trace.command = command;
	set_signals(&heard);
	sigaction(SIGCHLD, &quiet, NULL);
	signal(SIGPIPE, SIG_IGN); /* what is said to nobody must not end the command */
	signal(SIGXFSZ, SIG_IGN);
}

/* One that a followed thread just started is traced already. */
static bool
seize(pid_t tid, int options)
{
	int error;

	if (ptrace(PTRACE_SEIZE, tid, 0, options) == 0)
		return true;
	error = errno;
	if (tracee_number(tid, "TracerPid") == getpid())
		return true;
	errno = error;
	return false;
}

bool
trace_follow(pid_t tid)
{
	bool command = tid == trace.command;
	int options = FOLLOW | (command ? PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL : 0);

	if (!seize(tid, options))
		return false;
	followed_add(tid);
	if (!command)
		ptrace(PTRACE_INTERRUPT, tid, 0, 0); /* its calls stop from its first stop on */
	return true;
}

bool
trace_follows(pid_t tid)
{
	return followed_find(tid) != NULL;
}

bool
trace_ended(int *status)
{
	*status = trace.status;
	return trace.started;
}

void
trace_refused(pid_t pid, const char *name)
{
	int error = errno;
	pid_t tracer = tracee_number(pid, "TracerPid");

	if (pid == getpid())
		warn("cannot trace %s: it is the one that would trace", name);
	else if (tracer)
		warn("cannot trace %s: process %d traces it already", name, (int)tracer);
	else if (error == EPERM && tracee_gone(pid))
		warn("cannot trace %s: it runs no program: it has ended, or is the kernel's", name);
	else if (error == EPERM)
		warn("cannot trace %s: ptrace is not permitted here (another user's process, "
		     "kernel.yama.ptrace_scope, or a container without SYS_PTRACE)",
			name);
	else
		warn("cannot trace %s: %s", name, strerror(error));
}
