/* What an attr needs: the oldest kernel that accepts it, and who asks for that one. */
#include "decoder/needs.h"

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "decoder/release.h"

static void
need(struct needs *needs, enum need_kind kind, unsigned id, uint32_t release)
{
	if (release < needs->release || release == L(2, 6, 31))
		return;
	if (release > needs->release) {
		needs->release = release;
		needs->count = 0;
		needs->more = 0;
	}
	if (needs->count == NEEDS_MAX)
		needs->more++;
	else
		needs->needs[needs->count++] = (struct need){(uint8_t)kind, (uint16_t)id};
}

static void
need_value(struct needs *needs, enum group group, uint64_t value)
{
	const struct name *name = name_of(group, value);

	if (name)
		need(needs, NEED_NAME, (unsigned)(name - names),
			name_accepted((enum name_id)(name - names)));
	else
		needs->unknown = true;
}

static void
need_bits(struct needs *needs, enum group group, uint64_t bits)
{
	for (; bits; bits &= bits - 1)
		need_value(needs, group, bits & -bits);
}

/* The release whose struct has the bytes of the member. */
static uint32_t
room_since(const struct field *field)
{
	for (int row = group_starts[GROUP_size]; row < group_starts[GROUP_size + 1]; row++)
		if (names[row].value >= (uint64_t)field->offset + field->bytes)
			return names[row].since;
	return 0;
}

static bool
branches_count(const struct call *call)
{
	return attr_value(call, FIELD_sample_type) & name_value(NAME_PERF_SAMPLE_BRANCH_STACK);
}

static void
need_config(struct needs *needs, const struct call *call)
{
	uint64_t config = attr_value(call, FIELD_config);

	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_SOFTWARE))
		need_value(needs, GROUP_software, config);
	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_HARDWARE))
		need_value(needs, GROUP_hardware, config & name_value(NAME_PERF_HW_EVENT_MASK));
}

static void
need_field(struct needs *needs, const struct call *call, enum field_id id)
{
	const struct field *field = &fields[id];
	uint64_t bits = attr_value(call, id);

	if (!bits || id == FIELD_size || !field_chosen(field, call))
		return;
	if (field->kind == SPARE || id == FIELD___reserved_2) {
		needs->unknown = true;
		return;
	}
	if (!field_live(field, call))
		need(needs, NEED_FIELD, id, room_since(field));
	else if (field->kind == MASK && (id != FIELD_branch_sample_type || branches_count(call)))
		need_bits(needs, (enum group)field->names, bits);
	else
		need(needs, NEED_FIELD, id, field_accepted(id));
}

static bool
inherits(const struct call *call)
{
	return attr_value(call, FIELD_inherit);
}

static bool
needs_inherited_read(const struct call *call)
{
	return inherits(call)
		&& attr_value(call, FIELD_sample_type) & name_value(NAME_PERF_SAMPLE_READ);
}

static bool
needs_inherited_group(const struct call *call)
{
	return inherits(call)
		&& attr_value(call, FIELD_read_format) & name_value(NAME_PERF_FORMAT_GROUP);
}

static bool
needs_extended_type(const struct call *call)
{
	return call_extended(call);
}

static bool
needs_extended_regs(const struct call *call)
{
	return call_registers(call) == GROUP_regs_x86
		&& (attr_value(call, FIELD_sample_regs_user)
			   | attr_value(call, FIELD_sample_regs_intr))
		>> 32;
}

static bool
needs_task_output(const struct call *call)
{
	return call->group_fd >= 0 && call->cpu == -1
		&& call->flags & name_value(NAME_PERF_FLAG_FD_OUTPUT);
}

static bool
needs_msr(const struct call *call)
{
	return text_equal(call->pmu, "msr");
}

static bool
needs_behaviour(const struct call *call, enum behaviour_id id)
{
	switch (id) {
#define ACCEPTED(field, since)
#define ACCEPTED_NAME(name, since)
#define MAYBE_FIELD(field, since)
#define MAYBE_NAME(name, since)
#define NEEDS(behaviour, since, text)                                                              \
	case NEEDS_##behaviour:                                                                    \
		return needs_##behaviour(call);
#define STABLE(check, series, lacks, has)
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
	case BEHAVIOURS:
		break;
	}
	return false;
}

void
call_needs(struct needs *needs, const struct call *call)
{
	*needs = (struct needs){.release = L(2, 6, 31)};
	for (enum field_id id = 0; id < FIELDS; id++)
		need_field(needs, call, id);
	need_config(needs, call);
	need_bits(needs, GROUP_open_flags, call->flags);
	for (enum behaviour_id id = 0; id < BEHAVIOURS; id++)
		if (needs_behaviour(call, id))
			need(needs, NEED_BEHAVIOUR, id, behaviours[id].since);
}

void
need_text(struct buf *out, const struct need *need)
{
	switch ((enum need_kind)need->kind) {
	case NEED_FIELD:
		buf_add(out, fields[need->id].name, fields[need->id].length);
		break;
	case NEED_NAME:
		buf_add(out, names[need->id].text, names[need->id].length);
		break;
	case NEED_BEHAVIOUR:
		buf_text(out, behaviours[need->id].text);
		break;
	}
}

void
release_put(struct buf *out, uint32_t release)
{
	buf_decimal(out, release >> 16);
	buf_char(out, '.');
	buf_decimal(out, release >> 8 & 0xff);
	if (release & 0xff) {
		buf_char(out, '.');
		buf_decimal(out, release & 0xff);
	}
}

void
needs_text(struct buf *out, const struct needs *needs)
{
	buf_text(out, "needs Linux ");
	release_put(out, needs->release);
	for (unsigned i = 0; i < needs->count; i++) {
		buf_text(out, i ? ", " : ": ");
		need_text(out, &needs->needs[i]);
	}
	if (needs->more) {
		buf_text(out, " and ");
		buf_decimal(out, needs->more);
		buf_text(out, " more");
	}
	if (needs->unknown)
		buf_text(out, "; and has bits that no known kernel accepts");
}
