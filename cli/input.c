/* Dump files as one sequence of calls. */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/complaints.h"
#include "cli/say.h"
#include "decoder/parse.h"

enum {
	WINDOW = 256 * 1024 /* the longest block, all its texts escaped, takes a quarter of it */
};

static const char marker[] = "/* perf_event_open ";

struct input {
	char **files;
	int count;
	int next; /* file to be opened */

	int fd;           /* -1: none is open */
	const char *name; /* of that file, or of the last one */
	bool ended;       /* the file has no more bytes than those in text */
	bool quiet;       /* nothing was found in the file, and nothing was said of it */
	bool json;        /* it looks like the other form of a dump */
	bool folded;      /* some of its blocks are more than one call, which was said */
	struct complaints complaints;
	bool trouble;
	unsigned long line;
	unsigned long calls;

	struct parser parser; /* over text */
	struct call call;
	struct call_store store;
	struct act_store acts;
	char text[WINDOW + 1];
};

struct input *
input_open(char **files, int count)
{
	static char *standard_input[] = {"-"};
	struct input *input = calloc(1, sizeof *input);

	if (!input)
		die("read dumps:");
	input->files = count ? files : standard_input;
	input->count = count ? count : 1;
	input->fd = -1;
	input->name = "standard input";
	return input;
}

static void
parse_text(struct input *input, size_t length)
{
	parser_begin(&input->parser, input->text, length, &input->store);
	input->parser.acts = &input->acts;
}

/* Opens the next file that can be; false: there is none left. */
static bool
open_next(struct input *input)
{
	while (input->fd < 0 && input->next < input->count) {
		const char *file = input->files[input->next++];
		bool standard = strcmp(file, "-") == 0;

		input->name = standard ? "standard input" : file;
		input->fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (input->fd < 0) {
			warn("%s:", file);
			input->trouble = true;
		}
	}
	input->ended = false;
	input->quiet = true;
	input->json = false;
	input->folded = false;
	input->complaints = (struct complaints){0};
	parse_text(input, 0);
	return input->fd >= 0;
}

/* Whether a line starts as the calls do in the form that is not read. */
static bool
holds_json(const char *text, size_t length)
{
	static const char start[] = "{\"call\": ";
	const char *found = memmem(text, length, start, sizeof start - 1);

	return found && (found == text || found[-1] == '\n');
}

bool
input_holds(const char *text, size_t length)
{
	return memmem(text, length, marker, sizeof marker - 1) || holds_json(text, length);
}

struct input *
input_open_text(const char *name, const char *text, size_t length)
{
	struct input *input = input_open(NULL, 0);

	input->count = 0;
	input->name = name;
	input->quiet = true;
	input->fd = memfd_create("dump", MFD_CLOEXEC);
	for (size_t at = 0; at < length;) {
		ssize_t written = pwrite(input->fd, text + at, length - at, (off_t)at);

		if (written < 0)
			die("keep %s:", name);
		at += (size_t)written;
	}
	parse_text(input, 0);
	return input;
}

static void
close_file(struct input *input)
{
	complaints_end(&input->complaints, input->name);
	if (input->fd > STDERR_FILENO)
		close(input->fd);
	input->fd = -1;
	if (!input->quiet)
		return;
	if (input->json)
		warn("%s is JSON; peodump reads the C form (run without --format json)",
			input->name);
	else
		warn("%s: no perf_event_open call in it", input->name);
	input->trouble = true;
}

/* A last line that an editor or a shell left without its newline is a line all the same. */
static size_t
end_line(char *text, size_t length)
{
	if ((length >= 2 && memcmp(text + length - 2, "\n}", 2) == 0)
		|| (length >= 3 && memcmp(text + length - 3, " */", 3) == 0))
		text[length++] = '\n';
	return length;
}

/* Reads more behind what the parser has not done with, which moves to the front. */
static void
refill(struct input *input)
{
	struct parser *parser = &input->parser;
	size_t rest = parser->length - parser->at;
	unsigned long line = parser->line;
	ssize_t length;

	memmove(input->text, parser->text + parser->at, rest);
	do
		length = read(input->fd, input->text + rest, WINDOW - rest);
	while (length < 0 && errno == EINTR);
	if (length < 0) {
		warn("%s:", input->name);
		input->trouble = true;
		input->quiet = false;
	}
	input->ended = length <= 0;
	rest = input->ended ? end_line(input->text, rest) : rest + (size_t)length;
	if (input->quiet && !input->json)
		input->json = holds_json(input->text, rest);
	parse_text(input, rest);
	parser->line = line;
}

/*
 * Says what is wrong with a block, and looks no further than behind its first bytes for the next.
 */
static void
report(struct input *input, const char *why)
{
	if (complaints_say(&input->complaints, why))
		warn("%s:%lu: %s", input->name, input->parser.bad_line, why);
	input->trouble = true;
	input->quiet = false;
}

/* A block that the text's end cuts off: with more text it may be whole. */
static void
complete(struct input *input)
{
	struct parser *parser = &input->parser;

	if (!input->ended && parser->length - parser->at < WINDOW) {
		refill(input);
		return;
	}
	report(input,
		input->ended ? parser->why : "no call is as long as the one that starts here");
	parser->at++;
}

/* Notices in the text before a record that it is a run of them: fold_text. */
static void
notice_fold(struct input *input, const char *text, const char *end)
{
	static const char calls[] = " calls alike: call ", acts[] = " acts alike: event ";
	size_t length = (size_t)(end - text);

	if (input->folded
		|| (!memmem(text, length, calls, sizeof calls - 1)
			&& !memmem(text, length, acts, sizeof acts - 1)))
		return;
	input->folded = true;
	warn("%s: was folded; runs of calls that are alike are read as one", input->name);
}

