/* Whose calls are looked at: this process's own, or those of one that it traces. */
#ifndef SHIM_PROCESS_H
#define SHIM_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* A traced process, as far as asking on its behalf goes. NULL stands for the one this runs in. */
struct traced {
	char folder[12];      /* in procfs: its pid */
	bool alike;           /* what the kernel answers us it answers that one too */
	bool same_pids;       /* and numbers mean the same tasks to both */
	int8_t seccomp;       /* its mode, without what tracing put there; -1: not known */
	int64_t capabilities; /* in effect; -1: not known */
};

static inline const char *
process_folder(const struct traced *traced)
{
	return traced ? traced->folder : "self";
}

static inline bool
asker_is_alike(const struct traced *traced)
{
	return !traced || traced->alike;
}

static inline bool
pids_are_ours(const struct traced *traced)
{
	return !traced || traced->same_pids;
}

#endif
