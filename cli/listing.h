/* What differs in a pair of calls, as lines for people or as members of a JSON object. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/compare.h"
#include "cli/terminal.h"

extern const char *const side_words[]; /* old and new */

/* Where the members of one pair go. */
struct listing {
	const char *ignore; /* members between commas that do not count; NULL: none */
	bool silent;        /* only what would be written counts */
	uint64_t key;       /* of what was written, but for the titles; 0: nothing */
	bool all;           /* members that do not differ, too */
	bool lives;         /* both dumps tell what was done with events */
	bool started;       /* JSON: a comma is due */
	size_t column;      /* of the line that members are written in a row on */
};

/* What stands below a pair's title. */
void listing_text(struct listing *listing, const struct pair *pair);

/* The same as members of the pair's object: what differs, or all of a single one. */
void listing_json(struct listing *listing, const struct pair *pair);

/* A member with the name of a call's event. */
void listing_name_json(struct listing *listing, const char *key, const struct call *call);

/* The colour of what one side alone has. */
enum ink listing_ink(int side);

/* Whether a name is one of what is compared besides the attr's members. */
bool listing_knows(const char *name, size_t length);

#endif
