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
};

enum group {
	GROUP_none,
#define GROUP(group) GROUP_##group,
#define NAME(name, value, since)
#define SIZE(version, bytes, since)
#define NOTE(text, value, since)
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
	STRING,	/* the address of a string in the traced program */
	SPARE	/* RESERVED bits: shown only when one is set */
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
#define ARCH(name, order, registers, errors, number, table)
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
#define ARCH(name, order, registers, errors, number, table) ARCH_##name,
#include "tables/call.def"
#undef ARCH
#undef ARGUMENT
	ARCHES
};

enum byte_order {
	LITTLE,
	BIG
};

struct arch {
	uint32_t number;	/* of perf_event_open */
	uint8_t order;
	uint8_t registers;	/* enum group */
	uint8_t errors;		/* the highest number that errno.def gives right here */
	char name[16];
	char table[16];		/* the kernel's table of system calls */
};

extern const struct arch arches[ARCHES];

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

#endif
