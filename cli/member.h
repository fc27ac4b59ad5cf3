/*
 * Two openings side by side: the members of the attr, the arguments, the result, and their words.
 */
#ifndef CLI_MEMBER_H
#define CLI_MEMBER_H

#include "cli/compare.h"
#include "tables/tables.h"

/* What a call has besides the members of the attr, whose ids come first. */
enum {
	MEMBER_EXTENT = FIELDS, /* how much of the attr could be read */
	MEMBER_TAIL,            /* bytes that no row holds */
	MEMBER_PID,
	MEMBER_CPU,
	MEMBER_GROUP,
	MEMBER_FLAGS,
	MEMBER_RESULT,
	MEMBERS
};

struct member {
	unsigned id;
	const struct opening *of[2];
	const struct field *field[2]; /* the arms of a union may differ; NULL: no row of the attr */
	bool differs;
};

/*
 * One number for a member: equal on two machines if it means the same there. With text behind it,
 * that is hashed.
 */
uint64_t member_key(unsigned id, const struct opening *opening);

/* Every key of a call, and the leader's event, mixed. */
uint64_t opening_key(const struct opening *opening);
uint64_t key_mix(uint64_t key, uint64_t value);
uint64_t key_text(const char *text);

/*
 * Calls visit for each member that differs; all: for the others too. With the same opening on both
 * sides, that is for all of its members.
 */
void members_walk(const struct opening *left, const struct opening *right, bool all,
	void (*visit)(void *context, const struct member *member), void *context);

/* The key of every member, by id. */
void members_key(uint64_t keys[MEMBERS], const struct opening *opening);

/* How far apart two openings are: the members that differ, and once more if the results do. */
unsigned members_distance(const uint64_t left[MEMBERS], const uint64_t right[MEMBERS]);

const char *member_name(const struct member *member, int side);

/* Whether any member has that name, which need not end. */
bool member_known(const char *name, size_t length);

/* Whether the member is not zero there, or its zero has a name. */
bool member_set(const struct member *member, int side);

/* Whether the dump has a line for it there. */
bool member_held(const struct member *member, int side);

/* The value in the dump's words, and in brackets what the dump has in a comment. */
void member_c(struct buf *out, const struct member *member, int side);
void member_json(struct buf *out, const struct member *member, int side);
bool member_note_json(struct buf *out, const struct member *member, int side); /* false: none */

/*
 * The release that explains a side's value: the member or the value is younger than the headers of
 * the older caller. 0: nothing is explained.
 */
uint32_t member_since(const struct member *member, int side);

/* Of a mask that both sides have bits of in common: the bits; false: it is none. */
bool member_bits(const struct member *member, uint64_t bits[2]);
void member_bit_c(struct buf *out, const struct member *member, int side, uint64_t bit);
uint32_t member_bit_since(const struct member *member, int side, uint64_t bit);

#endif
