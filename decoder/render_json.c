/* The JSON form: one object on one line, as peodump.schema.json describes it. */
#include "decoder/render_json.h"

#include "decoder/decode.h"
#include "decoder/field.h"
#include "decoder/needs.h"
#include "decoder/reason.h"
#include "decoder/value.h"

static bool
at_start(const struct buf *out)
{
	return out->length && out->text[out->length - 1] == '{';
}

void
json_key(struct buf *out, const char *name)
{
	buf_text(out, at_start(out) ? "\"" : ", \"");
	buf_text(out, name);
	BUF_LITERAL(out, "\": ");
}

void
number_key(struct buf *out, const char *name, int64_t value)
{
	json_key(out, name);
	buf_signed(out, value);
}

void
text_key(struct buf *out, const char *name, const char *value)
{
	json_key(out, name);
	text_json(out, value);
}

static void
text_if_any(struct buf *out, const char *name, const char *value)
{
	if (value[0])
		text_key(out, name, value);
}

static void
begin_json(struct buf *out, const struct call *call)
{
	buf_char(out, '{');
	number_key(out, "call", call->number);
	text_key(out, "comm", call->comm);
	number_key(out, "caller_pid", call->caller_pid);
	number_key(out, "caller_tid", call->caller_tid);
	text_key(out, "kernel", call->kernel);
	text_key(out, "arch", arches[call->arch].name);
	if (call->lost)
		number_key(out, "lost", call->lost);
	json_key(out, "attr");
	buf_char(out, '{');
}

static void
field_json(struct buf *out, const struct call *call, const struct field *field, uint64_t bits)
{
	struct value value = value_of_field(field, call, bits);

	if (at_start(out))
		json_key(out, field->name);
	else
		field_name(out, field, ", \"", "\": ");
	value_json(out, call, &value);
}

static void
zeros_json(struct buf *out, const struct field *first, const struct field *end)
{
	for (; first < end; first++) {
		field_name(out, first, ", \"", "\": ");
		if (first->kind == MASK || first->kind == REGS)
			BUF_LITERAL(out, "[]");
		else
			BUF_LITERAL(out, "0");
	}
}

void
attr_hex_json(struct buf *out, const struct call *call)
{
	json_key(out, "attr_hex");
	buf_char(out, '"');
	buf_bytes(out, call->attr, call->readable);
	buf_char(out, '"');
	if (!call->readable) {
		json_key(out, "attr_addr");
		buf_char(out, '"');
		buf_hex(out, call->attr_addr);
		buf_char(out, '"');
	}
	if (call->size_after)
		number_key(out, "attr_size_after", call->size_after);
}

static void
argument_json(struct buf *out, const struct call *call, enum argument_id id)
{
	struct value value = value_of_argument(id, call);

	if (id == 0) {
		buf_char(out, '}');
		attr_hex_json(out, call);
	}
	json_key(out, arguments[id].name);
	value_json(out, call, &value);
}

void
bool_key(struct buf *out, const char *name)
{
	json_key(out, name);
	BUF_LITERAL(out, "true");
}

void
errno_json(struct buf *out, unsigned arch, int32_t number)
{
	const struct error *error = error_of(arch, number);

	if (error)
		text_key(out, "errno", error->name);
	else
		number_key(out, "errno", number);
}

static void
error_json(struct buf *out, const struct call *call)
{
	if (!call->error)
		return;
	errno_json(out, call->arch, call->error);
	if (call_stand_in(call))
		bool_key(out, "stand_in");
	reason_json(out, call);
}

static void
needs_json(struct buf *out, const struct call *call)
{
	char words[512];
	struct buf said = {.text = words, .size = sizeof words - 1};
	struct needs needs;

	call_needs(&needs, call);
	needs_text(&said, &needs);
	words[said.length] = '\0';
	text_key(out, "needs", words);
}

void
attr_names_json(struct buf *out, const struct call *call)
{
	text_if_any(out, "pmu", call->pmu);
	text_if_any(out, "tracepoint", call->tracepoint);
	text_if_any(out, "event", call->event);
	text_if_any(out, "alias", call->alias);
	text_if_any(out, "probe", call->probe);
}

static void
end_json(struct buf *out, const struct call *call)
{
	error_json(out, call);
	if (call->needs_told)
		needs_json(out, call);
	if (call->leader)
		number_key(out, "leader", call->leader);
	if (call->leader_pid)
		number_key(out, "leader_pid", call->leader_pid);
	attr_names_json(out, call);
	text_if_any(out, "cgroup", call->cgroup);
	BUF_LITERAL(out, "}\n");
}

/* What is not a whole member is in attr_hex alone. */
const struct form form_json = {
	.begin = begin_json,
	.field = field_json,
	.zeros = zeros_json,
	.argument = argument_json,
	.end = end_json,
};
