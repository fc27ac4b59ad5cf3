/* C source as the calls that its attrs would be, each by way of a block of a dump. */
#include "cli/source.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complaints.h"
#include "cli/say.h"
#include "decoder/host.h"
#include "decoder/parse.h"

enum {
	NAME_MAX_LENGTH = 64,
	HEAD_LINES = 3,  /* of a block */
	LINES_MAX = 256, /* each member and argument takes one */
	VALUE_MAX = 1024,
	DEEPEST = 16 /* parentheses of a value: how often a byte that is in them may be looked at */
};

/* Whatever it was compiled with: the end of the struct is zero. */
#define NEWEST_SIZE "PERF_ATTR_SIZE_VER9"

/* A piece of the source; NULL: none. */
struct piece {
	char *from, *to;
};

static const char type_name[] = "perf_event_attr";

struct source {
	const char *name;
	char *text; /* without comments and strings, up to the next attr */
	char *next; /* where that is; NULL: there is none */
	bool any;
	bool trouble;
	struct complaints complaints;

	/* The place whose line was last asked for. */
	const char *counted;
	unsigned long line;

	/* The attr at hand, and where it was declared. */
	char variable[NAME_MAX_LENGTH];
	char *declared;

	/* The block that it becomes, and where in the source each of its lines is from. */
	char *block;
	size_t length;
	FILE *out;
	const char *places[LINES_MAX];
	unsigned count;
	bool sized;   /* it has the member size */
	bool unknown; /* a value of it is */
	struct call_store store;
};

/* Blanks a piece out, so that lines keep their numbers. */
static void
blank(char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\n')
			*from = ' ';
}

/* The end of the string or the character that starts there. */
static char *
string_end(char *at)
{
	char quote = *at++;

	while (*at && *at != quote && *at != '\n')
		at += at[0] == '\\' && at[1] ? 2 : 1;
	return *at ? at + 1 : at;
}

static char *
comment_end(char *at)
{
	char *end = at[1] == '*' ? strstr(at + 2, "*/") : strchr(at, '\n');

	if (!end)
		return at + strlen(at);
	return at[1] == '*' ? end + 2 : end;
}

static void
drop_words(char *text)
{
	for (char *at = text, *end; *at; at = end) {
		end = at + 1;
		if (*at == '"' || *at == '\'')
			blank(at + 1, (end = string_end(at)) - 1);
		else if (*at == '/' && (at[1] == '*' || at[1] == '/'))
			blank(at, end = comment_end(at));
	}
}

static bool
word_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

