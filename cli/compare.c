/* Two dumps, folded and paired. */
#include "cli/compare.h"

#include <stdlib.h>
#include <string.h>

#include "cli/member.h"
#include "cli/say.h"
#include "decoder/field.h"

enum {
	CPUS_MAX = 8192,          /* NR_CPUS, at most */
	REMEMBERED_MAX = 1 << 19, /* CPUs and threads, and file descriptors: 16 MB each */
	WINDOW = 32,              /* openings of one key that are tried against each other */
	TRY_DISTANCE = 4          /* what one side kept open can be another's try, up to here */
};

/* Numbers by hashes; a hash of 64 bits is taken for what it was made of. */
struct table {
	struct slot {
		uint64_t key;
		uintptr_t value;
	} * slots;
	size_t size; /* a power of two */
	size_t used;
};

/* What is known while a dump is read. */
struct reader {
	struct side *side;
	struct table openings; /* by KEY_SAME */
	struct table times;    /* by opening, CPU and thread */
	struct table files;    /* the last opening, by process and file descriptor */
	struct table firsts;   /* by process and number of the first call */
	size_t room;
};

static struct slot *
slot_of(const struct table *table, uint64_t key)
{
	size_t at = (size_t)key & (table->size - 1);

	while (table->slots[at].key && table->slots[at].key != key)
		at = (at + 1) & (table->size - 1);
	return &table->slots[at];
}

static void
grow(struct table *table)
{
	struct table wider = {.size = table->size ? 2 * table->size : 1024, .used = table->used};

	wider.slots = calloc(wider.size, sizeof *wider.slots);
	if (!wider.slots)
		die("compare:");
	for (size_t at = 0; at < table->size; at++)
		if (table->slots[at].key)
			*slot_of(&wider, table->slots[at].key) = table->slots[at];
	free(table->slots);
	*table = wider;
}

/* The value of a key, 0 if it is new; NULL: it is new and there are `limit` others. */
static uintptr_t *
table_value(struct table *table, uint64_t key, size_t limit)
{
	struct slot *slot;

	if (2 * table->used >= table->size)
		grow(table);
	key += !key;
	slot = slot_of(table, key);
	if (!slot->key && table->used == limit)
		return NULL;
	table->used += !slot->key;
	slot->key = key;
	return &slot->value;
}

bool
opening_closed(const struct opening *opening)
{
	return opening->closed == opening->calls;
}

static void
cpus_add(struct cpus *cpus, int32_t cpu)
{
	unsigned word = (unsigned)cpu / 64;

	if (cpu < 0 || cpu >= CPUS_MAX)
		return;
	if (word >= cpus->count) {
		cpus->words = realloc(cpus->words, (word + 1) * sizeof *cpus->words);
		if (!cpus->words)
			die("compare:");
		memset(cpus->words + cpus->count, 0,
			(word + 1 - cpus->count) * sizeof *cpus->words);
		cpus->count = word + 1;
	}
	cpus->words[word] |= 1ULL << cpu % 64;
}

/* The highest word is never 0. */
bool
cpus_equal(const struct cpus *left, const struct cpus *right)
{
	return left->count == right->count
		&& (!left->count
			|| memcmp(left->words, right->words, left->count * sizeof *left->words)
				== 0);
}

static bool
cpus_single(const struct cpus *cpus)
{
	unsigned bits = 0;

	for (unsigned word = 0; word < cpus->count; word++)
		bits += (unsigned)__builtin_popcountll(cpus->words[word]);
	return bits == 1;
}

bool
cpus_comparable(const struct opening *left, const struct opening *right)
{
	if (opening_closed(left) && opening_closed(right))
		return !cpus_single(&left->cpus) || !cpus_single(&right->cpus);
	return (left->call->fd < 0) == (right->call->fd < 0);
}

static bool
cpus_hold(const struct cpus *cpus, unsigned cpu)
{
	return cpu / 64 < cpus->count && cpus->words[cpu / 64] >> cpu % 64 & 1;
}

void
cpus_text(struct buf *out, const struct cpus *cpus)
{
	bool first = true;

	for (unsigned cpu = 0; cpu < 64 * cpus->count; cpu++) {
		unsigned start = cpu;

		if (!cpus_hold(cpus, cpu))
			continue;
		while (cpus_hold(cpus, cpu + 1))
			cpu++;
		buf_text(out, first ? "" : ",");
		buf_decimal(out, start);
		if (cpu > start)
			buf_char(out, '-');
		if (cpu > start)
			buf_decimal(out, cpu);
		first = false;
	}
}

