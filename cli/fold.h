/* Runs of calls that are alike but for their CPUs, threads and fds, as one. */
#ifndef CLI_FOLD_H
#define CLI_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder/buf.h"
#include "decoder/act.h"
#include "decoder/call.h"

struct range {
	int64_t first;
	int64_t last;
};

/* A set of numbers, kept as ascending ranges. */
struct ranges {
	struct range *at;
	size_t count;
	size_t room;
};

/* Ends the program when there is no memory. */
void ranges_add(struct ranges *ranges, int64_t value);
bool ranges_has(const struct ranges *ranges, int64_t value);
bool ranges_many(const struct ranges *ranges);

/* 0-3,6: of a long list the first ones, and how many more there are. */
void ranges_text(struct buf *out, const struct ranges *ranges);

/* Whom a call watches, whatever the number. */
enum role {
	ROLE_ANY,    /* -1 */
	ROLE_CALLER, /* 0, or the caller's own number */
	ROLE_CGROUP,
	ROLE_OTHER, /* another task */
	ROLE_NONE   /* no number that a task can have */
};

enum role call_role(const struct call *call);

/* Whether two calls ask with the same attr: string pointers may differ where the strings do not. */
bool attr_alike(const struct call *left, const struct call *right);

/* Whether two acts do the same to two events: fds, ids and addresses may differ. */
bool act_alike(const struct act *left, const struct act *right);

/* A call and those behind it that are alike; or an act, and those on other events. */
struct fold {
	struct call *first;
	struct act *act; /* NULL: they are calls */
	unsigned long calls; /* or acts */
	struct ranges numbers; /* of calls, or of those that opened the events */
	struct ranges threads; /* that called */
	struct ranges pids;
	struct ranges cpus;
	struct ranges groups; /* group_fd */
	struct ranges leaders;
	struct ranges fds;
};

/* Keeps a copy of the call, until fold_end. */
void fold_begin(struct fold *fold, const struct call *call);

/* Whether the call, which came next, belongs to the run; calls is 0 for an empty fold. */
bool fold_takes(const struct fold *fold, const struct call *call);
void fold_add(struct fold *fold, const struct call *call);

/* The same for acts. */
void fold_begin_act(struct fold *fold, const struct act *act);
bool fold_takes_act(const struct fold *fold, const struct act *act);
void fold_add_act(struct fold *fold, const struct act *act);
void fold_end(struct fold *fold);

/* What differs in the run, name by name: 2 calls alike: call 5-6, cpu 0-1, fd 7-8. */
void fold_text(struct buf *out, const struct fold *fold);

/* The same as the members of a JSON object. */
void fold_json(struct buf *out, const struct fold *fold);

#endif
