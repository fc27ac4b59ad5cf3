/* The <linux/perf_event.h> that a dump compiles with. */
#include "decoder/header.h"

#include "decoder/field.h"
#include "decoder/value.h"

/* The release of the youngest name that is shown. */
static uint32_t
youngest_name(const struct call *call)
{
	uint32_t size = call_attr_size(call);
	size_t held = call_attr_held(call);
	uint32_t since = 0;

	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		uint64_t bits = field_value(field, call);
		struct value value = value_of_field(field, call, bits);

		if (field->offset >= held || !field_chosen(field, call))
			continue;
		if (field->kind != SPARE && !field_shown(field, size, bits))
			continue;
		since = later(since, later(field->since, value_since(call, &value)));
	}
	for (int id = 0; id < ARGUMENTS; id++) {
		struct value value = value_of_argument((enum argument_id)id, call);

		since = later(since, value_since(call, &value));
	}
	return since;
}

enum version
call_version(const struct call *call)
{
	uint32_t size = call_attr_size(call);
	uint32_t since = youngest_name(call);
	uint64_t version = VER0;

	for (int row = group_starts[GROUP_size]; row < group_starts[GROUP_size + 1]; row++)
		if (names[row].value <= size || names[row].since <= since)
			version = names[row].value;
	return (enum version)version;
}

unsigned
reserved_bit(const struct field *reserved, enum version version)
{
	unsigned bit = 0;

	for (const struct field *field = fields; field < reserved; field++)
		if (field->offset == reserved->offset && field->version <= version)
			bit = (unsigned)field->bit + field->width;
	return bit;
}
