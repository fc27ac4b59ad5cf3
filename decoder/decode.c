/* The walk: the only place that goes over the rows of the attr to show them. */
#include "decoder/decode.h"

#include "decoder/field.h"
#include "decoder/value.h"

static bool
selected(const struct field *field, const struct call *call, uint64_t bits,
	enum selection selection)
{
	struct value value;

	if (bits || selection == SELECT_ALL)
		return true;
	if (field_bare(field))
		return false;
	value = value_of_field(field, call, bits);
	return value_has_name(call, &value);
}

void
attr_decode(struct buf *out, const struct call *call, const struct form *form,
	enum selection selection)
{
	size_t held = call->readable < form->least ? 0 : call_attr_held(call);
	uint32_t size = call_attr_size(call);
	bool big = call_big(call);
	uint64_t word = 0;
	size_t end = 0;

	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		uint64_t bits;

		if (field->offset >= held)
			break;
		if (field->offset >= end) {
			end = (size_t)field->offset + field->bytes;
			word = field_word(field, call);
		}
		if (!field_chosen(field, call))
			continue;
		bits = field_bits(field, word, big);
		if (field_present(field, held)) {
			if (field_shown(field, size, bits)
				&& selected(field, call, bits, selection))
				form->field(out, call, field, bits);
		} else if (form->half && field_halved(field, held)) {
			form->half(out, call, field, held);
		}
	}
	if (end > held)
		end = held;
	if (form->tail && end < call->readable)
		form->tail(out, call, end);
}

void
call_decode(struct buf *out, const struct call *call, const struct form *form,
	enum selection selection)
{
	out->record = out->length;
	form->begin(out, call);
	attr_decode(out, call, form, selection);
	for (int id = 0; id < ARGUMENTS; id++)
		form->argument(out, call, (enum argument_id)id);
	form->end(out, call);
}
