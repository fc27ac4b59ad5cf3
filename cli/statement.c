/* Acts as statements of the program that makes the calls again. */
#include "cli/statement.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fold.h"
#include "cli/initialiser.h"
#include "cli/input.h"
#include "cli/life.h"
#include "cli/say.h"
#include "decoder/act_text.h"
#include "decoder/field.h"
#include "decoder/value.h"

/* A deed, or what it is in each turn of a loop: then its places move. */
struct turn {
	const struct statements *program;
	const struct deed *deed;
	unsigned long turns;
	unsigned long moves; /* of `at` */
	unsigned long targets;
};

enum {
	ROUND_MAX = 32, /* deeds that a loop makes in turn */
	TEXT_MAX = 1 << 16, /* a filter, all its bytes in octal, and what stands around it */
	UNMAPPED = 4096     /* addresses below are nobody's */
};

__attribute__((format(printf, 2, 3))) static void
body(const struct statements *statements, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vfprintf(statements->body, format, list);
	va_end(list);
}

static void
need(const struct statements *statements, enum need id)
{
	statements->head->needs[id] = true;
}

static struct buf
scratch(void)
{
	static char text[TEXT_MAX];

	return (struct buf){.text = text, .size = sizeof text};
}

static bool
is_ioctl(const struct act *act, enum name_id command)
{
	return act->function == FUNCTION_ioctl && act->command == command;
}

/* 11, or in a loop 10 + 2 * i. */
static void
add_place(struct buf *out, const struct turn *turn, unsigned long place, unsigned long moves)
{
	buf_decimal(out, place);
	if (turn->turns == 1 || !moves)
		return;
	BUF_LITERAL(out, " + ");
	if (moves > 1) {
		buf_decimal(out, moves);
		BUF_LITERAL(out, " * ");
	}
	buf_char(out, 'i');
}

static void
add_fd(struct buf *out, const struct turn *turn)
{
	if (turn->deed->copy) {
		BUF_LITERAL(out, "copy[");
		buf_decimal(out, turn->deed->copy);
	} else {
		BUF_LITERAL(out, "fd[");
		add_place(out, turn, turn->deed->at, turn->moves);
	}
	buf_char(out, ']');
}

static void
add_other_fd(struct buf *out, const struct turn *turn, uint64_t bits)
{
	if (turn->deed->target) {
		BUF_LITERAL(out, "fd[");
		add_place(out, turn, turn->deed->target, turn->targets);
		buf_char(out, ']');
	} else {
		buf_text(out, bits == ACT_NO_FD ? "-1L" : "-1 /* no event's fd */");
	}
}

/* A pointer that was bad is so here too, wherever it was. */
static void
add_address(struct buf *out, uint64_t address)
{
	if (!address) {
		BUF_LITERAL(out, "NULL");
		return;
	}
	BUF_LITERAL(out, "(void *)");
	if (address < UNMAPPED)
		buf_hex(out, address);
	else
		BUF_LITERAL(out, "-1L");
}

static bool
has_attr(const struct act *act)
{
	return act->attr && act->attr->readable;
}

static void
add_pointee(struct buf *out, const struct act *act, enum part part)
{
	if (part == PART_TEXT_AT) {
		string_c(out, act->text, strlen(act->text));
	} else if (part == PART_PROGRAMS_AT) {
		programs_c(out, act);
	} else if (part == PART_ATTR_AT && !has_attr(act)) {
		add_address(out, act->attr->attr_addr);
	} else if (part == PART_ATTR_AT) {
		BUF_LITERAL(out, "&event");
	} else {
		BUF_LITERAL(out, "&(__u64){");
		buf_decimal(out, part == PART_ANSWER_AT ? 0 : act->number);
		buf_text(out, act->number >> 63 ? "ULL}" : "}");
	}
}

/* Who is to get the signals: a process that is this program, or one that this machine lacks. */
static void
add_signed(struct buf *out, const struct act *act, uint64_t bits)
{
	if (act->function == FUNCTION_fcntl && act->command == NAME_F_SETOWN && bits)
		BUF_LITERAL(out, "getpid()");
	else
		buf_signed(out, (int64_t)bits);
}

static void
add_part(struct buf *out, const struct turn *turn, struct part_row row, uint64_t bits)
{
	const struct act *act = turn->deed->act;
	enum kind kind = row.part == PART_BITS ? MASK : row.part == PART_PLACE ? HEX : UINT;
	const struct value value = {bits, kind, (enum group)row.words, true};

	if (row.part == PART_OWN_FD)
		add_fd(out, turn);
	else if (row.part == PART_OTHER_FD)
		add_other_fd(out, turn, bits);
	else if (row.part == PART_ORDER && act->command != NAMES)
		buf_text(out, names[act->command].text);
	else if (row.part == PART_ORDER)
		buf_hex(out, bits);
	else if (row.part == PART_SIGNED)
		add_signed(out, act, bits);
	else if (row.part < PART_NUMBER_AT)
		value_c(out, NULL, &value);
	else if (act->read)
		add_pointee(out, act, (enum part)row.part);
	else
		add_address(out, bits);
}

