/* One value as text. */
#include "decoder/value.h"

#include "decoder/bytes.h"
#include "decoder/field.h"

/* How a list of names and left-over bits is punctuated. */
struct list {
	const char *before; /* each name or number */
	const char *shift;  /* before a register, whose name is the number of a bit */
	const char *wide;   /* after a number from 2^63 up */
	const char *after;
	const char *between;
};

static const struct list c_list = {"", "1ULL << ", "ULL", "", " | "};
static const struct list json_list = {"\"", "", "", "\"", ", "};

struct value
value_of_argument(enum argument_id id, const struct call *call)
{
	const int64_t bits[ARGUMENTS] = {
		[ARGUMENT_pid] = call->pid,
		[ARGUMENT_cpu] = call->cpu,
		[ARGUMENT_group_fd] = call->group_fd,
		[ARGUMENT_flags] = (int64_t)call->flags,
		[ARGUMENT_fd] = call->fd,
	};

	return (struct value){(uint64_t)bits[id], arguments[id].kind, arguments[id].names, true};
}

/* A register's value is the number of its bit. */
static uint64_t
bit_of(const struct name *name, bool is_register)
{
	return is_register ? 1ULL << name->value : name->value;
}

/*
 * Every row whose bit is set, then the bits that no row has. Returns false if there was nothing to
 * list.
 */
static bool
list_bits(struct buf *out, const struct list *list, enum group group, bool registers, uint64_t bits)
{
	uint64_t rest = bits;
	bool first = true;

	for (unsigned row = group_starts[group]; rest && row < group_starts[group + 1]; row++) {
		uint64_t bit = bit_of(&names[row], registers);

		if (!(rest & bit))
			continue;
		buf_text(out, first ? "" : list->between);
		buf_text(out, list->before);
		buf_text(out, registers ? list->shift : "");
		buf_add(out, names[row].text, names[row].length);
		buf_text(out, list->after);
		rest &= ~bit;
		first = false;
	}
	if (rest) {
		buf_text(out, first ? "" : list->between);
		buf_text(out, list->before);
		buf_hex(out, rest);
		buf_text(out, rest >> 63 ? list->wide : "");
		buf_text(out, list->after);
	}
	return bits != 0;
}

static bool
list_value(struct buf *out, const struct list *list, const struct call *call,
	const struct value *value)
{
	bool registers = value->kind == REGS;
	enum group group = registers ? call_registers(call) : value->names;

	return list_bits(out, list, group, registers, value->bits);
}

static void
decimal_c(struct buf *out, uint64_t bits)
{
	buf_decimal(out, bits);
	if (bits >> 63)
		BUF_LITERAL(out, "ULL");
}

static void
hex_c(struct buf *out, uint64_t bits)
{
	if (bits < 10) {
		buf_decimal(out, bits);
		return;
	}
	buf_hex(out, bits);
	if (bits >> 63)
		BUF_LITERAL(out, "ULL");
}

/* A double holds every integer up to 2^53. */
static void
number_json(struct buf *out, uint64_t bits)
{
	if (bits < 1ULL << 53) {
		buf_decimal(out, bits);
		return;
	}
	buf_char(out, '"');
	buf_hex(out, bits);
	buf_char(out, '"');
}

/* A zero whose condition does not hold means only that nothing was set. */
static const struct name *
enum_name(const struct value *value)
{
	return value->bits || value->named ? name_of(value->names, value->bits) : NULL;
}

static void
name_or_hex(struct buf *out, enum group group, uint64_t bits)
{
	const struct name *name = name_of(group, bits);

	if (name)
		buf_add(out, name->text, name->length);
	else
		hex_c(out, bits);
}

/* perf_event.h: id, op << 8, result << 16. */
static void
cache_c(struct buf *out, uint64_t bits)
{
	name_or_hex(out, GROUP_cache_id, bits & 0xff);
	BUF_LITERAL(out, " | ");
	name_or_hex(out, GROUP_cache_op, bits >> 8 & 0xff);
	BUF_LITERAL(out, " << 8 | ");
	name_or_hex(out, GROUP_cache_result, bits >> 16 & 0xff);
	BUF_LITERAL(out, " << 16");
	if (bits >> 24) {
		BUF_LITERAL(out, " | ");
		hex_c(out, bits >> 24 << 24);
	}
}

/* The group that spells config for this type; the cache's stands for its three. */
static enum group
config_names(const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	if (type == name_value(NAME_PERF_TYPE_HARDWARE))
		return GROUP_hardware;
	if (type == name_value(NAME_PERF_TYPE_SOFTWARE))
		return GROUP_software;
	return type == name_value(NAME_PERF_TYPE_HW_CACHE) ? GROUP_cache_id : GROUP_none;
}

