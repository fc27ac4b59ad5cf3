/* Processes that run already. */
#ifndef CLI_ATTACH_H
#define CLI_ATTACH_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Dumps the calls of these processes, of all their threads, and of what they start from now on,
 * until they end, or until SIGINT, SIGTERM, SIGHUP or SIGQUIT: then they run on. Returns 0, or 125
 * if one of them could not be attached to, which is said; then none is.
 */
int attach(const pid_t *pids, size_t count);

#endif
