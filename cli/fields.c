/* peodump fields: the reference card of struct perf_event_attr, from the tables alone. */
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/option.h"
#include "cli/release.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "decoder/buf.h"
#include "decoder/host.h"
#include "tables/tables.h"

static const char help[] =
	"usage: peodump fields [OPTION]... [RELEASE|RELEASE..RELEASE]\n"
	"\n"
	"Prints every member of struct perf_event_attr with its offset, its bits, the first Linux\n"
	"release that has it and what it holds, and below it the names its values have; then the\n"
	"same of the arguments of perf_event_open(2) and of its ioctls. With a release (5.4, or "
	"what\n"
	"uname -r says), what that kernel knows. With two, what changed from the one to the "
	"other.\n"
	"\n"
	"  -k, --kernel RELEASE|RELEASE..RELEASE  the same, as an option\n"
	"  -a, --arch ARCH                        whose registers to list, instead of this "
	"machine's\n"
	"  -j, --json                             one JSON object\n"
	"      --color[=WHEN]                     auto (the default), always (what it means "
	"alone)\n"
	"                                         or never\n"
	"      --no-pager                         no pager, even on a terminal\n"
	"  -h, --help                             this help\n"
	"\n"
	"The exit status is 0, or 2 if there was trouble.\n";

static const char *const group_names[GROUPS] = {
#define GROUP(group) [GROUP_##group] = #group,
#define NAME(name, value, since)
#define SIZE(version, bytes, since)
#define NOTE(text, value, since)
#define COMMANDS(group) [GROUP_##group] = #group,
#include "tables/names.def"
#include "tables/regs.def"
#undef NOTE
#undef SIZE
#undef NAME
#undef GROUP
};

/* How each kind is called in JSON, and what it holds in words. */
static const struct kind_text {
	const char *name;
	const char *holds;
} kinds[] = {
	[UINT] = {"uint", ""},
	[INT] = {"int", ""},
	[HEX] = {"hex", "bits"},
	[PMUBITS] = {"hex", "bits"},
	[ENUM] = {"enum", "one of"},
	[CLOCK] = {"clock", "one of, or a dynamic clock below 0"},
	[MASK] = {"mask", "any of"},
	[REGS] = {"registers", "any register of the architecture"},
	[NOTED] = {"number", "a number"},
	[CONFIG] = {"config", "what type makes of it"},
	[STRING] = {"string", "the address of a string"},
	[SPARE] = {"reserved", "0 alone"},
};

/*
 * A line of the card: a member, an argument, a name of either, or a group that belongs to neither.
 */
struct row {
	const struct field *field;
	const struct argument *argument;
	const struct name *word;
	enum group group; /* of the word, or the one that stands alone */
	enum kind kind;   /* of the value */
	bool changed;     /* else it only says what the names below it belong to */
};

struct card {
	uint32_t from; /* what that release had did not change; 0: nothing */
	uint32_t to;
	bool range;
	bool backwards; /* the range was given from the later to the earlier one */
	bool json;
	bool paged;
	enum when_colour colour;
	enum arch_id arch;
	bool listed[GROUPS];
	int count;
	struct row rows[FIELDS + ARGUMENTS + GROUPS + NAMES];
};

/* An end that is left out is that of the tables. */
static void
read_range(struct card *card, const char *text)
{
	const char *dots = strstr(text, "..");
	uint32_t from, to;

	if (!dots) {
		card->to = release_asked(text, strlen(text));
		return;
	}
	from = dots > text ? release_asked(text, (size_t)(dots - text)) : release_first();
	to = dots[2] ? release_asked(dots + 2, strlen(dots + 2)) : release_newest();
	card->range = true;
	card->backwards = from > to;
	card->from = card->backwards ? to : from;
	card->to = card->backwards ? from : to;
}

static enum arch_id
read_arch(const char *text)
{
	char space[1024] = "";
	struct buf list = {.text = space, .size = sizeof space - 1};

	for (unsigned id = 0; id < ARCHES; id++)
		if (strcmp(arches[id].name, text) == 0)
			return (enum arch_id)id;
	for (unsigned id = 0; id < ARCHES; id++) {
		buf_text(&list, id ? ", " : "");
		buf_text(&list, arches[id].name);
	}
	option_wrong("--arch: '%s' is none of: %s", text, list.text);
}

