/* The attr of a call as C for old headers. */
#include "cli/initialiser.h"

#include <stdarg.h>
#include <string.h>

#include "decoder/decode.h"
#include "decoder/field.h"
#include "decoder/value.h"

enum {
	TEXT_MAX = 1 << 17, /* a page of bytes in octal, or a path of them */
	COLUMNS = 100,
	TAB = 8
};

/* Members and names that are younger stand as numbers. */
static const uint32_t HEADER = L(4, 19, 0);

/* The walk hands on nothing of ours: where the C goes to, and what it needs. */
static FILE *file;
static bool *needs;

static struct buf
scratch(void)
{
	static char text[TEXT_MAX];

	return (struct buf){.text = text, .size = sizeof text - 1};
}

static void
need(enum need id)
{
	needs[id] = true;
}

__attribute__((format(printf, 1, 2))) static void
body(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vfprintf(file, format, list);
	va_end(list);
}

/* A name that may become part of a path below sysfs or tracefs. */
static bool
plain_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.:";

	return *name && *name != '.' && !name[strspn(name, letters)];
}

static void
close_comment(struct buf *out)
{
	BUF_LITERAL(out, " */");
}

/* The release that first had it, as in " 5.13". */
static void
add_release(struct buf *out, uint32_t since)
{
	buf_char(out, ' ');
	buf_decimal(out, since >> 16);
	buf_char(out, '.');
	buf_decimal(out, since >> 8 & 0xff);
}

static bool
looks_up_type(const struct field *field, const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	return field == &fields[FIELD_type] && !name_of(GROUP_type, type) && plain_name(call->pmu);
}

static bool
looks_up_tracepoint(const struct field *field, const struct call *call)
{
	return field->kind == CONFIG
		&& attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_TRACEPOINT)
		&& plain_name(call->tracepoint) && strchr(call->tracepoint, ':');
}

static bool
looks_up_pmu(const struct field *field, const struct call *call)
{
	return field->kind == CONFIG && call_extended(call) && plain_name(call->pmu);
}

static void
look_up(struct buf *out, const char *function, const char *name)
{
	buf_text(out, function);
	buf_char(out, '(');
	string_c(out, name, strlen(name));
	buf_char(out, ')');
}

/* The bits of a mask that the oldest header has names for. */
static uint64_t
named_bits(enum group group, uint64_t bits)
{
	uint64_t named = 0;

	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
		if (names[row].since <= HEADER)
			named |= names[row].value;
	return bits & named;
}

static void
add_mask(struct buf *out, const struct call *call, const struct value *value)
{
	struct value named = *value;

	named.bits = named_bits(value->names, value->bits);
	if (named.bits) {
		value_c(out, call, &named);
		BUF_LITERAL(out, " | ");
	}
	buf_hex(out, value->bits & ~named.bits);
	buf_text(out, value->bits >> 63 ? "ULL" : "");
}

/* Registers without PERF_REG_X86_, since the program may be for another machine's header. */
static void
add_registers(struct buf *out, const struct call *call, uint64_t bits)
{
	enum group group = call_registers(call);
	bool first = true;

	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++) {
		const char *register_name = strchr(names[row].text + sizeof "PERF_REG_" - 1, '_');

		if (!(bits >> names[row].value & 1) || !register_name)
			continue;
		buf_text(out, first ? "" : " | ");
		buf_text(out, register_name + 1);
		first = false;
	}
	buf_text(out, first ? "registers" : "");
}

/* What the numbers of a mask, or of a value, are called elsewhere. */
static void
add_meaning(struct buf *out, const struct call *call, const struct value *value)
{
	struct value young = *value;

	if (value->kind == MASK)
		young.bits &= ~named_bits(value->names, value->bits);
	BUF_LITERAL(out, " /* ");
	if (value->kind == REGS)
		add_registers(out, call, value->bits);
	else
		value_c(out, call, &young);
	close_comment(out);
}

static bool
young(const struct call *call, const struct value *value)
{
	return value->kind == REGS ? value->bits != 0 : value_since(call, value) > HEADER;
}

void
number_c(struct buf *out, const struct call *call, const struct value *value)
{
	if (!young(call, value)) {
		value_c(out, call, value);
	} else if (value->kind == MASK) {
		add_mask(out, call, value);
	} else {
		struct value number = *value;

		number.kind = value->kind == ENUM ? UINT : value->kind == CLOCK ? CLOCK : HEX;
		number.names = GROUP_none;
		value_c(out, call, &number);
	}
}

