/* Calls as a table. */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/event.h"
#include "cli/life.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "decoder/field.h"
#include "decoder/reason.h"
#include "decoder/value.h"

enum {
	BATCH = 4096,     /* lines that are arranged and aligned at a time */
	TEXT_MAX = 65536, /* a line; two paths with all escaped take half */
	WIDTH_MAX = 44    /* a longer cell pushes the ones behind it */
};

enum column {
	COLUMN_CALL,
	COLUMN_EVENT,
	COLUMN_PERIOD,
	COLUMN_SAMPLE,
	COLUMN_TARGET,
	COLUMN_RESULT,
	COLUMN_LIFE, /* if anything is known of any event's */
	COLUMNS
};

/* An event's line; the leader's place in the batch, or NONE. */
struct line {
	struct fold fold;
	const char *file;
	bool hidden;
	size_t leader;
	size_t siblings; /* that are still to come */
	bool leads;
	const char *mark;
	struct life life; /* of the first call's event */
	char *cells[COLUMNS];
};

static const size_t NONE = (size_t)-1;

static struct line lines[BATCH];
static size_t count;
static bool lived; /* something was done with an event of the batch */
static const char *file = "";
static char titled[TEXT_MAX]; /* the title that stands above */

static struct buf
scratch(void)
{
	static char text[TEXT_MAX];

	return (struct buf){.text = text, .size = sizeof text - 1};
}

static void
add_period(struct buf *out, const struct call *call)
{
	enum field_id id = attr_value(call, FIELD_freq) ? FIELD_sample_freq : FIELD_sample_period;
	uint64_t value = attr_value(call, id);

	if (!value) {
		buf_char(out, '-');
		return;
	}
	buf_decimal(out, value);
	buf_text(out, id == FIELD_sample_freq ? " Hz" : "");
}

/* IP|TID|TIME, as perf shows them. */
static void
add_sample(struct buf *out, const struct call *call)
{
	uint64_t rest = attr_value(call, FIELD_sample_type);
	bool first = true;

	for (unsigned row = group_starts[GROUP_sample_type];
		row < group_starts[GROUP_sample_type + 1]; row++) {
		if (!(rest & names[row].value))
			continue;
		buf_text(out, first ? "" : "|");
		buf_text(out, names[row].text + sizeof "PERF_SAMPLE_" - 1);
		rest &= ~names[row].value;
		first = false;
	}
	if (rest) {
		buf_text(out, first ? "" : "|");
		buf_hex(out, rest);
	} else if (first) {
		buf_char(out, '-');
	}
}

static void
add_target(struct buf *out, const struct fold *fold)
{
	const struct call *call = fold->first;
	enum role role = call_role(call);

	if (role == ROLE_CGROUP) {
		BUF_LITERAL(out, "cgroup ");
		text_c(out, call->cgroup[0] ? call->cgroup : "?", 0);
	} else if (role == ROLE_CALLER) {
		BUF_LITERAL(out, "itself");
	} else if (role != ROLE_ANY) {
		BUF_LITERAL(out, "pid ");
		ranges_text(out, &fold->pids);
	} else if (call->cpu == -1) {
		BUF_LITERAL(out, "everything");
	}
	if (fold->cpus.count == 1 && fold->cpus.at->first == -1 && fold->cpus.at->last == -1)
		return;
	buf_text(out, role == ROLE_ANY && call->cpu != -1 ? "cpu " : ", cpu ");
	ranges_text(out, &fold->cpus);
}

static void
add_leader(struct buf *out, const struct line *line)
{
	const struct call *call = line->fold.first;
	bool output = call->flags & name_value(NAME_PERF_FLAG_FD_OUTPUT);

	if (call->group_fd == -1 || (line->leader != NONE && !output))
		return;
	buf_text(out, output ? ", output to " : ", group of ");
	if (!call->leader) {
		BUF_LITERAL(out, "fd ");
		ranges_text(out, &line->fold.groups);
		return;
	}
	BUF_LITERAL(out, "call ");
	ranges_text(out, &line->fold.leaders);
	if (call->leader_pid) {
		BUF_LITERAL(out, " of process ");
		buf_signed(out, call->leader_pid);
	}
}