/* Returns false if the help was asked for. */
static bool
read_options(struct card *card, int argc, char **argv)
{
	static const struct option options[] = {
		{"kernel", required_argument, NULL, 'k'},
		{"arch", required_argument, NULL, 'a'},
		{"json", no_argument, NULL, 'j'},
		{"color", optional_argument, NULL, 'c'},
		{"colour", optional_argument, NULL, 'c'},
		{"no-pager", no_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *range = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "k:a:jh", options, NULL)) != -1) {
		if (option == 'h')
			return false;
		else if (option == 'k')
			range = optarg;
		else if (option == 'a')
			card->arch = read_arch(optarg);
		else if (option == 'j')
			card->json = true;
		else if (option == 'c')
			card->colour = option_colour(optarg);
		else if (option == 'p')
			card->paged = false;
		else
			option_unknown();
	}
	if (argc - optind > (range ? 0 : 1))
		option_wrong("one release or range is enough");
	range = range ? range : argv[optind];
	if (range)
		read_range(card, range);
	return true;
}

static bool
known(const struct card *card, uint32_t since)
{
	return since <= card->to;
}

static bool
changed(const struct card *card, uint32_t since)
{
	return known(card, since) && since > card->from;
}

static uint64_t
size_in(uint32_t release)
{
	uint64_t size = 0;

	for (int id = group_starts[GROUP_size]; id < group_starts[GROUP_size + 1]; id++)
		if (names[id].since <= release)
			size = names[id].value;
	return size;
}

/* The first bit of a member; of a reserved one, the first that no member of that release has. */
static unsigned
first_bit(const struct card *card, const struct field *field)
{
	unsigned bit = 0;

	if (field->kind != SPARE)
		return field->bit;
	for (const struct field *other = fields; other < field; other++)
		if (other->offset == field->offset && known(card, other->since))
			bit = (unsigned)other->bit + other->width;
	return bit;
}

static unsigned
last_bit(const struct field *field)
{
	return (unsigned)field->bit + field->width - 1;
}

static void
add_names(struct card *card, enum group group, enum kind kind)
{
	for (int id = group_starts[group]; id < group_starts[group + 1]; id++)
		if (!card->listed[group] && changed(card, names[id].since))
			card->rows[card->count++] = (struct row){.word = &names[id],
				.group = group,
				.kind = kind,
				.changed = true};
	card->listed[group] = true;
}

/* A row, and the names of its values; a row that did not change is there for their sake only. */
static void
add_row(struct card *card, struct row row)
{
	static const enum group config[] = {GROUP_hardware, GROUP_software, GROUP_cache_id,
		GROUP_cache_op, GROUP_cache_result, GROUP_macro};
	int count = ++card->count;

	if (row.kind == REGS)
		row.group = arches[card->arch].registers;
	card->rows[count - 1] = row;
	if (row.group != GROUP_none)
		add_names(card, row.group, row.kind);
	for (size_t id = 0; row.kind == CONFIG && id < COUNT_OF(config); id++)
		add_names(card, config[id], row.kind);
	if (!row.changed && card->count == count)
		card->count--;
}

static void
collect(struct card *card)
{
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (known(card, field->since))
			add_row(card,
				(struct row){.field = field,
					.group = field->names,
					.kind = field->kind,
					.changed = changed(card, field->since)});
	for (const struct argument *argument = arguments; argument < arguments + ARGUMENTS;
		argument++)
		add_row(card,
			(struct row){.argument = argument,
				.group = argument->names,
				.kind = argument->kind,
				.changed = !card->range});
	add_row(card, (struct row){.group = GROUP_ioctl, .kind = ENUM});
	add_row(card, (struct row){.group = GROUP_ioctl_flags, .kind = MASK});
}

static const char *
row_name(const struct row *row)
{
	if (row->word)
		return row->word->text;
	if (row->field)
		return row->field->name;
	return row->argument ? row->argument->name : group_names[row->group];
}

/* A name stands under what it is of, two columns in. */
static int
indent(const struct row *row)
{
	return row->word ? 2 : 0;
}

