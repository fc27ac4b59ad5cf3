/* Two openings side by side. */
#include "cli/member.h"

#include <string.h>

#include "cli/event.h"
#include "decoder/field.h"
#include "decoder/value.h"

enum {
	NOTE_MAX = CALL_PATH_MAX + CALL_EVENT_MAX
};

uint64_t
key_mix(uint64_t key, uint64_t value)
{
	key = (key * 0x9e3779b97f4a7c15 + 0x632be59bd9b4e019) ^ value;
	key *= 0xff51afd7ed558ccd;
	key ^= key >> 32;
	key *= 0xd6e8feb86659fd93;
	return key ^ key >> 29;
}

static uint64_t
key_bytes(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t key = 0xcbf29ce484222325;

	for (; length; length--)
		key = (key ^ *at++) * 0x100000001b3;
	return key_mix(key, 1);
}

uint64_t
key_text(const char *text)
{
	return key_bytes(text, strlen(text));
}

/* The arms of a union stand one behind the other. */
static bool
same_place(const struct field *left, const struct field *right)
{
	return left->offset == right->offset && left->bit == right->bit
		&& left->bytes == right->bytes;
}

static bool
first_arm(unsigned id)
{
	return id == 0 || id >= FIELDS || !same_place(&fields[id - 1], &fields[id]);
}

/* The arm that counts, of those at the place of a row. */
static const struct field *
arm_of(unsigned id, const struct call *call)
{
	const struct field *field = &fields[id];

	while (field + 1 < fields + FIELDS && same_place(field, field + 1)
		&& !field_chosen(field, call))
		field++;
	return field;
}

/* A name of the machine's own stands for its number. */
static uint64_t
type_key(const struct call *call, uint64_t bits)
{
	return call->pmu[0] && !name_of(GROUP_type, bits) ? key_text(call->pmu) : bits;
}

static uint64_t
config_key(const struct call *call, uint64_t bits)
{
	bool tracepoint = attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_TRACEPOINT);

	if (tracepoint && call->tracepoint[0])
		return key_text(call->tracepoint);
	if (call_extended(call) && call->pmu[0])
		return key_mix(key_text(call->pmu), bits & name_value(NAME_PERF_HW_EVENT_MASK));
	return bits;
}

static uint64_t
field_key(const struct field *field, const struct call *call)
{
	uint64_t bits = field_value(field, call);

	if (field == &fields[FIELD_type])
		return type_key(call, bits);
	if (field == &fields[FIELD_size] && call->size_after)
		return key_mix(bits, call->size_after);
	if (!bits)
		return 0;
	switch (field->kind) {
	case CONFIG:
		return config_key(call, bits);
	case STRING:
		return call->probe[0] ? key_mix(key_text(call->probe), call->probe_cut) : 1;
	case REGS:
		return key_mix(bits, call_registers(call));
	default:
		return bits;
	}
}

/* 0: all of it. */
static uint64_t
extent_key(const struct call *call)
{
	bool whole = !call->attr_addr && call->readable >= call_attr_wanted(call_attr_size(call));

	return whole ? 0 : 1 + (uint64_t)call->readable;
}

static size_t
tail_start(void)
{
	const struct field *last = &fields[FIELDS - 1];

	return (size_t)last->offset + last->bytes;
}

/* Zeros that end it are none: the kernel takes them for absent. */
static size_t
tail_end(const struct call *call)
{
	size_t end = call->readable;

	while (end > tail_start() && !call->attr[end - 1])
		end--;
	return end > tail_start() ? end : tail_start();
}

static uint64_t
tail_key(const struct call *call)
{
	size_t start = tail_start(), end = tail_end(call);

	return end > start ? key_bytes(call->attr + start, end - start) : 0;
}

/* Processes are not told apart, nor are CPUs. */
static uint64_t
pid_key(const struct call *call)
{
	if (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))
		return call->cgroup[0] ? key_text(call->cgroup) : 2;
	return call->pid > 0 ? 1 : (uint64_t)(int64_t)call->pid;
}

static uint64_t
cpu_key(const struct call *call)
{
	return call->cpu >= 0 ? 0 : (uint64_t)(int64_t)call->cpu;
}

