/*
 * The C form: a block that compiles in a function body, and that parse.c reads back.
 * What C has no way to say stands in comments; parse.c knows each of them.
 */
#include "decoder/render_c.h"

#include "decoder/bytes.h"
#include "decoder/decode.h"
#include "decoder/field.h"
#include "decoder/header.h"
#include "decoder/needs.h"
#include "decoder/reason.h"
#include "decoder/value.h"

enum {
	TAIL_ROW = 32,          /* bytes in one comment */
	ZEROS_WORTH_SAYING = 8, /* a run of zeros as long as this is said, not shown */
	PIPE_WHOLE = 4096       /* PIPE_BUF: a longer record can be torn by another writer */
};

bool
attr_shown(const struct call *call)
{
	return call->readable >= ATTR_HEAD;
}

static void
header_c(struct buf *out, const struct call *call)
{
	BUF_LITERAL(out, "/* perf_event_open ");
	buf_decimal(out, call->number);
	BUF_LITERAL(out, ": ");
	text_c(out, call->comm, '[');
	buf_char(out, '[');
	buf_signed(out, call->caller_pid);
	BUF_LITERAL(out, "] thread ");
	buf_signed(out, call->caller_tid);
	BUF_LITERAL(out, ", Linux ");
	if (text_equal(call->kernel, "?"))
		BUF_LITERAL(out, "\\x3f"); /* a bare one stands for none */
	else
		text_c(out, call->kernel[0] ? call->kernel : "?", ' ');
	buf_char(out, ' ');
	buf_text(out, arches[call->arch].name);
	if (call->lost) {
		BUF_LITERAL(out, ", ");
		buf_decimal(out, call->lost);
		BUF_LITERAL(out, " dumps lost before it");
	}
	BUF_LITERAL(out, " */\n{\n");
}

static void
unread_c(struct buf *out, const struct call *call)
{
	if (!call->attr_addr && call->readable == call_attr_wanted(call_attr_size(call)))
		return;
	BUF_LITERAL(out, " /* ");
	buf_decimal(out, call->readable);
	BUF_LITERAL(out, " bytes of ");
	buf_hex(out, call->attr_addr);
	BUF_LITERAL(out, " were read */");
}

void
attr_begin_c(struct buf *out, const struct call *call)
{
	if (attr_shown(call)) {
		BUF_LITERAL(out, "\tstruct perf_event_attr attr = {");
	} else {
		BUF_LITERAL(out, "\tstruct perf_event_attr *attr = (void *)");
		buf_hex(out, call->attr_addr);
		buf_char(out, ';');
	}
	unread_c(out, call);
	buf_char(out, '\n');
}

void
attr_end_c(struct buf *out, const struct call *call)
{
	if (attr_shown(call))
		BUF_LITERAL(out, "\t};\n");
}

static void
begin_c(struct buf *out, const struct call *call)
{
	header_c(out, call);
	attr_begin_c(out, call);
}

static void
comment(struct buf *out, const char *text)
{
	BUF_LITERAL(out, " /* ");
	text_c(out, text, 0);
	BUF_LITERAL(out, " */");
}

/* The same for words of our own. */
static void
remark(struct buf *out, const char *text)
{
	BUF_LITERAL(out, " /* ");
	buf_text(out, text);
	BUF_LITERAL(out, " */");
}

static void
name_comment(struct buf *out, const char *text)
{
	if (text[0])
		comment(out, text);
}

static void
event_comment(struct buf *out, const struct call *call)
{
	if (!call->event[0])
		return;
	BUF_LITERAL(out, " /* ");
	text_c(out, call->event, ' ');
	if (call->alias[0]) {
		buf_char(out, ' ');
		text_c(out, call->alias, 0);
	}
	BUF_LITERAL(out, " */");
}

static void
config_comment(struct buf *out, const struct call *call)
{
	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_TRACEPOINT))
		name_comment(out, call->tracepoint);
	else if (call_extended(call))
		name_comment(out, call->pmu);
	else
		event_comment(out, call);
}

static void
size_comment(struct buf *out, const struct call *call)
{
	if (!call->size_after)
		return;
	BUF_LITERAL(out, " /* the kernel wrote ");
	buf_decimal(out, call->size_after);
	BUF_LITERAL(out, " here: the size it knows */");
}

static void
probe_comment(struct buf *out, const struct call *call)
{
	if (!call->probe[0] && !call->probe_cut)
		return;
	BUF_LITERAL(out, " /* \"");
	text_c(out, call->probe, 0);
	buf_text(out, call->probe_cut ? "\" and more */" : "\" */");
}

