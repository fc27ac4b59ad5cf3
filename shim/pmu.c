/* PMUs as sysfs has them. */
#include "shim/pmu.h"

#include <linux/fcntl.h>

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "shim/cache.h"
#include "shim/files.h"
#include "shim/settings.h"

enum {
	PMUS_MAX = 512, /* a large server has some hundred uncore PMUs */
	EVENTS_MAX = 64 /* different events of PMUs in one program; more are looked up each time */
};

static struct known_pmu {
	uint32_t state;
	uint32_t type;
	char name[PMU_NAME_MAX];
} known_pmus[PMUS_MAX];

static struct missed missed;

static struct known_event {
	uint32_t state;
	uint32_t type;
	uint64_t words[CONFIG_WORDS];
	char event[CALL_EVENT_MAX];
	char alias[CALL_NAME_MAX];
} known_events[EVENTS_MAX];

/* SYSFS/bus/event_source/devices, and up to two names below it. */
static const char *
device_path(struct pmu_room *room, const char *pmu, const char *folder, const char *file)
{
	const char *parts[] = {pmu, folder, file};
	struct buf path = {.text = room->path, .size = sizeof room->path - 1};

	buf_text(&path, settings_get()->sysfs);
	BUF_LITERAL(&path, "/bus/event_source/devices");
	for (unsigned i = 0; i < COUNT_OF(parts) && parts[i]; i++) {
		buf_char(&path, '/');
		buf_text(&path, parts[i]);
	}
	room->path[path.length] = '\0';
	return room->path;
}

/* A number as C writes it; *end is the byte behind it. */
static uint64_t
number_at(const char *text, const char **end)
{
	unsigned base = 10;
	uint64_t value = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	for (;; text++) {
		unsigned digit = *text >= '0' && *text <= '9' ? (unsigned)(*text - '0')
			: (*text | 32) >= 'a' && (*text | 32) <= 'f'
			? (unsigned)((*text | 32) - 'a' + 10)
			: 99;

		if (digit >= base)
			break;
		value = value * base + digit;
	}
	*end = text;
	return value;
}

static void
remember_pmu(uint32_t type, const char *name)
{
	for (struct known_pmu *pmu = known_pmus; pmu < known_pmus + PMUS_MAX; pmu++) {
		if (cache_ready(&pmu->state) && pmu->type == type)
			return;
		if (!cache_claim(&pmu->state))
			continue;
		pmu->type = type;
		bytes_copy(pmu->name, name, text_length(name) + 1);
		cache_publish(&pmu->state);
		return;
	}
}

struct type_search {
	struct pmu_room *room;
	uint32_t type;
};

static bool
look_at_device(void *with, const char *name)
{
	struct type_search *search = with;
	struct pmu_room *room = search->room;
	const char *end;
	uint32_t type;

	if (text_length(name) >= PMU_NAME_MAX
		|| !file_read(AT_FDCWD, device_path(room, name, "type", NULL), room->text,
			sizeof room->text))
		return true;
	type = (uint32_t)number_at(room->text, &end);
	if (end == room->text)
		return true;
	if (type == search->type && !room->name[0])
		bytes_copy(room->name, name, text_length(name) + 1);
	remember_pmu(type, name);
	return true;
}

const char *
pmu_name(uint32_t type, struct pmu_room *room)
{
	struct type_search search = {room, type};

	for (struct known_pmu *pmu = known_pmus;
		pmu < known_pmus + PMUS_MAX && !cache_free(&pmu->state); pmu++)
		if (cache_ready(&pmu->state) && pmu->type == type)
			return pmu->name;
	room->name[0] = '\0';
	if (missed_worth_a_look(&missed, type))
		directory_walk(AT_FDCWD, device_path(room, NULL, NULL, NULL), room->entries,
			sizeof room->entries, look_at_device, &search);
	if (!room->name[0])
		missed_again(&missed, type);
	return room->name;
}

