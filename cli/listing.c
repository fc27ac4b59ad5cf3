/* What differs in a pair of calls. */
#include "cli/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/event.h"
#include "cli/member.h"
#include "cli/release.h"
#include "cli/terminal.h"
#include "decoder/needs.h"
#include "decoder/value.h"

enum {
	LINE_WIDTH = 100,
	TEXT_MAX = 64 * 1024 /* a member at its longest: all bytes of the attr, or a path */
};

const char *const side_words[] = {"old", "new"};
static const char life[] = "life"; /* as --ignore has it */

bool
listing_knows(const char *name, size_t length)
{
	return length == sizeof life - 1 && memcmp(name, life, length) == 0;
}

static void
put(struct listing *listing, const char *text, size_t length, enum ink ink)
{
	for (size_t at = 0; at < length; at++)
		listing->key = (listing->key ^ (unsigned char)text[at]) * 0x100000001b3;
	listing->key += !listing->key;
	if (!listing->silent)
		terminal_write(text, length, ink);
}

static void
put_text(struct listing *listing, const char *text, enum ink ink)
{
	put(listing, text, strlen(text), ink);
}

static bool
listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list && *list) {
		size_t end = strcspn(list, ",");

		if (end == length && memcmp(list, name, length) == 0)
			return true;
		list += end + (list[end] == ',');
	}
	return false;
}

/* Where another arm of a union is in use, something else than what was named differs. */
static bool
ignored(const struct listing *listing, const struct member *member)
{
	const char *list = listing->ignore;

	return listed(list, member_name(member, 0)) && listed(list, member_name(member, 1));
}

static void
put_since(struct listing *listing, uint32_t since)
{
	char release[RELEASE_TEXT];

	if (!since)
		return;
	put_text(listing, " (Linux ", INK_PLAIN);
	put_text(listing, release_text(since, release), INK_PLAIN);
	put_text(listing, ")", INK_PLAIN);
}

enum ink
listing_ink(int side)
{
	return side ? INK_COMMENT : INK_REFUSED;
}

static void
put_value(struct listing *listing, const struct member *member, int side, enum ink ink)
{
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	member_c(&out, member, side);
	put(listing, text, out.length, ink);
	if (ink != INK_PLAIN)
		put_since(listing, member_since(member, side));
}

/* What went and what came, of a mask that is not another altogether. */
static void
put_bits(struct listing *listing, const struct member *member, const uint64_t bits[2])
{
	for (int side = 0; side < 2; side++)
		for (uint64_t rest = bits[side] & ~bits[!side]; rest; rest &= rest - 1) {
			uint64_t bit = rest & -rest;
			char text[64];
			struct buf out = {.text = text, .size = sizeof text};

			put_text(listing, side ? " + " : " - ", listing_ink(side));
			member_bit_c(&out, member, side, bit);
			put(listing, text, out.length, listing_ink(side));
			put_since(listing, member_bit_since(member, side, bit));
		}
}

static void
put_change(struct listing *listing, const struct member *member)
{
	uint64_t bits[2];

	put_text(listing, "    ", INK_PLAIN);
	put_text(listing, member_name(member, 0), INK_PLAIN);
	if (member_bits(member, bits)) {
		put_bits(listing, member, bits);
	} else {
		put_text(listing, " ", INK_PLAIN);
		put_value(listing, member, 0, listing_ink(0));
		put_text(listing, " -> ", INK_PLAIN);
		if (member->field[0] != member->field[1]) {
			put_text(listing, member_name(member, 1), INK_PLAIN);
			put_text(listing, " ", INK_PLAIN);
		}
		put_value(listing, member, 1, listing_ink(1));
	}
	put_text(listing, "\n", INK_PLAIN);
}

static void
put_line(struct listing *listing, const struct member *member, int side, const char *sign)
{
	enum ink ink = *sign == ' ' ? INK_PLAIN : listing_ink(side);

	put_text(listing, sign, ink);
	put_text(listing, "   ", INK_PLAIN);
	put_text(listing, member_name(member, side), ink);
	put_text(listing, " ", INK_PLAIN);
	put_value(listing, member, side, ink);
	put_text(listing, "\n", INK_PLAIN);
}