/* An extended config with the PMU's type of the machine where the program runs. */
static void
add_extended(struct buf *out, const struct call *call, const struct value *value)
{
	struct value event = *value;

	event.bits &= name_value(NAME_PERF_HW_EVENT_MASK);
	BUF_LITERAL(out, "(__u64)");
	look_up(out, "pmu_type", call->pmu);
	BUF_LITERAL(out, " << 32 | ");
	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_HARDWARE)
		&& name_of(GROUP_hardware, event.bits))
		buf_text(out, name_of(GROUP_hardware, event.bits)->text);
	else
		buf_hex(out, event.bits);
	need(NEED_PMU);
}

/* An empty string is none to the dump; the kernel calls it invalid, but not a fault. */
static bool
has_string(const struct call *call, const struct value *value)
{
	const struct error *error = error_of(call->arch, call->error);

	return call->probe[0] || (value->bits && error && strcmp(error->name, "EINVAL") == 0);
}

static void
add_value(struct buf *out, const struct call *call, const struct field *field,
	const struct value *value)
{
	if (looks_up_type(field, call)) {
		look_up(out, "pmu_type", call->pmu);
		need(NEED_PMU);
	} else if (looks_up_tracepoint(field, call)) {
		look_up(out, "tracepoint_id", call->tracepoint);
		need(NEED_TRACEPOINT);
	} else if (looks_up_pmu(field, call)) {
		add_extended(out, call, value);
	} else if (field->kind == STRING && has_string(call, value)) {
		BUF_LITERAL(out, "(__u64)(unsigned long)");
		string_c(out, call->probe, strlen(call->probe));
		buf_text(out, call->probe_cut ? " \"...\"" : "");
	} else {
		number_c(out, call, value);
	}
}

static void
add_text_comment(struct buf *out, const char *text)
{
	if (!text[0])
		return;
	BUF_LITERAL(out, " /* ");
	text_c(out, text, 0);
	close_comment(out);
}

/* The comment behind a member: what its number does not say. */
static void
add_note(struct buf *out, const struct call *call, const struct field *field,
	const struct value *value)
{
	const char *note = value_note(value);

	if (looks_up_type(field, call) || looks_up_tracepoint(field, call)
		|| looks_up_pmu(field, call))
		return;
	if (field->kind == STRING && call->probe_cut)
		BUF_LITERAL(out, " /* the dump has no more of it */");
	else if (field->kind == STRING && value->bits && !has_string(call, value))
		BUF_LITERAL(out, " /* the dump has no string from there */");
	else if (young(call, value))
		add_meaning(out, call, value);
	else if (field == &fields[FIELD_type] && !call_extended(call))
		add_text_comment(out, call->pmu);
	else if (field->kind == CONFIG)
		add_text_comment(out, call->event[0] ? call->event : call->tracepoint);
	else if (value->bits || note)
		add_text_comment(out, note ? note : field->note);
}

static void
count_needs(const struct field *field, const struct value *value)
{
	if (field->names == GROUP_bp_type || field->names == GROUP_bp_len)
		need(NEED_BREAKPOINT);
	if (field->kind == CLOCK && name_of(GROUP_clockid, value->bits))
		need(NEED_CLOCK);
}

/* A line that is too long goes on at a name of its mask; text from a dump is no mask. */
static void
write_wrapped(const char *line, size_t length, bool mask)
{
	static const size_t indent = 3 * TAB;
	size_t limit = COLUMNS - indent;

	for (;;) {
		size_t cut = mask && length > limit ? limit : 0;

		while (cut > 3 && memcmp(line + cut, " | ", 3) != 0)
			cut--;
		if (cut <= 3)
			break;
		body("\t\t\t%.*s\n\t", (int)cut, line);
		line += cut + 1;
		length -= cut + 1;
		limit = COLUMNS - indent - TAB;
	}
	body("\t\t\t%.*s\n", (int)length, line);
}

/* The member as the oldest header has it, or nothing. */
static void
initialiser(struct buf *unused, const struct call *call, const struct field *field, uint64_t bits)
{
	struct value value = value_of_field(field, call, bits);
	struct buf out = scratch();

	(void)unused;
	if (field->since > HEADER || field->kind == SPARE)
		return;
	count_needs(field, &value);
	buf_char(&out, '.');
	buf_text(&out, field->name);
	BUF_LITERAL(&out, " = ");
	add_value(&out, call, field, &value);
	buf_char(&out, ',');
	add_note(&out, call, field, &value);
	write_wrapped(out.text, out.length,
		field->kind == MASK || field->kind == REGS || field->kind == CONFIG);
}

