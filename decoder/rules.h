/*
 * The conditions of checks.def that take more than comparing: a function rule_name for each, and
 * what they have in common.
 */
#ifndef DECODER_RULES_H
#define DECODER_RULES_H

#include "decoder/bytes.h"
#include "decoder/explain.h"
#include "decoder/field.h"
#include "decoder/release.h"

/* One question, and what there is to answer it from. */
struct asked {
	const struct call *call;
	const struct facts *facts;
	enum check_id check;
	int32_t error;       /* what the kernel answered; 0: not known */
	uint32_t size_after; /* what it wrote into attr.size; 0: nothing, or not known */
	uint64_t wanted;
};

#define FACT(name, where)
#define RULE(name) enum truth rule_##name(struct asked *asked);
#define CHECK(id, odds, errors, releases, when, sentence, hint)
#include "tables/checks.def"
#undef CHECK
#undef RULE
#undef FACT

static inline enum truth
sure(bool condition)
{
	return condition ? YES : NO;
}

static inline enum truth
both(enum truth left, enum truth right)
{
	return left < right ? left : right;
}

static inline enum truth
either(enum truth left, enum truth right)
{
	return left > right ? left : right;
}

static inline enum truth
not(enum truth truth)
{
	return (enum truth)(YES - truth);
}

static inline bool
known(struct asked *asked, enum fact_id id, int64_t *value)
{
	*value = asked->facts->value[id];
	if (fact_known(asked->facts, id))
		return true;
	asked->wanted |= 1ULL << id;
	return false;
}

static inline enum truth
fact(struct asked *asked, enum fact_id id)
{
	int64_t value;

	return known(asked, id, &value) ? sure(value != 0) : MAYBE;
}

static inline uint64_t
value(const struct asked *asked, enum field_id id)
{
	return attr_value(asked->call, id);
}

static inline bool
has(const struct asked *asked, enum field_id id, enum name_id name)
{
	return value(asked, id) & name_value(name);
}

static inline bool
flag(const struct asked *asked, enum name_id name)
{
	return asked->call->flags & name_value(name);
}

static inline bool
type_is(const struct asked *asked, enum name_id name)
{
	return value(asked, FIELD_type) == name_value(name);
}

static inline bool
arch_x86(const struct asked *asked)
{
	unsigned arch = asked->call->arch;

	return arch == ARCH_x86_64 || arch == ARCH_i386 || arch == ARCH_x32;
}

static inline bool
arch_arm64(const struct asked *asked)
{
	return asked->call->arch == ARCH_aarch64 || asked->call->arch == ARCH_aarch64_be;
}

static inline struct release
release(struct asked *asked)
{
	struct release found = release_find(asked->call, asked->facts);

	if (!found.number)
		asked->wanted |= 1ULL << FACT_release;
	return found;
}

static inline enum truth
since(struct asked *asked, uint32_t number)
{
	return release_reached(release(asked), number, 0);
}

enum {
	CAP_SYS_ADMIN = 21,
	CAP_PERFMON = 38
};

static inline enum truth
capable(struct asked *asked, unsigned capability)
{
	int64_t mask;

	if (!known(asked, FACT_capabilities, &mask))
		return MAYBE;
	if (!((uint64_t)mask >> capability & 1))
		return NO;
	return fact(asked, FACT_initial_namespace);
}

/* perfmon_capable: CAP_PERFMON is of 5.8. */
static inline enum truth
perfmon(struct asked *asked)
{
	enum truth admin = capable(asked, CAP_SYS_ADMIN);

	if (admin == YES)
		return YES;
	return either(admin, both(capable(asked, CAP_PERFMON), since(asked, L(5, 8, 0))));
}

#endif
