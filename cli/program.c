/* Calls as one C program that makes them again. */
#include "cli/program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/event.h"
#include "cli/fold.h"
#include "cli/initialiser.h"
#include "cli/input.h"
#include "cli/prologue.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "decoder/field.h"
#include "decoder/value.h"

enum {
	TEXT_MAX = 1 << 17,  /* an attr of a page, byte by byte, and a path of escapes */
	PID_LIMIT = 1 << 22, /* PID_MAX_LIMIT: no task has that number, on any kernel */
	LEAP = 1 << 16,      /* an fd[] of more is none to read */
	FEW_FDS = 900,       /* the usual limit is 1024 */
	COLUMNS = 100,
	TAB = 8
};

/* A call and what its numbers stand for: places in the program's fd[] and task[]; 0: none. */
struct step {
	unsigned long at;
	unsigned long leader;
	unsigned long before; /* had the same fd, and must be closed first */
	unsigned long task;
};

/* Steps that a loop makes: with each, a place moves by 0 or 1. */
struct run {
	struct call *call; /* the first */
	struct step first;
	unsigned long calls;
	int cpus;
	unsigned long leaders;
	unsigned long befores;
	unsigned long tasks;
};

struct entry {
	uint64_t key;
	unsigned long place; /* 0: free */
	uint32_t number;     /* of the call */
};

/* Places by a number of 64 bits. */
struct map {
	struct entry *at;
	size_t count;
	size_t room; /* a power of two */
};

static struct {
	FILE *body;
	struct prologue head;
	int32_t caller; /* whose call was the last */
	struct map fds;
	struct map pids;
	struct run run;
	bool begun; /* a call is written */
	char title[8 * CALL_COMM_MAX + 32];
} program;

static struct entry *
map_slot(const struct map *map, uint64_t key)
{
	size_t at = (size_t)(key * 0x9e3779b97f4a7c15 >> 20) & (map->room - 1);

	while (map->at[at].place && map->at[at].key != key)
		at = (at + 1) & (map->room - 1);
	return &map->at[at];
}

static void
map_grow(struct map *map)
{
	struct map bigger = {.room = map->room ? 2 * map->room : 64, .count = map->count};

	bigger.at = calloc(bigger.room, sizeof *bigger.at);
	if (!bigger.at)
		die("write a program:");
	for (size_t at = 0; at < map->room; at++)
		if (map->at[at].place)
			*map_slot(&bigger, map->at[at].key) = map->at[at];
	free(map->at);
	*map = bigger;
}

/* The entry of a key, which is new if it has no place. */
static struct entry *
map_entry(struct map *map, uint64_t key)
{
	struct entry *entry;

	if (2 * map->count >= map->room)
		map_grow(map);
	entry = map_slot(map, key);
	if (!entry->place) {
		entry->key = key;
		map->count++;
	}
	return entry;
}

static uint64_t
fd_key(int32_t pid, int32_t fd)
{
	return (uint64_t)(uint32_t)pid << 32 | (uint32_t)fd;
}

static void
need(enum need id)
{
	program.head.needs[id] = true;
}

__attribute__((format(printf, 1, 2))) static void
body(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vfprintf(program.body, format, list);
	va_end(list);
}

static struct buf
scratch(void)
{
	static char text[TEXT_MAX];

	return (struct buf){.text = text, .size = sizeof text - 1};
}

/* Less of the attr could be read than the kernel wants: its page ended there. */
static bool
at_edge(const struct call *call)
{
	return call->readable < call_attr_wanted(call_attr_size(call));
}

/* A place that moves with the loop's variable: 6 + cpu, where the first CPU has place 6. */
static void
add_place(struct buf *out, const struct run *run, unsigned long place, unsigned long moves)
{
	long start = (long)place - (run->cpus ? run->call->cpu : 0);

	if (run->calls == 1 || !moves) {
		buf_decimal(out, place);
		return;
	}
	if (start > 0) {
		buf_signed(out, start);
		BUF_LITERAL(out, " + ");
	}
	buf_text(out, run->cpus ? "cpu" : "i");
	if (start < 0) {
		BUF_LITERAL(out, " - ");
		buf_signed(out, -start);
	}
}

static void
add_element(struct buf *out, const struct run *run, const char *array, unsigned long place,
	unsigned long moves)
{
	buf_text(out, array);
	buf_char(out, '[');
	add_place(out, run, place, moves);
	buf_char(out, ']');
}