/* Which numbers a type gives to its events is for the table and the machine to say. */
static bool
type_named(const struct call *call)
{
	return name_of(GROUP_type, attr_value(call, FIELD_type)) != NULL;
}

static uint64_t
event_key(const struct opening *opening)
{
	const struct call *call = opening->call;
	uint64_t type = attr_value(call, FIELD_type);
	uint64_t key = member_key(FIELD_type, opening);

	if (type == name_value(NAME_PERF_TYPE_BREAKPOINT))
		return key_mix(key, member_key(FIELD_bp_type, opening));
	if (call->probe[0])
		return key_mix(key, key_text(call->probe));
	if (call->alias[0])
		return key_mix(key, key_text(call->alias));
	if (call->event[0])
		return key_mix(key, key_text(call->event));
	return key_mix(key, member_key(FIELD_config, opening));
}

static uint64_t
pmu_key(const struct opening *opening)
{
	uint64_t type = attr_value(opening->call, FIELD_type);

	if (type_named(opening->call) && type != name_value(NAME_PERF_TYPE_RAW))
		return 0;
	return member_key(FIELD_type, opening);
}

static void
find_keys(struct opening *opening)
{
	uint64_t *keys = opening->keys;
	bool cgroup = opening->call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP);

	keys[KEY_EVENT] = event_key(opening);
	keys[KEY_CONFIG] =
		key_mix(member_key(FIELD_type, opening), member_key(FIELD_config, opening));
	keys[KEY_PMU] = pmu_key(opening);
	keys[KEY_MEANING] = key_mix(keys[KEY_EVENT], member_key(MEMBER_GROUP, opening));
	if (cgroup)
		keys[KEY_MEANING] = key_mix(keys[KEY_MEANING], member_key(MEMBER_PID, opening));
	keys[KEY_SAME] = opening_key(opening);
}

static uint64_t
file_key(int32_t pid, int32_t fd)
{
	return key_mix((uint32_t)pid, (uint32_t)fd);
}

static uint64_t
call_key(int32_t pid, uint32_t number)
{
	return key_mix((uint32_t)pid, number);
}

static const struct opening *
find_leader(struct reader *reader, const struct call *call)
{
	int32_t pid = call->leader_pid ? call->leader_pid : call->caller_pid;
	uintptr_t *value = NULL;

	if (call->group_fd >= 0)
		value = table_value(&reader->files, file_key(pid, call->group_fd), REMEMBERED_MAX);
	return value ? (const struct opening *)*value : NULL;
}

/* A file descriptor that is given out again was closed before. */
static void
keep_file(struct reader *reader, const struct call *call, struct opening *opening)
{
	uintptr_t *value;

	if (call->fd < 0)
		return;
	value = table_value(&reader->files, file_key(call->caller_pid, call->fd), REMEMBERED_MAX);
	if (!value)
		return;
	if (*value)
		((struct opening *)*value)->closed++;
	*value = (uintptr_t)opening;
}

static struct opening *
new_opening(struct reader *reader, const struct opening *found, unsigned long line)
{
	struct side *side = reader->side;
	struct opening *opening = malloc(sizeof *opening);

	if (side->count == reader->room) {
		reader->room = reader->room ? 2 * reader->room : 64;
		side->openings = realloc(side->openings, reader->room * sizeof *side->openings);
	}
	if (!opening || !side->openings)
		die("compare:");
	*opening = *found;
	opening->call = call_copy(found->call);
	opening->line = line;
	side->openings[side->count++] = opening;
	*table_value(&reader->firsts, call_key(found->call->caller_pid, found->call->number),
		SIZE_MAX) = (uintptr_t)opening;
	return opening;
}

static void
live(struct reader *reader, const struct act *act)
{
	int32_t opener = act->event.pid ? act->event.pid : act->caller_pid;
	uintptr_t *value =
		table_value(&reader->firsts, call_key(opener, act->event.call), SIZE_MAX);
	struct opening *opening = (struct opening *)*value;

	reader->side->lived = true;
	if (!opening)
		return;
	opening->life.uncounted = true;
	life_add(&opening->life, act);
}