/* The word that `config1:` starts with; the text moves behind it. */
static bool
read_config_word(const char **text, uint8_t *word)
{
	static const char config[] = "config";
	const char *at = *text;

	for (const char *byte = config; *byte; byte++)
		if (*at++ != *byte)
			return false;
	*word = *at >= '1' && *at < '0' + CONFIG_WORDS ? (uint8_t)(*at++ - '0') : 0;
	*text = at;
	return true;
}

static bool
parse_range(struct format *format, const char **text)
{
	const char *start = *text;
	uint64_t low = number_at(start, text);
	uint64_t high = low;

	if (*text == start)
		return false;
	if (**text == '-') {
		start = *text + 1;
		high = number_at(start, text);
	}
	if (*text == start || low > high || high > 63 || format->ranges == FORMAT_RANGES_MAX)
		return false;
	format->low[format->ranges] = (uint8_t)low;
	format->high[format->ranges++] = (uint8_t)high;
	return true;
}

/* `config1:0-15,32`. */
static bool
parse_format(struct format *format, const char *text)
{
	format->ranges = 0;
	if (!read_config_word(&text, &format->word) || *text != ':')
		return false;
	do {
		text++;
		if (!parse_range(format, &text))
			return false;
	} while (*text == ',');
	return true;
}

static unsigned
format_width(const struct format *format)
{
	unsigned width = 0;

	for (unsigned range = 0; range < format->ranges; range++)
		width += format->high[range] - format->low[range] + 1u;
	return width;
}

static bool
format_before(const struct format *left, const struct format *right)
{
	if (left->word != right->word)
		return left->word < right->word;
	if (left->low[0] != right->low[0])
		return left->low[0] < right->low[0];
	return format_width(left) < format_width(right);
}

/*
 * Directories come in any order; the words of an event are told from the lowest bit of config up.
 */
static void
insert_format(struct pmu_room *room, const struct format *format)
{
	unsigned at = room->formats_count++;

	for (; at && format_before(format, &room->formats[at - 1]); at--)
		bytes_copy(&room->formats[at], &room->formats[at - 1], sizeof *format);
	bytes_copy(&room->formats[at], format, sizeof *format);
}

struct folder {
	struct pmu_room *room;
	const char *pmu;
	const struct call *call;
	bool exact;
};

static bool
look_at_format(void *with, const char *name)
{
	struct folder *folder = with;
	struct pmu_room *room = folder->room;
	struct format format;

	if (room->formats_count == FORMATS_MAX || text_length(name) >= sizeof format.name
		|| !file_read(AT_FDCWD, device_path(room, folder->pmu, "format", name), room->text,
			sizeof room->text)
		|| !parse_format(&format, room->text))
		return true;
	bytes_copy(format.name, name, text_length(name) + 1);
	insert_format(room, &format);
	return true;
}

static uint64_t
range_mask(const struct format *format, unsigned range)
{
	unsigned width = format->high[range] - format->low[range] + 1u;

	return width == 64 ? ~0ULL : (1ULL << width) - 1;
}

static uint64_t
format_value(const struct format *format, const uint64_t *words)
{
	uint64_t value = 0;

	for (unsigned range = format->ranges; range-- > 0;) {
		unsigned width = format->high[range] - format->low[range] + 1u;

		value = (width == 64 ? 0 : value << width)
			| (words[format->word] >> format->low[range] & range_mask(format, range));
	}
	return value;
}

static void
format_store(const struct format *format, uint64_t *words, uint64_t value)
{
	for (unsigned range = 0; range < format->ranges; range++) {
		unsigned width = format->high[range] - format->low[range] + 1u;
		uint64_t mask = range_mask(format, range) << format->low[range];

		words[format->word] = (words[format->word] & ~mask)
			| (value << format->low[range] & mask);
		value = width == 64 ? 0 : value >> width;
	}
}

/* The member that is the word of that number. */
static const struct field *
config_field(unsigned word)
{
	const struct field *field = fields;

	for (;; field++)
		if ((field->kind == CONFIG || field->kind == PMUBITS) && word-- == 0)
			return field;
}

