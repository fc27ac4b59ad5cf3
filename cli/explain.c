/* peodump explain: every check of the kernel that an attr would meet, without making the call. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/attempt.h"
#include "cli/event.h"
#include "cli/option.h"
#include "cli/release.h"
#include "cli/tally.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "decoder/explain.h"
#include "decoder/needs.h"

enum {
	TEXT_MAX = 8192,
	COLUMNS_MAX = 100
};

static const char usage[] =
	"usage: peodump explain [OPTION]... [FILE]...\n"
	"\n"
	"Lists which of the kernel's checks an attr would meet, without opening the event:\n"
	"which refuse it, which cannot be told from here, which it passes. A FILE is a dump,\n"
	"or C source that sets a struct perf_event_attr up with constants; no FILE, or -, is\n"
	"standard input; a terminal only for -.\n"
	"\n"
	"      --kernel V     ask of Linux V (5.4), instead of the kernel that runs\n"
	"      --all          name the checks that it passes too\n"
	"      --call N       only the call of a dump with that number\n"
	"      --color[=WHEN] auto (the default), always (what it means alone) or never\n"
	"      --no-pager     no pager, even on a terminal\n"
	"  -h, --help         this help\n"
	"\n"
	"The exit status is 1 if a call would be refused, 2 if there was trouble, else 0.\n";

/* What the options asked for. */
struct request {
	struct attempt attempt;
	bool all;
	bool paged;
	enum when_colour colour;
	struct wanted wanted;
};

static struct buf
scratch(void)
{
	static char text[TEXT_MAX];

	return (struct buf){.text = text, .size = sizeof text - 1};
}

static void
print(const struct buf *out, enum ink ink)
{
	terminal_write(out->text, out->length, ink);
}

static const char *
error_text(enum check_id id)
{
	int32_t number = check_error(id);

	for (int row = 0; row < ERRORS; row++)
		if (errors[row].number == number)
			return errors[row].name;
	return "any";
}

/* A check with its errno, what is wrong, and below it what helps. */
static void
print_check(enum check_id id, enum ink ink)
{
	struct buf out = scratch();

	BUF_LITERAL(&out, "    ");
	check_name(&out, id);
	while (out.length < 20)
		buf_char(&out, ' ');
	buf_text(&out, error_text(id));
	BUF_LITERAL(&out, ": ");
	check_sentence(&out, id);
	BUF_LITERAL(&out, "\n                    ");
	check_hint(&out, id);
	buf_char(&out, '\n');
	print(&out, ink);
}

/* An attr of a source has no number. */
static void
print_title(const struct attempt *attempt)
{
	const struct call *call = &attempt->call;
	struct buf out = scratch();
	struct needs needs;

	if (attempt_dumped(attempt)) {
		BUF_LITERAL(&out, "call ");
		buf_decimal(&out, call->number);
		BUF_LITERAL(&out, ": ");
	}
	event_text(&out, call);
	BUF_LITERAL(&out, " on ");
	buf_text(&out, attempt->where);
	call_needs(&needs, call);
	BUF_LITERAL(&out, ", ");
	needs_text(&out, &needs);
	buf_char(&out, '\n');
	print(&out, INK_TITLE);
}

/* The names of the checks that it passes, as many on a line as fit. */
static void
print_passed(const uint8_t *truths)
{
	size_t column = COLUMNS_MAX;

	for (int id = 0; id < CHECKS; id++) {
		struct buf out = scratch();

		if (truths[id] != NO)
			continue;
		check_name(&out, (enum check_id)id);
		column += out.length + 1;
		if (column > COLUMNS_MAX) {
			fputs("\n   ", stdout);
			column = 3 + out.length + 1;
		}
		putchar(' ');
		print(&out, INK_PLAIN);
	}
	putchar('\n');
}

static unsigned
print_checks(const uint8_t *truths, enum truth wanted, const char *title)
{
	unsigned count = 0;

	for (int id = 0; id < CHECKS; id++) {
		if (truths[id] != wanted)
			continue;
		if (!count++)
			printf("  %s\n", title);
		print_check((enum check_id)id, wanted == YES ? INK_REFUSED : INK_PLAIN);
	}
	return count;
}

static void
print_wanted(uint64_t wanted)
{
	puts("  what would tell");
	for (int id = 0; id < FACTS; id++)
		if (wanted >> id & 1)
			printf("    %-20s%s\n", fact_rows[id].name, fact_rows[id].where);
}

static bool
explain_call(const struct attempt *attempt, bool all)
{
	const struct call *call = &attempt->call;
	const struct facts *facts = &attempt->facts;

	uint8_t truths[CHECKS];
	uint64_t wanted = 0;
	unsigned refusing, unclear;

	for (int id = 0; id < CHECKS; id++)
		truths[id] = (uint8_t)check_fires((enum check_id)id, call, facts, &wanted);
	print_title(attempt);
	refusing = print_checks(truths, YES, "refuses it");
	if (!refusing)
		puts("  nothing that is known here refuses it");
	unclear = print_checks(truths, MAYBE, "cannot be told from here");
	if (unclear && wanted)
		print_wanted(wanted);
	printf("  passes the other %u", CHECKS - refusing - unclear);
	if (all)
		print_passed(truths);
	else
		putchar('\n');
	return refusing != 0;
}

static void
read_option(struct request *request, int option)
{
	switch (option) {
	case 'k':
		request->attempt.release = release_asked(optarg, strlen(optarg));
		break;
	case 'a':
		request->all = true;
		break;
	case 'n':
		request->wanted.number = option_call(optarg);
		break;
	case 'c':
		request->colour = option_colour(optarg);
		break;
	case 'p':
		request->paged = false;
		break;
	default:
		option_unknown();
	}
}

/* Returns false if the help was asked for. */
static bool
read_options(struct request *request, int argc, char **argv)
{
	static const struct option options[] = {
		{"kernel", required_argument, NULL, 'k'},
		{"all", no_argument, NULL, 'a'},
		{"call", required_argument, NULL, 'n'},
		{"color", optional_argument, NULL, 'c'},
		{"colour", optional_argument, NULL, 'c'},
		{"no-pager", no_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return false;
		read_option(request, option);
	}
	return true;
}

static bool
asked_for(const struct request *request)
{
	uint32_t number = request->wanted.number;

	return !number
		|| (attempt_dumped(&request->attempt) && request->attempt.call.number == number);
}

/* Returns the exit status. */
static int
explain_calls(struct request *request)
{
	struct attempt *attempt = &request->attempt;
	struct tally tally = {0};
	bool refused = false, any = false;

	while (!terminal_gone() && attempt_next(attempt)) {
		if (attempt_dumped(attempt))
			tally_number(&tally, attempt->call.number);
		if (!asked_for(request))
			continue;
		refused |= explain_call(attempt, request->all);
		any = true;
	}
	if (request->wanted.number && !any) {
		tally_miss(&tally, &request->wanted);
		return 2;
	}
	return attempt->trouble ? 2 : refused;
}

int
explain_main(int argc, char **argv)
{
	struct request request = {.paged = true};
	int status;

	if (!read_options(&request, argc, argv)) {
		fputs(usage, stdout);
		return 0;
	}
	option_files(argc - optind);
	terminal_begin(request.colour, request.paged);
	attempt_begin(&request.attempt, argv + optind, argc - optind);
	status = explain_calls(&request);
	terminal_end();
	return status;
}
