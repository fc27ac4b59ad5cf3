/* The seccomp filter of a traced command: it stops at the calls to be seen, and at no others. */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "tables/tables.h"

/* A system call that is to be seen. */
struct sight {
	enum arch_id arch;
	enum function function; /* what it does with an event; FUNCTIONS: it opens one */
};

/*
 * For the process that is to become the command, and for its children and theirs: each
 * perf_event_open of an architecture that this machine runs stops for the tracer; with `life` so
 * does each call that can do something with an event. Without CAP_SYS_ADMIN this takes no_new_privs
 * (seccomp(2)), and is done with it. Returns false with errno set.
 */
bool filter_install(bool life);

/*
 * What a system call is that stopped. `audit` is the AUDIT_ARCH_* of the kernel, which i386
 * programs and x86_64's int 0x80 have in common. Returns false if it is not to be seen.
 */
bool filter_sees(struct sight *sight, uint32_t audit, uint64_t number, bool life);

#endif