static void
add_pid(struct buf *out, const struct run *run)
{
	const struct call *call = run->call;

	if (run->first.task) {
		add_element(out, run, "task", run->first.task - 1, run->tasks);
	} else if (call_role(call) == ROLE_CGROUP && call->cgroup[0]) {
		BUF_LITERAL(out, "cgroup");
	} else if (call_role(call) == ROLE_CALLER && call->pid) {
		BUF_LITERAL(out, "getpid()");
	} else if (call_role(call) == ROLE_OTHER && call->pid < PID_LIMIT) {
		need(NEED_LIMITS);
		BUF_LITERAL(out, "INT_MAX");
	} else {
		buf_signed(out, call->pid);
	}
}

static bool
failed_with(const struct call *call, const char *name)
{
	const struct error *error = error_of(call->arch, call->error);

	return error && strcmp(error->name, name) == 0;
}

/* An fd that was no event's must not happen to be one of the program's. */
static void
add_group(struct buf *out, const struct run *run)
{
	const struct call *call = run->call;

	if (run->first.leader)
		add_element(out, run, "fd", run->first.leader, run->leaders);
	else if (call->leader)
		BUF_LITERAL(out, "-1");
	else if (call->group_fd >= 0 && failed_with(call, "EBADF"))
		BUF_LITERAL(out, "-2");
	else
		buf_signed(out, call->group_fd);
}

static void
add_flags(struct buf *out, const struct call *call)
{
	struct value value = value_of_argument(ARGUMENT_flags, call);

	number_c(out, call, &value);
}

static void
add_attr(struct buf *out, const struct call *call)
{
	if (!at_edge(call)) {
		BUF_LITERAL(out, "&event");
	} else if (!call->readable && call->attr_addr < 4096) {
		BUF_LITERAL(out, "(void *)");
		buf_hex(out, call->attr_addr);
	} else {
		need(NEED_EDGE);
		BUF_LITERAL(out, "at_edge(&event, ");
		buf_decimal(out, call->readable);
		buf_char(out, ')');
	}
}

static bool
needs_attr(const struct call *call)
{
	return !at_edge(call) || call->readable || call->attr_addr >= 4096;
}

static void
write_open(const struct run *run)
{
	struct buf out = scratch();
	const struct call *call = run->call;
	size_t columns;

	add_element(&out, run, "fd", run->first.at, 1);
	BUF_LITERAL(&out, " = event_open(");
	add_place(&out, run, run->first.at, 1);
	BUF_LITERAL(&out, ", ");
	add_attr(&out, call);
	BUF_LITERAL(&out, ", ");
	add_pid(&out, run);
	BUF_LITERAL(&out, ", ");
	if (run->cpus)
		BUF_LITERAL(&out, "cpu");
	else
		buf_signed(&out, call->cpu);
	BUF_LITERAL(&out, ", ");
	add_group(&out, run);
	body("\t\t%.*s,", (int)out.length, out.text);
	columns = 2 * TAB + out.length + sizeof ",);" - 1;
	out.length = 0;
	add_flags(&out, call);
	body("%s%.*s);\n", columns + out.length < COLUMNS ? " " : "\n\t\t\t", (int)out.length,
		out.text);
}

/* How the call failed in the dump: that is not to surprise. */
static void
write_expected(const struct call *call)
{
	const struct error *error = error_of(call->arch, call->error);

	if (error)
		body("\t\texpected = %s;\n", error->name);
	else if (call->error)
		body("\t\texpected = %d;\n", call->error);
}

/* Why a number in the program is another one than in the dump. */
static void
write_remarks(const struct run *run)
{
	const struct call *call = run->call;

	if (call_role(call) == ROLE_OTHER && !run->first.task && call->pid < PID_LIMIT)
		body("\t\t/* Process %d had gone, and there is never an INT_MAX. */\n", call->pid);
	if (call->group_fd < 0 || run->first.leader)
		return;
	if (call->leader)
		body("\t\t/* The leader, call %u, is not in this program. */\n", call->leader);
	else if (failed_with(call, "EBADF"))
		body("\t\t/* fd %d was no event's, and -2 is none. */\n", call->group_fd);
	else
		body("\t\t/* No call in the dump opened the group's fd %d. */\n", call->group_fd);
}

