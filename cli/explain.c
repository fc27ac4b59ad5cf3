/* peodump explain: every check of the kernel that an attr would meet, without making the call. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/attempt.h"
#include "cli/event.h"
#include "cli/release.h"
#include "cli/option.h"
#include "cli/say.h"
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
	"standard input.\n"
	"\n"
	"      --kernel V     ask of Linux V (5.4), instead of the kernel that runs\n"
	"      --all          name the checks that it passes too\n"
	"  -h, --help         this help\n"
	"\n"
	"The exit status is 1 if a call would be refused, 2 if there was trouble, else 0.\n";

static struct buf
scratch(void)
{
	static char text[TEXT_MAX];

	return (struct buf){.text = text, .size = sizeof text - 1};
}

static void
print(struct buf *out)
{
	fwrite(out->text, 1, out->length, stdout);
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
print_check(enum check_id id)
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
	print(&out);
}

static void
print_title(const struct call *call, const char *where)
{
	struct buf out = scratch();
	struct needs needs;

	event_text(&out, call);
	BUF_LITERAL(&out, " on ");
	buf_text(&out, where);
	call_needs(&needs, call);
	BUF_LITERAL(&out, ", ");
	needs_text(&out, &needs);
	buf_char(&out, '\n');
	print(&out);
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
		print(&out);
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
		print_check((enum check_id)id);
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
	print_title(call, attempt->where);
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
read_kernel(struct attempt *attempt, const char *text)
{
	uint32_t release;

	if (!release_read(text, strlen(text), &release))
		die("--kernel: '%s' is no release of Linux, as 5.4", text);
	if (release < release_first())
		die("--kernel: Linux %s: perf_event_open came with %s", text,
			release_text(release_first(), (char[RELEASE_TEXT]){0}));
	attempt->kernel = text;
	attempt->release = release;
}

int
explain_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"kernel", required_argument, NULL, 'k'},
		{"all", no_argument, NULL, 'a'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	struct attempt attempt = {0};
	bool refused = false, all = false;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'k') {
			read_kernel(&attempt, optarg);
		} else if (option == 'a') {
			all = true;
		} else if (option == 'h') {
			fputs(usage, stdout);
			return 0;
		} else {
			option_unknown();
		}
	}
	attempt_begin(&attempt, argv + optind, argc - optind);
	while (attempt_next(&attempt))
		refused |= explain_call(&attempt, all);
	return attempt.trouble ? 2 : refused;
}
