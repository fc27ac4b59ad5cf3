/* The row types of the .def files, and the arrays that the rows expand to. */
#ifndef TABLES_TABLES_H
#define TABLES_TABLES_H

#include <stdint.h>

/* A Linux release as one number that compares: L(5, 13, 0). */
#define L(major, minor, patch) ((uint32_t)(major) << 16 | (minor) << 8 | (patch))

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/*
 * Rows hold their text in place. A pointer would have to be relocated in every program that loads
 * the shim, and the pages of the tables could no longer be shared.
 */

/* One word of the interface: a row of names.def or regs.def. */
struct name {
	uint64_t value;
	uint32_t since;
	uint8_t length;	/* of text */
	char text[43];
};

enum name_id {
#define GROUP(group) AT_##group, BACK_##group = AT_##group - 1,
#define NAME(name, value, since) NAME_##name,
#define SIZE(version, bytes, since) NAME_PERF_ATTR_SIZE_##version,
#define NOTE(text, value, since) NOTE_AT(__LINE__),
#define NOTE_AT(line) NOTE_AT_(line)
#define NOTE_AT_(line) NOTE_##line
#define COMMANDS(group) AT_##group, BACK_##group = AT_##group - 1,
#define COMMAND(name, value, since, part, words, result) NAME_##name,
#include "tables/names.def"
#undef NOTE
#define NOTE(text, value, since)
#include "tables/regs.def"
#undef NOTE_AT_
#undef NOTE_AT
#undef NOTE
#undef SIZE
#undef NAME
#undef GROUP
	NAMES
};

/* The size versions: VER0 is the size of the first published struct. */
enum version {
#define GROUP(group)
#define NAME(name, value, since)
#define NOTE(text, value, since)
#define SIZE(version, bytes, since) version = (bytes),
#include "tables/names.def"
#undef SIZE
#undef NOTE
#undef NAME
#undef GROUP
	AFTER_NEWEST,
	NEWEST = AFTER_NEWEST - 1
};

enum group {
	GROUP_none,
#define GROUP(group) GROUP_##group,
#define NAME(name, value, since)
#define SIZE(version, bytes, since)
#define NOTE(text, value, since)
#define COMMANDS(group) GROUP_##group,
#include "tables/names.def"
#include "tables/regs.def"
#undef NOTE
#undef SIZE
#undef NAME
#undef GROUP
	GROUPS
};

extern const struct name names[NAMES];
extern const uint16_t group_starts[GROUPS + 1];	/* a group's rows end where the next one's start */

/* How a value reads. */
enum kind {
	UINT,	/* a count: decimal */
	INT,	/* decimal, with a sign */
	HEX,	/* an address, or bits that a PMU gives their meaning */
	ENUM,	/* one name, or a number */
	CLOCK,	/* ENUM with a sign: dynamic clocks are negative */
	MASK,	/* names or'ed together */
	REGS,	/* a bit per register, named by the call's architecture */
	NOTED,	/* a number, and the group's row for it as a comment */
	CONFIG,	/* what type makes of it */
	PMUBITS, /* HEX, and the PMU's format/ files name its bits */
	STRING,	/* the address of a string in the traced program */
	SPARE	/* RESERVED bits: shown only when one is set */
};

/* How many words hold what a PMU makes of them: config, config1 .. */
enum {
#define WORD(name, offset, bytes, kind, names, since, live, note) \
	+ ((kind) == CONFIG || (kind) == PMUBITS)
#define FLAG(name, bit, version, since)
#define BITS(name, offset, bytes, bit, width, kind, names, version, since)
#define RESERVED(name, offset, bytes, since)
	CONFIG_WORDS =
#include "tables/attr.def"
#undef RESERVED
#undef BITS
#undef FLAG
#undef WORD
};

/* The probe PMUs, whose arms of the unions only their names in sysfs tell. */
enum probe {
	KPROBE = 1,
	UPROBE = 2
};

enum when {
	WHEN_ALWAYS,
	WHEN_SET,	/* the flag `field` is 1 */
	WHEN_UNSET,
	WHEN_TYPE,	/* type has the value of names[name] */
	WHEN_PMU	/* the PMU is one of `pmus`, and `field`, if there is one, is 0 */
};

struct condition {
	uint8_t when;
	uint8_t field;
	uint8_t pmus;
	uint16_t name;
};

enum field_id {
#define WORD(name, offset, bytes, kind, names, since, live, note) FIELD_##name,
#define FLAG(name, bit, version, since) FIELD_##name,
#define BITS(name, offset, bytes, bit, width, kind, names, version, since) FIELD_##name,
#define RESERVED(name, offset, bytes, since) FIELD_##name,
#include "tables/attr.def"
#undef RESERVED
#undef BITS
#undef FLAG
#undef WORD
	FIELDS
};

