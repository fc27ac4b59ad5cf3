/* A member of the attr against one call. */
#include "decoder/field.h"

#include "decoder/bytes.h"

static unsigned
shift_of(const struct field *field, bool big)
{
	return big ? 8u * field->bytes - field->bit - field->width : field->bit;
}

static uint64_t
mask_of(const struct field *field)
{
	return field->width == 64 ? ~0ULL : (1ULL << field->width) - 1;
}

static uint64_t
word_load(const struct field *field, const struct call *call, bool big)
{
	unsigned char whole[8] = {0};
	size_t end = (size_t)field->offset + field->bytes;

	if (end <= call->readable)
		return bytes_load(call->attr + field->offset, field->bytes, big);
	if (field->offset >= call->readable)
		return 0;
	bytes_copy(whole, call->attr + field->offset, (size_t)call->readable - field->offset);
	return bytes_load(whole, field->bytes, big);
}

uint64_t
field_value(const struct field *field, const struct call *call)
{
	bool big = arches[call->arch].order == BIG;

	return word_load(field, call, big) >> shift_of(field, big) & mask_of(field);
}

void
field_store(const struct field *field, unsigned char *attr, unsigned arch, uint64_t value)
{
	bool big = arches[arch].order == BIG;
	uint64_t word = bytes_load(attr + field->offset, field->bytes, big);
	uint64_t mask = mask_of(field) << shift_of(field, big);

	word = (word & ~mask) | (value << shift_of(field, big) & mask);
	bytes_store(attr + field->offset, field->bytes, big, word);
}

uint64_t
attr_value(const struct call *call, enum field_id id)
{
	return field_value(&fields[id], call);
}

bool
field_present(const struct field *field, size_t held)
{
	return (size_t)field->offset + field->bytes <= held;
}

bool
field_halved(const struct field *field, size_t held)
{
	return field->offset < held && !field_present(field, held);
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

static bool
whole_word(const struct field *field)
{
	return field->width == 8 * field->bytes;
}

bool
field_chosen(const struct field *field, const struct call *call)
{
	bool last = field + 1 == fields + FIELDS || field[1].offset != field->offset;

	if (!whole_word(field))
		return true;	/* bits share an offset, but are no arms of a union */
	if (!last && !field_live(field, call))
		return false;
	for (const struct field *arm = field; arm-- > fields && arm->offset == field->offset;)
		if (field_live(arm, call))
			return false;
	return true;
}

bool
field_shown(const struct field *field, const struct call *call, uint64_t value)
{
	if (value || (field->kind != SPARE && field->version <= VER0))
		return true;
	return field->kind != SPARE && field->version <= call_attr_size(call);
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
call_extended(const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	return (type == name_value(NAME_PERF_TYPE_HARDWARE)
		       || type == name_value(NAME_PERF_TYPE_HW_CACHE))
		&& attr_value(call, FIELD_config) >> name_value(NAME_PERF_PMU_TYPE_SHIFT);
}

const struct error *
error_of(unsigned arch, int32_t number)
{
	if (number > arches[arch].errors)
		return NULL;
	for (const struct error *error = errors; error < errors + ERRORS; error++)
		if (error->number == number)
			return error;
	return NULL;
}