/* As diff -U has it. */
static void
put_both(struct listing *listing, const struct member *member)
{
	if (!member_held(member, 0) && !member_held(member, 1))
		return;
	if (!member->differs || ignored(listing, member)) {
		put_line(listing, member, 0, " ");
		return;
	}
	put_line(listing, member, 0, "-");
	put_line(listing, member, 1, "+");
}

static void
list_pair(void *context, const struct member *member)
{
	struct listing *listing = context;

	if (listing->all)
		put_both(listing, member);
	else if (!ignored(listing, member))
		put_change(listing, member);
}

/* The title says what the event is, and in which group. */
static bool
said_in_title(const struct member *member)
{
	return member->id == FIELD_type || member->id == FIELD_config || member->id == MEMBER_GROUP
		|| (member->id == MEMBER_RESULT && !member_key(MEMBER_RESULT, member->of[0]));
}

/* Members in a row, as many as a line holds. */
static void
list_single(void *context, const struct member *member)
{
	struct listing *listing = context;
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	if (!member_set(member, 0) || said_in_title(member))
		return;
	buf_text(&out, member_name(member, 0));
	buf_char(&out, ' ');
	member_c(&out, member, 0);
	if (listing->column && listing->column + out.length + 3 > LINE_WIDTH) {
		put_text(listing, ",\n", INK_PLAIN);
		listing->column = 0;
	}
	put_text(listing, listing->column ? ", " : "    ", INK_PLAIN);
	put(listing, text, out.length, INK_PLAIN);
	listing->column += out.length + (listing->column ? 2 : 4);
}

static void
list_single_all(void *context, const struct member *member)
{
	if (member_held(member, 0))
		put_line(context, member, 0, " ");
}

/* A name in JSON, behind the comma that is due. */
static void
put_key(struct listing *listing, const char *name)
{
	put_text(listing, listing->started ? ", \"" : "\"", INK_PLAIN);
	put_text(listing, name, INK_PLAIN);
	put_text(listing, "\": ", INK_PLAIN);
	listing->started = true;
}

static void
put_side_key(struct listing *listing, int side, const char *what)
{
	char name[32];

	snprintf(name, sizeof name, "%s%s", side_words[side], what);
	put_key(listing, name);
}

static void
put_value_json(struct listing *listing, const struct member *member, int side)
{
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};
	struct buf note = {.text = text, .size = sizeof text};
	char release[RELEASE_TEXT];
	uint32_t since = member_since(member, side);

	put_side_key(listing, side, "");
	member_json(&out, member, side);
	put(listing, text, out.length, INK_PLAIN);
	if (member_note_json(&note, member, side)) {
		put_side_key(listing, side, "_note");
		put(listing, text, note.length, INK_PLAIN);
	}
	if (!since)
		return;
	put_side_key(listing, side, "_since");
	put_text(listing, "\"", INK_PLAIN);
	put_text(listing, release_text(since, release), INK_PLAIN);
	put_text(listing, "\"", INK_PLAIN);
}

static void
list_pair_json(void *context, const struct member *member)
{
	struct listing *listing = context;

	if (ignored(listing, member))
		return;
	put_key(listing, member_name(member, 0));
	put_text(listing, "{", INK_PLAIN);
	listing->started = false;
	put_value_json(listing, member, 0);
	put_value_json(listing, member, 1);
	if (member->field[0] != member->field[1]) {
		put_key(listing, "new_name");
		put_text(listing, "\"", INK_PLAIN);
		put_text(listing, member_name(member, 1), INK_PLAIN);
		put_text(listing, "\"", INK_PLAIN);
	}
	put_text(listing, "}", INK_PLAIN);
	listing->started = true;
}

static void
list_single_json(void *context, const struct member *member)
{
	struct listing *listing = context;
	static char text[TEXT_MAX];
	struct buf out = {.text = text, .size = sizeof text};

	if (!listing->all && !member_set(member, 0))
		return;
	put_key(listing, member_name(member, 0));
	member_json(&out, member, 0);
	put(listing, text, out.length, INK_PLAIN);
}

/* Whether the sides need different kernels, and which needs the later one. */
static bool
needs_differ(const struct pair *pair, struct needs needs[2], int *later)
{
	for (int side = 0; side < 2; side++)
		call_needs(&needs[side], pair->of[side]->call);
	*later = needs[1].release > needs[0].release
		|| (needs[1].release == needs[0].release && needs[1].unknown);
	return needs[0].release != needs[1].release || needs[0].unknown != needs[1].unknown;
}

