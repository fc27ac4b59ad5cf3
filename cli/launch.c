/* A command that is traced from its start. */
#include "cli/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/filter.h"
#include "cli/say.h"
#include "cli/trace.h"
#include "shim/settings.h"

/* What the child could not do before it was the command. */
struct report {
	bool filtered; /* and then it could not be executed */
	int error;
};

/* Waits until it is followed: the kernel asks no tracer that comes later about its filter. */
static _Noreturn void
become(char **command, int go, int tell)
{
	struct report report = {0};
	char byte;

	if (read(go, &byte, 1) == 1) {
		report.filtered = filter_install(settings_get()->life);
		if (report.filtered)
			execvp(command[0], command);
		report.error = errno;
		if (write(tell, &report, sizeof report) < 0)
			report.error = errno;
	}
	_exit(COMMAND_FAILED);
}

static int
explain(int told, const char *command)
{
	struct report report;

	if (read(told, &report, sizeof report) != sizeof report) {
		warn("%s was killed before it could start", command);
		return COMMAND_FAILED;
	}
	if (!report.filtered) {
		warn("cannot trace %s: no seccomp filter is permitted here: %s", command,
			strerror(report.error));
		return COMMAND_FAILED;
	}
	errno = report.error;
	return command_refused(command);
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
follow(pid_t child, const char *name, int go)
{
	if (!trace_follow(child, true)) {
		trace_refused(child, name);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		return COMMAND_FAILED;
	}
	if (write(go, "", 1) != 1)
		kill(child, SIGKILL);
	trace_run();
	return 0;
}

int
launch(char **command)
{
	int go[2], tell[2], status, failure;
	pid_t child;

	if (pipe2(go, O_CLOEXEC) != 0 || pipe2(tell, O_CLOEXEC) != 0 || (child = fork()) < 0) {
		warn("cannot start %s:", command[0]);
		return COMMAND_FAILED;
	}
	if (!child) {
		close(go[1]);
		become(command, go[0], tell[1]);
	}
	close(go[0]);
	close(tell[1]);
	trace_begin();
	failure = follow(child, command[0], go[1]);
	if (failure)
		return failure;
	return trace_ended(&status) ? end_alike(status) : explain(tell[0], command[0]);
}