static void
write_title(const struct run *run)
{
	struct buf out = scratch();
	const struct call *call = run->call;
	const struct error *error = error_of(call->arch, call->error);

	buf_text(&out, run->calls > 1 ? "Calls " : "Call ");
	buf_decimal(&out, run->first.at);
	if (run->calls > 1) {
		buf_text(&out, run->calls > 2 ? " to " : " and ");
		buf_decimal(&out, run->first.at + run->calls - 1);
	}
	BUF_LITERAL(&out, ": ");
	event_text(&out, call);
	if (call->error) {
		BUF_LITERAL(&out, ", which failed with ");
		if (error)
			buf_text(&out, error->name);
		else
			buf_signed(&out, call->error);
	}
	if (call->number != run->first.at || call->caller_pid != program.caller) {
		BUF_LITERAL(&out, "; call ");
		buf_decimal(&out, call->number);
		BUF_LITERAL(&out, " of ");
		text_c(&out, call->comm, 0);
		buf_char(&out, '[');
		buf_signed(&out, call->caller_pid);
		buf_char(&out, ']');
	}
	body("%s\t/* %.*s */\n", program.begun ? "\n" : "", (int)out.length, out.text);
	program.begun = true;
}

static void
write_loop(const struct run *run)
{
	int first = run->cpus ? run->call->cpu : 0;

	if (run->calls == 1)
		body("\t{\n");
	else
		body("\tfor (int %s = %d; %s < %ld; %s++) {\n", run->cpus ? "cpu" : "i", first,
			run->cpus ? "cpu" : "i", first + (long)run->calls, run->cpus ? "cpu" : "i");
}

/* What had the fd is closed within the loop if every call's had one, else once before it. */
static void
write_close(const struct run *run, bool within)
{
	struct buf out = scratch();

	if (!run->first.before || within != (run->befores != 0))
		return;
	add_element(&out, run, "fd", run->first.before, run->befores);
	body("\t%sclose(%.*s);\n", within ? "\t" : "", (int)out.length, out.text);
}

static bool
opens_cgroup(const struct call *call)
{
	return call_role(call) == ROLE_CGROUP && call->cgroup[0];
}

static void
write_cgroup(const struct call *call)
{
	struct buf out = scratch();

	if (!opens_cgroup(call))
		return;
	need(NEED_CGROUP);
	string_c(&out, call->cgroup, strlen(call->cgroup));
	body("\t\tint cgroup = open(%.*s, O_RDONLY | O_CLOEXEC);\n", (int)out.length, out.text);
}

/* The calls of a run; `closed`: nothing needs the event any more when the next one is opened. */
static void
write_run(const struct run *run, bool closed)
{
	write_title(run);
	write_close(run, false);
	write_loop(run);
	write_cgroup(run->call);
	if (needs_attr(run->call))
		initialiser_write(program.body, run->call, program.head.needs);
	write_close(run, true);
	write_remarks(run);
	write_expected(run->call);
	write_open(run);
	if (opens_cgroup(run->call))
		body("\t\tclose(cgroup);\n");
	if (closed)
		body("\t\tclose(fd[%lu]); /* as the dump's was: the next call got its number */\n",
			run->first.at);
	body("\t}\n");
	program.caller = run->call->caller_pid;
}

/*
 * Whether a step, which comes next, needs the run's one event to be closed; then it no longer does.
 */
static bool
closes(struct step *next, const struct run *run)
{
	if (!next || run->calls != 1 || next->before != run->first.at)
		return false;
	next->before = 0;
	return true;
}

static void
end_run(struct step *next)
{
	struct run *run = &program.run;

	if (!run->calls)
		return;
	write_run(run, closes(next, run));
	free(run->call);
	*run = (struct run){0};
}

/* Whether a place goes on as it began: it stays, or moves by one with each of the calls so far. */
static bool
moves(unsigned long from, unsigned long to, unsigned long calls, unsigned long *how)
{
	if (calls == 1) {
		*how = from && to ? to - from : 0;
		return to == from || (from && to == from + 1);
	}
	return to == from + *how * calls;
}

/* The same for what is to be closed: nothing but by the first call, or by each. */
static bool
closes_follow(unsigned long from, unsigned long to, unsigned long calls, unsigned long *how)
{
	if (calls == 1)
		*how = from && to == from + 1;
	return to == (*how ? from + calls : 0);
}

static bool
calls_alike(const struct call *left, const struct call *right)
{
	return call_role(left) == call_role(right) && left->flags == right->flags
		&& left->error == right->error && left->caller_pid == right->caller_pid
		&& left->caller_tid == right->caller_tid && right->number > left->number
		&& strcmp(left->cgroup, right->cgroup) == 0
		&& strcmp(left->tracepoint, right->tracepoint) == 0 && !left->size_after
		&& !at_edge(left) && attr_alike(left, right);
}

