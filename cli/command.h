/* The program that a command means, as far as preloading a library into it goes. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

/* Exit statuses, as env, nice and timeout have them. */
enum {
	COMMAND_FAILED = 125, /* by our own failure */
	COMMAND_NOT_EXECUTABLE = 126,
	COMMAND_NOT_FOUND = 127
};

/* Ends with COMMAND_FAILED after saying so. */
_Noreturn void command_no_memory(void);

/* Says why a command cannot be run, by errno, and returns the status that this has. */
int command_refused(const char *name);

/* Why execvp would not run the command, as an errno; 0: it is a program. */
int command_error(const char *name);

/* Whether a file is what ld.so could preload. */
bool command_is_library(const char *path);

/* Whether it is one that ld.so could audit with. */
bool command_is_audit(const char *path);

/*
 * Why the library, if preloaded, or loaded to audit, would not see the command's calls, as the end
 * of a sentence that starts with its name; NULL: it would, or it is not known to be a program.
 */
const char *command_unseen(const char *name, const char *library, bool audits);

/*
 * Whether the command gains privileges: then ld.so preloads nothing, and execve(2) gives none to a
 * program whose tracer has not got CAP_SYS_PTRACE.
 */
bool command_privileged(const char *name);

#endif
