/* peodump diff: what changed between two programs, kernels or machines, by two dumps. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare.h"
#include "cli/event.h"
#include "cli/input.h"
#include "cli/member.h"
#include "cli/option.h"
#include "cli/release.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "decoder/needs.h"
#include "decoder/value.h"

enum {
	LINE_WIDTH = 100,
	TEXT_MAX = 64 * 1024, /* a member at its longest: all bytes of the attr, or a path */
	OPTION_COLOUR = 256,
	OPTION_IGNORE,
	OPTION_NO_PAGER
};

static const char *const side_words[] = {"old", "new"};
static const char life[] = "life"; /* as --ignore has it */

static const char help[] =
	"usage: peodump diff [OPTION]... OLD NEW\n"
	"\n"
	"Shows what differs between two dumps. Calls are paired by what they open: the PMU and "
	"the\n"
	"event by name, and the role in the group; CPUs and threads are folded. Numbers that a run "
	"or\n"
	"a machine hands out (pids, fds, PMU types, tracepoint ids) are no differences. Where "
	"both\n"
	"dumps tell it, what was done with the events is compared too, as if a member life.\n"
	"\n"
	"  -a, --all             every pair with every member, also what is the same\n"
	"  -q, --brief           say only whether the dumps differ\n"
	"      --ignore MEMBERS  differences that are none, as in cpu,size\n"
	"  -j, --json            one object a pair\n"
	"      --color[=WHEN]    auto (the default), always (what it means alone) or never\n"
	"      --no-pager        no pager, even on a terminal\n"
	"  -h, --help            this help\n"
	"\n"
	"OLD or NEW can be - for standard input. The exit status is 0 if nothing differs; 1 if\n"
	"something does; 2 if there was trouble, as a dump that is damaged in places or has no "
	"call\n"
	"at all.\n";

struct options {
	bool all;
	bool brief;
	bool json;
	bool no_pager;
	enum when_colour colour;
	char *ignore; /* names between commas; NULL: none */
	char **files;
};

struct report {
	const struct options *options;
	struct side sides[2];
	struct pair *pairs;
	size_t count;
	const char *names[2];
};

/* Where the members of one pair go. */
struct listing {
	const struct options *options;
	bool silent;   /* only what would be written counts */
	uint64_t key;  /* of what was written, but for the titles; 0: nothing */
	bool all;      /* members that do not differ, too */
	bool lives;    /* both dumps tell what was done with events */
	bool started;  /* JSON: a comma is due */
	size_t column; /* of the line that members are written in a row on */
};

static void
put(struct listing *listing, const char *text, size_t length, enum ink ink)
{
	for (size_t at = 0; at < length; at++)
		listing->key = (listing->key ^ (unsigned char)text[at]) * 0x100000001b3;
	listing->key += !listing->key;
	if (!listing->silent)
		terminal_write(text, length, ink);
}

static void
put_text(struct listing *listing, const char *text, enum ink ink)
{
	put(listing, text, strlen(text), ink);
}

static bool
listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list && *list) {
		size_t end = strcspn(list, ",");

		if (end == length && memcmp(list, name, length) == 0)
			return true;
		list += end + (list[end] == ',');
	}
	return false;
}

/* Where another arm of a union is in use, something else than what was named differs. */
static bool
ignored(const struct listing *listing, const struct member *member)
{
	const char *list = listing->options->ignore;

	return listed(list, member_name(member, 0)) && listed(list, member_name(member, 1));
}

static void
put_since(struct listing *listing, uint32_t since)
{
	char release[RELEASE_TEXT];

	if (!since)
		return;
	put_text(listing, " (Linux ", INK_PLAIN);
	put_text(listing, release_text(since, release), INK_PLAIN);
	put_text(listing, ")", INK_PLAIN);
}

static enum ink
ink_of(int side)
{
	return side ? INK_COMMENT : INK_REFUSED;
}

static void
put_value(struct listing *listing, const struct member *member, int side, enum ink ink)
{
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	member_c(&out, member, side);
	put(listing, text, out.length, ink);
	if (ink != INK_PLAIN)
		put_since(listing, member_since(member, side));
}

