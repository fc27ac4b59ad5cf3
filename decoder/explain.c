/*
 * Why the kernel refused a call, or would: the rows of checks.def against the call and the facts.
 */
#include "decoder/explain.h"

#include "decoder/rules.h"

static enum truth
stable_update(const struct stable *row, uint32_t number)
{
	uint32_t patch = number & 0xff;

	/* A distribution's release keeps its patch to itself: 6.1.0-56. */
	if (patch > row->lacks && patch < row->has)
		return MAYBE;
	if (!patch)
		return MAYBE;
	return sure(patch >= row->has);
}

static enum truth
holds(struct asked *asked)
{
	const struct releases *releases = &checks[asked->check].releases;
	struct release found;

	if (!releases->since && !releases->until)
		return YES;
	found = release(asked);
	if (releases->until)
		return not(release_reached(found, releases->until, releases->fading));
	for (const struct stable *row = stable; row < stable + STABLE_ROWS; row++)
		if (row->check == asked->check && row->series >> 8 == found.number >> 8)
			return stable_update(row, found.number);
	return release_reached(found, releases->since, releases->maybe);
}

static enum truth
newer_than_kernel(struct asked *asked, uint64_t bits, enum group group)
{
	enum truth truth = NO;

	for (; bits; bits &= bits - 1)
		truth = either(truth, not(release_has_value(release(asked), group, bits & -bits)));
	return truth;
}

static enum truth
rule(struct asked *asked, enum rule_id id)
{
	switch (id) {
#define FACT(name, where)
#define RULE(name)                                                                                 \
	case RULE_##name:                                                                          \
		return rule_##name(asked);
#define CHECK(id, odds, errors, releases, when, sentence, hint)
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT
	case RULES:
		break;
	}
	return NO;
}

static enum truth
compare(struct asked *asked, const struct term *term, uint64_t left)
{
	uint64_t right = term->name == NAMES ? (uint64_t)term->value
					     : name_value((enum name_id)term->name);
	bool is_signed = term->of != OF_FIELD;

	switch ((enum comparison)term->comparison) {
	case IS:
		return sure(left == right);
	case IS_NOT:
		return sure(left != right);
	case ABOVE:
		return sure(is_signed ? (int64_t)left > (int64_t)right : left > right);
	case BELOW:
		return sure(is_signed ? (int64_t)left < (int64_t)right : left < right);
	case HAS:
		return sure(left & right);
	case LACKS:
		return sure(!(left & right));
	case NEWER_THAN_KERNEL:
		return newer_than_kernel(asked, left, (enum group)term->group);
	}
	return NO;
}

static int64_t
argument(const struct call *call, unsigned id)
{
	switch (id) {
	case ARGUMENT_pid:
		return call->pid;
	case ARGUMENT_cpu:
		return call->cpu;
	case ARGUMENT_group_fd:
		return call->group_fd;
	default:
		return (int64_t)call->flags;
	}
}

static enum truth
term_holds(struct asked *asked, const struct term *term)
{
	int64_t number;

	switch ((enum subject)term->of) {
	case OF_NOTHING:
		return YES;
	case OF_FIELD:
		return compare(asked, term, value(asked, (enum field_id)term->id));
	case OF_ARGUMENT:
		return compare(asked, term, (uint64_t)argument(asked->call, term->id));
	case OF_FACT:
		if (!known(asked, (enum fact_id)term->id, &number))
			return MAYBE;
		return compare(asked, term, (uint64_t)number);
	case OF_RULE:
		return rule(asked, (enum rule_id)term->id);
	}
	return NO;
}

/* Facts that were missing count only where they could have changed the answer. */
static enum truth
fires(struct asked *asked, enum check_id id)
{
	uint64_t wanted = asked->wanted;
	enum truth truth = YES;

	asked->check = id;
	for (const struct term *term = checks[id].when; term < checks[id].when + TERMS; term++) {
		truth = both(truth, term_holds(asked, term));
		if (truth == NO)
			break;
	}
	if (truth != NO)
		truth = both(truth, holds(asked));
	if (truth != MAYBE)
		asked->wanted = wanted;
	return truth;
}

enum truth
check_fires(enum check_id id, const struct call *call, const struct facts *facts, uint64_t *wanted)
{
	struct asked asked = {.call = call, .facts = facts};
	enum truth truth = fires(&asked, id);

	if (wanted)
		*wanted |= asked.wanted;
	return truth;
}

enum truth
check_holds(enum check_id id, const struct call *call, const struct facts *facts)
{
	struct asked asked = {.call = call, .facts = facts, .check = id};

	return holds(&asked);
}