static void
config_c(struct buf *out, const struct call *call, uint64_t bits)
{
	enum group group = config_names(call);

	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_TRACEPOINT)) {
		decimal_c(out, bits);
		return;
	}
	if (call_extended(call)) {
		buf_decimal(out, bits >> name_value(NAME_PERF_PMU_TYPE_SHIFT));
		BUF_LITERAL(out, "ULL << PERF_PMU_TYPE_SHIFT | ");
		bits &= name_value(NAME_PERF_HW_EVENT_MASK);
	}
	if (group == GROUP_cache_id)
		cache_c(out, bits);
	else
		name_or_hex(out, group, bits);
}

static void
config_json(struct buf *out, const struct call *call, uint64_t bits)
{
	enum group group = config_names(call);

	if (group == GROUP_cache_id || call_extended(call) || name_of(group, bits)) {
		buf_char(out, '"');
		config_c(out, call, bits);
		buf_char(out, '"');
	} else {
		number_json(out, bits);
	}
}

static void
enum_c(struct buf *out, const struct value *value)
{
	const struct name *name = enum_name(value);

	if (name)
		buf_add(out, name->text, name->length);
	else if (value->kind == CLOCK)
		buf_signed(out, (int32_t)(uint32_t)value->bits);
	else
		decimal_c(out, value->bits);
}

static void
enum_json(struct buf *out, const struct value *value)
{
	bool quoted = enum_name(value) != NULL;

	if (!quoted && value->kind == ENUM) {
		number_json(out, value->bits);
		return;
	}
	buf_text(out, quoted ? "\"" : "");
	enum_c(out, value);
	buf_text(out, quoted ? "\"" : "");
}

void
value_c(struct buf *out, const struct call *call, const struct value *value)
{
	switch (value->kind) {
	case UINT:
		decimal_c(out, value->bits);
		break;
	case INT:
	case NOTED:
		buf_signed(out, (int64_t)value->bits);
		break;
	case ENUM:
	case CLOCK:
		enum_c(out, value);
		break;
	case MASK:
	case REGS:
		if (!list_value(out, &c_list, call, value))
			buf_char(out, '0');
		break;
	case CONFIG:
		config_c(out, call, value->bits);
		break;
	case HEX:
	case PMUBITS:
	case STRING:
	case SPARE:
		hex_c(out, value->bits);
		break;
	}
}

void
value_json(struct buf *out, const struct call *call, const struct value *value)
{
	switch (value->kind) {
	case INT:
	case NOTED:
		buf_signed(out, (int64_t)value->bits);
		break;
	case ENUM:
	case CLOCK:
		enum_json(out, value);
		break;
	case MASK:
	case REGS:
		buf_char(out, '[');
		list_value(out, &json_list, call, value);
		buf_char(out, ']');
		break;
	case CONFIG:
		config_json(out, call, value->bits);
		break;
	case UINT:
	case HEX:
	case PMUBITS:
	case STRING:
	case SPARE:
		number_json(out, value->bits);
		break;
	}
}

static uint32_t
since_of(const struct name *name)
{
	return name ? name->since : 0;
}

static uint32_t
bits_since(const struct call *call, const struct value *value)
{
	enum group group = value->kind == REGS ? call_registers(call) : value->names;
	uint32_t since = 0;

	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++) {
		if (value->bits & bit_of(&names[row], value->kind == REGS))
			since = later(since, names[row].since);
	}
	return since;
}

static uint32_t
config_since(const struct call *call, uint64_t bits)
{
	enum group group = config_names(call);
	uint32_t since = 0;

	if (call_extended(call)) {
		since = names[NAME_PERF_PMU_TYPE_SHIFT].since;
		bits &= name_value(NAME_PERF_HW_EVENT_MASK);
	}
	if (group != GROUP_cache_id)
		return later(since, since_of(name_of(group, bits)));
	since = later(since, since_of(name_of(GROUP_cache_id, bits & 0xff)));
	since = later(since, since_of(name_of(GROUP_cache_op, bits >> 8 & 0xff)));
	return later(since, since_of(name_of(GROUP_cache_result, bits >> 16 & 0xff)));
}

uint32_t
value_since(const struct call *call, const struct value *value)
{
	switch (value->kind) {
	case ENUM:
	case CLOCK:
		return since_of(enum_name(value));
	case MASK:
	case REGS:
		return bits_since(call, value);
	case CONFIG:
		return config_since(call, value->bits);
	default:
		return 0;
	}
}

const char *
value_note(const struct value *value)
{
	const struct name *name = value->kind == NOTED ? name_of(value->names, value->bits) : NULL;

	return name ? name->text : NULL;
}