static void
add_result(struct buf *out, const struct line *line)
{
	const struct call *call = line->fold.first;

	if (call->fd >= 0) {
		BUF_LITERAL(out, "fd ");
		ranges_text(out, &line->fold.fds);
		buf_text(out, call->error ? " stands in: " : "");
	}
	if (call->error || call->fd < 0)
		reason_short(out, call);
	if (line->fold.calls > 1) {
		BUF_LITERAL(out, ", ");
		buf_decimal(out, line->fold.calls);
		BUF_LITERAL(out, " calls");
	}
	add_leader(out, line);
	if (line->mark) {
		BUF_LITERAL(out, ", ");
		buf_text(out, line->mark);
	}
}

static void
add_event(struct buf *out, const struct line *line)
{
	if (line->leader != NONE)
		buf_text(out, lines[line->leader].siblings > 1 ? "|- " : "`- ");
	event_text(out, line->fold.first);
}

static void
add_life(struct buf *out, const struct line *line)
{
	buf_text(out, line->life.text ? line->life.text : "");
	if (!line->life.more)
		return;
	BUF_LITERAL(out, " and ");
	buf_decimal(out, line->life.more);
	BUF_LITERAL(out, " more");
}

static char *
cell(const struct line *line, enum column column)
{
	struct buf out = scratch();
	const struct call *call = line->fold.first;
	char *text;

	switch (column) {
	case COLUMN_CALL:
		ranges_text(&out, &line->fold.numbers);
		break;
	case COLUMN_EVENT:
		add_event(&out, line);
		break;
	case COLUMN_PERIOD:
		add_period(&out, call);
		break;
	case COLUMN_SAMPLE:
		add_sample(&out, call);
		break;
	case COLUMN_TARGET:
		add_target(&out, &line->fold);
		break;
	case COLUMN_RESULT:
		add_result(&out, line);
		break;
	default:
		add_life(&out, line);
		break;
	}
	text = strndup(out.text, out.length);
	if (!text)
		die("show calls:");
	return text;
}

/* The columns of a terminal that a text takes: a byte 10xxxxxx starts none. */
static size_t
width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static void
write_padded(const char *text, size_t width, enum ink ink)
{
	static const char blanks[WIDTH_MAX + 2] = "                                             ";
	size_t taken = width_of(text);

	terminal_write(text, strlen(text), ink);
	if (width)
		terminal_write(blanks, taken < width ? width - taken + 2 : 2, INK_PLAIN);
}

/* Whose calls follow, which numbers of processes alone would not tell in more than one dump. */
static struct buf
title(const struct line *line)
{
	struct buf out = scratch();
	const struct call *call = line->fold.first;

	text_c(&out, line->file, 0);
	buf_text(&out, *line->file ? ": " : "");
	text_c(&out, call->comm, 0);
	buf_char(&out, '[');
	buf_signed(&out, call->caller_pid);
	BUF_LITERAL(&out, "], Linux ");
	text_c(&out, call->kernel[0] ? call->kernel : "?", 0);
	buf_char(&out, ' ');
	buf_text(&out, arches[call->arch].name);
	out.text[out.length] = '\0';
	return out;
}

/* Returns false if the title stands there already. */
static bool
write_title(const struct line *line)
{
	struct buf out = title(line);

	if (strcmp(out.text, titled) == 0)
		return false;
	terminal_write("\n", *titled ? 1 : 0, INK_PLAIN);
	terminal_write(out.text, out.length, INK_TITLE);
	terminal_write("\n", 1, INK_PLAIN);
	memcpy(titled, out.text, out.length + 1);
	return true;
}

/* A row; nothing stands behind the last cell that has text. */
static void
write_cells(const char *const cells[COLUMNS], const size_t widths[COLUMNS], enum ink ink)
{
	int last = lived && *cells[COLUMN_LIFE] ? COLUMN_LIFE : COLUMN_RESULT;

	for (int column = 0; column <= last; column++)
		write_padded(cells[column], column == last ? 0 : widths[column], ink);
	terminal_write("\n", 1, INK_PLAIN);
}