static char *
skip_space(char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

/* The next place where the word stands by itself; NULL: there is none. */
static char *
find_word(char *text, const char *word)
{
	size_t length = strlen(word);

	for (char *at = text; (at = strstr(at, word)); at += length)
		if ((at == text || !word_byte(at[-1])) && !word_byte(at[length]))
			return at;
	return NULL;
}

/* The next of these bytes that is in no parentheses, or where no value can go on. */
static char *
find_outside(char *at, const char *bytes)
{
	unsigned depth = 0;

	for (; *at && (depth || !strchr(bytes, *at)); at++) {
		if (*at == '(' && depth++ == DEEPEST)
			break;
		depth -= *at == ')' && depth;
	}
	return at;
}

/* Most places are asked for in turn. */
static unsigned long
line_of(struct source *source, const char *at)
{
	while (source->counted < at)
		source->line += *source->counted++ == '\n';
	while (source->counted > at)
		source->line -= *--source->counted == '\n';
	return source->line;
}

/* Starts a line of the block, which the source has there. */
static void
begin_line(struct source *source, const char *at)
{
	if (source->count < LINES_MAX)
		source->places[source->count++] = at;
}

/*
 * Parentheses go where they change nothing: a block has shifts and ors alone. The others are left
 * for the parser to complain of.
 */
static void
drop_parentheses(char *value)
{
	for (char *open; (open = strrchr(value, '('));) {
		size_t inside = strcspn(open, ")");
		char *after = skip_space(open + inside + (open[inside] == ')'));
		char *before = open;

		while (before > value && isspace((unsigned char)before[-1]))
			before--;
		if (memchr(open, '|', inside)
			&& (*after == '<' || (before > value && before[-1] == '<')))
			return;
		if (open[inside])
			open[inside] = ' ';
		*open = ' ';
	}
}

/* Numbers, and names as macros have them. */
static bool
constant(const char *at)
{
	bool in_word = false;

	for (; *at; at++) {
		if ((islower((unsigned char)*at) && !in_word) || *at == '"' || *at == '\'')
			return false;
		in_word = isdigit((unsigned char)*at) || (in_word && word_byte(*at));
	}
	return true;
}

/* sizeof, of the attr or of a type that a breakpoint may be as long as. */
static bool
read_size(const struct source *source, char value[VALUE_MAX])
{
	static const struct {
		const char *type, *size;
	} sizes[] = {{"char", "1"}, {"short", "2"}, {"int", "4"}, {"long", "8"}};
	char *of = skip_space(value + sizeof "sizeof" - 1);

	if (strstr(of, type_name) || (*source->variable && find_word(of, source->variable))) {
		strcpy(value, NEWEST_SIZE);
		return true;
	}
	for (size_t at = 0; at < COUNT_OF(sizes); at++)
		if (strcmp(of, sizes[at].type) == 0) {
			strcpy(value, sizes[at].size);
			return true;
		}
	return false;
}

/* A value as the block would have it; false: it is known to the running program alone. */
static bool
read_value(const struct source *source, char value[VALUE_MAX], struct piece piece)
{
	char *end = value;

	for (char *at = skip_space(piece.from); at < piece.to; at++) {
		bool space = isspace((unsigned char)*at);

		if (space && end[-1] == ' ')
			continue;
		if (end == value + VALUE_MAX - 1)
			return false;
		*end++ = space ? ' ' : *at;
	}
	*end = '\0';
	drop_parentheses(value);
	while (end > value && end[-1] == ' ')
		*--end = '\0';
	if (strncmp(value, "sizeof", 6) == 0)
		return read_size(source, value);
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		strcpy(value, *value == 't' ? "1" : "0");
	return *value && constant(value);
}

static void
report_unknown(struct source *source, const char *member, int length)
{
	if (complaints_say(&source->complaints, "members are no constants"))
		warn("%s:%lu: %.*s is no constant: run the program under peodump to see it",
			source->name, line_of(source, member), length - 1, member + 1);
	source->trouble = source->unknown = true;
}

/* `.member = value`, up to there. */
static void
write_member(struct source *source, char *member, char *end)
{
	char *name_end = member + 1, *equals = memchr(member, '=', (size_t)(end - member));
	char value[VALUE_MAX];
	int length;

	while (word_byte(*name_end))
		name_end++;
	length = (int)(name_end - member);
	source->sized |= length == 5 && memcmp(member, ".size", 5) == 0;
	begin_line(source, member);
	if (!equals || strchr("|&^+-", equals[-1])
		|| !read_value(source, value, (struct piece){equals + 1, end})) {
		report_unknown(source, member, length);
		return;
	}
	fprintf(source->out, "\t\t.%.*s = %s,\n", length - 1, member + 1, value);
}

/* {0} is a usual way to say that all is zero. */
static void
check_nameless(struct source *source, const char *value, const char *end)
{
	while (value < end && (*value == '0' || isspace((unsigned char)*value)))
		value++;
	if (value == end)
		return;
	if (complaints_say(&source->complaints, "values have no member's name"))
		warn("%s:%lu: a value without its member's name is not read", source->name,
			line_of(source, value));
	source->trouble = source->unknown = true;
}

/* The members between a brace and its other one; those of an unnamed union have braces too. */
static char *
write_initialiser(struct source *source, char *at)
{
	unsigned depth = 0;

	do {
		char *end = find_outside(at, "{},");
		char *member = skip_space(at);

		if (member < end && *member == '.')
			write_member(source, member, end);
		else if (member < end && depth == 1)
			check_nameless(source, member, end);
		depth += *end == '{';
		depth -= *end == '}';
		at = *end ? end + 1 : end;
	} while (*at && depth);
	return at;
}

/* `variable.member = value;` or `variable->member = value;`. */
static void
write_assignments(struct source *source)
{
	char *at = source->declared, *end = at;

	while ((at = find_word(at, source->variable))) {
		char *member = at = skip_space(at + strlen(source->variable)), *equals;

		if (*member != '.' && strncmp(member, "->", 2) != 0)
			continue;
		member += *member == '-'; /* its last byte stands for the dot */
		for (equals = member + 1; word_byte(*equals);)
			equals++;
		equals = skip_space(equals);
		equals += strspn(equals, "|&^+-");
		if (*equals != '=' || equals[1] == '=')
			continue;
		if (end <= member) /* else it is in the last one's value, and ends with it */
			end = find_outside(member, ";");
		write_member(source, member, end);
	}
}

/* The arguments of a call behind its first, if there are as many as perf_event_open has. */
static bool
read_arguments(char *at, struct piece passed[ARGUMENT_fd])
{
	for (int id = 0; id < ARGUMENT_fd; id++) {
		if (*at != ',')
			return false;
		passed[id].from = at + 1;
		passed[id].to = at = find_outside(at + 1, ",;)");
	}
	return *at == ')';
}

/* As in `perf_event_open(&variable, 0, -1, -1, 0)`, whatever the function is called. */
static void
find_passed(struct source *source, struct piece passed[ARGUMENT_fd])
{
	char *at = source->declared;

	while (*source->variable && (at = find_word(at, source->variable))) {
		at = skip_space(at + strlen(source->variable));
		if (read_arguments(at, passed))
			return;
	}
	memset(passed, 0, ARGUMENT_fd * sizeof *passed);
}

/* As in `int cpu = 0;` behind the attr, which a dump has. */
static struct piece
find_declared(struct source *source, enum argument_id id)
{
	char *at = source->declared;

	while ((at = find_word(at, arguments[id].name))) {
		at = skip_space(at + strlen(arguments[id].name));
		if (*at == '=')
			return (struct piece){at + 1, find_outside(at, ";")};
	}
	return (struct piece){0};
}

/* What is known to the running program alone is what is most usual. */
static void
write_argument(struct source *source, enum argument_id id, struct piece piece, const char *usual)
{
	char value[VALUE_MAX];
	bool known = piece.from && read_value(source, value, piece);

	begin_line(source, known ? piece.from : source->declared);
	fprintf(source->out, "\t%s %s = %s;\n", arguments[id].type, arguments[id].name,
		known ? value : usual);
}

static void
write_arguments(struct source *source)
{
	static const char *const usual[] = {"0", "-1", "-1", "0"};
	struct piece passed[ARGUMENT_fd];
	bool any_process;

	find_passed(source, passed);
	for (int id = 0; id < ARGUMENT_fd; id++)
		if (!passed[id].from)
			passed[id] = find_declared(source, (enum argument_id)id);
	any_process = passed[ARGUMENT_pid].from && *skip_space(passed[ARGUMENT_pid].from) == '-';
	for (int id = 0; id < ARGUMENT_fd; id++)
		write_argument(source, (enum argument_id)id, passed[id],
			id == ARGUMENT_cpu && any_process ? "0" : usual[id]);
	write_argument(source, ARGUMENT_fd, (struct piece){0}, "-1");
}

static void
begin_block(struct source *source)
{
	free(source->block);
	source->block = NULL;
	source->count = 0;
	source->sized = source->unknown = false;
	source->out = open_memstream(&source->block, &source->length);
	if (!source->out)
		die("read %s:", source->name);
	for (int line = 0; line < HEAD_LINES; line++)
		begin_line(source, source->declared);
	fprintf(source->out,
		"/* perf_event_open 1: C[0] thread 0, Linux ? %s */\n{\n"
		"\tstruct perf_event_attr attr = {\n",
		arches[HOST_ARCH].name);
}

static void
end_block(struct source *source)
{
	if (!source->sized) {
		begin_line(source, source->declared);
		fputs("\t\t.size = " NEWEST_SIZE ",\n", source->out);
	}
	begin_line(source, source->declared);
	fputs("\t};\n", source->out);
	write_arguments(source);
	begin_line(source, source->declared);
	fputs("}\n", source->out);
	if (fclose(source->out))
		die("read %s:", source->name);
}

/* Parses the block; what is wrong with it is wrong with the source. */
static bool
parse(struct source *source, struct call *call)
{
	struct parser parser;
	const char *at;

	parser_begin(&parser, source->block, source->length, &source->store);
	if (call_parse(&parser, call) == PARSED_CALL)
		return true;
	at = parser.bad_line <= source->count ? source->places[parser.bad_line - 1]
					      : source->declared;
	if (complaints_say(&source->complaints, parser.why))
		warn("%s:%lu: %s", source->name, line_of(source, at), parser.why);
	source->trouble = true;
	return false;
}

/* The next place where a variable has that type, or a literal; NULL: there is none. */
static char *
find_typed(char *at)
{
	while ((at = find_word(at, type_name))) {
		char *next = at + strlen(type_name);

		next += strspn(next, " \t\n*");
		if (word_byte(*next) || (*next == ')' && *skip_space(next + 1) == '{'))
			return at;
		at = next;
	}
	return NULL;
}

struct source *
source_open(const char *name, char *text)
{
	struct source *source = calloc(1, sizeof *source);

	if (!source)
		die("read %s:", name);
	drop_words(text);
	source->name = name;
	source->text = text;
	source->next = find_typed(text);
	source->counted = text;
	source->line = 1;
	return source;
}

/* Keeps the variable's name; returns where its initialiser starts, NULL: it has none. */
static char *
read_declarator(struct source *source, char *at)
{
	size_t length = 0;

	for (at += strspn(at, " \t\n*"); word_byte(*at); at++)
		if (length < sizeof source->variable - 1)
			source->variable[length++] = *at;
	source->variable[length] = '\0';
	at = skip_space(at);
	if (*at != (length ? '=' : ')'))
		return NULL;
	at = skip_space(at + 1);
	return *at == '{' ? at : NULL;
}

/* The initialiser alone, where no type is named. */
static char *
find_bare(struct source *source)
{
	char *brace = source->any ? NULL : strchr(source->text, '{');

	if (!brace || (*skip_space(brace + 1) != '.' && *skip_space(brace + 1) != '}'))
		return NULL;
	source->variable[0] = '\0';
	source->declared = brace;
	return brace;
}

/*
 * The next attr, and where its initialiser starts, if it has one; false: there is none. The text
 * is whole again up to there, and cut off where one more is: nothing looks behind that.
 */
static bool
find_attr(struct source *source, char **brace)
{
	char *behind;

	if (!source->next) {
		*brace = find_bare(source);
		return *brace;
	}
	source->declared = source->next;
	*source->declared = *type_name;
	behind = source->declared + strlen(type_name);
	source->next = find_typed(behind);
	if (source->next)
		*source->next = '\0';
	*brace = read_declarator(source, behind);
	return true;
}

/* Returns whether anything is known of the attr. */
static bool
write_block(struct source *source, char *brace)
{
	bool known;

	begin_block(source);
	if (brace)
		source->declared = write_initialiser(source, brace);
	if (*source->variable)
		write_assignments(source);
	known = brace || source->count > HEAD_LINES;
	end_block(source);
	return known;
}

bool
source_next(struct source *source, struct call *call)
{
	char *brace;

	while (find_attr(source, &brace)) {
		if (!write_block(source, brace))
			continue;
		source->any = true;
		if (!source->unknown && parse(source, call))
			return true;
	}
	if (!source->any) {
		warn("%s: no perf_event_open call in it, and no struct perf_event_attr in C",
			source->name);
		source->trouble = true;
	}
	source->any = true;
	complaints_end(&source->complaints, source->name);
	return false;
}

bool
source_trouble(const struct source *source)
{
	return source->trouble;
}

void
source_close(struct source *source)
{
	free(source->block);
	free(source);
}
