/* The program that a command means, as far as preloading a library into it goes. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * Why the library cannot be preloaded into the command, as the end of a sentence that starts with
 * its name; NULL: it can, or it is not known to be a program.
 */
const char *command_unseen(const char *name, const char *library);

#endif