static void
write_heads(const size_t widths[COLUMNS])
{
	static const char *const heads[COLUMNS] = {"CALL", "EVENT", "PERIOD", "SAMPLE", "TARGET",
		"RESULT", "LIFE"};

	write_cells(heads, widths, INK_TITLE);
}

static void
write_line(struct line *line, const size_t widths[COLUMNS])
{
	const struct call *call = line->fold.first;
	enum ink ink = call->error ? INK_REFUSED : line->mark ? INK_COMMENT : INK_PLAIN;

	if (write_title(line))
		write_heads(widths);
	write_cells((const char *const *)line->cells, widths, ink);
}

static bool
one_process(const struct line *left, const struct line *right)
{
	return left->fold.first->caller_pid == right->fold.first->caller_pid
		&& strcmp(left->fold.first->comm, right->fold.first->comm) == 0
		&& strcmp(left->file, right->file) == 0;
}

static size_t
find_leader(size_t at)
{
	const struct call *call = lines[at].fold.first;

	if (!call->leader || call->leader_pid)
		return NONE;
	for (size_t i = at; i-- > 0;)
		if (!lines[i].hidden && one_process(&lines[i], &lines[at])
			&& ranges_has(&lines[i].fold.numbers, call->leader))
			return lines[i].leader == NONE ? i : lines[i].leader;
	return NONE;
}

/* The next call of the same thread from there on; NONE: it is not in the batch. */
static size_t
next_of_thread(size_t at)
{
	const struct call *call = lines[at].fold.first;

	for (size_t i = at + 1; i < count; i++)
		if (one_process(&lines[i], &lines[at])
			&& lines[i].fold.first->caller_tid == call->caller_tid)
			return i;
	return NONE;
}

static bool
counts_on_its_own(const struct call *call)
{
	return call->group_fd == -1 && !attr_value(call, FIELD_sample_period)
		&& !attr_value(call, FIELD_read_format);
}

/* Whether the event's fd is that of the next line, which is another event. */
static bool
gives_way(size_t at, size_t next)
{
	const struct call *call = lines[at].fold.first;

	return next != NONE && lines[next].fold.first->fd == call->fd
		&& !attr_alike(call, lines[next].fold.first);
}

/* Refused calls in between hold no fd. */
static bool
event_gives_way(size_t at)
{
	size_t next = next_of_thread(at);

	while (next != NONE && lines[next].fold.first->fd < 0)
		next = next_of_thread(next);
	return gives_way(at, next);
}

static bool
has_call(size_t line, size_t at, int64_t number)
{
	return line < count && ranges_has(&lines[line].fold.numbers, number)
		&& one_process(&lines[line], &lines[at]);
}

/* The line of a call of the same process, which stands near; NONE: it is not in the batch. */
static size_t
find_call(size_t at, int64_t number)
{
	for (size_t away = 0; away < count; away++) {
		if (has_call(at + away, at, number))
			return at + away;
		if (has_call(at - away, at, number))
			return at - away;
	}
	return NONE;
}

/* The lines of a run stand where its first calls were, so that the next call is found by number. */
static bool
call_gives_way(size_t at, int64_t number)
{
	const struct fold *fold;
	size_t next;

	do
		next = find_call(at, ++number);
	while (next != NONE && lines[next].fold.first->fd < 0);
	if (!gives_way(at, next))
		return false;
	fold = &lines[next].fold;
	return fold->first->number == number || !ranges_many(&fold->fds);
}

/* Two calls in a row open what is no other event. */
static bool
run_gives_way(size_t at)
{
	const struct fold *fold = &lines[at].fold;

	if (ranges_many(&fold->fds))
		return false;
	for (const struct range *range = fold->numbers.at;
		range < fold->numbers.at + fold->numbers.count; range++)
		if (range->first != range->last || !call_gives_way(at, range->last))
			return false;
	return true;
}

