/* Processes that run already. */
#include "cli/attach.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/say.h"
#include "cli/trace.h"

/* Follows the threads that are not followed yet. Returns how many those were, or -1. */
static int
follow_threads(pid_t pid)
{
	char path[32];
	struct dirent *entry;
	int found = 0;
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks) {
		errno = ESRCH;
		return -1;
	}
	while (found >= 0 && (entry = readdir(tasks))) {
		pid_t tid = atoi(entry->d_name);

		if (tid <= 0 || trace_follows(tid))
			continue;
		if (trace_follow(tid, false))
			found++;
		else if (errno != ESRCH)
			found = -1;
	}
	closedir(tasks);
	return found;
}

/* Threads start while one looks at them: until there is none that is new. */
static bool
follow_process(pid_t pid)
{
	int found;

	while ((found = follow_threads(pid)) > 0)
		continue;
	return found == 0 && trace_follows(pid);
}

int
attach(const pid_t *pids, size_t count)
{
	trace_begin();
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