/* What went and what came, of a mask that is not another altogether. */
static void
put_bits(struct listing *listing, const struct member *member, const uint64_t bits[2])
{
	for (int side = 0; side < 2; side++)
		for (uint64_t rest = bits[side] & ~bits[!side]; rest; rest &= rest - 1) {
			uint64_t bit = rest & -rest;
			char text[64];
			struct buf out = {.text = text, .size = sizeof text};

			put_text(listing, side ? " + " : " - ", ink_of(side));
			member_bit_c(&out, member, side, bit);
			put(listing, text, out.length, ink_of(side));
			put_since(listing, member_bit_since(member, side, bit));
		}
}

static void
put_change(struct listing *listing, const struct member *member)
{
	uint64_t bits[2];

	put_text(listing, "    ", INK_PLAIN);
	put_text(listing, member_name(member, 0), INK_PLAIN);
	if (member_bits(member, bits)) {
		put_bits(listing, member, bits);
	} else {
		put_text(listing, " ", INK_PLAIN);
		put_value(listing, member, 0, ink_of(0));
		put_text(listing, " -> ", INK_PLAIN);
		if (member->field[0] != member->field[1]) {
			put_text(listing, member_name(member, 1), INK_PLAIN);
			put_text(listing, " ", INK_PLAIN);
		}
		put_value(listing, member, 1, ink_of(1));
	}
	put_text(listing, "\n", INK_PLAIN);
}

static void
put_line(struct listing *listing, const struct member *member, int side, const char *sign)
{
	enum ink ink = *sign == ' ' ? INK_PLAIN : ink_of(side);

	put_text(listing, sign, ink);
	put_text(listing, "   ", INK_PLAIN);
	put_text(listing, member_name(member, side), ink);
	put_text(listing, " ", INK_PLAIN);
	put_value(listing, member, side, ink);
	put_text(listing, "\n", INK_PLAIN);
}

/* As diff -U has it. */
static void
put_both(struct listing *listing, const struct member *member)
{
	if (!member_held(member, 0) && !member_held(member, 1))
		return;
	if (!member->differs || ignored(listing, member)) {
		put_line(listing, member, 0, " ");
		return;
	}
	put_line(listing, member, 0, "-");
	put_line(listing, member, 1, "+");
}

static void
list_pair(void *context, const struct member *member)
{
	struct listing *listing = context;

	if (listing->all)
		put_both(listing, member);
	else if (!ignored(listing, member))
		put_change(listing, member);
}

/* The title says what the event is, and in which group. */
static bool
said_in_title(const struct member *member)
{
	return member->id == FIELD_type || member->id == FIELD_config || member->id == MEMBER_GROUP
		|| (member->id == MEMBER_RESULT && !member_key(MEMBER_RESULT, member->of[0]));
}

/* Members in a row, as many as a line holds. */
static void
list_single(void *context, const struct member *member)
{
	struct listing *listing = context;
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	if (!member_set(member, 0) || said_in_title(member))
		return;
	buf_text(&out, member_name(member, 0));
	buf_char(&out, ' ');
	member_c(&out, member, 0);
	if (listing->column && listing->column + out.length + 3 > LINE_WIDTH) {
		put_text(listing, ",\n", INK_PLAIN);
		listing->column = 0;
	}
	put_text(listing, listing->column ? ", " : "    ", INK_PLAIN);
	put(listing, text, out.length, INK_PLAIN);
	listing->column += out.length + (listing->column ? 2 : 4);
}

static void
list_single_all(void *context, const struct member *member)
{
	if (member_held(member, 0))
		put_line(context, member, 0, " ");
}

/* A name in JSON, behind the comma that is due. */
static void
put_key(struct listing *listing, const char *name)
{
	put_text(listing, listing->started ? ", \"" : "\"", INK_PLAIN);
	put_text(listing, name, INK_PLAIN);
	put_text(listing, "\": ", INK_PLAIN);
	listing->started = true;
}

