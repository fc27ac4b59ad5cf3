/* peodump show: the calls of a dump, in one of several forms. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fold.h"
#include "cli/input.h"
#include "cli/option.h"
#include "cli/program.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/tally.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "decoder/act_text.h"
#include "decoder/decode.h"
#include "decoder/field.h"

enum {
	FOLDS = 16,
	TEXT_MAX = 1 << 19 /* an attr of a page, two paths, and ranges, all at their longest */
};

/* What the options asked for. */
struct request {
	const struct view *view;
	enum selection selection;
	enum when_colour colour;
	bool folded;
	bool needs;
	bool paged;
	struct wanted wanted;
	int files;
};

/* How many there were, and how many that were asked for. */
struct count {
	unsigned long records;
	unsigned long shown;
	struct tally tally;
};

/*
 * Folds that are still open, in the order of their first calls. Who opens several events on every
 * CPU makes calls a, b, a, b: then each is the next of the folds in turn.
 */
struct folds {
	struct fold at[FOLDS];
	size_t count;
	size_t next; /* whose turn it is */
	bool turning;
};

/* A way to show calls and acts: one or, for those that fold, a run of them. */
struct view {
	const char *name;
	void (*show)(struct fold *fold, enum selection selection);
	void (*end)(bool some);                /* some: there were calls that are not shown */
	void (*hide)(const struct call *call); /* one that was not asked for */
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
	if (!fold->act)
		call_decode(&out, fold->first, form, selection);
	else if (form == &form_json)
		act_json(&out, fold->act, selection);
	else
		act_c(&out, fold->act, selection);
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
	if (fold->act)
		table_act(fold);
	else
		table_add(fold);
}

static void
show_program(struct fold *fold, enum selection selection)
{
	(void)selection;
	if (fold->act)
		program_act(fold->act);
	else
		program_add(fold->first);
}

static void
end_nothing(bool some)
{
	(void)some;
}

static void
hide_nothing(const struct call *call)
{
	(void)call;
}

static void
end_table(bool some)
{
	(void)some;
	table_end();
}

enum {
	VIEW_C,
	VIEW_JSON
};

static const struct view views[] = {
	[VIEW_C] = {"c", show_c, end_nothing, hide_nothing},
	[VIEW_JSON] = {"json", show_json, end_nothing, hide_nothing},
	{"table", show_table, end_table, table_hide},
	{"program", show_program, program_end, hide_nothing},
};

static const char usage[] =
	"usage: peodump show [OPTION]... [FILE]...\n"
	"\n"
	"Shows the calls of dumps in the C form; no FILE, or -, is standard input;\n"
	"a terminal only for -.\n"
	"\n"
	"      --as FORM      c (the default), json, table (a line an event), or\n"
	"                     program (C that makes the calls again)\n"
	"  -j, --json         the same as --as json\n"
	"      --fields SET   all (the default), or set: leave out zeros without a name\n"
	"      --fold         show runs of calls that are alike as one\n"
	"      --needs        say the oldest kernel that accepts each attr\n"
	"      --failed       only calls that were refused\n"
	"      --call N       only the call with that number\n"
	"      --comm NAME    only calls of processes of that name\n"
	"      --color[=WHEN] auto (the default), always (what it means alone) or never\n"
	"      --no-pager     no pager, even on a terminal\n"
	"  -h, --help         this help\n"
	"\n"
	"The exit status is 0; 1 if the dump has no call that was asked for; 2 if there was\n"
	"trouble, as a dump that is damaged in places or has no call at all.\n";

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
	{"json", no_argument, NULL, 'j'},
	{"color", optional_argument, NULL, OPTION_color},
	{"colour", optional_argument, NULL, OPTION_color},
	{"no-pager", no_argument, NULL, OPTION_no_pager},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static const struct view *
read_view(const char *word)
{
	const char *words[COUNT_OF(views) + 1] = {NULL};

	for (size_t i = 0; i < COUNT_OF(views); i++)
		words[i] = views[i].name;
	return &views[option_choice("as", word, words)];
}

static enum selection
read_selection(const char *word)
{
	static const char *const words[] = {[SELECT_ALL] = "all", [SELECT_SET] = "set", NULL};

	return (enum selection)option_choice("fields", word, words);
}

static void
help(void)
{
	fputs(usage, stdout);
	if (fflush(stdout))
		die("write to standard output:");
	exit(0);
}

static void
read_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_as:
		request->view = read_view(optarg);
		break;
	case 'j':
		request->view = &views[VIEW_JSON];
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
		request->wanted.failed = true;
		break;
	case OPTION_call:
		request->wanted.number = option_call(optarg);
		break;
	case OPTION_comm:
		request->wanted.comm = optarg;
		break;
	case OPTION_color:
		request->colour = option_colour(optarg);
		break;
	case OPTION_no_pager:
		request->paged = false;
		break;
	case 'h':
		help();
		break;
	default:
		option_unknown();
	}
}

