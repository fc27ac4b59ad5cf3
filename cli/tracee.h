/* A thread that is stopped under ptrace: where it stands, and calls made in its place. */
#ifndef CLI_TRACEE_H
#define CLI_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "decoder/call.h"

/* A system call at its entry or at its end. */
struct stop {
	uint32_t audit; /* AUDIT_ARCH_* of the way in */
	bool end;       /* the result is known, and nothing else is */
	uint64_t number;
	uint64_t arguments[6];
	int64_t result; /* -errno for a failure */
};

/*
 * What a thread that stopped for a system call is about. Returns false if it is no longer there, or
 * with ENOSYS as errno if the kernel cannot say (before 5.3).
 */
bool tracee_look(pid_t tid, struct stop *stop);

/* The next thread that stopped or ended, as waitpid() has it. */
pid_t tracee_wait(int *status);

/* Whether the next one is here already. */
bool tracee_waits(void);

/*
 * Makes a system call in the place of a thread that stopped at the end of one of that architecture,
 * and leaves it as it was. Signals wait meanwhile. Returns the call's result or -errno; -ENOTSUP:
 * that cannot be done here.
 */
long tracee_call(pid_t tid, enum arch_id arch, uint64_t number, const uint64_t given[6]);

/* The same for close(2), whose number is each architecture's own. */
long tracee_close(pid_t tid, enum arch_id arch, int fd);

/* Gives the call at whose end the thread stopped another result. */
void tracee_answer(pid_t tid, long result);

/* The call at whose entry the thread stopped is not made: it ends with ENOSYS. */
void tracee_skip(pid_t tid);

/* Whether tracee_call() can be used for programs of that architecture. */
bool tracee_callable(enum arch_id arch);

/* What its file in procfs says that it is called. */
void tracee_read_comm(int file, char comm[CALL_COMM_MAX]);

/* Writes into the thread's memory, read-only or not. */
bool tracee_write(pid_t tid, uint64_t address, const void *from, size_t size);

/* Whether it runs no program: it has ended, or is one of the kernel's own. Keeps errno. */
bool tracee_gone(pid_t tid);

/* A number of its status in procfs, as Tgid; 0: it is not there. */
pid_t tracee_number(pid_t tid, const char *key);

#endif
