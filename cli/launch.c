/* A command that is traced from its start. */
#include "cli/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/filter.h"
#include "cli/say.h"
#include "cli/trace.h"
#include "shim/settings.h"

enum {
	STACK = 65536,
	GUARD = 65536
};

/* A child that is to become a command. Its memory is this process's until it does. */
struct start {
	char **command;
	int go[2];     /* a pipe; a byte: it is followed */
	bool filtered; /* and then it could not be executed */
	int error;
};

/* Waits until it is followed: the kernel asks no tracer that comes later about its filter. */
static int
become(void *with)
{
	struct start *start = with;
	char byte;

	close(start->go[1]);
	if (read(start->go[0], &byte, 1) == 1) {
		start->filtered = filter_install(settings_get()->life);
		if (start->filtered)
			execvp(start->command[0], start->command);
		start->error = errno;
	}
	_exit(COMMAND_FAILED);
}

/* execvp() copies the arguments onto it, for a script that names no interpreter. */
static char *
make_stack(char *const *command)
{
	size_t size = GUARD + STACK;
	char *stack;

	for (; *command; command++)
		size += 2 * sizeof *command;
	stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack, GUARD, PROT_NONE) != 0)
		return NULL;
	return stack + size;
}

/* As vfork() does, no page is copied for it; but its parent has to run, to follow it. */
static pid_t
start_child(struct start *start)
{
	char *stack = make_stack(start->command);

	if (!stack || pipe2(start->go, O_CLOEXEC) != 0)
		return -1;
	return clone(become, stack, CLONE_VM | SIGCHLD, start);
}

static int
explain(const struct start *start)
{
	const char *name = start->command[0];

	errno = start->error;
	if (start->filtered)
		return command_refused(name);
	warn("cannot trace %s: no seccomp filter is permitted here: %s", name, strerror(errno));
	return COMMAND_FAILED;
}

/* Ends as the command did, but for a second core. */
static int
end_alike(int status)
{
	static const struct sigaction plain = {.sa_handler = SIG_DFL};
	static const struct rlimit none = {0, 0};
	sigset_t signals;

	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	setrlimit(RLIMIT_CORE, &none);
	sigaction(WTERMSIG(status), &plain, NULL);
	raise(WTERMSIG(status));
	sigemptyset(&signals);
	sigaddset(&signals, WTERMSIG(status));
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	return 128 + WTERMSIG(status);
}

static int
refuse(pid_t child, const char *name)
{
	int status;

	if (waitpid(child, &status, WNOHANG) == child)
		return end_alike(status);
	trace_refused(child, name);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return COMMAND_FAILED;
}

int
launch(char **command)
{
	struct start start = {.command = command};
	pid_t child = start_child(&start);
	int status;

	if (child < 0) {
		warn("cannot start %s:", command[0]);
		return COMMAND_FAILED;
	}
	close(start.go[0]);
	trace_begin(child);
	if (!trace_follow(child))
		return refuse(child, command[0]);
	if (write(start.go[1], "", 1) != 1)
		kill(child, SIGKILL);
	trace_run();
	if (trace_ended(&status) || WIFSIGNALED(status))
		return end_alike(status);
	return explain(&start);
}
