/* The walk: the only place that goes over the rows of the attr to show them. */
#include "decoder/decode.h"

#include "decoder/field.h"
#include "decoder/value.h"

static bool
selected(const struct field *field, const struct call *call, uint64_t bits,
	enum selection selection)
{
	struct value value;

	if (!field_shown(field, call, bits))
		return false;
	if (bits || selection == SELECT_ALL)
		return true;
	value = value_of_field(field, call, bits);
	return value_has_name(call, &value);
}

void
attr_decode(struct buf *out, const struct call *call, const struct form *form,
	enum selection selection)
{
	size_t held = call->readable < form->least ? 0 : call_attr_held(call);
	size_t end = 0;

	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		uint64_t bits;

		if (field->offset >= held)
			break;
		end = (size_t)field->offset + field->bytes;
		if (!field_chosen(field, call))
			continue;
		bits = field_value(field, call);
		if (field_present(field, held)) {
			if (selected(field, call, bits, selection))
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
