/* A map from numbers of 64 bits. */
#include "cli/places.h"

#include <stdlib.h>

#include "cli/say.h"

static struct place *
slot(const struct places *places, uint64_t key)
{
	size_t at = (size_t)(key * 0x9e3779b97f4a7c15 >> 20) & (places->room - 1);

	while (places->slots[at].at && places->slots[at].key != key)
		at = (at + 1) & (places->room - 1);
	return &places->slots[at];
}

static void
grow(struct places *places)
{
	struct places bigger = {.room = places->room ? 2 * places->room : 64,
		.count = places->count};

	bigger.slots = calloc(bigger.room, sizeof *bigger.slots);
	if (!bigger.slots)
		die("write a program:");
	for (size_t at = 0; at < places->room; at++)
		if (places->slots[at].at)
			*slot(&bigger, places->slots[at].key) = places->slots[at];
	free(places->slots);
	*places = bigger;
}

struct place *
places_find(const struct places *places, uint64_t key)
{
	struct place *place = places->room ? slot(places, key) : NULL;

	return place && place->at ? place : NULL;
}

struct place *
places_take(struct places *places, uint64_t key)
{
	struct place *place;

	if (2 * places->count >= places->room)
		grow(places);
	place = slot(places, key);
	if (!place->at) {
		place->key = key;
		places->count++;
	}
	return place;
}

void
places_end(struct places *places)
{
	free(places->slots);
	*places = (struct places){0};
}
