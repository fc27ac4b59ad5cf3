/* The traced program's memory, read without trusting its pointers. */
#ifndef SHIM_SNAPSHOT_H
#define SHIM_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include "decoder/call.h"

/*
 * Copies what can be read of the `size` bytes at an address of this process, or of one that it may
 * trace. Returns how many that were.
 */
size_t memory_read(int pid, uint64_t address, void *to, size_t size);

/*
 * Whether another process's memory was read by its file, since there was no other way: that shows
 * what the process itself may not read (FOLL_FORCE), too.
 */
bool memory_forced(void);

/* The attr as it is now, into `attr` (CALL_ATTR_MAX bytes) and the call. */
void snapshot_take(struct call *call, int pid, uint64_t address, unsigned char *attr);

/* Takes it back: the process could not read it. */
void snapshot_none(struct call *call, uint64_t address);

/*
 * The same by plain loads, if the attr is above our frame on the page that we stand on: our caller
 * is there too, and needs it as we do. False: it is elsewhere, and snapshot_take() has to ask.
 */
bool snapshot_on_stack(struct call *call, uint64_t address, unsigned char *attr);

/*
 * The same by plain loads, for safe=1: only after the kernel accepted the attr, so that all of it
 * can be read.
 */
void snapshot_trust(struct call *call, uint64_t address, unsigned char *attr);

/* attr.size after an E2BIG: perf_copy_attr may have written the size it knows over it. */
uint32_t snapshot_size(const struct call *call, int pid, uint64_t address);

#endif
