/* What may be asked on behalf of a traced process. */
#ifndef CLI_STANDING_H
#define CLI_STANDING_H

#include <stdbool.h>

#include "shim/process.h"

/*
 * Compares a process, by its folder, with this one: its user and group ids, its capabilities, its
 * namespaces, its seccomp filters but for the one that tracing put there (`filtered`).
 */
void standing_learn(struct traced *traced, bool filtered);

#endif