/* Places that no array holds must be the same number. */
static bool
arguments_alike(const struct run *run, const struct call *call, const struct step *step)
{
	return (run->first.task || run->call->pid == call->pid || opens_cgroup(call))
		&& (run->first.leader || run->call->group_fd == call->group_fd)
		&& step->leader < run->first.at && step->before < run->first.at
		&& call->number == run->call->number + run->calls
		&& step->at == run->first.at + run->calls;
}

static bool
cpus_follow(struct run *run, const struct call *call)
{
	int64_t step = (int64_t)call->cpu - run->call->cpu;

	if (run->calls == 1)
		run->cpus = step == 1 && run->call->cpu >= 0;
	return step == (int64_t)run->calls * run->cpus;
}

/* Whether the step is the run's next; a run of one learns from it how its places move. */
static bool
extends(struct run *run, const struct call *call, const struct step *step)
{
	struct run longer = *run;

	if (!run->calls || !calls_alike(run->call, call) || !arguments_alike(run, call, step))
		return false;
	if (!cpus_follow(&longer, call)
		|| !moves(run->first.leader, step->leader, run->calls, &longer.leaders)
		|| !closes_follow(run->first.before, step->before, run->calls, &longer.befores)
		|| !moves(run->first.task, step->task, run->calls, &longer.tasks))
		return false;
	*run = longer;
	return true;
}

/* The place in task[] of a process that the program has to have another one for, from 1. */
static unsigned long
find_task(const struct call *call)
{
	struct entry *entry;

	if (call_role(call) != ROLE_OTHER || call->pid >= PID_LIMIT || failed_with(call, "ESRCH"))
		return 0;
	need(NEED_TASK);
	entry = map_entry(&program.pids, (uint64_t)call->pid);
	if (!entry->place)
		entry->place = ++program.head.tasks;
	return entry->place;
}

static unsigned long
find_leader(const struct call *call)
{
	int32_t pid = call->leader_pid ? call->leader_pid : call->caller_pid;
	const struct entry *entry;

	if (!call->leader || !program.fds.room)
		return 0;
	entry = map_slot(&program.fds, fd_key(pid, call->group_fd));
	return entry->number == call->leader ? entry->place : 0;
}

/* The number of the call in its dump, unless that is taken or far off. */
static unsigned long
next_place(const struct call *call)
{
	unsigned long next = program.head.calls + 1;

	return call->number > next && call->number - next < LEAP ? call->number : next;
}

/* Notes who has the call's fd now, and returns who had it before. */
static unsigned long
take_fd(const struct call *call, unsigned long at)
{
	struct entry *entry;
	unsigned long before;

	if (call->fd < 0)
		return 0;
	entry = map_entry(&program.fds, fd_key(call->caller_pid, call->fd));
	before = entry->place;
	entry->place = at;
	entry->number = call->number;
	return before;
}

static void
begin(const struct call *call)
{
	struct buf out = {.text = program.title, .size = sizeof program.title - 1};

	program.body = tmpfile();
	if (!program.body)
		die("write a program: temporary file:");
	program.caller = call->caller_pid;
	text_c(&out, call->comm, 0);
	buf_char(&out, '[');
	buf_signed(&out, call->caller_pid);
	buf_char(&out, ']');
}

void
program_add(const struct call *call)
{
	struct step step = {0};

	if (!program.body)
		begin(call);
	step.at = program.head.calls = next_place(call);
	step.leader = find_leader(call);
	step.before = take_fd(call, step.at);
	step.task = find_task(call);
	if (call->readable > program.head.size)
		program.head.size = call->readable;
	if (!extends(&program.run, call, &step)) {
		end_run(&step);
		program.run = (struct run){.call = call_copy(call), .first = step};
	}
	program.run.calls++;
}

static void
copy_body(void)
{
	char bytes[8192];
	size_t length;

	if (fflush(program.body) || ferror(program.body))
		die("write a program: temporary file:");
	rewind(program.body);
	while ((length = fread(bytes, 1, sizeof bytes, program.body)) > 0)
		fwrite(bytes, 1, length, stdout);
	fclose(program.body);
}

void
program_end(bool some)
{
	if (!program.body)
		return;
	end_run(NULL);
	terminal_start();
	program.head.needs[NEED_FDS] = program.head.calls > FEW_FDS;
	program.head.title = program.title;
	program.head.some = some;
	prologue_write(&program.head);
	copy_body();
	fputs("\n	/* Here the events are open: read their counts, or map their rings. */\n"
	      "	return failed;\n"
	      "}\n",
		stdout);
	free(program.fds.at);
	free(program.pids.at);
}
