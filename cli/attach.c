/* Processes that run already. */
#include "cli/attach.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/say.h"
#include "cli/trace.h"
#include "cli/tracee.h"

/* Follows the threads that are not followed yet. Returns how many of all are then, or -1. */
static int
follow_threads(pid_t pid, bool *more)
{
	char path[32];
	struct dirent *entry;
	int followed = 0;
	DIR *tasks;

	*more = false;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks) {
		errno = ESRCH;
		return -1;
	}
	while (followed >= 0 && (entry = readdir(tasks))) {
		pid_t tid = atoi(entry->d_name);

		if (tid <= 0)
			continue;
		if (trace_follows(tid)) {
			followed++;
		} else if (trace_follow(tid)) {
			followed++;
			*more = true;
		} else if (!tracee_gone(tid)) {
			followed = -1;
		}
	}
	closedir(tasks);
	return followed;
}

/* Threads start while one looks at them: until there is none that is new. */
static bool
follow_process(pid_t pid)
{
	bool more = true;
	int followed = 1;

	while (more && followed > 0)
		followed = follow_threads(pid, &more);
	return followed > 0;
}

int
attach(const pid_t *pids, size_t count)
{
	trace_begin(0);
	for (size_t i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "process %d", (int)pids[i]);
		if (follow_process(pids[i])) {
			if (isatty(STDERR_FILENO))
				warn("attached to %s; ^C lets it go", name);
			continue;
		}
		trace_refused(pids[i], name);
		return COMMAND_FAILED; /* the kernel lets go of those that are followed */
	}
	trace_run();
	return 0;
}