static void
config_words(const struct call *call, uint64_t *words)
{
	size_t held = call_attr_held(call);

	for (unsigned word = 0; word < CONFIG_WORDS; word++) {
		const struct field *field = config_field(word);

		words[word] = field_present(field, held) && field_chosen(field, call)
			? field_value(field, call)
			: 0;
	}
}

static void
add_term(struct buf *out, bool *first, const char *name)
{
	if (!*first)
		buf_char(out, ',');
	*first = false;
	buf_text(out, name);
	buf_char(out, '=');
}

/* What selects an event reads best in hex, a threshold or a count in config1 and on in decimal. */
static void
format_term(struct buf *out, bool *first, const struct format *format, uint64_t value)
{
	unsigned width = format_width(format);

	add_term(out, first, format->name);
	if (width == 1 || (format->word && width <= 16))
		buf_decimal(out, value);
	else
		buf_hex(out, value);
}

/* Bits that no format names: perf takes them as config=. */
static void
rest_terms(struct buf *out, bool *first, const uint64_t *words)
{
	for (unsigned word = 0; word < CONFIG_WORDS; word++) {
		if (!words[word])
			continue;
		add_term(out, first, config_field(word)->name);
		buf_hex(out, words[word]);
	}
}

/* All zero can be an event too, if its number is more than a switch: msr's event 0 is tsc. */
static const struct format *
zero_event(const struct pmu_room *room)
{
	const struct format *format = room->formats;

	return room->formats_count && format->word == 0 && format_width(format) > 1 ? format : NULL;
}

static bool
holds_all(const struct format *format, const struct format *widest, const uint64_t *words)
{
	uint64_t rest[CONFIG_WORDS];

	bytes_copy(rest, words, sizeof rest);
	format_store(format, rest, 0);
	return format_value(widest, rest) == 0;
}

/*
 * Formats may start at the same bit (ldlat, frontend and offcore_rsp all stand in config1): the
 * narrowest that holds all that is there is meant. The next format behind them is *next.
 */
static const struct format *
choose_format(const struct pmu_room *room, unsigned at, unsigned *next, const uint64_t *words)
{
	const struct format *first = &room->formats[at];
	const struct format *widest = first;

	for (*next = at + 1; *next < room->formats_count; (*next)++) {
		const struct format *format = &room->formats[*next];

		if (format->word != first->word || format->low[0] != first->low[0])
			break;
		widest = format;
	}
	while (first < widest && !holds_all(first, widest, words))
		first++;
	return first;
}

static bool
write_terms(struct buf *out, const struct pmu_room *room, uint64_t *words)
{
	bool first = true;

	for (unsigned at = 0, next; at < room->formats_count; at = next) {
		const struct format *format = choose_format(room, at, &next, words);
		uint64_t value = format_value(format, words);

		if (!value)
			continue;
		format_term(out, &first, format, value);
		format_store(format, words, 0);
	}
	rest_terms(out, &first, words);
	if (first && zero_event(room))
		format_term(out, &first, zero_event(room), 0);
	return !first;
}

static void
write_event(struct pmu_room *room, const struct call *call)
{
	struct buf out = {.text = room->event, .size = sizeof room->event - 1};
	uint64_t words[CONFIG_WORDS];
	bool any;

	config_words(call, words);
	buf_text(&out, call->pmu);
	buf_char(&out, '/');
	any = write_terms(&out, room, words);
	buf_char(&out, '/');
	room->event[any && !out.overflow ? out.length : 0] = '\0';
}

static const struct format *
format_find(const struct pmu_room *room, const char *name, size_t length)
{
	for (unsigned i = 0; i < room->formats_count; i++)
		if (text_length(room->formats[i].name) == length
			&& bytes_equal(room->formats[i].name, name, length))
			return &room->formats[i];
	return NULL;
}

