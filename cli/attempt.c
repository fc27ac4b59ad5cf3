/* Calls that are only thought of. */
#include "cli/attempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/release.h"
#include "cli/say.h"
#include "decoder/field.h"
#include "shim/facts.h"
#include "shim/names.h"
#include "shim/opened.h"

/* All of a file. Never NULL; freed with free(). */
static char *
read_all(FILE *file, const char *name, size_t *length)
{
	size_t size = 1 << 16;
	char *text = malloc(size);

	*length = 0;
	while (text && (*length += fread(text + *length, 1, size - 1 - *length, file)) == size - 1)
		text = realloc(text, size *= 2);
	if (!text || ferror(file))
		die("%s:", name);
	text[*length] = '\0';
	return text;
}

static void
open_next(struct attempt *attempt)
{
	const char *name = *attempt->files++;
	bool standard = strcmp(name, "-") == 0;
	FILE *file = standard ? stdin : fopen(name, "re");
	size_t length;

	if (!file)
		die("%s:", name);
	attempt->left--;
	name = standard ? "standard input" : name;
	attempt->text = read_all(file, name, &length);
	if (input_holds(attempt->text, length))
		attempt->input = input_open_text(name, attempt->text, length);
	else
		attempt->source = source_open(name, attempt->text);
	if (!standard)
		fclose(file);
}

static void
close_one(struct attempt *attempt)
{
	if (attempt->input) {
		attempt->trouble |= input_trouble(attempt->input);
		input_close(attempt->input);
	} else {
		attempt->trouble |= source_trouble(attempt->source);
		source_close(attempt->source);
	}
	free(attempt->text);
	attempt->input = NULL;
	attempt->source = NULL;
}

static bool
read_call(struct attempt *attempt)
{
	for (;;) {
		if (attempt->input ? input_next(attempt->input, &attempt->call)
			: attempt->source && source_next(attempt->source, &attempt->call))
			return true;
		if (attempt->input || attempt->source)
			close_one(attempt);
		if (!attempt->left)
			return false;
		open_next(attempt);
	}
}

void
attempt_begin(struct attempt *attempt, char **files, int count)
{
	static char standard[] = "-";
	static char *only[] = {standard};

	attempt->files = count ? files : only;
	attempt->left = count ? count : 1;
}

/* A task of the past cannot be asked after: it was there, if the dump does not say otherwise. */
static void
keep_target(struct facts *facts, const struct facts *dumped)
{
	static const struct facts there = {.value = {
		[FACT_target_exists] = 1, [FACT_target_observable] = 1}};

	for (enum fact_id id = FACT_target_exists; id <= FACT_target_observable; id++)
		fact_set(facts, id,
			dumped && fact_known(dumped, id) ? dumped->value[id] : there.value[id]);
}

static uint64_t
id_in_dump(const struct attempt *attempt, int32_t pid, uint32_t number)
{
	uint64_t id = (uint64_t)attempt->left << 56 | (uint64_t)(uint32_t)pid << 32 | number;

	return number ? id : 0;
}

/* The call that opened the leader is one of the dump's own, and its number is as good as an id. */
static void
keep_leader(struct attempt *attempt)
{
	const struct call *call = &attempt->call;
	int32_t opener = call->leader_pid ? call->leader_pid : call->caller_pid;
	struct facts *facts = &attempt->facts;
	struct opened leader;

	opened_find(&leader, id_in_dump(attempt, opener, call->leader));
	if (call->fd >= 0)
		opened_note(call, id_in_dump(attempt, call->caller_pid, call->number), leader.id);
	if (call->group_fd < 0 || !leader.number)
		return;
	leader.strayed = leader.leader; /* closes are not in it */
	opened_facts(&leader, facts);
	fact_set(facts, FACT_group_event, 1);
	fact_set(facts, FACT_leader_task, leader.task);
	if (call->fd >= 0)
		fact_set(facts, FACT_leader_alive, 1);
}

/*
 * What the facts say of fds and strings of another process comes from its dump or not at all; what
 * the running kernel answers is not what another release would.
 */
static void
keep_what_holds(struct attempt *attempt, const struct facts *dumped)
{
	static const enum fact_id behaviour[] = {FACT_null_answer, FACT_group_answer,
		FACT_kernel_answer, FACT_attr_size, FACT_distribution, FACT_release};
	struct facts *facts = &attempt->facts;

	for (int id = FACT_cgroup_fd; id < FACTS; id++) {
		facts->known &= ~(1ULL << id);
		if (dumped && fact_known(dumped, (enum fact_id)id))
			fact_set(facts, (enum fact_id)id, dumped->value[id]);
	}
	if (attempt->call.caller_pid) {
		keep_target(facts, dumped);
		keep_leader(attempt);
	}
	if (!attempt->call.probe[0])
		facts->known &= ~(1ULL << FACT_probe_readable | 1ULL << FACT_probe_length);
	for (size_t i = 0; attempt->release && i < COUNT_OF(behaviour); i++)
		facts->known &= ~(1ULL << behaviour[i]);
	if (attempt->release)
		fact_set(facts, FACT_release, attempt->release);
}

/* The names and facts of this machine for a call that may be another one's. */
static void
look_around(struct attempt *attempt)
{
	static struct names_room names_room;
	static struct facts_room facts_room;
	static struct utsname kernel;
	struct call here = attempt->call;
	const char *probe = here.probe;

	here.caller_pid = (int32_t)getpid();
	here.caller_tid = here.caller_pid;
	here.group_fd = -1;
	here.flags = 0;
	here.error = 0;
	here.fd = -1;
	here.pmu = here.tracepoint = here.event = here.alias = here.cgroup = "";
	names_find(&here, NULL, &names_room);
	here.probe = probe;
	here.probe_cut = attempt->call.probe_cut;
	facts_gather(&here, NULL, NULL, &attempt->facts, &facts_room);
	uname(&kernel);
	attempt->call.kernel = kernel.release;
	attempt->call.pmu = here.pmu;
	attempt->call.tracepoint = here.tracepoint;
	attempt->call.event = here.event;
	attempt->call.alias = here.alias;
}

bool
attempt_next(struct attempt *attempt)
{
	const struct facts *dumped;

	if (!read_call(attempt))
		return false;
	dumped = attempt->call.facts;
	look_around(attempt);
	keep_what_holds(attempt, dumped);
	attempt->call.facts = &attempt->facts;
	attempt->call.error = 0;
	attempt->call.size_after = 0;
	attempt->call.fd = -1;
	if (attempt->release)
		snprintf(attempt->where, sizeof attempt->where, "Linux %s",
			release_text(attempt->release, (char[RELEASE_TEXT]){0}));
	else
		snprintf(attempt->where, sizeof attempt->where, "this machine, Linux %s",
			attempt->call.kernel);
	return true;
}

bool
attempt_dumped(const struct attempt *attempt)
{
	return attempt->call.caller_pid;
}