static void
put_side_key(struct listing *listing, int side, const char *what)
{
	char name[32];

	snprintf(name, sizeof name, "%s%s", side_words[side], what);
	put_key(listing, name);
}

static void
put_value_json(struct listing *listing, const struct member *member, int side)
{
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};
	struct buf note = {.text = text, .size = sizeof text};
	char release[RELEASE_TEXT];
	uint32_t since = member_since(member, side);

	put_side_key(listing, side, "");
	member_json(&out, member, side);
	put(listing, text, out.length, INK_PLAIN);
	if (member_note_json(&note, member, side)) {
		put_side_key(listing, side, "_note");
		put(listing, text, note.length, INK_PLAIN);
	}
	if (!since)
		return;
	put_side_key(listing, side, "_since");
	put_text(listing, "\"", INK_PLAIN);
	put_text(listing, release_text(since, release), INK_PLAIN);
	put_text(listing, "\"", INK_PLAIN);
}

static void
list_pair_json(void *context, const struct member *member)
{
	struct listing *listing = context;

	if (ignored(listing, member))
		return;
	put_key(listing, member_name(member, 0));
	put_text(listing, "{", INK_PLAIN);
	listing->started = false;
	put_value_json(listing, member, 0);
	put_value_json(listing, member, 1);
	if (member->field[0] != member->field[1]) {
		put_key(listing, "new_name");
		put_text(listing, "\"", INK_PLAIN);
		put_text(listing, member_name(member, 1), INK_PLAIN);
		put_text(listing, "\"", INK_PLAIN);
	}
	put_text(listing, "}", INK_PLAIN);
	listing->started = true;
}

static void
list_single_json(void *context, const struct member *member)
{
	struct listing *listing = context;
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	if (!listing->options->all && !member_set(member, 0))
		return;
	put_key(listing, member_name(member, 0));
	member_json(&out, member, 0);
	put(listing, text, out.length, INK_PLAIN);
}

static bool
paired(const struct pair *pair)
{
	return pair->of[0] && pair->of[1];
}

static const struct opening *
some_side(const struct pair *pair)
{
	return pair->of[0] ? pair->of[0] : pair->of[1];
}

/* Whether the sides need different kernels, and which needs the later one. */
static bool
needs_differ(const struct pair *pair, struct needs needs[2], int *later)
{
	for (int side = 0; side < 2; side++)
		call_needs(&needs[side], pair->of[side]->call);
	*later = needs[1].release > needs[0].release
		|| (needs[1].release == needs[0].release && needs[1].unknown);
	return needs[0].release != needs[1].release || needs[0].unknown != needs[1].unknown;
}

/* Which kernel the younger side needs; where nothing else is told there is nothing to explain. */
static void
put_needs(struct listing *listing, const struct pair *pair)
{
	char text[512];
	struct buf out = {.text = text, .size = sizeof text};
	struct needs needs[2];
	int later;

	if (!listing->key || !needs_differ(pair, needs, &later))
		return;
	buf_text(&out, side_words[later]);
	buf_char(&out, ' ');
	needs_text(&out, &needs[later]);
	put_text(listing, "    ", INK_PLAIN);
	put(listing, text, out.length, ink_of(later));
	put_text(listing, "\n", INK_PLAIN);
}

static void
put_needs_json(struct listing *listing, const struct pair *pair)
{
	static char words[512], text[2048];
	struct needs needs[2];
	int later;

	if (!paired(pair) || !needs_differ(pair, needs, &later))
		return;
	for (int side = 0; side < 2; side++) {
		struct buf said = {.text = words, .size = sizeof words - 1};
		struct buf out = {.text = text, .size = sizeof text};

		needs_text(&said, &needs[side]);
		words[said.length] = '\0';
		text_json(&out, words);
		put_side_key(listing, side, "_needs");
		put(listing, text, out.length, INK_PLAIN);
	}
}

static const char *
life_of(const struct pair *pair, int side)
{
	const char *text = pair->of[side]->life.text;

	return text ? text : "nothing";
}