static unsigned long
count_lines(const char *text, const char *end)
{
	unsigned long lines = 0;

	while ((text = memchr(text, '\n', (size_t)(end - text)))) {
		lines++;
		text++;
	}
	return lines;
}

/* The block just read, which is the first that starts in the text from there on. */
static const char *
find_block(const struct parser *parser, size_t from)
{
	const char *end = parser->text + parser->at;
	const char *start =
		memmem(parser->text + from, parser->at - from, marker, sizeof marker - 1);

	return start ? start : end;
}

/* A file that ends in the first bytes of a block, which the parser does not see as one. */
static void
check_end(struct input *input)
{
	struct parser *parser = &input->parser;
	const char *text = parser->text + parser->at, *end = parser->text + parser->length;
	const char *newline = memrchr(text, '\n', (size_t)(end - text));
	const char *line = newline ? newline + 1 : text;
	size_t length = (size_t)(end - line);

	if (length < sizeof "/* p" - 1 || length >= sizeof marker - 1
		|| memcmp(line, marker, length) != 0)
		return;
	if (line > parser->text && line[-1] != '\n')
		return;
	parser->bad_line = parser->line + count_lines(text, line);
	report(input, "the dump ends here, in the middle of a call");
}

bool
input_read(struct input *input, struct record *record)
{
	*record = (struct record){.call = &input->call};
	while (input->fd >= 0 || open_next(input)) {
		size_t from = input->parser.at;
		const char *start, *end;

		switch (call_parse(&input->parser, &input->call)) {
		case PARSED_CALL:
			start = find_block(&input->parser, from);
			end = input->text + input->parser.at;
			notice_fold(input, input->text + from, start);
			input->line = input->parser.line - count_lines(start, end);
			input->quiet = false;
			input->calls++;
			return true;
		case PARSED_ACT:
			notice_fold(input, input->text + from, input->text + input->parser.at);
			input->line = input->parser.line - 1;
			input->quiet = false;
			*record = (struct record){.act = &input->acts.act};
			return true;
		case PARSED_BAD:
			report(input, input->parser.why);
			break;
		case PARSED_CUT:
			notice_fold(input, input->text + from, input->text + input->parser.at);
			complete(input);
			break;
		case PARSED_END:
			if (input->ended) {
				check_end(input);
				close_file(input);
			} else {
				refill(input);
			}
			break;
		}
	}
	return false;
}

bool
input_next(struct input *input, struct call *call)
{
	struct record record;

	while (input_read(input, &record)) {
		if (!record.call)
			continue;
		*call = *record.call;
		return true;
	}
	return false;
}

const char *
input_name(const struct input *input)
{
	return input->name;
}

unsigned long
input_line(const struct input *input)
{
	return input->line;
}

bool
input_trouble(const struct input *input)
{
	return input->trouble;
}

unsigned long
input_calls(const struct input *input)
{
	return input->calls;
}

void
input_close(struct input *input)
{
	if (input->fd > STDERR_FILENO)
		close(input->fd);
	free(input);
}

/* Moves a text to `to`, and returns where the next one goes. */
static char *
keep(char *to, const char **text)
{
	size_t length = strlen(*text) + 1;

	*text = memcpy(to, *text, length);
	return to + length;
}

struct kept {
	struct call call;
	struct facts facts;
};

struct call *
call_copy(const struct call *call)
{
	size_t length = strlen(call->comm) + strlen(call->kernel) + strlen(call->pmu)
		+ strlen(call->tracepoint) + strlen(call->event) + strlen(call->alias)
		+ strlen(call->cgroup) + strlen(call->probe) + 8;
	struct kept *kept = malloc(sizeof *kept + call->readable + length);
	struct call *copy;
	char *to;

	if (!kept)
		die("keep a call:");
	copy = &kept->call;
	to = (char *)(kept + 1);
	*copy = *call;
	if (call->facts) {
		kept->facts = *call->facts;
		copy->facts = &kept->facts;
	}
	copy->attr = call->readable ? memcpy(to, call->attr, call->readable) : to;
	to = keep(to + call->readable, &copy->comm);
	to = keep(to, &copy->kernel);
	to = keep(to, &copy->pmu);
	to = keep(to, &copy->tracepoint);
	to = keep(to, &copy->event);
	to = keep(to, &copy->alias);
	to = keep(to, &copy->cgroup);
	keep(to, &copy->probe);
	return copy;
}

struct kept_act {
	struct act act;
	uint32_t programs[ACT_PROGRAMS_MAX];
};

struct act *
act_copy(const struct act *act)
{
	struct kept_act *kept = malloc(sizeof *kept + strlen(act->comm) + strlen(act->text) + 2);
	char *to;

	if (!kept)
		die("keep an act:");
	to = (char *)(kept + 1);
	kept->act = *act;
	if (act_programs(act))
		memcpy(kept->programs, act->programs, act_programs(act) * sizeof *act->programs);
	kept->act.programs = kept->programs;
	kept->act.attr = act->attr ? call_copy(act->attr) : NULL;
	to = keep(to, &kept->act.comm);
	keep(to, &kept->act.text);
	return &kept->act;
}

void
act_free(struct act *act)
{
	if (act)
		free((void *)(uintptr_t)act->attr);
	free(act);
}
