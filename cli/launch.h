/* A command that is traced from its start. */
#ifndef CLI_LAUNCH_H
#define CLI_LAUNCH_H

/*
 * Runs it and dumps its calls and those of all its descendants, by the settings that are loaded.
 * Returns when the last of them has ended, with the command's exit status, or ends by the signal
 * that ended the command. Returns 125 to 127 if it could not be run, which is said.
 */
int launch(char **command);

#endif