/* One member of struct perf_event_attr: a row of attr.def. */
struct field {
	uint16_t offset;	/* of the word that holds it */
	uint8_t bytes;		/* of that word */
	uint8_t bit;		/* from the low end */
	uint8_t width;		/* in bits */
	uint8_t kind;
	uint8_t names;		/* enum group */
	uint8_t length;		/* of name */
	uint16_t version;	/* a younger caller's zero is shown; 0: by size alone */
	uint32_t since;
	struct condition live;
	char name[28];
	char note[20];
};

extern const struct field fields[FIELDS];

/* An argument or the result: a row of call.def. */
enum argument_id {
#define ARGUMENT(name, type, kind, names) ARGUMENT_##name,
#define ARCH(name, order, registers, errors, number, table, pointer, ioctls)
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
	ARGUMENTS
};

struct argument {
	uint8_t kind;
	uint8_t names;
	char type[16];
	char name[12];
};

extern const struct argument arguments[ARGUMENTS];

enum arch_id {
#define ARGUMENT(name, type, kind, names)
#define ARCH(name, order, registers, errors, number, table, pointer, ioctls) ARCH_##name,
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
	ARCHES
};

enum byte_order {
	LITTLE,
	BIG
};

/* asm/ioctl.h: where it says which way the argument goes, and with which numbers. */
enum ioctls {
	IOCTLS_PLAIN,	/* asm-generic: two bits; 1 is to the kernel, 2 from it */
	IOCTLS_SWAPPED,	/* the other way round */
	IOCTLS_WIDE	/* three bits; 1 neither way, 2 from the kernel, 4 to it */
};

struct arch {
	uint32_t number;	/* of perf_event_open */
	uint8_t order;
	uint8_t registers;	/* enum group */
	uint8_t errors;		/* the highest number that errno.def gives right here */
	uint8_t pointer;	/* its bytes */
	uint8_t ioctls;
	char name[16];
	char table[16];		/* the kernel's table of system calls */
};

extern const struct arch arches[ARCHES];

/* How an argument of a function that acts on an event is passed, and reads. */
enum part {
	PART_ABSENT,	/* there is none, or it is not looked at */
	PART_OWN_FD,	/* the event's */
	PART_OTHER_FD,	/* another event's; negative: none */
	PART_ORDER,	/* a command of the function's group */
	PART_BY_ORDER,	/* what that command makes of it */
	PART_SIGNED,	/* an int */
	PART_COUNT,	/* decimal */
	PART_PLACE,	/* hex */
	PART_ADDRESS,	/* of what is not looked at */
	PART_BITS,	/* names or'ed together */
	PART_NUMBER_AT,	/* the address of 64 bits that the kernel reads */
	PART_ANSWER_AT,	/* the same, that it writes */
	PART_TEXT_AT,	/* of a string */
	PART_PROGRAMS_AT, /* of a struct perf_event_query_bpf */
	PART_ATTR_AT	/* of a struct perf_event_attr */
};

/* An argument: a PART row of act.def. */
struct part_row {
	uint8_t part;
	uint8_t words;	/* enum group */
	char name[10];
};

enum part_id {
#define FUNCTION(function, commands)                                                               \
	PARTS_OF_##function, BEFORE_##function = PARTS_OF_##function - 1,
#define PART(name, part, words) PART_AT(__LINE__),
#define PART_AT(line) PART_AT_(line)
#define PART_AT_(line) PART_ROW_##line
#include "tables/act.def"
#undef PART_AT_
#undef PART_AT
	PARTS
};

enum function {
#define FUNCTION(function, commands) FUNCTION_##function,
#include "tables/act.def"
	FUNCTIONS
};

/* A function that acts on an event: a FUNCTION row. */
struct function_row {
	uint8_t parts;	/* its first; it has those up to the next function's */
	uint8_t commands; /* enum group */
	char name[6];
};

extern const struct function_row function_rows[FUNCTIONS + 1];
extern const struct part_row part_rows[PARTS];

/* A system call behind such a function: a SYSCALL row of syscalls.def. */
struct syscall_row {
	uint32_t number;
	uint8_t arch;
	uint8_t function;
};

enum {
#define SYSCALL(arch, function, number) + 1
	SYSCALLS =
#include "tables/syscalls.def"
#undef SYSCALL
};

extern const struct syscall_row syscall_rows[SYSCALLS];

/* What a command makes of the argument behind it, and of the result: a COMMAND row. */
struct command {
	uint8_t part;
	uint8_t words;	/* enum group */
	uint8_t result;
};

enum {
	FIRST_COMMAND = AT_ioctl,	/* enum name_id: the commands' names stand together */
	COMMANDS = 0
#define COMMAND(name, value, since, part, words, result) + 1
#include "tables/act.def"
};

extern const struct command command_rows[COMMANDS];

struct error {
	uint8_t number;
	char name[16];
	char text[52];
};

enum {
#define ERRNO(name, number, text) ERROR_##name,
#include "tables/errno.def"
#undef ERRNO
	ERRORS
};