/* Where errno.def does not number the architecture's errors, only small numbers tell. */
static bool
answers_error(const struct asked *asked, enum check_id id)
{
	unsigned highest = arches[asked->call->arch].errors;

	for (unsigned i = 0; i < ANSWERS_MAX; i++) {
		unsigned answer = checks[id].errors[i];

		if (answer == ANSWER_ANY)
			return true;
		if (answer == ANSWER_NONE)
			return false;
		if (asked->error == ERRNO_ENOTSUPP || answer == ANSWER_ENOTSUPP) {
			if (asked->error == ERRNO_ENOTSUPP && answer == ANSWER_ENOTSUPP)
				return true;
		} else if (errors[answer].number > highest) {
			if (asked->error > (int32_t)highest)
				return true;
		} else if (errors[answer].number == asked->error) {
			return true;
		}
	}
	return false;
}

struct found {
	uint8_t count;
	uint8_t weights[ANSWER_CHECKS];
	uint16_t all;
	bool closed; /* a check was met that certainly fires */
	enum truth first;
	enum check_id closing;
};

/* Likeliest first, and in the kernel's order among equals. */
static void
add(struct answer *answer, struct found *found, enum check_id id, enum truth truth)
{
	uint8_t weight = (uint8_t)(truth * 8 + checks[id].odds);
	unsigned at = found->count;

	found->all++;
	while (at && found->weights[at - 1] < weight)
		at--;
	if (at == ANSWER_CHECKS)
		return;
	if (found->count < ANSWER_CHECKS)
		found->count++;
	for (unsigned i = found->count - 1u; i > at; i--) {
		found->weights[i] = found->weights[i - 1];
		answer->checks[i] = answer->checks[i - 1];
	}
	found->weights[at] = weight;
	answer->checks[at] = (uint8_t)id;
}

/*
 * The rows that may have answered: those with the error, up to the first that certainly fires.
 * `through`: as if none did, for a call that the table has no explanation for.
 */
static struct found
walk(struct answer *answer, struct asked *asked, bool through)
{
	struct found found = {.first = NO};

	for (enum check_id id = 0; id < CHECKS; id++) {
		enum truth truth;

		if (asked->error && through && !answers_error(asked, id))
			continue;
		truth = fires(asked, id);
		if (truth == NO)
			continue;
		if (!asked->error || answers_error(asked, id))
			add(answer, &found, id, truth);
		if (truth == YES && !through) {
			found.closed = true;
			found.closing = id;
			break;
		}
	}
	return found;
}

static uint8_t
next_after(struct asked *asked, enum check_id id)
{
	asked->error = 0;
	asked->size_after = 0;
	for (id++; id < CHECKS; id++)
		if (fires(asked, id) == YES)
			return (uint8_t)id;
	return CHECKS;
}

/* By elimination alone only on kernels that the tables cover. */
static bool
certain(struct asked *asked, const struct answer *answer, const struct found *found)
{
	struct release release;

	if (found->all != 1)
		return false;
	if (found->closed && found->closing == answer->checks[0])
		return true;
	release = release_find(asked->call, asked->facts);
	return asked->error && !release.vague && release.number <= KERNELS_KNOWN;
}

void
explain(struct answer *answer, const struct call *call, const struct facts *facts)
{
	struct asked asked = {.call = call, .facts = facts, .error = call->error};
	struct found found;
	bool through = false;

	asked.size_after = call->error ? call->size_after : 0;
	found = walk(answer, &asked, false);
	if (!found.count && call->error) {
		asked.wanted = 0;
		through = true;
		found = walk(answer, &asked, true);
	}
	answer->count = found.count;
	answer->more = (uint8_t)(found.all - found.count);
	answer->wanted = asked.wanted;
	answer->next = CHECKS;
	if (!found.count)
		answer->kind = call->error ? ANSWER_UNKNOWN : ANSWER_ACCEPTED;
	else if (!through && certain(&asked, answer, &found))
		answer->kind = ANSWER_CERTAIN;
	else
		answer->kind = found.all <= ANSWER_SHORT ? ANSWER_LIST : ANSWER_UNKNOWN;
	if (answer->kind == ANSWER_CERTAIN) {
		answer->wanted = 0;
		answer->next = next_after(&asked, (enum check_id)answer->checks[0]);
	}
}

static const char *
text_at(uint16_t offset)
{
	return (const char *)&check_texts + offset;
}

void
check_name(struct buf *out, enum check_id id)
{
	for (const char *name = text_at(checks[id].name); *name; name++)
		buf_char(out, *name == '_' ? '-' : *name);
}

enum check_id
check_find(const char *name, size_t length)
{
	char text[32];

	for (enum check_id id = 0; id < CHECKS; id++) {
		struct buf out = {.text = text, .size = sizeof text};

		check_name(&out, id);
		if (out.length == length && bytes_equal(text, name, length))
			return id;
	}
	return CHECKS;
}

void
check_sentence(struct buf *out, enum check_id id)
{
	buf_text(out, text_at(checks[id].sentence));
}

void
check_hint(struct buf *out, enum check_id id)
{
	buf_text(out, text_at(checks[id].hint));
}

int32_t
check_error(enum check_id id)
{
	unsigned answer = checks[id].errors[0];

	if (answer == ANSWER_ENOTSUPP)
		return ERRNO_ENOTSUPP;
	return answer < ERRORS ? errors[answer].number : 0;
}
