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
#include "cli/places.h"
#include "cli/prologue.h"
#include "cli/say.h"
#include "cli/statement.h"
#include "cli/terminal.h"
#include "decoder/field.h"
#include "decoder/value.h"

enum {
	TEXT_MAX = 1 << 17,  /* an attr of a page, byte by byte, and a path of escapes */
	PID_LIMIT = 1 << 22, /* PID_MAX_LIMIT: no task has that number, on any kernel */
	LEAP = 1 << 16,      /* an fd[] of more is none to read */
	FEW_FDS = 900,       /* the usual limit is 1024 */
	RUNS = 32,           /* that one loop makes by turns */
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

/* Steps that a loop makes: with each, a place moves by as many. */
struct run {
	struct call *call; /* the first */
	struct step first;
	unsigned long calls;
	bool closed; /* nothing needs the event any more when the next one is opened */
	int cpus;
	unsigned long places;
	unsigned long leaders;
	unsigned long befores;
	unsigned long tasks;
};

/* A run's next step, which counts when those of the other runs in the loop are made too. */
struct next {
	struct call *call;
	struct step step;
	struct run longer;
};

static struct {
	FILE *body;
	struct prologue head;
	int32_t caller; /* whose call was the last */
	struct places fds;
	struct places pids;
	struct statements acts;
	struct run runs[RUNS]; /* to be written, in the order of their first calls */
	size_t count;
	bool turning; /* the calls are the runs' by turns: one loop makes them all */
	struct next round[RUNS];
	size_t made;
	bool begun; /* a call is written */
	char title[8 * CALL_COMM_MAX + 32];
} program;

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

/* A place that moves with the loop's variable: 6 + 2 * cpu, where the first CPU has place 6. */
static void
add_place(struct buf *out, const struct run *run, unsigned long place, unsigned long moves)
{
	long start = (long)place - (run->cpus ? run->call->cpu * (long)moves : 0);

	if (run->calls == 1 || !moves) {
		buf_decimal(out, place);
		return;
	}
	if (start > 0) {
		buf_signed(out, start);
		BUF_LITERAL(out, " + ");
	}
	if (moves > 1) {
		buf_decimal(out, moves);
		BUF_LITERAL(out, " * ");
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
		need(NEED_MMAN);
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

	add_element(&out, run, "fd", run->first.at, run->places);
	BUF_LITERAL(&out, " = event_open(");
	add_place(&out, run, run->first.at, run->places);
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

/* Calls 5 to 8, or where there are other ones in between: Calls 5, 7 to 11. */
static void
add_calls(struct buf *out, const struct run *run)
{
	unsigned long first = run->first.at, last = first + (run->calls - 1) * run->places;

	buf_text(out, run->calls > 1 ? "Calls " : "Call ");
	buf_decimal(out, first);
	if (run->calls == 1)
		return;
	if (run->calls > 2 && run->places > 1) {
		BUF_LITERAL(out, ", ");
		buf_decimal(out, first + run->places);
	}
	buf_text(out, run->calls > 2 ? " to " : " and ");
	buf_decimal(out, last);
}

static void
write_title(const struct run *run)
{
	struct buf out = scratch();
	const struct call *call = run->call;
	const struct error *error = error_of(call->arch, call->error);

	add_calls(&out, run);
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
	need(NEED_FCNTL);
	string_c(&out, call->cgroup, strlen(call->cgroup));
	body("\t\tint cgroup = open(%.*s, O_RDONLY | O_CLOEXEC);\n", (int)out.length, out.text);
}

static void
write_block(const struct run *run)
{
	write_cgroup(run->call);
	if (needs_attr(run->call))
		initialiser_write(program.body, run->call, program.head.needs);
	write_close(run, true);
	write_remarks(run);
	write_expected(run->call);
	write_open(run);
	if (opens_cgroup(run->call))
		body("\t\tclose(cgroup);\n");
	if (run->closed)
		body("\t\tclose(fd[%lu]); /* as the dump's was: the next call got its number */\n",
			run->first.at);
	body("\t}\n");
	program.caller = run->call->caller_pid;
}

static void
write_run(const struct run *run)
{
	write_title(run);
	write_close(run, false);
	write_loop(run);
	write_block(run);
}

/* The blocks of all runs, as one text; to be freed. */
static char *
blocks_text(void)
{
	FILE *file = program.body;
	char *text = NULL;
	size_t length;

	program.body = open_memstream(&text, &length);
	if (!program.body)
		die("write a program:");
	program.begun = false;
	for (size_t at = 0; at < program.count; at++) {
		write_title(&program.runs[at]);
		body("\t{\n");
		write_block(&program.runs[at]);
	}
	if (fclose(program.body) || !text)
		die("write a program:");
	program.body = file;
	return text;
}

/* One loop with a block for each of the runs. */
static void
write_turns(void)
{
	char *text;

	body("%s", program.begun ? "\n" : "");
	write_close(program.runs, false);
	write_loop(program.runs);
	text = blocks_text();
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		body("%s%.*s\n", *line == '\n' ? "" : "\t", (int)strcspn(line, "\n"), line);
	free(text);
	body("\t}\n");
}

/* The first of the runs are done with. */
static void
end_runs(size_t count)
{
	if (program.turning && count > 1 && program.runs->calls > 1)
		write_turns();
	else
		for (size_t at = 0; at < count; at++)
			write_run(&program.runs[at]);
	for (size_t at = 0; at < count; at++)
		free(program.runs[at].call);
	program.count -= count;
	memmove(program.runs, program.runs + count, program.count * sizeof *program.runs);
}

/*
 * Whether a place goes on as it began: it stays, or moves by as many with each of the calls so far.
 */
static bool
moves(unsigned long from, unsigned long to, unsigned long calls, unsigned long *how)
{
	if (calls == 1)
		*how = from && to > from ? to - from : 0;
	return to == from + *how * calls;
}

/* The same for what is to be closed: nothing but by the first call, or by each. */
static bool
closes_follow(unsigned long from, unsigned long to, unsigned long calls, unsigned long *how)
{
	if (calls == 1)
		*how = from && to > from ? to - from : 0;
	return to == (*how ? from + *how * calls : 0);
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
	unsigned long behind = run->calls * run->places;

	return (run->first.task || run->call->pid == call->pid || opens_cgroup(call))
		&& (run->first.leader || run->call->group_fd == call->group_fd)
		&& call->number == run->call->number + behind && step->at == run->first.at + behind;
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
	return !run->closed && calls_alike(run->call, call) && arguments_alike(run, call, step)
		&& cpus_follow(run, call)
		&& moves(run->first.leader, step->leader, run->calls, &run->leaders)
		&& closes_follow(run->first.before, step->before, run->calls, &run->befores)
		&& moves(run->first.task, step->task, run->calls, &run->tasks);
}

/*
 * Whether a run fits in one loop with the first, which made its step of this round: the variable is
 * the same, and nothing has to be closed before the loop, or was opened in it.
 */
static bool
fits(const struct run *run, const struct step *step, const struct run *first)
{
	if (step->before >= first->first.at)
		return false;
	if (run->first.at == first->first.at)
		return true;
	return run->cpus == first->cpus && (!run->cpus || run->call->cpu == first->call->cpu)
		&& (!run->first.before || run->befores);
}

/* Makes the step that comes next in a loop of the runs from `from` on, if it does come next. */
static bool
make(size_t from, const struct call *call, const struct step *step)
{
	struct run longer = program.runs[from + program.made];

	if (longer.calls == 1)
		longer.places = program.count - from;
	if (!extends(&longer, call, step)
		|| !fits(&longer, step, program.made ? &program.round->longer : &longer))
		return false;
	longer.calls++;
	program.round[program.made++] =
		(struct next){.call = call_copy(call), .step = *step, .longer = longer};
	return true;
}

/* Whether the step is the next of the turn; the first one alike starts it where it is. */
static bool
joins(const struct call *call, const struct step *step)
{
	if (program.turning)
		return make(0, call, step);
	for (size_t from = program.count; from-- > 0;) {
		if (!make(from, call, step))
			continue;
		end_runs(from);
		program.turning = true;
		return true;
	}
	return false;
}

static void
end_round(void)
{
	for (size_t at = 0; at < program.made; at++) {
		program.runs[at] = program.round[at].longer;
		free(program.round[at].call);
	}
	program.made = 0;
}

/* A run of one, which takes the call. It may need the event before it to be closed. */
static void
begin_run(struct call *call, struct step step)
{
	struct run *last = program.count ? &program.runs[program.count - 1] : NULL;

	if (last && last->calls == 1 && step.before == last->first.at) {
		last->closed = true;
		step.before = 0;
	}
	if (program.count == RUNS)
		end_runs(1);
	program.runs[program.count++] =
		(struct run){.call = call, .first = step, .calls = 1, .places = 1};
}

/* What was made of a round that does not go on are runs of their own. */
static void
end_turn(void)
{
	if (program.runs->calls > 1)
		end_runs(program.count);
	program.turning = false;
	for (size_t at = 0; at < program.made; at++)
		begin_run(program.round[at].call, program.round[at].step);
	program.made = 0;
}

static void
add_step(const struct call *call, const struct step *step)
{
	bool joined = joins(call, step);

	if (!joined && program.turning) {
		end_turn();
		joined = joins(call, step);
	}
	if (!joined)
		begin_run(call_copy(call), *step);
	else if (program.made == program.count)
		end_round();
}

/* The place in task[] of a process that the program has to have another one for, from 1. */
static unsigned long
find_task(const struct call *call)
{
	struct place *place;

	if (call_role(call) != ROLE_OTHER || call->pid >= PID_LIMIT || failed_with(call, "ESRCH"))
		return 0;
	need(NEED_TASK);
	place = places_take(&program.pids, (uint64_t)call->pid);
	if (!place->at)
		place->at = ++program.head.tasks;
	return place->at;
}

static unsigned long
find_leader(const struct call *call)
{
	int32_t pid = call->leader_pid ? call->leader_pid : call->caller_pid;
	const struct place *place = places_find(&program.fds, fd_key(pid, call->group_fd));

	return call->leader && place && place->number == call->leader ? place->at : 0;
}

/* The number of the call in its dump, unless that is taken or far off. */
static unsigned long
next_place(const struct call *call)
{
	unsigned long next = program.head.calls + 1;

	return call->number > next && call->number - next < LEAP ? call->number : next;
}

/* Notes who has the call's fd now, and returns who had it before, if that is still open. */
static unsigned long
take_fd(const struct call *call, unsigned long at)
{
	struct place *place;
	unsigned long before;

	if (call->fd < 0)
		return 0;
	place = places_take(&program.fds, fd_key(call->caller_pid, call->fd));
	before = place->open && !place->copy ? place->at : 0;
	place->at = at;
	place->copy = 0;
	place->number = call->number;
	place->open = true;
	return before;
}

static void
begin(const struct call *call)
{
	struct buf out = {.text = program.title, .size = sizeof program.title - 1};

	program.body = tmpfile();
	if (!program.body)
		die("write a program: temporary file:");
	program.acts = (struct statements){
		.body = program.body, .head = &program.head, .fds = &program.fds};
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
	statements_flush(&program.acts);
	step.at = program.head.calls = next_place(call);
	step.leader = find_leader(call);
	step.before = take_fd(call, step.at);
	step.task = find_task(call);
	if (call->readable > program.head.size)
		program.head.size = call->readable;
	add_step(call, &step);
}

void
program_act(const struct act *act)
{
	if (!program.body)
		return;
	end_turn();
	end_runs(program.count);
	statements_add(&program.acts, act);
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
	end_turn();
	end_runs(program.count);
	statements_end(&program.acts);
	terminal_start();
	program.head.needs[NEED_FDS] = program.head.calls > FEW_FDS;
	program.head.title = program.title;
	program.head.some = some;
	prologue_write(&program.head);
	copy_body();
	if (!program.acts.any)
		fputs("\n	/* Here the events are open: read their counts, or map their "
		      "rings. */\n",
			stdout);
	fputs("	return failed;\n}\n", stdout);
	places_end(&program.fds);
	places_end(&program.pids);
}
