/* Calls caught by ptrace: what all that is traced does, one event after the other. */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Before anything is traced: from now on a signal to this process is the command's, whose pid this
 * is; or, without one (0), asks it to leave what it is attached to. No child should be forked after
 * that, since it would hear them.
 */
void trace_begin(pid_t command);

/*
 * Follows a thread, and all that it will start. The command's first thread waits to be told to go
 * on, has the filter of filter_install() then, and is killed should this process end; any other
 * one is one that runs already. Returns false with errno set.
 */
bool trace_follow(pid_t tid);

/* Whether it is followed. */
bool trace_follows(pid_t tid);

/* Says why a thread cannot be followed, by errno. */
void trace_refused(pid_t pid, const char *name);

/*
 * Dumps their calls until the last of them has ended. Without a command SIGINT and the like end it
 * too, and what was followed runs on.
 */
void trace_run(void);

/* How the command ended, as waitpid() has it. Returns false if it was never executed. */
bool trace_ended(int *status);

#endif
