/* The seccomp filter of a traced command: it stops at the calls to be seen, and at no others. */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "tables/tables.h"

/*
 * For the process that is to become the command, and for its children and theirs: each
 * perf_event_open of an architecture that this machine runs stops for the tracer. Without
 * CAP_SYS_ADMIN this takes no_new_privs (seccomp(2)), and is done with it. Returns false with errno
 * set.
 */
bool filter_install(void);

/*
 * Whether a system call is perf_event_open, and in which architecture's way: `audit` is the
 * AUDIT_ARCH_* of the kernel, which i386 programs and x86_64's int 0x80 have in common.
 */
bool filter_catches(uint32_t audit, uint64_t number, enum arch_id *arch);

#endif
