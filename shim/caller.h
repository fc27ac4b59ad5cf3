/* Who calls: the process and thread, its calls counted, and its lost dumps. */
#ifndef SHIM_CALLER_H
#define SHIM_CALLER_H

#include <stdint.h>

#include "decoder/call.h"

/* Who is calling, with room for the texts that the call will point to. */
struct caller {
	int32_t pid;
	int32_t tid;
	char comm[CALL_COMM_MAX];
};

/* Asks the kernel who is calling. */
void caller_ask(struct caller *caller);

/* The same without a system call, as it was at load: safe=1. */
void caller_remember(struct caller *caller);

/* To be called at load. */
void caller_load(void);

/* utsname.release. */
const char *caller_kernel(void);

/*
 * The next number of a call in that process, from 1. Threads, forks, and vfork children that share
 * our memory count apart.
 */
uint32_t caller_count(int32_t pid);

/* Whether any process lost one: where not, the table is a page less that a program touches. */
bool caller_lost(void);

/* Dumps of that process that could not be written; how many such there were since the last take. */
void caller_lose(int32_t pid, uint32_t count);
uint32_t caller_take_lost(int32_t pid);

#endif
