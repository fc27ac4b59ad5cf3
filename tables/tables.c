/* The rows of the .def files, expanded into arrays. */
#include "tables/tables.h"

#include <stddef.h>

const struct name names[NAMES] = {
#define GROUP(group)
#define NAME(name, value, since) {(uint64_t)(value), since, sizeof #name - 1, #name},
#define SIZE(version, bytes, since) NAME(PERF_ATTR_SIZE_##version, bytes, since)
#define NOTE(text, value, since) {(uint64_t)(value), since, sizeof text - 1, text},
#define COMMAND(name, value, since, part, words, result) \
	{(uint64_t)(value), since, sizeof #name - 1, #name},
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
#define COMMANDS(group) AT_##group,
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
#define ARCH(name, order, registers, errors, number, table, pointer, ioctls)
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
};

const struct arch arches[ARCHES] = {
#define ALL 255
#define ARGUMENT(name, type, kind, names)
#define ARCH(name, order, registers, errors, number, table, pointer, ioctls) \
	{number, order, GROUP_##registers, errors, pointer, IOCTLS_##ioctls, #name, table},
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
};

const struct function_row function_rows[FUNCTIONS + 1] = {
#define FUNCTION(function, commands) {PARTS_OF_##function, GROUP_##commands, #function},
#include "tables/act.def"
	{PARTS, GROUP_none, ""},
};

const struct part_row part_rows[PARTS] = {
#define PART(name, part, words) {PART_##part, GROUP_##words, #name},
#include "tables/act.def"
};

const struct command command_rows[COMMANDS] = {
#define COMMAND(name, value, since, part, words, result) \
	[NAME_##name - FIRST_COMMAND] = {PART_##part, GROUP_##words, GROUP_##result},
#include "tables/act.def"
};

const struct error errors[ERRORS] = {
#define ERRNO(name, number, text) {number, #name, text},
#include "tables/errno.def"
#undef ERRNO
};

const struct fact_row fact_rows[FACTS] = {
#define FACT(name, where) {#name, where},
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint)
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
};

/* All texts of the checks as one array of bytes, so that a row needs offsets and no pointers. */
struct check_texts {
#define FACT(name, where)
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint) \
	char name_##id[sizeof #id]; \
	char sentence_##id[sizeof sentence]; \
	char hint_##id[sizeof hint];
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
};

_Static_assert(sizeof(struct check_texts) <= UINT16_MAX, "offsets of texts are 16 bits");

const struct check_texts check_texts = {
#define FACT(name, where)
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint) #id, sentence, hint,
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
};

#define ANSWERS_ANY {ANSWER_ANY, ANSWER_NONE, ANSWER_NONE, ANSWER_NONE, ANSWER_NONE}
#define ANSWERS(a) {ANSWER_OF_##a, ANSWER_NONE, ANSWER_NONE, ANSWER_NONE, ANSWER_NONE}
#define ANSWERS2(a, b) {ANSWER_OF_##a, ANSWER_OF_##b, ANSWER_NONE, ANSWER_NONE, ANSWER_NONE}
#define ANSWERS3(a, b, c) \
	{ANSWER_OF_##a, ANSWER_OF_##b, ANSWER_OF_##c, ANSWER_NONE, ANSWER_NONE}
#define ANSWERS5(a, b, c, d, e) \
	{ANSWER_OF_##a, ANSWER_OF_##b, ANSWER_OF_##c, ANSWER_OF_##d, ANSWER_OF_##e}
enum {
#define ERRNO(name, number, text) ANSWER_OF_##name = ERROR_##name,
#include "tables/errno.def"
#undef ERRNO
	ANSWER_OF_ENOTSUPP = ANSWER_ENOTSUPP
};

#define EVER {0, 0, 0, 0}
#define SINCE(major, minor) {L(major, minor, 0), 0, 0, 0}
#define SINCE_MAYBE(major, minor, from_major, from_minor) \
	{L(major, minor, 0), L(from_major, from_minor, 0), 0, 0}
#define UNTIL(major, minor, from_major, from_minor) \
	{0, 0, L(major, minor, 0), L(from_major, from_minor, 0)}

#define WHEN(...) {__VA_ARGS__}
#define FIELD(field, comparison, value) \
	{OF_FIELD, FIELD_##field, comparison, GROUP_none, NAMES, value}
#define BIT(field, name) {OF_FIELD, FIELD_##field, HAS, GROUP_none, NAME_##name, 0}
#define NEWER(field, group) \
	{OF_FIELD, FIELD_##field, NEWER_THAN_KERNEL, GROUP_##group, NAMES, 0}
#define NEWER_FLAGS \
	{OF_ARGUMENT, ARGUMENT_flags, NEWER_THAN_KERNEL, GROUP_open_flags, NAMES, 0}
#define FLAG_BIT(name) {OF_ARGUMENT, ARGUMENT_flags, HAS, GROUP_none, NAME_##name, 0}
#define ARG(argument, comparison, value) \
	{OF_ARGUMENT, ARGUMENT_##argument, comparison, GROUP_none, NAMES, value}
#define FACT_IS(fact, comparison, value) \
	{OF_FACT, FACT_##fact, comparison, GROUP_none, NAMES, value}
#define IF_RULE(rule) {OF_RULE, RULE_##rule, IS, GROUP_none, NAMES, 0}
#undef TYPE
#define TYPE(name) {OF_FIELD, FIELD_type, IS, GROUP_none, NAME_##name, 0}
#define TYPE_NOT(name) {OF_FIELD, FIELD_type, IS_NOT, GROUP_none, NAME_##name, 0}

const struct check checks[CHECKS] = {
#define FACT(name, where)
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint) \
	{offsetof(struct check_texts, name_##id), offsetof(struct check_texts, sentence_##id), \
	 offsetof(struct check_texts, hint_##id), odds, errors, releases, when},
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
};

/* A sentence and a hint fit a line. */
#define FACT(name, where)
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint) \
	_Static_assert(sizeof sentence <= 91 && sizeof hint <= 91, #id);
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT

const struct accepted accepted[ACCEPTED_ROWS] = {
#define ACCEPTED(field, since) {0, FIELD_##field, since, 0},
#define ACCEPTED_NAME(name, since) {1, NAME_##name, since, 0},
#define MAYBE_FIELD(field, since) {0, FIELD_##field, 0, since},
#define MAYBE_NAME(name, since) {1, NAME_##name, 0, since},
#define NEEDS(behaviour, since, text)
#define STABLE(check, series, lacks, has)
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
};

const struct stable stable[STABLE_ROWS] = {
#define ACCEPTED(field, since)
#define ACCEPTED_NAME(name, since)
#define MAYBE_FIELD(field, since)
#define MAYBE_NAME(name, since)
#define NEEDS(behaviour, since, text)
#define STABLE(check, series, lacks, has) {CHECK_##check, series, lacks, has},
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
};

const struct behaviour behaviours[BEHAVIOURS] = {
#define ACCEPTED(field, since)
#define ACCEPTED_NAME(name, since)
#define MAYBE_FIELD(field, since)
#define MAYBE_NAME(name, since)
#define NEEDS(behaviour, since, text) {since, text},
#define STABLE(check, series, lacks, has)
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
};

const struct syscall_row syscall_rows[SYSCALLS] = {
#define SYSCALL(arch, function, number) {number, ARCH_##arch, FUNCTION_##function},
#include "tables/syscalls.def"
#undef SYSCALL
};