static void
add_call(struct buf *out, const struct turn *turn)
{
	const struct act *act = turn->deed->act;

	buf_text(out, function_rows[act->function].name);
	for (unsigned place = 0; place < act_parts(act); place++) {
		struct part_row row = act_part(act, place);

		if (row.part == PART_ABSENT)
			break;
		buf_text(out, place ? ", " : "(");
		add_part(out, turn, row, act->arguments[place]);
	}
	buf_char(out, ')');
}

/* As many pages as it was, whatever the size of this machine's. */
static void
add_length(struct buf *out, const struct act *act)
{
	if (!act_whole_pages(act)) {
		buf_decimal(out, act->arguments[ACT_MMAP_LENGTH]);
		return;
	}
	buf_text(out, act_is_aux(act) ? "" : "(1 + ");
	buf_decimal(out, act_pages(act));
	buf_text(out, act_is_aux(act) ? " * page" : ") * page");
}

static void
add_offset(struct buf *out, const struct act *act)
{
	uint64_t offset = act->arguments[ACT_MMAP_OFFSET];
	bool pages = act->page && offset % act->page == 0;

	buf_decimal(out, pages ? offset / act->page : offset);
	buf_text(out, pages && offset ? " * page" : "");
}

static void
add_words(struct buf *out, enum group words, uint64_t bits)
{
	const struct value value = {bits, MASK, words, true};

	value_c(out, NULL, &value);
}

/* ring_map(11, (1 + 128) * page, PROT_READ | PROT_WRITE, MAP_SHARED, 0) */
static void
add_map(struct buf *out, const struct turn *turn)
{
	const struct act *act = turn->deed->act;

	need(turn->program, NEED_RING);
	need(turn->program, NEED_MMAN);
	BUF_LITERAL(out, "ring_map(");
	add_place(out, turn, turn->deed->at, turn->moves);
	BUF_LITERAL(out, ", ");
	add_length(out, act);
	BUF_LITERAL(out, ", ");
	add_words(out, GROUP_prot, act->arguments[ACT_MMAP_PROT]);
	BUF_LITERAL(out, ", ");
	add_words(out, GROUP_map_flags, act->arguments[ACT_MMAP_FLAGS]);
	BUF_LITERAL(out, ", ");
	add_offset(out, act);
	buf_char(out, ')');
}

static void
add_close(struct buf *out, const struct turn *turn)
{
	need(turn->program, NEED_CLOSE);
	BUF_LITERAL(out, "event_close(");
	add_place(out, turn, turn->deed->at, turn->moves);
	buf_char(out, ')');
}

static void
add_check(struct buf *out, const struct turn *turn)
{
	BUF_LITERAL(out, "check(");
	add_place(out, turn, turn->deed->at, turn->moves);
	BUF_LITERAL(out, ", \"");
	buf_text(out, act_word(turn->deed->act));
	BUF_LITERAL(out, "\", ");
	if (turn->deed->made) {
		BUF_LITERAL(out, "copy[");
		buf_decimal(out, turn->deed->made);
		BUF_LITERAL(out, "] = ");
	}
	add_call(out, turn);
	buf_char(out, ')');
}

/* What the statement takes that stands above main. */
static void
count_needs(const struct turn *turn)
{
	const struct act *act = turn->deed->act;

	if (act->function == FUNCTION_ioctl)
		need(turn->program, NEED_IOCTL);
	if (act->function == FUNCTION_fcntl || act->function == FUNCTION_dup3)
		need(turn->program, NEED_FCNTL);
	if (act->function == FUNCTION_prctl)
		need(turn->program, NEED_PRCTL);
	if (act->attr && act->attr->readable > turn->program->head->size)
		turn->program->head->size = act->attr->readable;
}

/* Why an act cannot be made by this program; NULL: it can. */
static const char *
obstacle(const struct act *act)
{
	enum part part = (enum part)act_part(act, act_parts(act) - 1).part;

	if (is_ioctl(act, NAME_PERF_EVENT_IOC_SET_BPF) && !act->error)
		return "load a BPF program, and pass its fd";
	if (act_part(act, 1).part == PART_ORDER && act->command == NAMES)
		return "the dump does not say what it takes";
	if (part == PART_ADDRESS)
		return "the dump does not say what is at the address";
	if (has_attr(act) && act->attr->attr_addr)
		return "not all of the attr could be read";
	if (act->text_cut)
		return "the dump has no more of the string";
	if (act_duplicates(act) && act->error)
		return "it failed for the numbers that fds had then";
	return NULL;
}

