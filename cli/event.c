/* A call's event as perf spells it. */
#include "cli/event.h"

#include <ctype.h>
#include <string.h>

#include "decoder/field.h"
#include "decoder/value.h"

/* Where perf has another word than the kernel's name in lower case. */
static const struct {
	enum name_id id;
	const char *text;
} nicknames[] = {
	{NAME_PERF_COUNT_HW_CPU_CYCLES, "cycles"},
	{NAME_PERF_COUNT_HW_BRANCH_INSTRUCTIONS, "branches"},
	{NAME_PERF_COUNT_HW_REF_CPU_CYCLES, "ref-cycles"},
	{NAME_PERF_COUNT_SW_PAGE_FAULTS_MIN, "minor-faults"},
	{NAME_PERF_COUNT_SW_PAGE_FAULTS_MAJ, "major-faults"},
};

/* The words of cache events: the cache, the access in the singular and the plural. */
static const char *const caches[] = {"L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch",
	"node"};
static const char *const accesses[][2] = {{"load", "loads"}, {"store", "stores"},
	{"prefetch", "prefetches"}};

static bool
is(uint64_t value, enum name_id id)
{
	return value == name_value(id);
}

/* PERF_COUNT_SW_CPU_CLOCK is cpu-clock. */
static void
spell(struct buf *out, const struct name *name)
{
	for (size_t i = 0; i < COUNT_OF(nicknames); i++) {
		if (&names[nicknames[i].id] == name) {
			buf_text(out, nicknames[i].text);
			return;
		}
	}
	for (const char *at = name->text + sizeof "PERF_COUNT_HW_" - 1; *at; at++)
		buf_char(out, *at == '_' ? '-' : (char)tolower((unsigned char)*at));
}

static void
plain_number(struct buf *out, uint64_t type, uint64_t config)
{
	BUF_LITERAL(out, "type ");
	buf_decimal(out, type);
	BUF_LITERAL(out, " config ");
	buf_hex(out, config);
}

/* perf's words, where it has them for all three parts. */
static bool
cache_name(struct buf *out, uint64_t config)
{
	uint64_t cache = config & 0xff, access = config >> 8 & 0xff, result = config >> 16;

	if (cache >= COUNT_OF(caches) || access >= COUNT_OF(accesses) || result > 1)
		return false;
	buf_text(out, caches[cache]);
	buf_char(out, '-');
	buf_text(out, accesses[access][result ? 0 : 1]);
	buf_text(out, result ? "-misses" : "");
	return true;
}

static void
generic_name(struct buf *out, const struct call *call, enum group group)
{
	uint64_t config = attr_value(call, FIELD_config);
	uint64_t type = attr_value(call, FIELD_type);
	bool extended = call_extended(call);
	const struct name *name;

	if (extended) {
		text_c(out, call->pmu[0] ? call->pmu : "?", '*');
		buf_char(out, '/');
		config &= name_value(NAME_PERF_HW_EVENT_MASK);
	}
	name = name_of(group, config);
	if (name)
		spell(out, name);
	else if (!is(type, NAME_PERF_TYPE_HW_CACHE) || !cache_name(out, config))
		plain_number(out, type, config);
	buf_text(out, extended ? "/" : "");
}

static void
tracepoint_name(struct buf *out, const struct call *call)
{
	if (call->tracepoint[0]) {
		text_c(out, call->tracepoint, 0);
		return;
	}
	BUF_LITERAL(out, "tracepoint ");
	buf_decimal(out, attr_value(call, FIELD_config));
}

/*
 * mem:ADDRESS/LENGTH:ACCESS; perf leaves out the length of 4, or of a long where code is watched.
 */
static void
breakpoint_name(struct buf *out, const struct call *call)
{
	uint64_t access = attr_value(call, FIELD_bp_type);
	uint64_t length = attr_value(call, FIELD_bp_len);
	bool code = access & name_value(NAME_HW_BREAKPOINT_X);

	BUF_LITERAL(out, "mem:");
	buf_hex(out, attr_value(call, FIELD_bp_addr));
	if (length != (code ? 8 : 4)) {
		buf_char(out, '/');
		buf_decimal(out, length);
	}
	buf_char(out, ':');
	buf_text(out, access & name_value(NAME_HW_BREAKPOINT_R) ? "r" : "");
	buf_text(out, access & name_value(NAME_HW_BREAKPOINT_W) ? "w" : "");
	buf_text(out, code ? "x" : "");
}

/* The PMUs of probes: uprobe:PATH:OFFSET, or uretprobe (config bit 0: retprobe). */
static bool
probe_name(struct buf *out, const struct call *call)
{
	if (!call->probe[0] || strlen(call->pmu) < 2)
		return false;
	buf_char(out, call->pmu[0]);
	buf_text(out, attr_value(call, FIELD_config) & 1 ? "retprobe:" : "probe:");
	text_c(out, call->probe, 0);
	if (attr_value(call, FIELD_probe_offset)) {
		buf_char(out, '+');
		buf_hex(out, attr_value(call, FIELD_probe_offset));
	}
	return true;
}