/*
 * An event that was closed before the same thread opened the next one, which is another event; and
 * that could have counted for nobody: it neither samples nor says how it would be read.
 */
static bool
probes(size_t at)
{
	const struct fold *fold = &lines[at].fold;

	if (fold->first->error || !counts_on_its_own(fold->first))
		return false;
	return fold->calls > 1 ? run_gives_way(at) : event_gives_way(at);
}

/* A refused call that the thread makes again for the same event, with another attr or flags. */
static bool
retried(size_t at)
{
	const struct call *call = lines[at].fold.first, *again;
	size_t next = next_of_thread(at);

	if (!call->error || next == NONE || call->readable < ATTR_HEAD)
		return false;
	again = lines[next].fold.first;
	return attr_value(call, FIELD_type) == attr_value(again, FIELD_type)
		&& attr_value(call, FIELD_config) == attr_value(again, FIELD_config)
		&& call->cpu == again->cpu && call->pid == again->pid
		&& (call->flags != again->flags || !attr_alike(call, again));
}

/* Whether the call opened nothing but asked what the kernel can do. */
static const char *
find_mark(size_t at)
{
	if (retried(at))
		return "tried again";
	return probes(at) ? "probe" : NULL;
}

static void
arrange(void)
{
	for (size_t at = 0; at < count; at++) {
		if (!lines[at].hidden)
			lines[at].leader = find_leader(at);
		if (lines[at].leader == NONE)
			continue;
		lines[lines[at].leader].siblings++;
		lines[lines[at].leader].leads = true;
	}
	for (size_t at = 0; at < count; at++)
		if (!lines[at].hidden)
			lines[at].mark = find_mark(at);
}

static void
fill(size_t widths[COLUMNS])
{
	for (struct line *line = lines; line < lines + count; line++) {
		for (int column = 0; column < COLUMNS && !line->hidden; column++) {
			size_t width;

			line->cells[column] = cell(line, (enum column)column);
			width = width_of(line->cells[column]);
			if (width > widths[column] && width <= WIDTH_MAX)
				widths[column] = width;
		}
		if (line->leader != NONE)
			lines[line->leader].siblings--;
	}
}

static void
write_lines(const size_t widths[COLUMNS])
{
	for (size_t at = 0; at < count; at++) {
		if (lines[at].leader != NONE || lines[at].hidden)
			continue;
		write_line(&lines[at], widths);
		for (size_t sibling = at + 1; lines[at].leads && sibling < count; sibling++)
			if (lines[sibling].leader == at)
				write_line(&lines[sibling], widths);
	}
}

static void
flush(void)
{
	size_t widths[COLUMNS] = {4, 5, 6, 6, 6, 6, 4};

	arrange();
	fill(widths);
	write_lines(widths);
	for (size_t at = 0; at < count; at++) {
		fold_end(&lines[at].fold);
		life_end(&lines[at].life);
		for (int column = 0; column < COLUMNS; column++)
			free(lines[at].cells[column]);
		lines[at] = (struct line){0};
	}
	count = 0;
	lived = false;
}

void
table_file(const char *name)
{
	file = name;
}

static void
add_line(const struct fold *fold, bool hidden)
{
	lines[count++] =
		(struct line){.fold = *fold, .file = file, .hidden = hidden, .leader = NONE};
	if (count == BATCH)
		flush();
}

void
table_add(struct fold *fold)
{
	add_line(fold, false);
	*fold = (struct fold){0};
}

void
table_hide(const struct call *call)
{
	struct fold fold;

	fold_begin(&fold, call);
	add_line(&fold, true);
}

void
table_act(const struct fold *fold)
{
	const struct act *act = fold->act;
	int32_t opener = act->event.pid ? act->event.pid : act->caller_pid;

	for (struct line *line = lines; line < lines + count; line++) {
		const struct call *call = line->fold.first;

		if (call->caller_pid != opener || !ranges_has(&fold->numbers, call->number))
			continue;
		life_add(&line->life, act);
		lived = true;
	}
}

void
table_end(void)
{
	flush();
}