/* The whole word, since a header of another release has its reserved bits elsewhere. */
static void
word_comment(struct buf *out, const struct call *call, const struct field *field)
{
	struct field word = *field;

	word.bit = 0;
	word.width = (uint8_t)(8 * field->bytes);
	BUF_LITERAL(out, " /* of the word ");
	buf_hex(out, field_value(&word, call));
	BUF_LITERAL(out, " */");
}

static void
field_comment(struct buf *out, const struct call *call, const struct field *field,
	const struct value *value)
{
	const char *note = value_note(value);

	if (field == &fields[FIELD_type] && !call_extended(call))
		name_comment(out, call->pmu);
	else if (field == &fields[FIELD_size])
		size_comment(out, call);
	else if (field->kind == CONFIG)
		config_comment(out, call);
	else if (field->kind == STRING)
		probe_comment(out, call);
	else if (field->kind == SPARE)
		word_comment(out, call, field);
	else if (note || (value->bits && field->note[0]))
		remark(out, note ? note : field->note);
}

/*
 * The header of the caller's size has its reserved bits above the last flag it knows, so there the
 * number is another one than above the last flag that this table knows.
 */
static uint64_t
spare_bits(const struct call *call, const struct field *field)
{
	struct field spare = *field;

	spare.bit = (uint8_t)reserved_bit(field, call_version(call));
	spare.width = (uint8_t)(8 * field->bytes - spare.bit);
	return field_value(&spare, call);
}

static void
initialiser(struct buf *out, const struct call *call, const struct field *field, uint64_t bits)
{
	struct value value = value_of_field(field, call, bits);

	field_name(out, field, "\t\t.", " = ");
	value_c(out, call, &value);
	buf_char(out, ',');
	field_comment(out, call, field, &value);
}

static void
field_c(struct buf *out, const struct call *call, const struct field *field, uint64_t bits)
{
	initialiser(out, call, field, field->kind == SPARE ? spare_bits(call, field) : bits);
	buf_char(out, '\n');
}

/* Every member's line when it is zero, one behind the other, so that a run of them is one copy. */
#define LINE(name) "\t\t." #name " = 0,\n"
#define WORD(name, offset, bytes, kind, names, since, live, note) ROW(name)
#define FLAG(name, bit, version, since) ROW(name)
#define BITS(name, offset, bytes, bit, width, kind, names, version, since) ROW(name)
#define RESERVED(name, offset, bytes, since) ROW(name)

static const char zero_lines[] =
#define ROW(name) LINE(name)
#include "tables/attr.def"
#undef ROW
	;

struct zero_lines {
#define ROW(name) char name[sizeof LINE(name) - 1];
#include "tables/attr.def"
#undef ROW
};

static const uint16_t zero_starts[FIELDS + 1] = {
#define ROW(name) offsetof(struct zero_lines, name),
#include "tables/attr.def"
#undef ROW
	sizeof(struct zero_lines)
};

static void
zeros_c(struct buf *out, const struct field *first, const struct field *end)
{
	size_t start = zero_starts[first - fields];

	buf_add(out, zero_lines + start, zero_starts[end - fields] - start);
}

static bool
all_zero(const struct call *call, size_t from, size_t to)
{
	while (from < to && !call->attr[from])
		from++;
	return from == to;
}

static size_t
zeros_end(const struct call *call, size_t from, size_t to)
{
	while (from < to && !call->attr[from])
		from++;
	return from;
}

static void
bytes_c(struct buf *out, const struct call *call, size_t from, size_t to)
{
	BUF_LITERAL(out, "\t\t/* bytes ");
	buf_decimal(out, from);
	BUF_LITERAL(out, "..");
	buf_decimal(out, to - 1);
	buf_char(out, ':');
	if (all_zero(call, from, to))
		BUF_LITERAL(out, " zero");
	else
		for (size_t at = from; at < to; at++) {
			buf_char(out, ' ');
			buf_byte(out, call->attr[at]);
		}
	BUF_LITERAL(out, " */\n");
}

/* The next comment's last byte: a long run of zeros alone, or a row up to where one starts. */
static size_t
row_end(const struct call *call, size_t from, size_t to)
{
	size_t zeros = zeros_end(call, from, to);
	size_t end = from + TAIL_ROW < to ? from + TAIL_ROW : to;

	if (zeros == to || zeros - from >= ZEROS_WORTH_SAYING)
		return zeros;
	for (size_t at = from; at + ZEROS_WORTH_SAYING <= end; at++)
		if (all_zero(call, at, at + ZEROS_WORTH_SAYING))
			return at > from ? at : end;
	return end;
}