static uint64_t
target_key(const struct opening *opening, const struct call *call)
{
	uint64_t key = key_mix(opening->keys[KEY_SAME], (uint32_t)call->cpu);

	return key_mix(key_mix(key, (uint32_t)call->pid), (uint32_t)call->caller_tid);
}

static void
fold(struct reader *reader, struct call *call, unsigned long line)
{
	struct opening found = {.call = call, .leader = find_leader(reader, call)};
	struct opening *opening;
	uintptr_t *value, *times;

	find_keys(&found);
	value = table_value(&reader->openings, found.keys[KEY_SAME], SIZE_MAX);
	if (!*value)
		*value = (uintptr_t)new_opening(reader, &found, line);
	opening = (struct opening *)*value;
	opening->calls++;
	cpus_add(&opening->cpus, call->cpu);
	times = table_value(&reader->times, target_key(opening, call), REMEMBERED_MAX);
	if (times)
		++*times;
	if (!times || *times > opening->times)
		opening->times = times ? (uint32_t)*times : opening->times + !opening->times;
	keep_file(reader, call, opening);
}

void
side_read(struct side *side, struct input *input)
{
	struct reader reader = {.side = side};
	struct record record;

	while (input_read(input, &record)) {
		if (record.call)
			fold(&reader, record.call, input_line(input));
		else
			live(&reader, record.act);
	}
	side->calls = input_calls(input);
	free(reader.openings.slots);
	free(reader.times.slots);
	free(reader.files.slots);
	free(reader.firsts.slots);
}

void
side_free(struct side *side)
{
	for (size_t at = 0; at < side->count; at++) {
		free(side->openings[at]->call);
		free(side->openings[at]->cpus.words);
		life_end(&side->openings[at]->life);
		free(side->openings[at]);
	}
	free(side->openings);
}

/* Openings that are not yet paired, ordered by one of their keys. */
struct entry {
	uint64_t key;
	size_t at; /* in the side's openings */
};

struct run {
	struct opening **openings;
	const struct entry *entry, *end;
};

/* Openings of one key that are tried against the other side's. */
struct window {
	struct candidate {
		struct opening *opening;
		uint64_t members[MEMBERS]; /* their keys */
	} at[WINDOW];
	size_t count;
};

struct match {
	unsigned distance;
	unsigned left, right; /* in the windows */
};

struct pairing {
	struct pair *pairs;
	size_t count, room;
};

static void
add_pair(struct pairing *pairing, struct opening *left, struct opening *right, uint32_t times)
{
	if (pairing->count == pairing->room) {
		pairing->room = pairing->room ? 2 * pairing->room : 64;
		pairing->pairs = realloc(pairing->pairs, pairing->room * sizeof *pairing->pairs);
		if (!pairing->pairs)
			die("compare:");
	}
	pairing->pairs[pairing->count++] = (struct pair){{left, right}, times};
	if (left)
		left->unpaired -= times;
	if (right)
		right->unpaired -= times;
}

