/* peodump show: the calls of a dump, in one of several forms. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fold.h"
#include "cli/input.h"
#include "cli/program.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "decoder/decode.h"
#include "decoder/field.h"

enum {
	TEXT_MAX = 1 << 19 /* an attr of a page, two paths, and ranges, all at their longest */
};

/* What the options asked for. */
struct request {
	const struct view *view;
	enum selection selection;
	enum when_colour colour;
	bool folded;
	bool failed;
	bool needs;
	bool paged;
	uint32_t number; /* 0: of any number */
	const char *comm;
};

/* A way to show calls: a call or, for those that fold, a run of them. */
struct view {
	const char *name;
	void (*show)(struct fold *fold, enum selection selection);
	void (*end)(void);
};

static struct buf
decode(const struct fold *fold, const struct form *form, enum selection selection)
{
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	if (fold->calls > 1 && form == &form_c) {
		BUF_LITERAL(&out, "/* ");
		fold_text(&out, fold);
		BUF_LITERAL(&out, " */\n");
	}
	call_decode(&out, fold->first, form, selection);
	return out;
}

static void
show_c(struct fold *fold, enum selection selection)
{
	struct buf out = decode(fold, &form_c, selection);

	terminal_write_c(out.text, out.length);
}

static void
show_json(struct fold *fold, enum selection selection)
{
	struct buf out = decode(fold, &form_json, selection);

	if (fold->calls > 1 && out.length > 2) {
		out.length -= sizeof "}\n" - 1;
		BUF_LITERAL(&out, ", \"alike\": ");
		fold_json(&out, fold);
		BUF_LITERAL(&out, "}\n");
	}
	terminal_write(out.text, out.length, INK_PLAIN);
}

static void
show_table(struct fold *fold, enum selection selection)
{
	(void)selection;
	table_add(fold);
}

static void
show_program(struct fold *fold, enum selection selection)
{
	(void)selection;
	program_add(fold->first);
}

static void
end_nothing(void)
{
}

static const struct view views[] = {
	{"c", show_c, end_nothing},
	{"json", show_json, end_nothing},
	{"table", show_table, table_end},
	{"program", show_program, program_end},
};

static const char usage[] =
	"usage: peodump show [OPTION]... [FILE]...\n"
	"\n"
	"Shows the calls of dumps in the C form; no FILE, or -, is standard input.\n"
	"\n"
	"      --as FORM      c (the default), json, table (a line an event), or\n"
	"                     program (C that makes the calls again)\n"
	"      --fields SET   all (the default), or set: leave out zeros without a name\n"
	"      --fold         show runs of calls that are alike as one\n"
	"      --needs        say the oldest kernel that accepts each attr\n"
	"      --failed       only calls that were refused\n"
	"      --call N       only the call with that number\n"
	"      --comm NAME    only calls of processes of that name\n"
	"      --color WHEN   auto (the default), always or never\n"
	"      --no-pager     no pager on a terminal\n"
	"  -h, --help         this help\n";

enum option_id {
	OPTION_as = 256,
	OPTION_fields,
	OPTION_fold,
	OPTION_needs,
	OPTION_failed,
	OPTION_call,
	OPTION_comm,
	OPTION_color,
	OPTION_no_pager
};

static const struct option options[] = {
	{"as", required_argument, NULL, OPTION_as},
	{"fields", required_argument, NULL, OPTION_fields},
	{"fold", no_argument, NULL, OPTION_fold},
	{"needs", no_argument, NULL, OPTION_needs},
	{"failed", no_argument, NULL, OPTION_failed},
	{"call", required_argument, NULL, OPTION_call},
	{"comm", required_argument, NULL, OPTION_comm},
	{"color", required_argument, NULL, OPTION_color},
	{"colour", required_argument, NULL, OPTION_color},
	{"no-pager", no_argument, NULL, OPTION_no_pager},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

/* The word's place in a list that ends with NULL. */
static int
choose(const char *option, const char *word, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	die("--%s: there is no '%s' (try peodump show --help)", option, word);
}

static const struct view *
read_view(const char *word)
{
	const char *words[COUNT_OF(views) + 1] = {NULL};

	for (size_t i = 0; i < COUNT_OF(views); i++)
		words[i] = views[i].name;
	return &views[choose("as", word, words)];
}

static enum selection
read_selection(const char *word)
{
	static const char *const words[] = {[SELECT_ALL] = "all", [SELECT_SET] = "set", NULL};

	return (enum selection)choose("fields", word, words);
}

static enum when_colour
read_colour(const char *word)
{
	static const char *const words[] = {[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
		NULL};

	return (enum when_colour)choose("color", word, words);
}

static uint32_t
read_call(const char *word)
{
	char *end;
	unsigned long number = strtoul(word, &end, 10);

	if (*word < '0' || *word > '9' || *end || !number || number > UINT32_MAX)
		die("--call: '%s' is no number of a call", word);
	return (uint32_t)number;
}

static void
help(void)
{
	fputs(usage, stdout);
	exit(fflush(stdout) ? 2 : 0);
}

static void
read_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_as:
		request->view = read_view(optarg);
		break;
	case OPTION_fields:
		request->selection = read_selection(optarg);
		break;
	case OPTION_fold:
		request->folded = true;
		break;
	case OPTION_needs:
		request->needs = true;
		break;
	case OPTION_failed:
		request->failed = true;
		break;
	case OPTION_call:
		request->number = read_call(optarg);
		break;
	case OPTION_comm:
		request->comm = optarg;
		break;
	case OPTION_color:
		request->colour = read_colour(optarg);
		break;
	case OPTION_no_pager:
		request->paged = false;
		break;
	case 'h':
		help();
		break;
	default:
		fputs("Try 'peodump show --help'.\n", stderr);
		exit(2);
	}
}

static bool
asked_for(const struct request *request, const struct call *call)
{
	return (!request->failed || call->error)
		&& (!request->number || request->number == call->number)
		&& (!request->comm || strcmp(request->comm, call->comm) == 0);
}

static void
show_fold(const struct request *request, struct fold *fold)
{
	if (fold->calls)
		request->view->show(fold, request->selection);
	fold_end(fold);
}

static void
show_calls(const struct request *request, struct input *input)
{
	struct fold fold = {0};
	struct call call;

	while (!terminal_gone() && input_next(input, &call)) {
		if (!asked_for(request, &call))
			continue;
		call.needs_told = request->needs;
		if (request->folded && fold_takes(&fold, &call)) {
			fold_add(&fold, &call);
			continue;
		}
		show_fold(request, &fold);
		fold_begin(&fold, &call);
	}
	show_fold(request, &fold);
	request->view->end();
}

int
show_main(int argc, char **argv)
{
	struct request request = {.view = views, .selection = SELECT_ALL, .paged = true};
	struct input *input;
	int option, status;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1)
		read_option(&request, option);
	if (request.view->show == show_program)
		request.folded = false; /* it makes loops of its own */
	terminal_begin(request.colour, request.paged);
	input = input_open(argv + optind, argc - optind);
	show_calls(&request, input);
	status = input_trouble(input) ? 2 : 0;
	input_close(input);
	terminal_end();
	return status;
}
