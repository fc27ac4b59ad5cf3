/* A member of the attr against one call. */
#include "decoder/field.h"

#include "decoder/bytes.h"

uint64_t
field_word_cut(const struct field *field, const struct call *call)
{
	unsigned char whole[8] = {0};

	if (field->offset < call->readable)
		bytes_copy(whole, call->attr + field->offset,
			(size_t)call->readable - field->offset);
	return bytes_load(whole, field->bytes, call_big(call));
}

void
field_store(const struct field *field, unsigned char *attr, unsigned arch, uint64_t value)
{
	bool big = arches[arch].order == BIG;
	uint64_t word = bytes_load(attr + field->offset, field->bytes, big);
	uint64_t mask = field_mask(field) << field_shift(field, big);

	word = (word & ~mask) | (value << field_shift(field, big) & mask);
	bytes_store(attr + field->offset, field->bytes, big, word);
}

uint64_t
attr_value(const struct call *call, enum field_id id)
{
	return field_value(&fields[id], call);
}

static unsigned
probe_of(const struct call *call)
{
	if (text_equal(call->pmu, "kprobe"))
		return KPROBE;
	return text_equal(call->pmu, "uprobe") ? UPROBE : 0;
}

bool
field_live(const struct field *field, const struct call *call)
{
	const struct condition *live = &field->live;

	switch ((enum when)live->when) {
	case WHEN_ALWAYS:
		return true;
	case WHEN_SET:
		return attr_value(call, live->field) != 0;
	case WHEN_UNSET:
		return attr_value(call, live->field) == 0;
	case WHEN_TYPE:
		return attr_value(call, FIELD_type) == names[live->name].value;
	case WHEN_PMU:
		return (probe_of(call) & live->pmus)
			&& (!live->field || attr_value(call, live->field) == 0);
	}
	return false;
}

bool
field_chosen_arm(const struct field *field, const struct call *call)
{
	bool last = field + 1 == fields + FIELDS || field[1].offset != field->offset;

	if (!last && !field_live(field, call))
		return false;
	for (const struct field *arm = field; arm-- > fields && arm->offset == field->offset;)
		if (field_live(arm, call))
			return false;
	return true;
}

uint64_t
name_value(enum name_id id)
{
	return names[id].value;
}

const struct name *
name_of(enum group group, uint64_t value)
{
	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
		if (names[row].value == value)
			return &names[row];
	return NULL;
}

const struct name *
name_find(enum group group, const char *text, size_t length)
{
	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
		if (names[row].length == length && bytes_equal(names[row].text, text, length))
			return &names[row];
	return NULL;
}

enum group
call_registers(const struct call *call)
{
	return arches[call->arch].registers;
}

bool
call_generic(const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	return type == name_value(NAME_PERF_TYPE_HARDWARE)
		|| type == name_value(NAME_PERF_TYPE_HW_CACHE);
}

bool
call_extended(const struct call *call)
{
	return call_generic(call)
		&& attr_value(call, FIELD_config) >> name_value(NAME_PERF_PMU_TYPE_SHIFT);
}

const struct error *
error_of(unsigned arch, int32_t number)
{
	if (!number || number > arches[arch].errors)
		return NULL;
	for (const struct error *error = errors; error < errors + ERRORS; error++)
		if (error->number == number)
			return error;
	return NULL;
}