static int
name_width(const struct card *card)
{
	int width = 0;

	for (const struct row *row = card->rows; row < card->rows + card->count; row++) {
		int length = (int)strlen(row_name(row)) + indent(row);

		width = length > width ? length : width;
	}
	return width;
}

static void
add_bit(struct buf *text, uint64_t bit)
{
	BUF_LITERAL(text, "1 << ");
	buf_decimal(text, bit);
}

static void
add_value(struct buf *text, const struct row *row)
{
	uint64_t value = row->word->value;

	if (row->kind == CONFIG && row->group != GROUP_macro) {
		buf_text(text, group_names[row->group]);
		buf_char(text, ' ');
	}
	if (row->kind == REGS)
		add_bit(text, value);
	else if (row->kind == MASK)
		add_bit(text, (uint64_t)__builtin_ctzll(value));
	else if (value < 0x1000 || row->kind == NOTED)
		buf_signed(text, (int64_t)value);
	else
		buf_hex(text, value);
}

/* When it is this arm of a union that counts. */
static void
add_condition(struct buf *text, const struct condition *live)
{
	static const char *const pmus[] =
		{[KPROBE] = "kprobe", [UPROBE] = "uprobe", [KPROBE | UPROBE] = "kprobe and uprobe"};

	if (live->when == WHEN_PMU) {
		BUF_LITERAL(text, ", for ");
		buf_text(text, pmus[live->pmus]);
	}
	if (live->when == WHEN_TYPE) {
		BUF_LITERAL(text, ", if type is ");
		buf_text(text, names[live->name].text);
	} else if (live->field) {
		buf_text(text, live->when == WHEN_SET ? ", if " : ", unless ");
		buf_text(text, fields[live->field].name);
	}
}

static void
add_content(struct buf *text, const struct row *row)
{
	if (row->word) {
		add_value(text, row);
		return;
	}
	buf_text(text,
		row->field && row->field->note[0] ? row->field->note : kinds[row->kind].holds);
	if (row->field)
		add_condition(text, &row->field->live);
}

/* Arguments and groups have been there from the first release on. */
static uint32_t
row_since(const struct row *row)
{
	if (row->word)
		return row->word->since;
	return row->field ? row->field->since : release_first();
}

/* Offset and bits of a member, or the type of an argument. */
static void
print_place(const struct card *card, const struct row *row)
{
	unsigned first, last;
	char bits[24];

	if (!row->field) {
		printf("%13s  ", row->argument ? row->argument->type : "");
		return;
	}
	first = first_bit(card, row->field);
	last = last_bit(row->field);
	snprintf(bits, sizeof bits, first == last ? "%u" : "%u-%u", first, last);
	printf("%6u  %-5s  ", row->field->offset, bits);
}

static void
print_row(const struct card *card, const struct row *row, int width)
{
	char space[128] = "", since[RELEASE_TEXT];
	struct buf content = {.text = space, .size = sizeof space - 1};

	add_content(&content, row);
	release_text(row_since(row), since);
	if (card->range)
		printf("%c ", !row->changed ? ' ' : card->backwards ? '-' : '+');
	print_place(card, row);
	printf("%*s%-*s  ", indent(row), "", width - indent(row), row_name(row));
	printf(content.length ? "%-6s  %s\n" : "%s%s\n", since, space);
}

__attribute__((format(printf, 1, 2))) static void
print_head(const char *format, ...)
{
	char text[256];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	terminal_write(text, strlen(text), INK_TITLE);
	putchar('\n');
}

static void
print_title(const struct card *card)
{
	uint32_t from = card->backwards ? card->to : card->from;
	uint32_t to = card->backwards ? card->from : card->to;
	char before[RELEASE_TEXT], after[RELEASE_TEXT];

	if (card->range)
		print_head("struct perf_event_attr, Linux %s to %s: %" PRIu64 " to %" PRIu64
			   " bytes",
			release_text(from, before), release_text(to, after), size_in(from),
			size_in(to));
	else
		print_head("struct perf_event_attr, Linux %s: %" PRIu64 " bytes",
			release_text(to, after), size_in(to));
}