/* The further words of the event that are not zero; false: all are. */
static bool
add_words(struct buf *out, const struct call *call)
{
	static const enum field_id ids[] = {FIELD_config1, FIELD_config2, FIELD_config3,
		FIELD_config4};
	size_t before = out->length;

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		uint64_t value = attr_value(call, ids[i]);

		if (!value)
			continue;
		buf_text(out, out->length > before ? "," : "");
		buf_text(out, fields[ids[i]].name);
		buf_char(out, '=');
		buf_hex(out, value);
	}
	return out->length > before;
}

static bool
has_words(const struct call *call)
{
	char text[128];

	return add_words(&(struct buf){.text = text, .size = sizeof text}, call);
}

static void
pmu_name(struct buf *out, const struct call *call)
{
	/* An alias may fix no more than config, and would hide what the further words ask for. */
	bool alias = call->alias[0] && !(call->event[0] && has_words(call));
	uint64_t config = attr_value(call, FIELD_config);

	if (!alias && call->event[0]) {
		text_c(out, call->event, 0);
		return;
	}
	text_c(out, call->pmu, '*'); /* no comment may start or end at a slash of ours */
	buf_char(out, '/');
	if (alias) {
		text_c(out, call->alias, '*');
	} else if (config) {
		BUF_LITERAL(out, "config=");
		buf_hex(out, config);
	}
	if (has_words(call))
		buf_text(out, alias || config ? "," : "");
	add_words(out, call);
	buf_char(out, '/');
}

static void
raw_name(struct buf *out, const struct call *call)
{
	char digits[24];
	struct buf hex = {.text = digits, .size = sizeof digits};

	buf_hex(&hex, attr_value(call, FIELD_config));
	buf_char(out, 'r');
	buf_add(out, digits + 2, hex.length - 2);
	if (!has_words(call))
		return;
	buf_char(out, '/');
	add_words(out, call);
	buf_char(out, '/');
}

static void
other_name(struct buf *out, const struct call *call, uint64_t type)
{
	uint64_t config = attr_value(call, FIELD_config);

	if (probe_name(out, call))
		return;
	if (call->pmu[0]) {
		pmu_name(out, call);
	} else if (is(type, NAME_PERF_TYPE_RAW)) {
		raw_name(out, call);
	} else {
		plain_number(out, type, config);
	}
}

void
event_name(struct buf *out, const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	if (call->readable < ATTR_HEAD)
		BUF_LITERAL(out, "an attr that could not be read");
	else if (is(type, NAME_PERF_TYPE_HARDWARE))
		generic_name(out, call, GROUP_hardware);
	else if (is(type, NAME_PERF_TYPE_SOFTWARE))
		generic_name(out, call, GROUP_software);
	else if (is(type, NAME_PERF_TYPE_HW_CACHE))
		generic_name(out, call, GROUP_none);
	else if (is(type, NAME_PERF_TYPE_TRACEPOINT))
		tracepoint_name(out, call);
	else if (is(type, NAME_PERF_TYPE_BREAKPOINT))
		breakpoint_name(out, call);
	else
		other_name(out, call, type);
}

/*
 * The letters behind the event: who is counted (k, u, h), how precise (p), I, G, D and e. H is the
 * default.
 */
static void
add_modifiers(struct buf *out, const struct call *call)
{
	static const char precise[] = "ppp";

	if (attr_value(call, FIELD_exclude_kernel) || attr_value(call, FIELD_exclude_user)
		|| attr_value(call, FIELD_exclude_hv)) {
		buf_text(out, attr_value(call, FIELD_exclude_kernel) ? "" : "k");
		buf_text(out, attr_value(call, FIELD_exclude_user) ? "" : "u");
		buf_text(out, attr_value(call, FIELD_exclude_hv) ? "" : "h");
	}
	buf_add(out, precise, (size_t)attr_value(call, FIELD_precise_ip));
	buf_text(out, attr_value(call, FIELD_exclude_idle) ? "I" : "");
	buf_text(out, attr_value(call, FIELD_exclude_host) ? "G" : "");
	buf_text(out, attr_value(call, FIELD_pinned) ? "D" : "");
	buf_text(out, attr_value(call, FIELD_exclusive) ? "e" : "");
}

void
event_text(struct buf *out, const struct call *call)
{
	char text[16];
	struct buf modifiers = {.text = text, .size = sizeof text};

	event_name(out, call);
	if (call->readable < ATTR_HEAD)
		return;
	add_modifiers(&modifiers, call);
	if (!modifiers.length)
		return;
	if (out->length && out->text[out->length - 1] != '/')
		buf_char(out, ':');
	buf_add(out, text, modifiers.length);
}
