/* Members and enumerators that a header or a kernel has, and whether the table knows them. */
#ifndef TESTS_TABLES_MEMBERS_H
#define TESTS_TABLES_MEMBERS_H

#include "decoder/field.h"
#include "tests/tables/report.h"

/* As a compiler lays it out, in bits from the start of the struct. */
struct member {
	char name[60];
	unsigned at, width;
	bool bits; /* a bit-field */
};

struct layout {
	struct member members[128];
	unsigned count;
};

struct constant {
	char name[60];
	uint64_t value;
};

/* The enumerators of one enum. */
struct constants {
	struct constant rows[512];
	unsigned count;
};

static inline void
layout_add(struct layout *layout, const char *name, unsigned at, unsigned width, bool bits)
{
	struct member *member = &layout->members[layout->count++];

	assert_true(layout->count < COUNT_OF(layout->members));
	snprintf(member->name, sizeof member->name, "%s", name);
	member->at = at;
	member->width = width;
	member->bits = bits;
}

static inline void
constants_add(struct constants *constants, const char *name, uint64_t value)
{
	struct constant *row = &constants->rows[constants->count++];

	assert_true(constants->count < COUNT_OF(constants->rows));
	snprintf(row->name, sizeof row->name, "%s", name);
	row->value = value;
}

/* Reserved bits shrink with every release; a word whose bits are members is no row of its own. */
static inline bool
member_is_no_row(const struct layout *layout, const struct member *member)
{
	if (strncmp(member->name, "__reserved", 10) == 0)
		return true;
	for (const struct member *other = layout->members; other < layout->members + layout->count;
		other++)
		if (!member->bits && other->bits && other->at == member->at)
			return true;
	return false;
}

static inline bool
member_is_known(const struct member *member)
{
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (strcmp(field->name, member->name) == 0)
			return member->at == 8u * field->offset + field->bit
				&& member->width == field->width;
	return false;
}

static inline void
layout_check(const struct layout *layout)
{
	for (const struct member *member = layout->members;
		member < layout->members + layout->count; member++)
		if (!member_is_no_row(layout, member) && !member_is_known(member))
			complain("%s: %u bits at %u+%u\n", member->name, member->width,
				member->at / 8, member->at % 8);
}

static inline const struct name *
constant_find(enum group group, const struct constant *constant)
{
	return name_find(group, constant->name, strlen(constant->name));
}

/* PERF_SAMPLE_MAX, PERF_REG_X86_64_MAX: limits are no rows. */
static inline bool
constant_is_no_row(const struct constant *constant)
{
	const char *end = strstr(constant->name, "_MAX");

	return strncmp(constant->name, "__", 2) == 0 || (end && !end[strlen("_MAX")]);
}

/* An enum that has a name of the group must have no other. Returns how many it has. */
static inline unsigned
constants_check(const struct constants *constants, enum group group)
{
	unsigned known = 0;

	for (unsigned i = 0; i < constants->count; i++)
		known += constant_find(group, &constants->rows[i]) != NULL;
	for (unsigned i = 0; known && i < constants->count; i++) {
		const struct constant *constant = &constants->rows[i];
		const struct name *name = constant_find(group, constant);

		if (!constant_is_no_row(constant) && (!name || name->value != constant->value))
			complain("%s = %#llx\n", constant->name,
				(unsigned long long)constant->value);
	}
	return known;
}

#endif