static void
initialiser_half(struct buf *unused, const struct call *call, const struct field *field,
	size_t held)
{
	(void)held;
	if (field->width == 8 * field->bytes)
		initialiser(unused, call, field, field_value(field, call));
}

/* Bits of a word, numbered from the low end. */
static void
write_bits(const struct field *field, uint64_t bits)
{
	struct buf out = scratch();

	buf_hex(&out, bits << field->bit);
	need(NEED_BITS);
	body("\t\tset_bits(&event, %u, %.*sULL); /* ", field->offset, (int)out.length, out.text);
	out.length = 0;
	if (field->kind == SPARE)
		BUF_LITERAL(&out, "bits that have no name");
	else
		buf_text(&out, field->name);
	if (field->kind != SPARE) {
		BUF_LITERAL(&out, ", since Linux");
		add_release(&out, field->since);
	}
	body("%.*s */\n", (int)out.length, out.text);
}

static void
write_word(const struct call *call, const struct field *field, uint64_t bits)
{
	struct value value = value_of_field(field, call, bits);
	struct buf out = scratch();
	unsigned width = 8u * field->bytes;

	number_c(&out, call, &value);
	body("\t\tmemcpy((char *)&event + %u, &(__u%u){%.*s}, %u); /* %s, since Linux",
		field->offset, width, (int)out.length, out.text, field->bytes, field->name);
	out.length = 0;
	add_release(&out, field->since);
	body("%.*s */\n", (int)out.length, out.text);
}

/* What the oldest header has no member for. */
static void
statement(struct buf *unused, const struct call *call, const struct field *field, uint64_t bits)
{
	(void)unused;
	if (!bits || (field->since <= HEADER && field->kind != SPARE))
		return;
	if (field->width == 8 * field->bytes)
		write_word(call, field, bits);
	else
		write_bits(field, bits);
}

/* Bytes that are not zero, by their place. */
static void
write_bytes(const struct call *call, size_t from, size_t to)
{
	struct buf out = scratch();

	string_c(&out, (const char *)call->attr + from, to - from);
	body("\t\tmemcpy((char *)&event + %zu, %.*s, %zu); /* bytes that have no name */\n", from,
		(int)out.length, out.text, to - from);
}

static void
statement_bytes(const struct call *call, size_t from, size_t to)
{
	enum {
		BYTES = 16
	};

	while (from < to) {
		size_t end = from + BYTES < to ? from + BYTES : to;

		while (from < end && !call->attr[from])
			from++;
		while (from < end && !call->attr[end - 1])
			end--;
		if (from < end)
			write_bytes(call, from, end);
		from = end > from ? end : from + !call->attr[from];
	}
}

static void
statement_half(struct buf *unused, const struct call *call, const struct field *field, size_t held)
{
	if (field->width == 8 * field->bytes)
		statement(unused, call, field, field_value(field, call));
	else
		statement_bytes(call, field->offset, held);
}

static void
statement_tail(struct buf *unused, const struct call *call, size_t from)
{
	(void)unused;
	statement_bytes(call, from, call->readable);
}

static void
no_call(struct buf *unused, const struct call *call)
{
	(void)unused;
	(void)call;
}

static void
no_argument(struct buf *unused, const struct call *call, enum argument_id id)
{
	(void)unused;
	(void)call;
	(void)id;
}

static const struct form form_initialisers = {
	.least = ATTR_HEAD,
	.begin = no_call,
	.field = initialiser,
	.half = initialiser_half,
	.argument = no_argument,
	.end = no_call,
};

static const struct form form_statements = {
	.least = ATTR_HEAD,
	.begin = no_call,
	.field = statement,
	.half = statement_half,
	.tail = statement_tail,
	.argument = no_argument,
	.end = no_call,
};

static void
walk(const struct call *call, const struct form *form)
{
	char nothing[1];
	struct buf unused = {.text = nothing};

	call_decode(&unused, call, form, SELECT_SET);
}

void
initialiser_write(FILE *out, const struct call *call, bool needed[NEEDS])
{
	file = out;
	needs = needed;
	if (call->readable < ATTR_HEAD) {
		body("\t\tstruct event event = {0}; /* the dump has %u bytes of it */\n\n",
			call->readable);
	} else {
		body("\t\tstruct event event = {.attr = {\n");
		walk(call, &form_initialisers);
		body("\t\t}};\n\n");
	}
	walk(call, &form_statements);
}
