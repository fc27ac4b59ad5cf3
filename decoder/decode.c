/* The walk: the only place that goes over the rows of the attr to show them. */
#include "decoder/decode.h"

#include "decoder/field.h"
#include "decoder/value.h"

/* What is to be made of a row. */
enum sight {
	HIDDEN,
	HALVED,
	ZERO, /* field_bare() */
	SHOWN
};

struct walk {
	const struct call *call;
	enum selection selection;
	size_t held;
	uint32_t size;
};

static enum sight
look(const struct walk *walk, const struct field *field, uint64_t bits)
{
	struct value value;

	if (!field_chosen(field, walk->call))
		return HIDDEN;
	if (!field_present(field, walk->held))
		return field_halved(field, walk->held) ? HALVED : HIDDEN;
	if (bits)
		return SHOWN;
	if (!field_shown(field, walk->size, bits))
		return HIDDEN;
	if (walk->selection == SELECT_ALL)
		return field_bare(field) ? ZERO : SHOWN;
	value = value_of_field(field, walk->call, bits);
	return value_has_name(walk->call, &value) ? SHOWN : HIDDEN;
}

static bool
zero_flag(const struct walk *walk, const struct field *field, uint64_t word)
{
	return field->width == 1 && field_bare(field) && field_shown(field, walk->size, 0)
		&& !field_bits(field, word, call_big(walk->call));
}

/* Most flags are zero in most attrs: from one on to the last of those that follow it at once. */
static const struct field *
last_zero_flag(const struct walk *walk, const struct field *field, uint64_t word)
{
	const struct field *last = fields + FIELDS - 1;

	while (field < last && field[1].offset == field->offset
		&& zero_flag(walk, field + 1, word))
		field++;
	return field;
}

void
attr_decode(struct buf *out, const struct call *call, const struct form *form,
	enum selection selection)
{
	const struct walk walk = {
		.call = call,
		.selection = selection,
		.held = call->readable < form->least ? 0 : call_attr_held(call),
		.size = call_attr_size(call),
	};
	const struct field *field = fields, *zeros = NULL; /* yet to be shown, if any */
	bool big = call_big(call);
	uint64_t word = 0;
	size_t end = 0;

	for (; field < fields + FIELDS && field->offset < walk.held; field++) {
		enum sight sight;
		uint64_t bits;

		if (field->offset >= end) {
			end = (size_t)field->offset + field->bytes;
			word = field_word(field, call);
		}
		bits = field_bits(field, word, big);
		sight = look(&walk, field, bits);
		if (sight == ZERO) {
			zeros = zeros ? zeros : field;
			if (end <= walk.held)
				field = last_zero_flag(&walk, field, word);
			continue;
		}
		if (zeros)
			form->zeros(out, zeros, field);
		zeros = NULL;
		if (sight == SHOWN)
			form->field(out, call, field, bits);
		else if (sight == HALVED && form->half)
			form->half(out, call, field, walk.held);
	}
	if (zeros)
		form->zeros(out, zeros, field);
	if (end > walk.held)
		end = walk.held;
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