/* Whether something else was done with the event. */
static bool
lives_differ(const struct listing *listing, const struct pair *pair)
{
	return listing->lives && paired(pair) && !listed(listing->options->ignore, life)
		&& strcmp(life_of(pair, 0), life_of(pair, 1)) != 0;
}

/* What was done with the event, on lines of their own: such lists are long. */
static void
put_lives(struct listing *listing, const struct pair *pair)
{
	static const char *const signs[] = {"  - ", "  + "};

	if (!lives_differ(listing, pair))
		return;
	if (listing->column)
		put_text(listing, "\n", INK_PLAIN);
	listing->column = 0;
	for (int side = 0; side < 2; side++) {
		put_text(listing, signs[side], ink_of(side));
		put_text(listing, life_of(pair, side), ink_of(side));
		put_text(listing, "\n", INK_PLAIN);
	}
}

static void
put_lives_json(struct listing *listing, const struct pair *pair)
{
	static char text[TEXT_MAX];

	for (int side = 0; side < 2 && lives_differ(listing, pair); side++) {
		struct buf out = {.text = text, .size = sizeof text};

		text_json(&out, life_of(pair, side));
		put_side_key(listing, side, "_life");
		put(listing, text, out.length, INK_PLAIN);
	}
}

static void
list_both(struct listing *listing, const struct pair *pair)
{
	members_walk(pair->of[0], pair->of[1], listing->all, list_pair, listing);
	put_lives(listing, pair);
	put_needs(listing, pair);
}

/* What stands below a pair's title. */
static void
list_members(struct listing *listing, const struct pair *pair)
{
	const struct opening *some = some_side(pair);

	if (paired(pair))
		list_both(listing, pair);
	else if (listing->all)
		members_walk(some, some, true, list_single_all, listing);
	else
		members_walk(some, some, true, list_single, listing);
	if (listing->column)
		put_text(listing, "\n", INK_PLAIN);
}

static bool
lived(const struct report *report)
{
	return report->sides[0].lived && report->sides[1].lived;
}

/* 0: nothing that matters differs in the pair. Equal numbers: the same does. */
static uint64_t
difference_key(const struct report *report, const struct pair *pair)
{
	struct listing listing = {
		.options = report->options, .lives = lived(report), .silent = true};

	list_members(&listing, pair);
	if (!paired(pair))
		listing.key = key_mix(listing.key, pair->of[0] ? 1 : 2);
	return listing.key;
}

static void
write_event(const struct call *call)
{
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	event_name(&out, call);
	terminal_write(text, out.length, INK_TITLE);
}

/* Who makes dumps on his own may not count his calls: then it is lines. */
static void
write_places(const struct pair *pair)
{
	const struct opening *left = some_side(pair), *right = pair->of[1];
	bool counted = left->call->number && (!right || right->call->number);

	printf(counted ? ": call " : ": line ");
	printf("%lu", counted ? left->call->number : left->line);
	if (paired(pair))
		printf(" -> %lu", counted ? right->call->number : right->line);
	if (pair->times > 1)
		printf(", %u times", pair->times);
	putchar('\n');
}

static void
write_title(const struct pair *pair)
{
	const struct opening *opening = some_side(pair);
	const char *sign = paired(pair) ? "" : pair->of[0] ? "- " : "+ ";

	terminal_write(sign, strlen(sign), ink_of(!pair->of[0]));
	write_event(opening->call);
	if (opening->leader) {
		printf(", in the group of ");
		write_event(opening->leader->call);
	}
	if (opening_closed(opening))
		printf(", probe");
	write_places(pair);
}

static void
write_head(const struct report *report)
{
	for (int side = 0; side < 2; side++) {
		const struct side *dump = &report->sides[side];
		const struct call *call = dump->count ? dump->openings[0]->call : NULL;
		char text[512];
		struct buf out = {.text = text, .size = sizeof text};

		buf_text(&out, side ? "+++ " : "--- ");
		text_c(&out, report->names[side], 0);
		if (call) {
			BUF_LITERAL(&out, ": ");
			text_c(&out, call->comm, 0);
			BUF_LITERAL(&out, ", Linux ");
			text_c(&out, call->kernel, 0);
			buf_char(&out, ' ');
			buf_text(&out, arches[call->arch].name);
		}
		terminal_write(text, out.length, INK_TITLE);
		printf(", %lu call%s\n", dump->calls, dump->calls == 1 ? "" : "s");
	}
}