static uint64_t
group_key(const struct opening *opening)
{
	if (opening->leader)
		return opening->leader->keys[KEY_EVENT];
	return opening->call->group_fd >= 0 ? 1 : (uint64_t)(int64_t)opening->call->group_fd;
}

static uint64_t
result_key(const struct call *call)
{
	if (call->error)
		return (uint64_t)call->error;
	return call->fd < 0 ? UINT64_MAX : 0;
}

uint64_t
member_key(unsigned id, const struct opening *opening)
{
	const struct call *call = opening->call;
	const struct field *field;
	uint64_t key;

	switch (id) {
	case MEMBER_EXTENT:
		return extent_key(call);
	case MEMBER_TAIL:
		return tail_key(call);
	case MEMBER_PID:
		return pid_key(call);
	case MEMBER_CPU:
		return cpu_key(call);
	case MEMBER_GROUP:
		return group_key(opening);
	case MEMBER_FLAGS:
		return call->flags;
	case MEMBER_RESULT:
		return result_key(call);
	}
	field = arm_of(id, call);
	key = field_key(field, call);
	return key && field != &fields[id] ? key_mix(key, (uint64_t)(field - fields)) : key;
}

void
members_key(uint64_t keys[MEMBERS], const struct opening *opening)
{
	for (unsigned id = 0; id < MEMBERS; id++)
		keys[id] = first_arm(id) ? member_key(id, opening) : 0;
}

uint64_t
opening_key(const struct opening *opening)
{
	uint64_t keys[MEMBERS], all = 0;

	members_key(keys, opening);
	for (unsigned id = 0; id < MEMBERS; id++)
		if (keys[id])
			all = key_mix(all, key_mix(id, keys[id]));
	return all;
}

static bool
cpus_differ(const struct opening *left, const struct opening *right)
{
	return left->call->cpu >= 0 && right->call->cpu >= 0 && cpus_comparable(left, right)
		&& !cpus_equal(&left->cpus, &right->cpus);
}

static bool
member_differs(unsigned id, const struct opening *left, const struct opening *right)
{
	if (left == right)
		return false;
	return member_key(id, left) != member_key(id, right)
		|| (id == MEMBER_CPU && cpus_differ(left, right));
}

void
members_walk(const struct opening *left, const struct opening *right, bool all,
	void (*visit)(void *context, const struct member *member), void *context)
{
	for (unsigned id = 0; id < MEMBERS; id++) {
		struct member member = {.id = id, .of = {left, right}};

		if (!first_arm(id))
			continue;
		member.differs = member_differs(id, left, right);
		if (!member.differs && !all)
			continue;
		for (int side = 0; side < 2 && id < FIELDS; side++)
			member.field[side] = arm_of(id, member.of[side]->call);
		visit(context, &member);
	}
}

unsigned
members_distance(const uint64_t left[MEMBERS], const uint64_t right[MEMBERS])
{
	unsigned distance = left[MEMBER_RESULT] != right[MEMBER_RESULT];

	for (unsigned id = 0; id < MEMBERS; id++)
		distance += left[id] != right[id];
	return distance;
}

static const enum argument_id argument_ids[MEMBERS] = {
	[MEMBER_PID] = ARGUMENT_pid,
	[MEMBER_CPU] = ARGUMENT_cpu,
	[MEMBER_GROUP] = ARGUMENT_group_fd,
	[MEMBER_FLAGS] = ARGUMENT_flags,
	[MEMBER_RESULT] = ARGUMENT_fd,
};

const char *
member_name(const struct member *member, int side)
{
	if (member->field[side])
		return member->field[side]->name;
	if (member->id == MEMBER_EXTENT)
		return "attr";
	return member->id == MEMBER_TAIL ? "tail" : arguments[argument_ids[member->id]].name;
}

static bool
is_word(const char *word, const char *name, size_t length)
{
	return strlen(word) == length && memcmp(word, name, length) == 0;
}

