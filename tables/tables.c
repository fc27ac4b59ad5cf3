/* The rows of the .def files, expanded into arrays. */
#include "tables/tables.h"

const struct name names[NAMES] = {
#define GROUP(group)
#define NAME(name, value, since) {(uint64_t)(value), since, sizeof #name - 1, #name},
#define SIZE(version, bytes, since) NAME(PERF_ATTR_SIZE_##version, bytes, since)
#define NOTE(text, value, since) {(uint64_t)(value), since, sizeof text - 1, text},
#include "tables/names.def"
#include "tables/regs.def"
#undef NOTE
#undef SIZE
#undef NAME
#undef GROUP
};

const uint16_t group_starts[GROUPS + 1] = {
	0,
#define GROUP(group) AT_##group,
#define NAME(name, value, since)
#define SIZE(version, bytes, since)
#define NOTE(text, value, since)
#include "tables/names.def"
#include "tables/regs.def"
#undef NOTE
#undef SIZE
#undef NAME
#undef GROUP
	NAMES
};

/* How many bits of the word at an offset have a name: their rows stand in order, without a gap. */
#define WORD(name, offset, bytes, kind, names, since, live, note)
#define FLAG(name, bit, version, since) BITS(name, 40, 8, bit, 1, UINT, none, version, since)
#define RESERVED(name, offset, bytes, since)
enum {
#define BITS(name, offset, bytes, bit, width, kind, names, version, since) \
	+ ((offset) == 40) * (width)
	NAMED_AT_40 = 0
#include "tables/attr.def"
	,
#undef BITS
#define BITS(name, offset, bytes, bit, width, kind, names, version, since) \
	+ ((offset) == 116) * (width)
	NAMED_AT_116 = 0
#include "tables/attr.def"
#undef BITS
};
#undef RESERVED
#undef WORD

#define ALWAYS {WHEN_ALWAYS, 0, 0, 0}
#define IF(flag) {WHEN_SET, FIELD_##flag, 0, 0}
#define UNLESS(flag) {WHEN_UNSET, FIELD_##flag, 0, 0}
#define TYPE(name) {WHEN_TYPE, 0, 0, NAME_##name}
#define PMU(pmus) {WHEN_PMU, 0, pmus, 0}
#define PMU_UNLESS(pmus, field) {WHEN_PMU, FIELD_##field, pmus, 0}

const struct field fields[FIELDS] = {
#define WORD(name, offset, bytes, kind, names, since, live, note) \
	{offset, bytes, 0, 8 * (bytes), kind, GROUP_##names, sizeof #name - 1, 0, since, live, \
	 #name, note},
#define BITS(name, offset, bytes, bit, width, kind, names, version, since) \
	{offset, bytes, bit, width, kind, GROUP_##names, sizeof #name - 1, version, since, ALWAYS, \
	 #name, ""},
#define RESERVED(name, offset, bytes, since) \
	{offset, bytes, NAMED_AT_##offset, 8 * (bytes) - NAMED_AT_##offset, \
	 SPARE, GROUP_none, sizeof #name - 1, 0, since, ALWAYS, #name, ""},
#include "tables/attr.def"
#undef RESERVED
#undef BITS
#undef FLAG
#undef WORD
};

/* A word is naturally aligned, and bits fit their word. */
#define WORD(name, offset, bytes, kind, names, since, live, note) \
	_Static_assert((offset) % (bytes) == 0, #name);
#define FLAG(name, bit, version, since) _Static_assert((bit) < 64, #name);
#define BITS(name, offset, bytes, bit, width, kind, names, version, since) \
	_Static_assert((bit) + (width) <= 8 * (bytes), #name);
#define RESERVED(name, offset, bytes, since) \
	_Static_assert(NAMED_AT_##offset < 8 * (bytes), #name);
#include "tables/attr.def"
#undef RESERVED
#undef BITS
#undef FLAG
#undef WORD

const struct argument arguments[ARGUMENTS] = {
#define ARGUMENT(name, type, kind, names) {kind, GROUP_##names, type, #name},
#define ARCH(name, order, registers, errors, number, table)
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
};

const struct arch arches[ARCHES] = {
#define ALL 255
#define ARGUMENT(name, type, kind, names)
#define ARCH(name, order, registers, errors, number, table) \
	{number, order, GROUP_##registers, errors, #name, table},
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
};

const struct error errors[ERRORS] = {
#define ERRNO(name, number, text) {number, #name, text},
#include "tables/errno.def"
#undef ERRNO
};