bool
value_has_name(const struct call *call, const struct value *value)
{
	switch (value->kind) {
	case ENUM:
	case CLOCK:
		return enum_name(value) != NULL;
	case CONFIG:
		return config_names(call) != GROUP_none || call->event[0] || call->tracepoint[0];
	default:
		return false;
	}
}

/*
 * Those that end a line, move a terminal's cursor, or turn the direction of what follows (U+061C,
 * U+200E.., U+2066..).
 */
static bool
treacherous(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c || point == 0x200e
		|| point == 0x200f || (point >= 0x2028 && point <= 0x202e)
		|| (point >= 0x2066 && point <= 0x2069);
}

/*
 * The bytes of the well-formed UTF-8 sequence at text (RFC 3629), and its code point; 0: it is
 * none.
 */
static size_t
utf8(const unsigned char *text, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = text[0] < 0x80 ? 1
		: text[0] < 0xc0       ? 0
		: text[0] < 0xe0       ? 2
		: text[0] < 0xf0       ? 3
		: text[0] < 0xf8       ? 4
				       : 0;

	*point = length == 1 ? text[0] : text[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	if (*point < least[length] || *point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000))
		return 0;
	return length;
}

/* Two characters that mean more than each: the ends of a comment, and the start of a trigraph. */
static bool
joined(char before, char byte)
{
	return (before == '*' && byte == '/') || (before == '/' && byte == '*')
		|| (before == '?' && byte == '?');
}

/*
 * How many bytes from there on stand for themselves in either form, whatever is beside them: most
 * texts have no others.
 */
static size_t
plain_length(const char *text, char also)
{
	const char *end = text;

	while (*end >= ' ' && *end < 0x7f && *end != '"' && *end != '\\' && *end != '/'
		&& *end != '*' && *end != '?' && *end != also)
		end++;
	return (size_t)(end - text);
}

void
text_c(struct buf *out, const char *text, char also)
{
	char before = '\0';

	while (*text) {
		uint32_t point;
		size_t length = plain_length(text, also);

		if (length) {
			buf_add(out, text, length);
			text += length;
			before = '\0';
			continue;
		}
		length = utf8((const unsigned char *)text, &point);
		if (!length || treacherous(point) || (also && *text == also)) {
			BUF_LITERAL(out, "\\x");
			buf_byte(out, (unsigned char)*text);
			length = 1;
		} else {
			if (*text == '\\' || *text == '"' || joined(before, *text))
				buf_char(out, '\\');
			buf_add(out, text, length);
		}
		before = *text;
		text += length;
	}
}

static bool
plain(char before, char byte)
{
	return byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\' && byte != '?'
		&& !joined(before, byte);
}

void
string_c(struct buf *out, const char *text, size_t length)
{
	char before = '\0';

	buf_char(out, '"');
	for (const char *end = text + length; text < end; before = *text++) {
		if (plain(before, *text)) {
			buf_char(out, *text);
			continue;
		}
		buf_char(out, '\\');
		for (int shift = 6; shift >= 0; shift -= 3)
			buf_char(out, (char)('0' + ((unsigned char)*text >> shift & 7)));
	}
	buf_char(out, '"');
}

static void
escape_json(struct buf *out, uint32_t point)
{
	BUF_LITERAL(out, "\\u");
	buf_byte(out, (unsigned char)(point >> 8));
	buf_byte(out, (unsigned char)point);
}

void
text_json(struct buf *out, const char *text)
{
	buf_char(out, '"');
	while (*text) {
		uint32_t point;
		size_t length = plain_length(text, 0);

		if (length) {
			buf_add(out, text, length);
			text += length;
			continue;
		}
		length = utf8((const unsigned char *)text, &point);
		if (!length) {
			escape_json(out, (unsigned char)*text);
			length = 1;
		} else if (treacherous(point)) {
			escape_json(out, point);
		} else {
			if (*text == '\\' || *text == '"')
				buf_char(out, '\\');
			buf_add(out, text, length);
		}
		text += length;
	}
	buf_char(out, '"');
}

void
error_label(struct buf *out, unsigned arch, int32_t number)
{
	const struct error *error = error_of(arch, number);

	if (error) {
		buf_text(out, error->name);
		return;
	}
	BUF_LITERAL(out, "errno ");
	buf_signed(out, number);
}

void
error_text(struct buf *out, unsigned arch, int32_t number)
{
	const struct error *error = error_of(arch, number);

	error_label(out, arch, number);
	if (!error)
		return;
	BUF_LITERAL(out, ": ");
	buf_text(out, error->text);
}