/* A pair among those that differ in the same way. */
struct place {
	uint64_t key;
	size_t pair;
};

static int
by_key(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->pair > b->pair) - (a->pair < b->pair);
}

/* Those that are the first of their way carry how many there are; by the order of the pairs. */
struct batch {
	size_t first; /* pair */
	size_t at;    /* in the places */
	size_t count;
};

static int
by_first(const void *left, const void *right)
{
	const struct batch *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

static size_t
find_batches(struct batch *batches, const struct place *places, size_t count)
{
	size_t found = 0;

	for (size_t at = 0; at < count; at++) {
		if (!at || places[at].key != places[at - 1].key)
			batches[found++] = (struct batch){places[at].pair, at, 0};
		batches[found - 1].count++;
	}
	qsort(batches, found, sizeof *batches, by_first);
	return found;
}

static void
write_batch(const struct report *report, const struct batch *batch, const struct place *places)
{
	struct listing listing = {.options = report->options,
		.lives = lived(report),
		.all = report->options->all};

	putchar('\n');
	for (size_t at = batch->at; at < batch->at + batch->count; at++)
		write_title(&report->pairs[places[at].pair]);
	list_members(&listing, &report->pairs[batch->first]);
}

/* Pairs in which the same differs are shown together: a struct that has grown is said once. */
static void
write_batches(const struct report *report, struct place *places, size_t count)
{
	struct batch *batches = malloc((count + 1) * sizeof *batches);
	size_t found;

	if (!batches)
		die("compare:");
	qsort(places, count, sizeof *places, by_key);
	found = find_batches(batches, places, count);
	write_head(report);
	for (size_t at = 0; at < found && !terminal_gone(); at++)
		write_batch(report, &batches[at], places);
	free(batches);
}

static void
write_all(const struct report *report)
{
	write_head(report);
	for (size_t at = 0; at < report->count && !terminal_gone(); at++) {
		struct place place = {0, at};
		struct batch batch = {at, 0, 1};

		write_batch(report, &batch, &place);
	}
}

static void
write_name_json(struct listing *listing, const char *key, const struct call *call)
{
	static char name[TEXT_MAX], text[TEXT_MAX];
	struct buf plain = {.text = name, .size = sizeof name - 1};
	struct buf out = {.text = text, .size = sizeof text};

	event_name(&plain, call);
	name[plain.length] = '\0';
	text_json(&out, name);
	put_key(listing, key);
	put(listing, text, out.length, INK_PLAIN);
}

static void
write_pair_json(const struct report *report, const struct pair *pair)
{
	struct listing listing = {.options = report->options, .lives = lived(report)};
	const struct opening *some = some_side(pair);

	putchar('{');
	write_name_json(&listing, "event", some->call);
	if (some->leader)
		write_name_json(&listing, "leader", some->leader->call);
	for (int side = 0; side < 2; side++)
		if (pair->of[side])
			printf(", \"%s_call\": %u, \"%s_line\": %lu, \"%s_probe\": %s",
				side_words[side], pair->of[side]->call->number, side_words[side],
				pair->of[side]->line, side_words[side],
				opening_closed(pair->of[side]) ? "true" : "false");
	printf(", \"times\": %u", pair->times);
	if (!paired(pair))
		printf(", \"only\": \"%s\"", side_words[!pair->of[0]]);
	printf(", \"%s\": {", paired(pair) ? "differ" : "members");
	listing.started = false;
	if (paired(pair))
		members_walk(some, pair->of[1], false, list_pair_json, &listing);
	else
		members_walk(some, some, true, list_single_json, &listing);
	put_text(&listing, "}", INK_PLAIN);
	listing.started = true;
	put_lives_json(&listing, pair);
	put_needs_json(&listing, pair);
	puts("}");
}

static void
write_json(const struct report *report, const struct place *places, size_t count)
{
	bool all = report->options->all;

	for (size_t at = 0; at < (all ? report->count : count) && !terminal_gone(); at++)
		write_pair_json(report, &report->pairs[all ? at : places[at].pair]);
}

static void
write_report(const struct report *report, struct place *places, size_t count)
{
	if (report->options->brief) {
		printf("Files %s and %s differ\n", report->names[0], report->names[1]);
		return;
	}
	terminal_begin(report->options->colour, !report->options->no_pager);
	terminal_start();
	if (report->options->json)
		write_json(report, places, count);
	else if (report->options->all)
		write_all(report);
	else
		write_batches(report, places, count);
	terminal_end();
}

/* Shows what differs; false: nothing does. */
static bool
compare(struct report *report)
{
	struct place *places;
	size_t count = 0;

	report->count = sides_pair(report->sides, &report->pairs);
	places = malloc((report->count + 1) * sizeof *places);
	if (!places)
		die("compare:");
	for (size_t at = 0; at < report->count; at++) {
		uint64_t key = difference_key(report, &report->pairs[at]);

		if (key)
			places[count++] = (struct place){key, at};
	}
	if (count || (report->options->all && !report->options->brief))
		write_report(report, places, count);
	free(places);
	return count != 0;
}

/* false: what was wrong was said. */
static bool
read_side(struct report *report, int side)
{
	struct input *input = input_open(&report->options->files[side], 1);
	bool fine;

	report->names[side] = report->options->files[side];
	side_read(&report->sides[side], input);
	fine = !input_trouble(input);
	input_close(input);
	return fine;
}

static int
diff(const struct options *options)
{
	struct report report = {.options = options};
	bool old_fine = read_side(&report, 0), new_fine = read_side(&report, 1);
	bool different = false;

	if (report.sides[0].calls && report.sides[1].calls)
		different = compare(&report);
	free(report.pairs);
	side_free(&report.sides[0]);
	side_free(&report.sides[1]);
	return old_fine && new_fine ? different : 2;
}

/* Names between commas, each of a member; or it is said which is none. */
static char *
check_members(char *list)
{
	const char *name = list;

	for (;;) {
		size_t length = strcspn(name, ",");

		if (!member_known(name, length)
			&& !(length == sizeof life - 1 && memcmp(name, life, length) == 0))
			option_wrong("--ignore: there is no member '%.*s'", (int)length, name);
		if (!name[length])
			return list;
		name += length + 1;
	}
}

/* false: help was asked for and given. */
static bool
read_options(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{"all", no_argument, NULL, 'a'},
		{"brief", no_argument, NULL, 'q'},
		{"quiet", no_argument, NULL, 'q'},
		{"ignore", required_argument, NULL, OPTION_IGNORE},
		{"json", no_argument, NULL, 'j'},
		{"color", optional_argument, NULL, OPTION_COLOUR},
		{"colour", optional_argument, NULL, OPTION_COLOUR},
		{"no-pager", no_argument, NULL, OPTION_NO_PAGER},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "aqjh", longs, NULL)) != -1) {
		if (option == 'a')
			options->all = true;
		else if (option == 'q')
			options->brief = true;
		else if (option == 'j')
			options->json = true;
		else if (option == OPTION_COLOUR)
			options->colour = option_colour(optarg);
		else if (option == OPTION_IGNORE)
			options->ignore = check_members(optarg);
		else if (option == OPTION_NO_PAGER)
			options->no_pager = true;
		else if (option == 'h')
			return fputs(help, stdout) < 0;
		else
			option_unknown();
	}
	if (options->brief && options->json)
		option_wrong("--brief and --json do not go together");
	if (argc - optind != 2)
		option_wrong("two dumps to compare are needed");
	options->files = argv + optind;
	if (strcmp(options->files[0], "-") == 0 && strcmp(options->files[1], "-") == 0)
		option_wrong("only one of the dumps can be standard input");
	return true;
}

int
diff_main(int argc, char **argv)
{
	struct options options = {.colour = COLOUR_AUTO};

	return read_options(&options, argc, argv) ? diff(&options) : 0;
}
