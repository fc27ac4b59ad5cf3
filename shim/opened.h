/*
 * What was opened before: so much of each event as its siblings are checked against, and which call
 * it came from. An event is known by the kernel's own id, which no other event of the machine ever
 * has: an fd may have become another one's by dup2, by close, or across fork.
 */
#ifndef SHIM_OPENED_H
#define SHIM_OPENED_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"

struct opened {
	uint64_t id;
	uint64_t config;
	uint64_t reads;    /* the words of a read(2), by their bits */
	uint64_t leader;   /* the id of its group's leader; 0: it is none's sibling */
	uint32_t type;
	uint32_t number;   /* of the call in its process */
	int32_t opener;    /* that process */
	int32_t leader_fd; /* which the leader had then */
	int32_t cpu;
	int32_t task;  /* the thread it watches; -1: none */
	int32_t clock; /* or LEADER_CLOCK_DEFAULT */
	bool strayed; /* it may have left its group: see opened_stray() */
	bool leaves_on_exec;
	bool by_cgroup;
	bool inherit;
	bool backward;
	bool aux; /* its PMU makes AUX data */
};

/* PERF_EVENT_IOC_ID of an fd of our own; 0: it is no event, or the kernel does not say. */
uint64_t event_id(int fd);

/* To be called before the first call: whose numbers of tasks are to be remembered. */
void opened_begin(void);

/* Whether they mean the same to this process, which may be of another pid namespace. */
bool opened_same_pids(void);

/*
 * Remembers the event that a call gave, without a lock and without a system call. group: the id of
 * its group_fd, or 0. What cannot be kept is not known later.
 */
void opened_note(const struct call *call, uint64_t id, uint64_t group);

/* Whoever opened it. Its number is 0 if nothing is known of the event. */
void opened_find(struct opened *opened, uint64_t id);

/*
 * Whether a sibling that was found may have left its group: its leader's fd is now another event
 * than that, so that it may be closed; or an exec may have ended either
 * (perf_event_remove_on_exec).
 */
void opened_stray(struct opened *opened, uint64_t now);

/* What is known of it as a leader; whose task it watches is for the caller to say. */
void opened_facts(const struct opened *opened, struct facts *facts);

/* Tells a call which one opened its leader. */
void opened_lead(struct call *call, const struct opened *leader);

/* Whether a core PMU has opened an event that samples: then it has an interrupt. */
bool opened_interrupt(void);

#endif
