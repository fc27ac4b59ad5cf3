/*
 * What facts.c and the rooms facts_*.c share: one gathering of facts, and the reading of files for
 * it. Each room has one function of its own name, which learns what it can.
 */
#ifndef SHIM_GATHERING_H
#define SHIM_GATHERING_H

#include "decoder/field.h"
#include "shim/facts.h"
#include "shim/files.h"
#include "shim/settings.h"

struct gathering {
	const struct call *call;
	const struct opened *leader;
	struct facts *facts;
	struct facts_room *room;
	const struct traced *traced; /* NULL: the caller is this process */
	uint64_t type;
	bool filtered; /* by seccomp, and asking would be done behind the filter; facts_caller() */
};

/* Where a process is told of, as the parts of a path: PATH(PROCESS, "/status"). */
#define PROCFS settings_get()->procfs
#define PROCESS PROCFS, "/", process_folder(gathering->traced)

static inline void
learn(struct gathering *gathering, enum fact_id id, int64_t value)
{
	fact_set(gathering->facts, id, value);
}

/* Whether the kernel answered that, or may: error 0 asks in advance. */
static inline bool
may_answer(const struct gathering *gathering, int32_t error)
{
	return !gathering->call->error || gathering->call->error == error;
}

/* The joined parts, in the room until the next ones. */
const char *room_path(struct gathering *gathering, const char *const *parts);

/* Reads the start of a file into the room's text. Returns false if there is none to read. */
bool room_read(struct gathering *gathering, const char *const *parts);

/* Reads where a link leads into the room's text. Returns its length, or -errno. */
long room_link(struct gathering *gathering, const char *const *parts);

/* The decimal number that a text starts with. Returns false if it starts with none. */
bool number_read(const char *text, int64_t *value);

/* Whether a number stands in a list as sysfs writes them, `0-3,8`. */
bool list_has(const char *list, int64_t wanted);

/* Learns the number that is in a file, if it is there. */
void learn_number(struct gathering *gathering, enum fact_id id, const char *const *parts);

/* The machine: what does not change, what its sysctls say, how large its kernel's attr is. */
void facts_machine(struct gathering *gathering);

/* Whether there is a core PMU, and which, for facts_pmu(). To be called once and alone. */
void facts_core(struct gathering *gathering);

/* The caller: what it may do, what it is answered, what it has left; and whether it is filtered. */
void facts_caller(struct gathering *gathering);

/* The CPU, the task and the leader: what is given beside the attr. */
void facts_target(struct gathering *gathering);

/* The PMU that the event is for: which CPUs it covers, what it is capable of. */
void facts_pmu(struct gathering *gathering);

/* What is named by its file: a tracepoint, what is probed, a cgroup. */
void facts_file(struct gathering *gathering);

#endif