static bool
asked_for(const struct wanted *wanted, const struct record *record)
{
	const struct call *call = record->call;
	const struct act *act = record->act;

	return (!wanted->failed || (call ? call->error : act->error))
		&& (!wanted->number || wanted->number == (call ? call->number : act->event.call))
		&& (!wanted->comm || strcmp(wanted->comm, call ? call->comm : act->comm) == 0);
}

static void
show_fold(const struct request *request, struct fold *fold)
{
	if (fold->calls)
		request->view->show(fold, request->selection);
	fold_end(fold);
}

/* The first of them are done with. */
static void
flush(const struct request *request, struct folds *folds, size_t count)
{
	for (size_t at = 0; at < count; at++)
		show_fold(request, &folds->at[at]);
	folds->count -= count;
	memmove(folds->at, folds->at + count, folds->count * sizeof *folds->at);
}

static bool
takes(const struct fold *fold, const struct record *record)
{
	return record->call ? fold_takes(fold, record->call) : fold_takes_act(fold, record->act);
}

/* An act stays behind the calls, and behind what was done with its event before. */
static bool
follows(const struct fold *fold, const struct record *record)
{
	return record->act && (!fold->act || ranges_has(&fold->numbers, record->act->event.call));
}

/* Whether the record is the next of the turn; the first one alike starts it where it is. */
static bool
joins(const struct request *request, struct folds *folds, const struct record *record)
{
	size_t at = folds->count;

	if (!request->folded)
		return false;
	if (folds->turning)
		return takes(&folds->at[folds->next], record);
	while (at > 0 && !takes(&folds->at[at - 1], record))
		at = follows(&folds->at[at - 1], record) ? 0 : at - 1;
	if (!at)
		return false;
	flush(request, folds, at - 1);
	folds->next = 0;
	folds->turning = true;
	return true;
}

static void
join(struct folds *folds, const struct record *record)
{
	struct fold *fold = &folds->at[folds->next];

	if (record->call)
		fold_add(fold, record->call);
	else
		fold_add_act(fold, record->act);
	folds->next = (folds->next + 1) % folds->count;
}

static void
add(const struct request *request, struct folds *folds, const struct record *record)
{
	struct fold *fold;

	if (joins(request, folds, record)) {
		join(folds, record);
		return;
	}
	if (folds->turning)
		flush(request, folds, folds->count);
	else if (folds->count == FOLDS)
		flush(request, folds, 1);
	folds->turning = false;
	fold = &folds->at[folds->count++];
	if (record->call)
		fold_begin(fold, record->call);
	else
		fold_begin_act(fold, record->act);
}

static void
count_record(struct count *count, const struct record *record, bool shown)
{
	count->records++;
	count->shown += shown;
	if (record->call)
		tally_number(&count->tally, record->call->number);
	tally_name(&count->tally, record->call ? record->call->comm : record->act->comm);
}

/* Calls of one file do not go on in the next, whatever the numbers of their processes. */
static void
begin_file(const struct request *request, struct folds *folds, const char *name)
{
	flush(request, folds, folds->count);
	folds->turning = false;
	if (request->files > 1)
		table_file(name);
}

static void
show_record(const struct request *request, struct folds *folds, const struct record *record,
	bool shown)
{
	if (record->call)
		record->call->needs_told = request->needs;
	if (shown)
		add(request, folds, record);
	else if (record->call && !request->folded)
		request->view->hide(record->call);
	if (!request->folded)
		flush(request, folds, folds->count);
}

static struct count
show_records(const struct request *request, struct input *input)
{
	struct count count = {0};
	struct folds folds = {.count = 0};
	const char *file = NULL;
	struct record record;

	while (!terminal_gone() && input_read(input, &record)) {
		bool shown = asked_for(&request->wanted, &record);

		if (input_name(input) != file)
			begin_file(request, &folds, input_name(input));
		file = input_name(input);
		count_record(&count, &record, shown);
		show_record(request, &folds, &record, shown);
	}
	flush(request, &folds, folds.count);
	request->view->end(count.shown < count.records);
	return count;
}

int
show_main(int argc, char **argv)
{
	struct request request = {.view = views, .selection = SELECT_ALL, .paged = true};
	struct input *input;
	struct count count;
	int option, status;

	while ((option = getopt_long(argc, argv, "jh", options, NULL)) != -1)
		read_option(&request, option);
	option_files(argc - optind);
	if (request.view->show == show_program)
		request.folded = false; /* it makes loops of its own */
	terminal_begin(request.colour, request.paged);
	request.files = argc - optind;
	input = input_open(argv + optind, request.files);
	count = show_records(&request, input);
	if (count.records && !count.shown)
		tally_miss(&count.tally, &request.wanted);
	status = input_trouble(input) ? 2 : count.records && !count.shown;
	input_close(input);
	terminal_end();
	return status;
}