static void
raw_c(struct buf *out, const struct call *call, size_t from, size_t to)
{
	while (from < to) {
		size_t end = row_end(call, from, to);

		bytes_c(out, call, from, end);
		from = end;
	}
}

/* The kernel reads the bytes that are missing as zero, and so does the compiler. */
static void
half_c(struct buf *out, const struct call *call, const struct field *field, size_t held)
{
	bool word = field->width == 8 * field->bytes;
	uint64_t bits = field->kind == SPARE ? spare_bits(call, field) : field_value(field, call);

	if (!word && !bits)
		return;
	initialiser(out, call, field, bits);
	BUF_LITERAL(out, "\n\t\t/* of these ");
	buf_decimal(out, field->bytes);
	BUF_LITERAL(out, " bytes only the first ");
	buf_decimal(out, held - field->offset);
	BUF_LITERAL(out, " were passed */\n");
}

static void
tail_c(struct buf *out, const struct call *call, size_t from)
{
	raw_c(out, call, from, call->readable);
}

static void
leader_comment(struct buf *out, const struct call *call)
{
	if (!call->leader)
		return;
	BUF_LITERAL(out, " /* opened by call ");
	buf_decimal(out, call->leader);
	if (call->leader_pid) {
		BUF_LITERAL(out, " of process ");
		buf_signed(out, call->leader_pid);
	}
	BUF_LITERAL(out, " */");
}

static void
error_comment(struct buf *out, const struct call *call)
{
	if (!call->error)
		return;
	BUF_LITERAL(out, " /* ");
	if (call_stand_in(call))
		BUF_LITERAL(out, "stand-in; the kernel said ");
	reason_c(out, call);
}

static void
argument_comment(struct buf *out, const struct call *call, enum argument_id id,
	const struct value *value)
{
	const char *note = value_note(value);

	if (id == ARGUMENT_fd) {
		error_comment(out, call);
	} else if (id == ARGUMENT_group_fd && call->leader) {
		leader_comment(out, call);
	} else if (id == ARGUMENT_pid && (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))) {
		BUF_LITERAL(out, " /* cgroup ");
		text_c(out, call->cgroup, 0);
		BUF_LITERAL(out, " */");
	} else if (note) {
		remark(out, note);
	}
}

static const struct {
	char text[31];
	uint8_t length;
} declarations[ARGUMENTS] = {
#define ARGUMENT(name, type, kind, names) DECLARATION("\t" type " " #name " = ")
#define DECLARATION(text) {text, sizeof(text) - 1},
#define ARCH(name, order, registers, errors, number, table, pointer, ioctls)
#include "tables/call.def"
#undef ARCH
#undef DECLARATION
#undef ARGUMENT
};

static void
argument_c(struct buf *out, const struct call *call, enum argument_id id)
{
	struct value value = value_of_argument(id, call);

	if (id == 0)
		attr_end_c(out, call);
	buf_add(out, declarations[id].text, declarations[id].length);
	value_c(out, call, &value);
	buf_char(out, ';');
	argument_comment(out, call, id, &value);
	buf_char(out, '\n');
}

static void
length_c(struct buf *out)
{
	char text[40];
	struct buf said = {.text = text, .size = sizeof text};
	size_t at = out->record;
	size_t length = out->length + out->overflow - at + sizeof ", 4096 bytes" - 1;

	while (at + 3 < out->length && out->text[at + 3] != '\n')
		at++;
	BUF_LITERAL(&said, ", ");
	buf_decimal(&said, length > 9999 ? length + 1 : length);
	BUF_LITERAL(&said, " bytes");
	buf_insert(out, at, said.text, said.length);
}

void
record_end_c(struct buf *out)
{
	if (out->length + out->overflow - out->record > PIPE_WHOLE)
		length_c(out);
}

static void
needs_c(struct buf *out, const struct call *call)
{
	struct needs needs;

	call_needs(&needs, call);
	BUF_LITERAL(out, "\t/* ");
	needs_text(out, &needs);
	BUF_LITERAL(out, " */\n");
}

static void
end_c(struct buf *out, const struct call *call)
{
	if (call->needs_told)
		needs_c(out, call);
	BUF_LITERAL(out, "}\n");
	record_end_c(out);
}

const struct form form_c = {
	.least = ATTR_HEAD,
	.begin = begin_c,
	.field = field_c,
	.zeros = zeros_c,
	.half = half_c,
	.tail = tail_c,
	.argument = argument_c,
	.end = end_c,
};
