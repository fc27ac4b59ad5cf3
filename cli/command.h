/* The program that a command means, as far as preloading a library into it goes. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

/* Why execvp would not run the command, as an errno; 0: it is a program. */
int command_error(const char *name);

/* Whether a file is what ld.so could preload. */
bool command_is_library(const char *path);

/*
 * Why the library cannot be preloaded into the command, as the end of a sentence that starts with
 * its name; NULL: it can, or it is not known to be a program.
 */
const char *command_unseen(const char *name, const char *library);

#endif