bool
member_known(const char *name, size_t length)
{
	for (size_t id = 0; id < FIELDS; id++)
		if (is_word(fields[id].name, name, length))
			return true;
	for (size_t id = 0; id < ARGUMENTS; id++)
		if (is_word(arguments[id].name, name, length))
			return true;
	return is_word("attr", name, length) || is_word("tail", name, length);
}

static struct value
value_of(const struct member *member, int side)
{
	const struct call *call = member->of[side]->call;
	const struct field *field = member->field[side];

	if (field)
		return value_of_field(field, call, field_value(field, call));
	return value_of_argument(argument_ids[member->id], call);
}

bool
member_set(const struct member *member, int side)
{
	const struct opening *opening = member->of[side];
	struct value value = value_of(member, side);

	if (member->id == MEMBER_EXTENT || member->id == MEMBER_TAIL)
		return member_key(member->id, opening) != 0;
	return member->id > FIELDS || value.bits || value_has_name(opening->call, &value);
}

bool
member_held(const struct member *member, int side)
{
	const struct call *call = member->of[side]->call;
	const struct field *field = member->field[side];

	if (!field)
		return member_set(member, side);
	return field->offset < call_attr_held(call)
		&& field_shown(field, call_attr_size(call), field_value(field, call));
}

/* What the dump has in a comment behind the value; no text if there is none. */
static void
field_note(struct buf *out, const struct call *call, const struct field *field,
	const struct value *value)
{
	const char *note = value_note(value);

	if (field == &fields[FIELD_type]) {
		buf_text(out, call_extended(call) ? "" : call->pmu);
	} else if (field == &fields[FIELD_size] && call->size_after) {
		BUF_LITERAL(out, "the kernel wrote ");
		buf_decimal(out, call->size_after);
	} else if (field->kind == CONFIG) {
		buf_text(out, call_extended(call) ? call->pmu : call->tracepoint);
		buf_text(out, call->event);
		buf_text(out, call->alias[0] ? " " : "");
		buf_text(out, call->alias);
	} else if (field->kind == STRING) {
		buf_text(out, call->probe);
		buf_text(out, call->probe_cut ? "..." : "");
	} else if (note || value->bits) {
		buf_text(out, note ? note : field->note);
	}
}

static void
group_note(struct buf *out, const struct opening *opening, const struct value *value)
{
	const char *note = value_note(value);

	if (opening->leader)
		event_name(out, opening->leader->call);
	else
		buf_text(out, note ? note : "opened by no call of this dump");
}

static void
result_note(struct buf *out, const struct call *call)
{
	const struct error *error = error_of(call->arch, call->error);

	if (!call->error)
		return;
	buf_text(out, call_stand_in(call) ? "stand-in for " : "");
	buf_text(out, error ? error->name : "errno ");
	buf_text(out, error ? ": " : "");
	buf_text(out, error ? error->text : "");
	if (!error)
		buf_signed(out, call->error);
}

static void
argument_note(struct buf *out, const struct member *member, int side, const struct value *value)
{
	const struct opening *opening = member->of[side];
	const struct call *call = opening->call;
	const char *note = value_note(value);

	if (member->id == MEMBER_GROUP) {
		group_note(out, opening, value);
	} else if (member->id == MEMBER_RESULT) {
		result_note(out, call);
	} else if (member->id == MEMBER_PID
		&& (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))) {
		BUF_LITERAL(out, "cgroup ");
		buf_text(out, call->cgroup);
	} else {
		buf_text(out, note ? note : "");
	}
}

/* Returns whether there is a note; it ends with a NUL. */
static bool
note_of(char text[NOTE_MAX], const struct member *member, int side)
{
	struct value value = value_of(member, side);
	struct buf out = {.text = text, .size = NOTE_MAX - 1};

	if (member->field[side])
		field_note(&out, member->of[side]->call, member->field[side], &value);
	else if (member->id > MEMBER_TAIL)
		argument_note(&out, member, side, &value);
	text[out.length] = '\0';
	return out.length;
}

static void
extent_text(struct buf *out, const struct call *call)
{
	if (!extent_key(call)) {
		BUF_LITERAL(out, "all of it");
		return;
	}
	buf_decimal(out, call->readable);
	BUF_LITERAL(out, " bytes that could be read");
}

