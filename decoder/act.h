/*
 * What a program did with an event once it was open: the other struct that travels, beside struct
 * call.
 */
#ifndef DECODER_ACT_H
#define DECODER_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"
#include "tables/tables.h"

enum {
	ACT_ARGUMENTS = 6,
	ACT_ARCH = ARCH_x86_64, /* of a line that names none */
	ACT_TEXT_MAX = 4096, /* perf_event_set_filter: a page at most, and 4 KiB is the smallest */
	ACT_PROGRAMS_MAX = 64 /* BPF_TRACE_MAX_PROGS: no event has more */
};

/* The places of mmap's arguments. */
enum {
	ACT_MMAP_LENGTH = 1,
	ACT_MMAP_PROT,
	ACT_MMAP_FLAGS,
	ACT_MMAP_OFFSET = 5
};

/* A PART_OTHER_FD that is none: a whole long, where an int of -1 is an fd that nobody has. */
#define ACT_NO_FD UINT64_MAX

/* The call that an fd came from. */
struct origin {
	uint32_t call; /* its number; 0: not known, or it was no perf_event_open */
	int32_t pid;   /* the process that made it, if it is not the one that acts; else 0 */
};

/* Texts, ids and attr belong to whoever made the act; no text is ever NULL. */
struct act {
	int32_t caller_pid;
	int32_t caller_tid;
	const char *comm;
	uint8_t arch;      /* enum arch_id: numbers its commands, errors and flags */
	uint8_t function;  /* enum function */
	uint16_t command;  /* enum name_id; NAMES: the function has none, or no row has this one */
	struct origin event;  /* what the fd is; {0} where the function takes none */
	struct origin target; /* of a PART_OTHER_FD */

	/*
	 * As they were passed, in the order of the PART rows, but 0 for a known command and for
	 * the address of what was read: that is below.
	 */
	uint64_t arguments[ACT_ARGUMENTS];
	bool read;     /* what the last argument points to */
	bool answered; /* the kernel wrote there */
	bool text_cut; /* the string was longer */
	uint64_t number;          /* PART_NUMBER_AT, PART_ANSWER_AT; ids_len of PART_PROGRAMS_AT */
	const char *text;         /* PART_TEXT_AT; else "" */
	uint32_t programs_count;  /* prog_cnt */
	const uint32_t *programs; /* act_programs() of them */
	const struct call *attr;  /* PART_ATTR_AT: what names it, and its arch, but no arguments */

	uint32_t page; /* bytes; 0: not known */
	int64_t result;
	int32_t error; /* a positive errno; 0: it succeeded */
};

/* A place to keep all that an act points to, for who reads acts from a dump. */
struct act_store {
	struct act act;
	char comm[CALL_COMM_MAX];
	char text[ACT_TEXT_MAX];
	uint32_t programs[ACT_PROGRAMS_MAX];
	struct call attr;
};

/* Makes an empty act: texts of no length, no command, 0 in all else. */
void act_clear(struct act *act);

/* How its argument of that place is passed, as its command makes it. */
struct part_row act_part(const struct act *act, unsigned place);

/* How many arguments its function has. */
unsigned act_parts(const struct act *act);

/* The names of the result; GROUP_none: it is a number. */
enum group act_result_names(const struct act *act);

/* Whether the result is an fd: of what, event says. */
bool act_duplicates(const struct act *act);

/* How many ids stand in programs: those that there was room for. */
unsigned act_programs(const struct act *act);

/* Whether it maps a whole number of pages, and their size is known. */
bool act_whole_pages(const struct act *act);

/* A ring's pages of data, behind its first one; or all of an AUX area's, which has an offset. */
uint64_t act_pages(const struct act *act);
bool act_is_aux(const struct act *act);

/* The number that tells that architecture's kernel to do it. */
uint32_t command_number(enum name_id command, unsigned arch);

/* The command that the number tells the function to do; NAMES: no row has it. */
unsigned command_find(enum function function, unsigned arch, uint32_t number);

/* Whether the group's values are that architecture's, which may number flags in its own way. */
bool words_shared(enum group words, unsigned arch);

bool act_equal(const struct act *left, const struct act *right);

#endif