extern const struct error errors[ERRORS];

/* A fact of the machine or the process: a FACT row of checks.def. */
enum fact_id {
#define FACT(name, where) FACT_##name,
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint)
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
	FACTS
};

_Static_assert(FACTS <= 64, "a set of facts is a word of 64 bits");

struct fact_row {
	char name[20];
	char where[84];
};

extern const struct fact_row fact_rows[FACTS];

enum rule_id {
#define FACT(name, where)
#define RULE(name) RULE_##name,
#define CHECK(id, odds, errors, releases, when, sentence, hint)
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
	RULES
};

enum check_id {
#define FACT(name, where)
#define RULE(name)
#define CHECK(id, odds, errors, releases, when, sentence, hint) CHECK_##id,
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
	CHECKS
};

/* What a condition of a check looks at. */
enum subject {
	OF_NOTHING, /* the row has fewer conditions */
	OF_FIELD,
	OF_FACT,
	OF_ARGUMENT,
	OF_RULE
};

enum comparison {
	IS,
	IS_NOT,
	ABOVE,
	BELOW,
	HAS,  /* any of those bits */
	LACKS,
	NEWER_THAN_KERNEL /* a bit that no name of the group has at that release */
};

struct term {
	uint8_t of;
	uint8_t id;
	uint8_t comparison;
	uint8_t group;
	uint16_t name;	/* compared with names[name].value, unless it is NAMES */
	int64_t value;
};

/* How likely one possible check is beside others. */
enum odds {
	RARE,
	USUAL,
	COMMON
};

/* What a check answers: rows of errno.def, and these. */
enum {
	ANSWER_NONE = ERRORS,
	ANSWER_ENOTSUPP, /* 524: the kernel's own, which has no name in user space */
	ANSWER_ANY
};

enum {
	ERRNO_ENOTSUPP = 524,
	KERNELS_KNOWN = L(7, 3, 255) /* what later ones accept is not in the tables */
};

/* Not before `since`, or maybe from `maybe` on; gone in `until`, or maybe from `fading` on. */
struct releases {
	uint32_t since;
	uint32_t maybe;
	uint32_t until;
	uint32_t fading;
};

enum {
	TERMS = 5,
	ANSWERS_MAX = 5
};

/* One check of the kernel: a row of checks.def. Texts are offsets into check_texts. */
struct check {
	uint16_t name; /* with underscores */
	uint16_t sentence;
	uint16_t hint;
	uint8_t odds;
	uint8_t errors[ANSWERS_MAX];
	struct releases releases;
	struct term when[TERMS];
};

extern const struct check checks[CHECKS];

/* The texts as one array of bytes, each ended by a NUL. */
extern const struct check_texts check_texts;

/* A field or a name that kernels accept from another release on than headers have it: since.def. */
struct accepted {
	uint8_t is_name;
	uint16_t id;	/* enum name_id or enum field_id */
	uint32_t since;	/* the first release that has it for sure */
	uint32_t maybe;	/* stable updates may have it from here on */
};

/* Up to which patch of a series a check is not there, and from which on it is. */
struct stable {
	uint8_t check;
	uint32_t series;
	uint8_t lacks;
	uint8_t has;
};

enum {
#define ACCEPTED(field, since) AT_ACCEPTED_##field,
#define ACCEPTED_NAME(name, since) AT_ACCEPTED_##name,
#define MAYBE_FIELD(field, since) AT_MAYBE_##field,
#define MAYBE_NAME(name, since) AT_MAYBE_##name,
#define NEEDS(behaviour, since, text)
#define STABLE(check, series, lacks, has)
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
	ACCEPTED_ROWS
};

enum {
#define ACCEPTED(field, since)
#define ACCEPTED_NAME(name, since)
#define MAYBE_FIELD(field, since)
#define MAYBE_NAME(name, since)
#define NEEDS(behaviour, since, text)
#define STABLE(check, series, lacks, has) + 1
	STABLE_ROWS = 0
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
};

/* A combination of members that older kernels refuse. */
struct behaviour {
	uint32_t since;
	char text[44];
};

enum behaviour_id {
#define ACCEPTED(field, since)
#define ACCEPTED_NAME(name, since)
#define MAYBE_FIELD(field, since)
#define MAYBE_NAME(name, since)
#define NEEDS(behaviour, since, text) NEEDS_##behaviour,
#define STABLE(check, series, lacks, has)
#include "tables/since.def"
#undef STABLE
#undef NEEDS
#undef MAYBE_NAME
#undef MAYBE_FIELD
#undef ACCEPTED_NAME
#undef ACCEPTED
	BEHAVIOURS
};

extern const struct behaviour behaviours[BEHAVIOURS];
extern const struct accepted accepted[ACCEPTED_ROWS];
extern const struct stable stable[STABLE_ROWS];

#endif