/* The bytes from the end of the last row on. */
static void
tail_text(struct buf *out, const struct call *call)
{
	size_t start = tail_start(), end = tail_end(call);

	buf_text(out, end == start ? "0" : "bytes from ");
	if (end == start)
		return;
	buf_decimal(out, start);
	buf_char(out, ':');
	for (size_t at = start; at < end; at++) {
		buf_char(out, ' ');
		buf_byte(out, call->attr[at]);
	}
}

/* What is no single number; false: it is one. */
static bool
words_of(struct buf *out, const struct member *member, int side)
{
	const struct opening *opening = member->of[side];

	if (member->id == MEMBER_EXTENT)
		extent_text(out, opening->call);
	else if (member->id == MEMBER_TAIL)
		tail_text(out, opening->call);
	else if (member->id == MEMBER_CPU && opening->cpus.count)
		cpus_text(out, &opening->cpus);
	else
		return false;
	return true;
}

void
member_c(struct buf *out, const struct member *member, int side)
{
	char note[NOTE_MAX];
	struct value value;

	if (words_of(out, member, side))
		return;
	value = value_of(member, side);
	value_c(out, member->of[side]->call, &value);
	if (!note_of(note, member, side))
		return;
	BUF_LITERAL(out, " (");
	text_c(out, note, 0);
	buf_char(out, ')');
}

void
member_json(struct buf *out, const struct member *member, int side)
{
	struct value value;
	size_t start = out->length + 1;

	buf_char(out, '"');
	if (words_of(out, member, side)) {
		buf_char(out, '"');
		return;
	}
	out->length = start - 1;
	value = value_of(member, side);
	value_json(out, member->of[side]->call, &value);
}

bool
member_note_json(struct buf *out, const struct member *member, int side)
{
	char note[NOTE_MAX];

	if (!note_of(note, member, side))
		return false;
	text_json(out, note);
	return true;
}

/* The release of the headers that a size comes from. */
static uint32_t
headers_since(const struct call *call)
{
	uint32_t size = call_attr_size(call), since = 0;

	for (int row = group_starts[GROUP_size]; row < group_starts[GROUP_size + 1]; row++)
		if (names[row].value <= size || !since)
			since = names[row].since;
	return since;
}

static uint32_t
younger_than_headers(const struct member *member, uint32_t since)
{
	uint32_t left = headers_since(member->of[0]->call);
	uint32_t right = headers_since(member->of[1]->call);

	return since > (left < right ? left : right) ? since : 0;
}

static uint32_t
since_of(const struct member *member, int side, uint64_t bits)
{
	const struct field *field = member->field[side];
	struct value value;
	uint32_t since;

	if (member->id == MEMBER_EXTENT || member->id == MEMBER_TAIL || !bits)
		return 0;
	value = value_of(member, side);
	value.bits = bits;
	since = value_since(member->of[side]->call, &value);
	if (field && field->kind != SPARE && field->since > since)
		since = field->since;
	return younger_than_headers(member, since);
}

uint32_t
member_since(const struct member *member, int side)
{
	uint32_t here = since_of(member, side, value_of(member, side).bits);
	uint32_t there = since_of(member, !side, value_of(member, !side).bits);

	return here == there ? 0 : here;
}

bool
member_bits(const struct member *member, uint64_t bits[2])
{
	const struct value values[] = {value_of(member, 0), value_of(member, 1)};

	if (values[0].kind != MASK && values[0].kind != REGS)
		return false;
	if (call_registers(member->of[0]->call) != call_registers(member->of[1]->call)
		&& values[0].kind == REGS)
		return false;
	bits[0] = values[0].bits;
	bits[1] = values[1].bits;
	return bits[0] & bits[1];
}

void
member_bit_c(struct buf *out, const struct member *member, int side, uint64_t bit)
{
	struct value value = value_of(member, side);

	value.bits = bit;
	value_c(out, member->of[side]->call, &value);
}

uint32_t
member_bit_since(const struct member *member, int side, uint64_t bit)
{
	return since_of(member, side, bit);
}
