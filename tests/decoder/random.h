/* Calls that nobody would make, from a seed: any attr, any arguments, hostile names. */
#ifndef TESTS_DECODER_RANDOM_H
#define TESTS_DECODER_RANDOM_H

#include <stdlib.h>
#include <string.h>

#include "decoder/call.h"
#include "decoder/field.h"
#include "decoder/reset.h"

struct random {
	uint64_t state; /* not 0 */
};

/* xorshift64* */
static inline uint64_t
random_next(struct random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return random->state * 0x2545f4914f6cdd1dULL;
}

static inline uint32_t
random_below(struct random *random, uint32_t limit)
{
	return (uint32_t)((random_next(random) >> 32) % limit);
}

static inline bool
random_chance(struct random *random, uint32_t one_in)
{
	return random_below(random, one_in) == 0;
}

/* Small more often than large, and now and then an extreme. */
static inline int32_t
random_int(struct random *random)
{
	static const int32_t often[] = {-1, 0, 1, INT32_MIN, INT32_MAX};

	if (random_chance(random, 2))
		return often[random_below(random, 5)];
	return (int32_t)(uint32_t)random_next(random);
}

static inline uint64_t
random_word(struct random *random)
{
	uint64_t word = random_next(random);

	switch (random_below(random, 5)) {
	case 0:
		return word & random_next(random) & random_next(random);
	case 1:
		return word & 0xff;
	case 2:
		return 1ULL << (word & 63);
	case 3:
		return 0;
	default:
		return word;
	}
}

/* Pieces that could end a comment or a string, or look like a part of the dump. */
static inline const char *
random_piece(struct random *random)
{
	static const char *const pieces[] = {"*/", "/*", "*", "/", "\"", "\\", "\?\?/", "?", " ",
		"\n", "\r", "\t", "\\x41", "[", "]", ", ", " */", "/* ", "\xff", "\xc3\xa9",
		"\xe2\x80\xae", "\xc3", "\x7f", "\x01", "cgroup ", "}", "};", "\" and more", "perf",
		"cpu/event=0x1/", "%s", "-1"};

	return pieces[random_below(random, sizeof pieces / sizeof *pieces)];
}

/* Fills a text of up to size - 1 bytes. */
static inline const char *
random_text(struct random *random, char *text, size_t size)
{
	size_t length = 0, wanted = random_below(random, 4) ? random_below(random, 24) : size;

	if (wanted > size - 1)
		wanted = size - 1;
	while (length < wanted) {
		const char *piece = random_piece(random);

		while (*piece && length < wanted)
			text[length++] = *piece++;
		if (length < wanted && random_chance(random, 3))
			text[length++] = (char)(1 + random_below(random, 255));
	}
	text[length] = '\0';
	return text;
}

static inline uint32_t
random_size(struct random *random)
{
	static const uint32_t often[] = {0, 1, 63, 64, 65, 72, 80, 96, 104, 109, 112, 118, 120, 128,
		136, 144, 152, 4095, 4096, 4097, UINT32_MAX};

	if (random_chance(random, 2))
		return often[random_below(random, sizeof often / sizeof *often)];
	return random_below(random, random_chance(random, 4) ? 4200 : 160);
}

static inline void
random_attr(struct random *random, struct call *call, unsigned char *attr)
{
	uint32_t sparse = 1 + random_below(random, 12);
	uint32_t size = random_size(random);
	size_t wanted;

	memset(attr, 0, CALL_ATTR_MAX);
	for (size_t at = 0; at < CALL_ATTR_MAX; at += 8) {
		uint64_t word = random_chance(random, sparse) ? random_word(random) : 0;

		memcpy(attr + at, &word, sizeof word);
	}
	field_store(&fields[FIELD_size], attr, call->arch, size);
	if (random_chance(random, 2))
		field_store(&fields[FIELD_type], attr, call->arch, random_below(random, 7));
	wanted = call_attr_wanted(size);
	call->readable = (uint16_t)wanted;
	call->attr_addr = random_chance(random, 3) ? random_word(random) : 0;
	if (random_chance(random, 3))
		call->readable = (uint16_t)random_below(random, (uint32_t)wanted + 1);
	if (call->readable < ATTR_HEAD)
		call->readable = (uint16_t)(call->readable < VER0 ? call->readable : VER0);
}

/* The names that a dump of this call has a place for. */
static inline void
random_names(struct random *random, struct call *call, struct call_store *store)
{
	bool config = call_attr_held(call) > fields[FIELD_config].offset;
	uint64_t type = attr_value(call, FIELD_type);

	if (call->readable >= ATTR_HEAD && (config || !call_extended(call)))
		call->pmu = random_chance(random, 3)
			? random_chance(random, 2) ? "kprobe" : "uprobe"
			: random_text(random, store->pmu, sizeof store->pmu);
	if (config && type == name_value(NAME_PERF_TYPE_TRACEPOINT))
		call->tracepoint = random_text(random, store->tracepoint, sizeof store->tracepoint);
	else if (config && !call_extended(call))
		call->event = random_text(random, store->event, sizeof store->event);
	if (call->event[0])
		call->alias = random_text(random, store->alias, sizeof store->alias);
	if (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))
		call->cgroup = random_text(random, store->cgroup, sizeof store->cgroup);
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (field->kind == STRING && field->offset < call_attr_held(call)
			&& field_chosen(field, call) && field_value(field, call)) {
			call->probe = random_text(random, store->probe, sizeof store->probe);
			call->probe_cut = random_chance(random, 2);
		}
}

/* Everything but the attr and the names that depend on it. */
static inline void
random_arguments(struct random *random, struct call *call, struct call_store *store)
{
	call->number = (uint32_t)random_word(random);
	call->lost = random_chance(random, 4) ? (uint32_t)random_word(random) : 0;
	call->caller_pid = random_int(random);
	call->caller_tid = random_int(random);
	call->pid = random_int(random);
	call->cpu = random_int(random);
	call->group_fd = random_int(random);
	call->fd = random_int(random);
	call->flags = random_word(random);
	call->error = random_chance(random, 2) ? (int32_t)random_below(random, 600) : 0;
	call->leader = random_chance(random, 3) ? (uint32_t)random_word(random) : 0;
	call->leader_pid = call->leader ? random_int(random) : 0;
	call->comm = random_text(random, store->comm, sizeof store->comm);
	call->kernel = random_text(random, store->kernel, sizeof store->kernel);
}

static inline void
random_facts(struct random *random, struct call *call, struct facts *facts)
{
	facts->known = 0;
	for (int id = 0; id < FACTS; id++)
		if (random_chance(random, 3))
			fact_set(facts, (enum fact_id)id, (int64_t)random_word(random));
	call->facts = facts;
}

/* The call keeps its texts, attr and facts in the store. */
static inline void
random_call(struct random *random, struct call *call, struct call_store *store)
{
	call_clear(call);
	call->arch = (uint8_t)random_below(random, ARCHES);
	call->attr = store->attr;
	random_attr(random, call, store->attr);
	random_arguments(random, call, store);
	random_names(random, call, store);
	if (call->error && random_chance(random, 2))
		random_facts(random, call, &store->facts);
	if (call->error && random_chance(random, 3))
		call->probed = (uint8_t)random_below(random, RESETS);
	if (call->probed && call->probed != RESET_NO_HELP && random_chance(random, 2))
		call->probed_error = 1 + (int32_t)random_below(random, 600);
	if (call->readable >= ATTR_HEAD && call_attr_size(call))
		call->size_after = random_chance(random, 4) ? (uint32_t)random_word(random) : 0;
}

#endif