static bool
signals(const struct act *act)
{
	return act->function == FUNCTION_fcntl
		&& (act->command == NAME_F_SETSIG
			|| (act->command == NAME_F_SETFL
				&& (act->arguments[2] & name_value(NAME_O_ASYNC))));
}

/* A signal that nobody handles would end the program. */
static void
write_handler(const struct turn *turn)
{
	const struct act *act = turn->deed->act;

	if (!signals(act))
		return;
	need(turn->program, NEED_SIGNAL);
	if (act->command == NAME_F_SETSIG)
		body(turn->program, "\tsignal(%d, SIG_IGN); /* or a handler of your own */\n",
			(int)act->arguments[2]);
	else
		body(turn->program, "\tsignal(SIGIO, SIG_IGN); /* or a handler of your own */\n");
}

static void
write_expected(const struct turn *turn, const char *indent)
{
	const struct act *act = turn->deed->act;
	const struct error *error = error_of(act->arch, act->error);

	if (error)
		body(turn->program, "%sexpected = %s;\n", indent, error->name);
	else if (act->error)
		body(turn->program, "%sexpected = %d;\n", indent, act->error);
}

static void
add_statement(struct buf *out, const struct turn *turn)
{
	const struct act *act = turn->deed->act;

	need(turn->program, NEED_CHECK);
	if (act->function == FUNCTION_mmap)
		add_map(out, turn);
	else if (act->function == FUNCTION_close && !turn->deed->copy)
		add_close(out, turn);
	else
		add_check(out, turn);
}

/* The attr stands in a block of its own. */
static void
write_attr(const struct turn *turn, const struct buf *out)
{
	body(turn->program, "\t{\n");
	initialiser_write(turn->program->body, turn->deed->act->attr, turn->program->head->needs);
	write_expected(turn, "\t\t");
	body(turn->program, "\t\t%.*s;\n\t}\n", (int)out->length, out->text);
}

static void
write_obstacle(const struct turn *turn, const char *why)
{
	struct buf out = scratch();

	add_call(&out, turn);
	body(turn->program, "\t/* Call %lu: %.*s: %s. */\n", turn->deed->at, (int)out.length,
		out.text, why);
}

static void
write_deed(const struct turn *turn, const char *indent)
{
	const char *why = obstacle(turn->deed->act);
	struct buf out;

	if (why) {
		write_obstacle(turn, why);
		return;
	}
	out = scratch();
	count_needs(turn);
	add_statement(&out, turn);
	if (has_attr(turn->deed->act)) {
		write_attr(turn, &out);
		return;
	}
	write_handler(turn);
	write_expected(turn, indent);
	body(turn->program, "%s%.*s;\n", indent, (int)out.length, out.text);
}

/* Whether a deed is a plain statement, and nothing else stands around it. */
static bool
plain(const struct deed *deed)
{
	const struct act *act = deed->act;

	return deed->at && !deed->copy && !deed->made && !act->error && !act->attr && !signals(act)
		&& !obstacle(act);
}

/* Whether the deed of that turn goes on as those of the first two do. */
static bool
goes_on(const struct deed *first, const struct deed *second, const struct deed *deed,
	unsigned long turn)
{
	return second->at > first->at && second->target >= first->target && plain(first)
		&& plain(deed) && act_alike(first->act, deed->act)
		&& deed->at == first->at + turn * (second->at - first->at)
		&& deed->target == first->target + turn * (second->target - first->target);
}

/* How often the deeds from there on are `round` deeds in turn. */
static unsigned long
turns_of(const struct deed *deeds, size_t count, size_t round)
{
	unsigned long turns = 1;

	for (; (turns + 1) * round <= count; turns++)
		for (size_t at = 0; at < round; at++)
			if (!goes_on(&deeds[at], &deeds[round + at], &deeds[turns * round + at],
				    turns))
				return turns;
	return turns;
}

/* The round of which a loop saves most; of one deed, if none saves any. */
static size_t
find_round(const struct deed *deeds, size_t count, unsigned long *turns)
{
	size_t best = 1;

	*turns = turns_of(deeds, count, 1);
	for (size_t round = 2; round <= ROUND_MAX && 2 * round <= count; round++) {
		unsigned long more = turns_of(deeds, count, round);

		if ((more - 1) * round <= (*turns - 1) * best)
			continue;
		*turns = more;
		best = round;
	}
	return best;
}