/* Which kernel the younger side needs; where nothing else is told there is nothing to explain. */
static void
put_needs(struct listing *listing, const struct pair *pair)
{
	char text[512];
	struct buf out = {.text = text, .size = sizeof text};
	struct needs needs[2];
	int later;

	if (!listing->key || !needs_differ(pair, needs, &later))
		return;
	buf_text(&out, side_words[later]);
	buf_char(&out, ' ');
	needs_text(&out, &needs[later]);
	put_text(listing, "    ", INK_PLAIN);
	put(listing, text, out.length, listing_ink(later));
	put_text(listing, "\n", INK_PLAIN);
}

static void
put_needs_json(struct listing *listing, const struct pair *pair)
{
	static char words[512], text[2048];
	struct needs needs[2];
	int later;

	if (!pair_whole(pair) || !needs_differ(pair, needs, &later))
		return;
	for (int side = 0; side < 2; side++) {
		struct buf said = {.text = words, .size = sizeof words - 1};
		struct buf out = {.text = text, .size = sizeof text};

		needs_text(&said, &needs[side]);
		words[said.length] = '\0';
		text_json(&out, words);
		put_side_key(listing, side, "_needs");
		put(listing, text, out.length, INK_PLAIN);
	}
}

static const char *
life_of(const struct pair *pair, int side)
{
	const char *text = pair->of[side]->life.text;

	return text ? text : "nothing";
}

/* Whether something else was done with the event. */
static bool
lives_differ(const struct listing *listing, const struct pair *pair)
{
	return listing->lives && pair_whole(pair) && !listed(listing->ignore, life)
		&& strcmp(life_of(pair, 0), life_of(pair, 1)) != 0;
}

/* What was done with the event, on lines of their own: such lists are long. */
static void
put_lives(struct listing *listing, const struct pair *pair)
{
	static const char *const signs[] = {"  - ", "  + "};

	if (!lives_differ(listing, pair))
		return;
	if (listing->column)
		put_text(listing, "\n", INK_PLAIN);
	listing->column = 0;
	for (int side = 0; side < 2; side++) {
		put_text(listing, signs[side], listing_ink(side));
		put_text(listing, life_of(pair, side), listing_ink(side));
		put_text(listing, "\n", INK_PLAIN);
	}
}

static void
put_lives_json(struct listing *listing, const struct pair *pair)
{
	static char text[TEXT_MAX];

	for (int side = 0; side < 2 && lives_differ(listing, pair); side++) {
		struct buf out = {.text = text, .size = sizeof text};

		text_json(&out, life_of(pair, side));
		put_side_key(listing, side, "_life");
		put(listing, text, out.length, INK_PLAIN);
	}
}

static void
list_both(struct listing *listing, const struct pair *pair)
{
	members_walk(pair->of[0], pair->of[1], listing->all, list_pair, listing);
	put_lives(listing, pair);
	put_needs(listing, pair);
}

void
listing_text(struct listing *listing, const struct pair *pair)
{
	const struct opening *some = pair_side(pair);

	if (pair_whole(pair))
		list_both(listing, pair);
	else if (listing->all)
		members_walk(some, some, true, list_single_all, listing);
	else
		members_walk(some, some, true, list_single, listing);
	if (listing->column)
		put_text(listing, "\n", INK_PLAIN);
}

void
listing_name_json(struct listing *listing, const char *key, const struct call *call)
{
	static char name[TEXT_MAX], text[TEXT_MAX];
	struct buf plain = {.text = name, .size = sizeof name - 1};
	struct buf out = {.text = text, .size = sizeof text};

	event_name(&plain, call);
	name[plain.length] = '\0';
	text_json(&out, name);
	put_key(listing, key);
	put(listing, text, out.length, INK_PLAIN);
}

void
listing_json(struct listing *listing, const struct pair *pair)
{
	const struct opening *some = pair_side(pair);

	put_key(listing, pair_whole(pair) ? "differ" : "members");
	put_text(listing, "{", INK_PLAIN);
	listing->started = false;
	if (pair_whole(pair))
		members_walk(some, pair->of[1], false, list_pair_json, listing);
	else
		members_walk(some, some, true, list_single_json, listing);
	put_text(listing, "}", INK_PLAIN);
	listing->started = true;
	put_lives_json(listing, pair);
	put_needs_json(listing, pair);
}