static void
print_table(const struct card *card)
{
	int width = name_width(card);

	print_title(card);
	if (!card->count) {
		puts("\nNothing changed.");
		return;
	}
	putchar('\n');
	print_head("%soffset  %-5s  %-*s  since   what it holds", card->range ? "  " : "", "bits",
		width, "member");
	for (const struct row *row = card->rows; row < card->rows + card->count; row++)
		print_row(card, row, width);
}

static void
print_head_json(const struct card *card)
{
	uint32_t from = card->backwards ? card->to : card->from;
	uint32_t to = card->backwards ? card->from : card->to;
	char text[RELEASE_TEXT];

	if (card->range) {
		printf("\"from\": \"%s\", ", release_text(from, text));
		printf("\"from_size\": %" PRIu64 ", ", size_in(from));
		printf("\"change\": \"%s\", ", card->backwards ? "removed" : "added");
	}
	printf("\"to\": \"%s\", ", release_text(to, text));
	printf("\"to_size\": %" PRIu64, size_in(to));
}

static void
print_member_json(const struct card *card, const struct row *row)
{
	const struct field *field = row->field;
	unsigned first = first_bit(card, field);
	char space[128] = "", since[RELEASE_TEXT];
	struct buf condition = {.text = space, .size = sizeof space - 1};

	printf("{\"name\": \"%s\", \"offset\": %u, \"bytes\": %u, ", field->name, field->offset,
		field->bytes);
	printf("\"bit\": %u, \"width\": %u, ", first, last_bit(field) - first + 1);
	printf("\"kind\": \"%s\", ", kinds[field->kind].name);
	if (row->group != GROUP_none)
		printf("\"names\": \"%s\", ", group_names[row->group]);
	if (field->note[0])
		printf("\"unit\": \"%s\", ", field->note);
	add_condition(&condition, &field->live);
	if (condition.length)
		printf("\"when\": \"%s\", ", space + 2);
	printf("\"since\": \"%s\"}", release_text(field->since, since));
}

static void
print_argument_json(const struct card *card, const struct row *row)
{
	const struct argument *argument = row->argument;

	(void)card;
	printf("{\"name\": \"%s\", \"type\": \"%s\", ", argument->name, argument->type);
	if (argument->names != GROUP_none)
		printf("\"names\": \"%s\", ", group_names[argument->names]);
	printf("\"kind\": \"%s\"}", kinds[argument->kind].name);
}

/* A note is no name that C knows. */
static void
print_name_json(const struct card *card, const struct row *row)
{
	char since[RELEASE_TEXT];

	(void)card;
	printf("{\"of\": \"%s\", \"%s\": \"%s\", ", group_names[row->group],
		row->kind == NOTED ? "meaning" : "name", row->word->text);
	printf(row->kind == NOTED ? "\"value\": %" PRId64 ", " : "\"value\": %" PRIu64 ", ",
		row->word->value);
	printf("\"since\": \"%s\"}", release_text(row->word->since, since));
}

static void
print_list(const struct card *card, const char *title, bool (*belongs)(const struct row *row),
	void (*print)(const struct card *card, const struct row *row))
{
	const char *comma = "";

	printf(",\n\"%s\": [", title);
	for (const struct row *row = card->rows; row < card->rows + card->count; row++) {
		if (!row->changed || !belongs(row))
			continue;
		printf("%s\n  ", comma);
		print(card, row);
		comma = ",";
	}
	putchar(']');
}

static bool
is_member(const struct row *row)
{
	return row->field;
}

static bool
is_argument(const struct row *row)
{
	return row->argument;
}

static bool
is_name(const struct row *row)
{
	return row->word;
}

static void
print_json(const struct card *card)
{
	putchar('{');
	print_head_json(card);
	print_list(card, "members", is_member, print_member_json);
	if (!card->range)
		print_list(card, "arguments", is_argument, print_argument_json);
	print_list(card, "names", is_name, print_name_json);
	puts("}");
}

int
fields_main(int argc, char **argv)
{
	static struct card card;

	card.to = release_newest();
	card.arch = HOST_ARCH;
	card.paged = true;
	if (!read_options(&card, argc, argv)) {
		fputs(help, stdout);
		return 0;
	}
	collect(&card);
	terminal_begin(card.colour, card.paged);
	terminal_start();
	(card.json ? print_json : print_table)(&card);
	terminal_end();
	return 0;
}
