/* The threads that are traced, and their processes. */
#ifndef CLI_FOLLOWED_H
#define CLI_FOLLOWED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/capture.h"
#include "cli/deed.h"

struct tracee {
	pid_t tid;
	struct process *process; /* NULL: it never called */
	struct capture *capture; /* the call that it is in; NULL: none */
	struct deed *deed;       /* what it is doing with an event; NULL: nothing */
	int comm;                /* its file in procfs; -1: it never called */
};

/* The thread of that number; NULL: it is not followed. */
struct tracee *followed_find(pid_t tid);

/* The same, and from now on it is. */
struct tracee *followed_add(pid_t tid);

/* It has ended; a first thread with it the process. */
void followed_drop(struct tracee *tracee);

/* The system call that it was in never ends. */
void followed_forget(struct tracee *tracee);

/* How many threads there are. */
size_t followed_count(void);

/* Whether that holds for one of them. */
bool followed_any(bool (*holds)(const struct tracee *tracee));

/* Ends the processes that are left, which run on by themselves. */
void followed_end(void);

/* The process of a thread that calls: most never do. */
struct process *followed_caller(struct tracee *tracee);

/* The file of its name, kept open: it may have another one at each call; -1: there is none. */
int followed_comm(struct tracee *tracee);

/* A process of which a thread has called; NULL: none has. */
struct process *followed_process(pid_t pid);

#endif