static int
by_key(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static size_t
order_by(const struct side *side, enum key key, struct entry **entries)
{
	size_t count = 0;

	*entries = malloc((side->count + 1) * sizeof **entries);
	if (!*entries)
		die("compare:");
	for (size_t at = 0; at < side->count; at++)
		if (side->openings[at]->unpaired && side->openings[at]->keys[key])
			(*entries)[count++] = (struct entry){side->openings[at]->keys[key], at};
	qsort(*entries, count, sizeof **entries, by_key);
	return count;
}

static int
by_distance(const void *left, const void *right)
{
	const struct match *a = left, *b = right;

	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	if (a->left != b->left)
		return a->left < b->left ? -1 : 1;
	return (a->right > b->right) - (a->right < b->right);
}

static bool
pairable(const struct opening *left, const struct opening *right, unsigned distance)
{
	return distance <= TRY_DISTANCE || opening_closed(left) == opening_closed(right)
		|| left->call->fd < 0 || right->call->fd < 0;
}

static size_t
find_matches(struct match *matches, const struct window windows[2])
{
	size_t count = 0;

	for (unsigned l = 0; l < windows[0].count; l++)
		for (unsigned r = 0; r < windows[1].count; r++) {
			const struct candidate *left = &windows[0].at[l],
					       *right = &windows[1].at[r];
			unsigned distance = members_distance(left->members, right->members);

			if (pairable(left->opening, right->opening, distance))
				matches[count++] = (struct match){distance, l, r};
		}
	qsort(matches, count, sizeof *matches, by_distance);
	return count;
}

/* Pairs the nearest first, and those in order that are equally near. */
static bool
pair_windows(struct pairing *pairing, const struct window windows[2])
{
	struct match matches[WINDOW * WINDOW];
	size_t count = find_matches(matches, windows), before = pairing->count;

	for (size_t at = 0; at < count; at++) {
		struct opening *left = windows[0].at[matches[at].left].opening;
		struct opening *right = windows[1].at[matches[at].right].opening;
		uint32_t times = left->unpaired < right->unpaired ? left->unpaired
								  : right->unpaired;

		if (times)
			add_pair(pairing, left, right, times);
	}
	return pairing->count > before;
}

static void
refill(struct window *window, struct run *run)
{
	size_t kept = 0;

	for (size_t at = 0; at < window->count; at++)
		if (window->at[at].opening->unpaired)
			window->at[kept++] = window->at[at];
	for (; kept < WINDOW && run->entry < run->end; kept++, run->entry++) {
		window->at[kept].opening = run->openings[run->entry->at];
		members_key(window->at[kept].members, window->at[kept].opening);
	}
	window->count = kept;
}

static void
pair_runs(struct pairing *pairing, struct run *left, struct run *right)
{
	struct window windows[2];

	windows[0].count = windows[1].count = 0;
	for (;;) {
		refill(&windows[0], left);
		refill(&windows[1], right);
		if (!windows[0].count || !windows[1].count)
			return;
		if (!pair_windows(pairing, windows))
			windows[0].count = windows[1].count = 0;
	}
}

/* The next entries of one key; where the other side has none, they are skipped. */
static struct run
next_run(struct run *rest)
{
	struct run run = {rest->openings, rest->entry, rest->entry};

	while (run.end < rest->end && run.end->key == run.entry->key)
		run.end++;
	rest->entry = run.end;
	return run;
}

static void
pair_by(struct pairing *pairing, struct side sides[2], enum key key)
{
	struct entry *entries[2];
	struct run rest[2];

	for (int side = 0; side < 2; side++) {
		size_t count = order_by(&sides[side], key, &entries[side]);

		rest[side] =
			(struct run){sides[side].openings, entries[side], entries[side] + count};
	}
	while (rest[0].entry < rest[0].end && rest[1].entry < rest[1].end) {
		uint64_t left_key = rest[0].entry->key, right_key = rest[1].entry->key;
		struct run left = {0}, right = {0};

		if (left_key <= right_key)
			left = next_run(&rest[0]);
		if (right_key <= left_key)
			right = next_run(&rest[1]);
		if (key == KEY_PMU && (left.end - left.entry != 1 || right.end - right.entry != 1))
			continue;
		pair_runs(pairing, &left, &right);
	}
	free(entries[0]);
	free(entries[1]);
}

/* What both have first, then the first dump's own, then the second's. */
static int
by_line(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	int a_group = a->of[0] ? !a->of[1] : 2;
	int b_group = b->of[0] ? !b->of[1] : 2;
	const struct opening *a_first = a->of[a_group == 2], *b_first = b->of[b_group == 2];

	if (a_group != b_group)
		return a_group - b_group;
	if (a_first->line != b_first->line)
		return a_first->line < b_first->line ? -1 : 1;
	return !a_group ? (a->of[1]->line > b->of[1]->line) - (a->of[1]->line < b->of[1]->line) : 0;
}

size_t
sides_pair(struct side sides[2], struct pair **pairs)
{
	struct pairing pairing = {.pairs = NULL};

	for (int side = 0; side < 2; side++)
		for (size_t at = 0; at < sides[side].count; at++)
			sides[side].openings[at]->unpaired = sides[side].openings[at]->times;
	for (int key = 0; key < KEYS; key++)
		pair_by(&pairing, sides, (enum key)key);
	for (int side = 0; side < 2; side++)
		for (size_t at = 0; at < sides[side].count; at++) {
			struct opening *opening = sides[side].openings[at];

			if (opening->unpaired)
				add_pair(&pairing, side ? NULL : opening, side ? opening : NULL,
					opening->unpaired);
		}
	if (pairing.count)
		qsort(pairing.pairs, pairing.count, sizeof *pairing.pairs, by_line);
	*pairs = pairing.pairs;
	return pairing.count;
}
