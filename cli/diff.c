/* peodump diff: what changed between two programs, kernels or machines, by two dumps. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare.h"
#include "cli/event.h"
#include "cli/input.h"
#include "cli/listing.h"
#include "cli/member.h"
#include "cli/option.h"
#include "cli/release.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "decoder/needs.h"
#include "decoder/value.h"

enum {
	TEXT_MAX = 64 * 1024, /* a name at its longest */
	OPTION_COLOUR = 256,
	OPTION_IGNORE,
	OPTION_NO_PAGER
};

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
		.ignore = report->options->ignore, .lives = lived(report), .silent = true};

	listing_text(&listing, pair);
	if (!pair_whole(pair))
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
	const struct opening *left = pair_side(pair), *right = pair->of[1];
	bool counted = left->call->number && (!right || right->call->number);

	printf(counted ? ": call " : ": line ");
	printf("%lu", counted ? left->call->number : left->line);
	if (pair_whole(pair))
		printf(" -> %lu", counted ? right->call->number : right->line);
	if (pair->times > 1)
		printf(", %u times", pair->times);
	putchar('\n');
}

static void
write_title(const struct pair *pair)
{
	const struct opening *opening = pair_side(pair);
	const char *sign = pair_whole(pair) ? "" : pair->of[0] ? "- " : "+ ";

	terminal_write(sign, strlen(sign), listing_ink(!pair->of[0]));
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
	struct listing listing = {.ignore = report->options->ignore,
		.lives = lived(report),
		.all = report->options->all};

	putchar('\n');
	for (size_t at = batch->at; at < batch->at + batch->count; at++)
		write_title(&report->pairs[places[at].pair]);
	listing_text(&listing, &report->pairs[batch->first]);
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
write_pair_json(const struct report *report, const struct pair *pair)
{
	struct listing listing = {.ignore = report->options->ignore,
		.lives = lived(report),
		.all = report->options->all};
	const struct opening *some = pair_side(pair);

	putchar('{');
	listing_name_json(&listing, "event", some->call);
	if (some->leader)
		listing_name_json(&listing, "leader", some->leader->call);
	for (int side = 0; side < 2; side++)
		if (pair->of[side])
			printf(", \"%s_call\": %u, \"%s_line\": %lu, \"%s_probe\": %s",
				side_words[side], pair->of[side]->call->number, side_words[side],
				pair->of[side]->line, side_words[side],
				opening_closed(pair->of[side]) ? "true" : "false");
	printf(", \"times\": %u", pair->times);
	if (!pair_whole(pair))
		printf(", \"only\": \"%s\"", side_words[!pair->of[0]]);
	listing_json(&listing, pair);
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
			&& !listing_knows(name, length))
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
