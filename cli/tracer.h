/* This process as a tracer. */
#ifndef CLI_TRACER_H
#define CLI_TRACER_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Traces a command, or processes that run already if there is none, with these settings behind
 * those in PEODUMP; NULL: none. Returns the exit status.
 */
int tracer_run(const char *settings, char **command, const pid_t *pids, size_t count);

#endif