/* One term of an alias into the words it stands for. Returns false for what this does not know. */
static bool
apply_term(const struct pmu_room *room, const char **text, uint64_t *words)
{
	const char *name = *text;
	const char *at = name;
	const struct format *format;
	uint64_t value = 1;
	uint8_t word;
	size_t length;

	while (*at && *at != '=' && *at != ',')
		at++;
	length = (size_t)(at - name);
	if (*at == '=')
		value = number_at(at + 1, &at);
	*text = at;
	format = format_find(room, name, length);
	if (format)
		format_store(format, words, value);
	else if (read_config_word(&name, &word) && (*name == '=' || *name == ','))
		words[word] |= value;
	else
		return false;
	return !*at || *at == ',';
}

static bool
alias_words(const struct pmu_room *room, const char *text, uint64_t *words)
{
	bytes_zero(words, CONFIG_WORDS * sizeof *words);
	for (; *text; text += *text == ',')
		if (!apply_term(room, &text, words))
			return false;
	return true;
}

/*
 * An alias names an event if config agrees; its further words may only be defaults, as mem-loads'
 * ldlat.
 */
static bool
alias_fits(const struct folder *folder, const uint64_t *words)
{
	uint64_t wanted[CONFIG_WORDS];
	bool parameters = false;

	config_words(folder->call, wanted);
	if (folder->exact)
		return bytes_equal(words, wanted, sizeof wanted);
	for (unsigned word = 1; word < CONFIG_WORDS; word++)
		parameters |= words[word] != 0;
	return parameters && words[0] == wanted[0];
}

static bool
look_at_alias(void *with, const char *name)
{
	struct folder *folder = with;
	struct pmu_room *room = folder->room;
	uint64_t words[CONFIG_WORDS];

	for (const char *at = name; *at; at++)
		if (*at == '.')
			return true; /* NAME.scale, NAME.unit */
	if (text_length(name) >= sizeof room->alias
		|| !file_read(AT_FDCWD, device_path(room, folder->pmu, "events", name), room->text,
			sizeof room->text)
		|| !alias_words(room, room->text, words) || !alias_fits(folder, words))
		return true;
	bytes_copy(room->alias, name, text_length(name) + 1);
	return false;
}

static void
find_alias(struct folder *folder)
{
	struct pmu_room *room = folder->room;

	directory_walk(AT_FDCWD, device_path(room, folder->pmu, "events", NULL), room->entries,
		sizeof room->entries, look_at_alias, folder);
}

static void
make_event(struct call *call, struct pmu_room *room)
{
	struct folder folder = {room, call->pmu, call, true};

	room->formats_count = 0;
	room->alias[0] = '\0';
	directory_walk(AT_FDCWD, device_path(room, call->pmu, "format", NULL), room->entries,
		sizeof room->entries, look_at_format, &folder);
	write_event(room, call);
	if (!room->event[0])
		return;
	find_alias(&folder);
	folder.exact = false;
	if (!room->alias[0])
		find_alias(&folder);
}

static bool
event_is(const struct known_event *known, uint32_t type, const uint64_t *words)
{
	return cache_ready(&known->state) && known->type == type
		&& bytes_equal(known->words, words, sizeof known->words);
}

static void
remember_event(const struct pmu_room *room, uint32_t type, const uint64_t *words)
{
	for (struct known_event *known = known_events; known < known_events + EVENTS_MAX; known++) {
		if (!cache_claim(&known->state))
			continue;
		known->type = type;
		bytes_copy(known->words, words, sizeof known->words);
		bytes_copy(known->event, room->event, text_length(room->event) + 1);
		bytes_copy(known->alias, room->alias, text_length(room->alias) + 1);
		cache_publish(&known->state);
		return;
	}
}

void
pmu_find_event(struct call *call, struct pmu_room *room)
{
	uint32_t type = (uint32_t)attr_value(call, FIELD_type);
	uint64_t words[CONFIG_WORDS];

	config_words(call, words);
	for (struct known_event *known = known_events; known < known_events + EVENTS_MAX; known++) {
		if (!event_is(known, type, words))
			continue;
		call->event = known->event;
		call->alias = known->alias;
		return;
	}
	make_event(call, room);
	remember_event(room, type, words);
	call->event = room->event;
	call->alias = room->alias;
}