static void
write_loop(const struct statements *statements, const struct deed *deeds, size_t round,
	unsigned long turns)
{
	if (turns > 1)
		body(statements, "\tfor (int i = 0; i < %lu; i++)%s\n", turns,
			round > 1 ? " {" : "");
	for (size_t at = 0; at < round; at++) {
		const struct deed *next = turns > 1 ? &deeds[round + at] : &deeds[at];
		const struct turn turn = {statements, &deeds[at], turns, next->at - deeds[at].at,
			next->target - deeds[at].target};

		write_deed(&turn, turns > 1 ? "\t\t" : "\t");
	}
	body(statements, "%s", turns > 1 && round > 1 ? "\t}\n" : "");
}

static void
write_deeds(const struct statements *statements, const struct deed *deeds, size_t count)
{
	while (count) {
		unsigned long turns;
		size_t round = find_round(deeds, count, &turns);

		write_loop(statements, deeds, round, turns);
		deeds += round * turns;
		count -= round * turns;
	}
}

static void
clear(struct statements *statements)
{
	for (size_t at = 0; at < statements->count; at++)
		act_free(statements->deeds[at].act);
	statements->count = 0;
}

/* What comes after the use of an event. */
static bool
is_end(const struct act *act)
{
	return act->function == FUNCTION_close || is_ioctl(act, NAME_PERF_EVENT_IOC_DISABLE);
}

static int32_t
fd_of(const struct act *act, enum part part)
{
	for (unsigned place = 0; place < act_parts(act); place++)
		if (act_part(act, place).part == part)
			return (int32_t)(uint32_t)act->arguments[place];
	return -1;
}

static struct place *
find_fd(const struct statements *statements, const struct act *act, enum part part,
	uint32_t number)
{
	struct place *place =
		places_find(statements->fds, fd_key(act->caller_pid, fd_of(act, part)));

	return number && place && place->open && place->number == number ? place : NULL;
}

/* The new fd is the same event's. */
static void
take_copy(const struct statements *statements, struct deed *deed, const struct place *event)
{
	struct place made = *event, *place;

	made.key = fd_key(deed->act->caller_pid, (int32_t)deed->act->result);
	made.copy = deed->made = ++statements->head->copies;
	place = places_take(statements->fds, made.key);
	*place = made;
}

/* Finds the places of an act's fds. Returns false if its event is not in this program. */
static bool
find_places(const struct statements *statements, struct deed *deed)
{
	const struct act *act = deed->act;
	struct place *event = find_fd(statements, act, PART_OWN_FD, act->event.call);
	struct place *target = find_fd(statements, act, PART_OTHER_FD, act->target.call);

	if (act->function == FUNCTION_prctl)
		return true;
	if (!event)
		return false;
	deed->at = event->at;
	deed->copy = event->copy;
	deed->target = target ? target->at : 0;
	if (act->function == FUNCTION_close && !act->error)
		event->open = false;
	if (act_duplicates(act) && !act->error)
		take_copy(statements, deed, event);
	return true;
}

static void
keep(struct statements *statements, const struct deed *deed)
{
	if (statements->count == statements->room) {
		statements->room = statements->room ? 2 * statements->room : 64;
		statements->deeds = realloc(statements->deeds,
			statements->room * sizeof *statements->deeds);
		if (!statements->deeds)
			die("write a program:");
	}
	statements->deeds[statements->count++] = *deed;
}

void
statements_add(struct statements *statements, const struct act *act)
{
	struct deed deed = {.act = act_copy(act)};

	if (find_places(statements, &deed))
		keep(statements, &deed);
	else
		act_free(deed.act);
}

void
statements_flush(struct statements *statements)
{
	if (!statements->count)
		return;
	statements->any = true;
	body(statements, "\n");
	write_deeds(statements, statements->deeds, statements->count);
	clear(statements);
}

/* Where the ends of events start, behind which there is nothing else. */
static size_t
find_ends(const struct statements *statements)
{
	size_t at = statements->count;

	while (at > 0 && is_end(statements->deeds[at - 1].act))
		at--;
	return at;
}

void
statements_end(struct statements *statements)
{
	size_t ends = find_ends(statements);

	if (!statements->any && !statements->count)
		return;
	body(statements, "%s", ends ? "\n" : "");
	write_deeds(statements, statements->deeds, ends);
	body(statements,
		"\n	/* Here the events count, and rings fill: put what is to be watched in the "
		"sleep's place. */\n"
		"	usleep(100000);\n"
		"	events_read();\n%s",
		ends < statements->count ? "\n" : "");
	write_deeds(statements, statements->deeds + ends, statements->count - ends);
	clear(statements);
	free(statements->deeds);
	statements->any = statements->head->acts = true;
	need(statements, NEED_READ);
}
