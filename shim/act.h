/*
 * What a program does with its events, gathered around each such call: by the library that is
 * preloaded for it, and by a tracer.
 *
 * A tracer that stops at ioctl, mmap, fcntl, dup*, close and prctl notes each event with
 * opened_note() when it is opened, as for calls; dups, forks and exec need no notes, since an
 * event is known by the kernel's id of it. At the entry stop it asks act_begin(), which reads what
 * goes into the kernel; at the exit stop act_end(), which reads what came out; then act_c() or
 * act_json() has the text. close and dup2 must be looked at while the fd is still there, at entry.
 */
#ifndef SHIM_ACT_H
#define SHIM_ACT_H

#include "decoder/act.h"
#include "shim/names.h"

/* Who acts. */
struct actor {
	int32_t pid;
	int32_t tid;
	const char *comm;
	uint8_t arch;
	uint32_t page; /* bytes; 0: not known */
	const struct traced *traced; /* NULL: this process */
	uint64_t (*event_id)(const struct actor *actor, int fd); /* as event_id() in opened.h */
};

/* Lent for the making of an act, as long as the act lives. */
struct act_room {
	char *text;         /* ACT_TEXT_MAX bytes */
	uint32_t *programs; /* 2 + ACT_PROGRAMS_MAX */
	struct call *attr;
	unsigned char *bytes; /* CALL_ATTR_MAX of the attr */
	struct names_room *names;
};

/*
 * Before the traced call. passed: the arguments as the registers have them; upper halves of ints
 * do not matter. Returns false for what is none of a dump's business: an fd that is no event, or
 * one that is not known; a prctl about something else.
 */
bool act_begin(struct act *act, const struct actor *actor, enum function function,
	const uint64_t passed[ACT_ARGUMENTS], const struct act_room *room);

/* After it: what it gave, and a positive errno if that is -1. */
void act_end(struct act *act, const struct actor *actor, int64_t result, int32_t error,
	const struct act_room *room);

#endif
