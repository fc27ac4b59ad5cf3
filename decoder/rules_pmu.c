/* What the PMU that the event is for makes of it. */
#include "decoder/rules.h"

enum pmu {
	PMU_NAMELESS, /* a type that sysfs hands out, but no name is known */
	PMU_CORE,
	PMU_SOFTWARE,
	PMU_TRACEPOINT,
	PMU_BREAKPOINT,
	PMU_KPROBE,
	PMU_UPROBE,
	PMU_MSR,
	PMU_IBS,
	PMU_INTEL_PT,
	PMU_INTEL_BTS,
	PMU_ARM_SPE,
	PMU_CORESIGHT,
	PMU_PACKAGE,    /* counts per package or die */
	PMU_AMD_UNCORE, /* the same, with another errno for sampling */
	PMU_OTHER
};

static const struct {
	char name[14];
	uint8_t pmu;
} pmu_names[] = {
	{"cpu", PMU_CORE},
	{"armv", PMU_CORE},
	{"kprobe", PMU_KPROBE},
	{"uprobe", PMU_UPROBE},
	{"msr", PMU_MSR},
	{"ibs_", PMU_IBS},
	{"intel_pt", PMU_INTEL_PT},
	{"intel_bts", PMU_INTEL_BTS},
	{"arm_spe", PMU_ARM_SPE},
	{"cs_etm", PMU_CORESIGHT},
	{"uncore_", PMU_PACKAGE},
	{"power", PMU_PACKAGE},
	{"cstate_", PMU_PACKAGE},
	{"amd_iommu", PMU_PACKAGE},
	{"dmar", PMU_PACKAGE},
	{"amd_", PMU_AMD_UNCORE},
	{"software", PMU_SOFTWARE},
	{"tracepoint", PMU_TRACEPOINT},
	{"breakpoint", PMU_BREAKPOINT},
};

static enum pmu
pmu_named(const char *name)
{
	if (!*name)
		return PMU_NAMELESS;
	for (size_t i = 0; i < COUNT_OF(pmu_names); i++)
		if (text_starts(name, pmu_names[i].name))
			return (enum pmu)pmu_names[i].pmu;
	return PMU_OTHER;
}

static enum pmu
pmu_of_type(const struct asked *asked, uint64_t type)
{
	static const uint8_t fixed[] = {PMU_CORE, PMU_SOFTWARE, PMU_TRACEPOINT, PMU_CORE, PMU_CORE,
		PMU_BREAKPOINT};

	if (type < COUNT_OF(fixed))
		return (enum pmu)fixed[type];
	return type == value(asked, FIELD_type) ? pmu_named(asked->call->pmu) : PMU_NAMELESS;
}

static enum pmu
pmu(const struct asked *asked)
{
	return pmu_of_type(asked, value(asked, FIELD_type));
}

static enum truth
dynamic(struct asked *asked)
{
	return sure(value(asked, FIELD_type) > name_value(NAME_PERF_TYPE_BREAKPOINT));
}

/* Tracepoints and breakpoints are mostly built in; software events always are. */
enum truth
rule_no_type(struct asked *asked)
{
	if (pmu(asked) == PMU_CORE || pmu(asked) == PMU_SOFTWARE || *asked->call->tracepoint)
		return NO;
	if (dynamic(asked) == NO && !fact_known(asked->facts, FACT_pmu))
		return rule_chance(asked);
	return *asked->call->pmu ? NO : not(fact(asked, FACT_pmu));
}

static bool
extended(struct asked *asked)
{
	return call_extended(asked->call);
}

enum truth
rule_no_core(struct asked *asked)
{
	if (dynamic(asked) == YES || pmu(asked) != PMU_CORE)
		return NO;
	return both(not(fact(asked, FACT_core_pmu)),
		extended(asked) ? not(since(asked, L(5, 13, 0))) : YES);
}

/* Where a core PMU is, some take a number that is no PMU's. */
enum truth
rule_extended_type(struct asked *asked)
{
	int64_t named;

	if (!extended(asked))
		return NO;
	if (!known(asked, FACT_config_pmu, &named))
		return fact(asked, FACT_core_pmu) == NO ? YES : MAYBE;
	if (named == CONFIG_PMU_NONE)
		return either(MAYBE, not(fact(asked, FACT_core_pmu)));
	return sure(named == CONFIG_PMU_OTHER);
}

/* A PMU that is still there was not on its way out. */
enum truth
rule_unloading(struct asked *asked)
{
	return both(rule_chance(asked), both(dynamic(asked), not(fact(asked, FACT_pmu))));
}

enum truth
rule_software_config(struct asked *asked)
{
	return not(release_has_value(release(asked), GROUP_software, value(asked, FIELD_config)));
}

static enum truth
pmu_is(struct asked *asked, enum pmu wanted)
{
	enum pmu found = pmu(asked);

	return found == PMU_NAMELESS ? fact(asked, FACT_pmu) == NO ? NO : MAYBE
				     : sure(found == wanted);
}

enum truth
rule_core(struct asked *asked)
{
	enum truth core = pmu_is(asked, PMU_CORE);

	if (core != NO && dynamic(asked) == NO)
		return both(core, either(MAYBE, fact(asked, FACT_core_pmu))) == NO
				|| (fact_known(asked->facts, FACT_core_pmu)
					&& !asked->facts->value[FACT_core_pmu])
			? NO
			: YES;
	return core;
}

enum truth
rule_core_x86(struct asked *asked)
{
	return arch_x86(asked) ? rule_core(asked) : NO;
}

enum truth
rule_core_arm64(struct asked *asked)
{
	return arch_arm64(asked) ? rule_core(asked) : NO;
}

static enum truth
vendor(struct asked *asked, enum cpu_vendor wanted)
{
	int64_t found;

	return known(asked, FACT_cpu_vendor, &found) ? sure(found == wanted) : MAYBE;
}

enum truth
rule_intel(struct asked *asked)
{
	return vendor(asked, VENDOR_INTEL);
}

enum truth
rule_amd(struct asked *asked)
{
	return vendor(asked, VENDOR_AMD);
}

/* Drivers that the table does not tell apart may do as the uncore ones do. */
static enum truth
stranger(struct asked *asked)
{
	enum truth other = either(pmu_is(asked, PMU_OTHER), pmu_is(asked, PMU_NAMELESS));

	return both(MAYBE, other);
}

enum truth
rule_counting_only(struct asked *asked)
{
	return either(either(rule_msr(asked), pmu_is(asked, PMU_PACKAGE)),
		either(both(MAYBE, pmu_is(asked, PMU_AMD_UNCORE)), stranger(asked)));
}

enum truth
rule_msr(struct asked *asked)
{
	return pmu_is(asked, PMU_MSR);
}

/* msr_event_init knows eight; the first, tsc, is on every cpu. */
enum truth
rule_msr_config(struct asked *asked)
{
	uint64_t config = value(asked, FIELD_config);

	return config > 7 ? YES : config ? MAYBE : NO;
}

enum truth
rule_package(struct asked *asked)
{
	enum truth other = stranger(asked);

	if (other != NO && fact(asked, FACT_pmu_cpumask) == NO)
		other = NO;
	return either(either(pmu_is(asked, PMU_PACKAGE), pmu_is(asked, PMU_AMD_UNCORE)), other);
}

enum truth
rule_driver(struct asked *asked)
{
	return both(MAYBE, either(rule_package(asked), stranger(asked)));
}

enum truth
rule_intel_pt(struct asked *asked)
{
	return both(MAYBE, pmu_is(asked, PMU_INTEL_PT));
}

enum truth
rule_intel_bts(struct asked *asked)
{
	return pmu_is(asked, PMU_INTEL_BTS);
}

enum truth
rule_exclusive_pmu(struct asked *asked)
{
	enum truth branches = both(rule_core_x86(asked),
		sure(has(asked, FIELD_sample_type, NAME_PERF_SAMPLE_BRANCH_STACK)));

	if (asked->check == CHECK_PT_BUSY)
		return both(MAYBE,
			either(branches,
				either(rule_intel_bts(asked), pmu_is(asked, PMU_INTEL_PT))));
	return both(MAYBE,
		either(either(pmu_is(asked, PMU_INTEL_PT), rule_arm_spe(asked)),
			either(pmu_is(asked, PMU_CORESIGHT), stranger(asked))));
}

enum truth
rule_arm_spe(struct asked *asked)
{
	return pmu_is(asked, PMU_ARM_SPE);
}

enum truth
rule_ibs(struct asked *asked)
{
	return pmu_is(asked, PMU_IBS);
}

enum truth
rule_kprobe(struct asked *asked)
{
	return pmu_is(asked, PMU_KPROBE);
}

enum truth
rule_uprobe(struct asked *asked)
{
	return pmu_is(asked, PMU_UPROBE);
}

enum truth
rule_not_my_cpu(struct asked *asked)
{
	return not(fact(asked, FACT_pmu_covers_cpu));
}

enum truth
rule_precise(struct asked *asked)
{
	int64_t highest;

	return known(asked, FACT_max_precise, &highest)
		? sure((int64_t)value(asked, FIELD_precise_ip) > highest)
		: MAYBE;
}

enum truth
rule_imprecise(struct asked *asked)
{
	return value(asked, FIELD_precise_ip) ? MAYBE : YES;
}

enum truth
rule_small_period(struct asked *asked)
{
	uint64_t period = value(asked, FIELD_sample_period);

	return period && period < 128 ? MAYBE : NO;
}

/* The number of the event without the PMU's that 5.13 and later take from its upper half. */
static uint64_t
generic(const struct asked *asked)
{
	return value(asked, FIELD_config) & name_value(NAME_PERF_HW_EVENT_MASK);
}

enum truth
rule_generic_config(struct asked *asked)
{
	if (!name_of(GROUP_hardware, generic(asked)))
		return YES;
	return extended(asked) ? not(since(asked, L(5, 13, 0))) : NO;
}

enum truth
rule_generic_missing(struct asked *asked)
{
	/* x86 has EINVAL for some, though not for the first two. */
	if (asked->error == errors[ERROR_EINVAL].number && (!arch_x86(asked) || generic(asked) < 2))
		return NO;
	return both(MAYBE, not(rule_generic_config(asked)));
}

enum truth
rule_cache_event(struct asked *asked)
{
	uint64_t config = generic(asked);
	bool exists = name_of(GROUP_cache_id, config & 0xff)
		&& name_of(GROUP_cache_op, config >> 8 & 0xff)
		&& name_of(GROUP_cache_result, config >> 16 & 0xff);

	if (!exists)
		return sure(asked->error != errors[ERROR_ENOENT].number);
	return MAYBE;
}

/* A generic branch-instructions, which x86 maps to BTS. */
enum truth
rule_branch_tracing(struct asked *asked)
{
	bool branches = type_is(asked, NAME_PERF_TYPE_HARDWARE)
		&& generic(asked) == name_value(NAME_PERF_COUNT_HW_BRANCH_INSTRUCTIONS);

	return branches && value(asked, FIELD_sample_period) == 1 && !value(asked, FIELD_freq)
		? MAYBE
		: NO;
}

enum truth
rule_no_branches(struct asked *asked)
{
	int64_t depth;

	if (!known(asked, FACT_pmu_branches, &depth))
		return MAYBE;
	return depth ? NO : either(MAYBE, since(asked, L(5, 8, 0)));
}

/* Everything beyond the levels and ANY. */
enum truth
rule_branch_filter(struct asked *asked)
{
	uint64_t plain = name_value(NAME_PERF_SAMPLE_BRANCH_ANY) * 2 - 1;

	return value(asked, FIELD_branch_sample_type) & ~plain ? MAYBE : NO;
}

enum truth
rule_call_stack(struct asked *asked)
{
	uint64_t kinds = name_value(NAME_PERF_SAMPLE_BRANCH_NO_FLAGS) - 1;
	uint64_t alone = name_value(NAME_PERF_SAMPLE_BRANCH_CALL_STACK) | 7;
	bool mixed = value(asked, FIELD_branch_sample_type) & kinds & ~alone;

	if (asked->error == errors[ERROR_EINVAL].number)
		return mixed ? either(MAYBE, rule_intel(asked)) : NO;
	return mixed && asked->error == 0 ? either(MAYBE, rule_intel(asked)) : MAYBE;
}

/* Event 0, with a umask from 0x80 on: slots' fractions. */
enum truth
rule_topdown(struct asked *asked)
{
	uint64_t config = value(asked, FIELD_config);

	return dynamic(asked) == YES || type_is(asked, NAME_PERF_TYPE_RAW)
		? both(MAYBE, sure(!(config & 0xff) && config & 0x8000))
		: NO;
}

static bool
raw_bits(struct asked *asked, uint64_t bits)
{
	return (type_is(asked, NAME_PERF_TYPE_RAW) || dynamic(asked) == YES)
		&& value(asked, FIELD_config) & bits;
}

enum truth
rule_any_thread(struct asked *asked)
{
	return sure(raw_bits(asked, 1ULL << 21));
}

enum truth
rule_transactions(struct asked *asked)
{
	return both(MAYBE, sure(raw_bits(asked, 3ULL << 32)));
}

enum truth
rule_uncountable(struct asked *asked)
{
	return both(MAYBE, sure(type_is(asked, NAME_PERF_TYPE_RAW) || dynamic(asked) == YES));
}

enum truth
rule_chain(struct asked *asked)
{
	return sure(raw_bits(asked, ~0ULL) && (value(asked, FIELD_config) & 0xffff) == 0x1e);
}

/* EPERM before 6.7. */
enum truth
rule_idle_error(struct asked *asked)
{
	if (asked->error == errors[ERROR_EPERM].number)
		return not(since(asked, L(6, 7, 0)));
	return asked->error ? since(asked, L(6, 7, 0)) : YES;
}

enum truth
rule_user_access(struct asked *asked)
{
	return asked->call->pid == -1 ? YES : MAYBE;
}

static uint64_t
extended_registers(const struct asked *asked)
{
	uint64_t both_masks = value(asked, FIELD_sample_regs_user)
		| value(asked, FIELD_sample_regs_intr);

	return arch_x86(asked) ? both_masks >> 32 : 0;
}

enum truth
rule_extended_regs(struct asked *asked)
{
	return sure(extended_registers(asked));
}

enum truth
rule_excludes(struct asked *asked)
{
	bool any = value(asked, FIELD_exclude_user) || value(asked, FIELD_exclude_kernel)
		|| value(asked, FIELD_exclude_hv) || value(asked, FIELD_exclude_idle)
		|| value(asked, FIELD_exclude_host) || value(asked, FIELD_exclude_guest);

	return any ? either(rule_msr(asked), either(rule_package(asked), stranger(asked))) : NO;
}

/* Up to 6.14 the EINVAL of PMU-NOEXCL came out on top, if that applied too. */
enum truth
rule_no_regs(struct asked *asked)
{
	enum truth lacks = rule_core(asked) == NO ? YES : MAYBE;

	return both(lacks,
		either(not(rule_excludes(asked)),
			release_reached(release(asked), L(6, 16, 0), L(5, 10, 0))));
}

enum truth
rule_no_aux_output(struct asked *asked)
{
	if (value(asked, FIELD_aux_pause) || value(asked, FIELD_aux_resume))
		return YES;
	return rule_core_x86(asked) == NO && stranger(asked) == NO ? YES : MAYBE;
}

enum truth
rule_no_pause(struct asked *asked)
{
	return either(not(either(either(pmu_is(asked, PMU_INTEL_PT), pmu_is(asked, PMU_CORESIGHT)),
			      stranger(asked))),
		both(MAYBE, either(pmu_is(asked, PMU_CORESIGHT), stranger(asked))));
}

enum truth
rule_no_interrupt(struct asked *asked)
{
	if (pmu(asked) == PMU_CORE)
		return both(rule_core(asked), not(fact(asked, FACT_interrupt)));
	return both(MAYBE, either(pmu_is(asked, PMU_AMD_UNCORE), stranger(asked)));
}

static bool
shares_software_context(enum pmu found)
{
	return found == PMU_SOFTWARE || found == PMU_TRACEPOINT || found == PMU_BREAKPOINT
		|| found == PMU_KPROBE || found == PMU_UPROBE || found == PMU_MSR;
}

/* A leader in software leads what its first sibling in hardware is: that one is not known here. */
enum truth
rule_mixed_hardware(struct asked *asked)
{
	enum pmu own = pmu(asked), leader;
	int64_t type;

	if (shares_software_context(own))
		return NO;
	if (!known(asked, FACT_leader_type, &type))
		return MAYBE;
	leader = pmu_of_type(asked, (uint64_t)type);
	if (own == PMU_CORE && leader == PMU_CORE)
		return both(MAYBE, sure(extended(asked)));
	if ((uint64_t)type == value(asked, FIELD_type))
		return NO;
	if (shares_software_context(leader) || own == PMU_NAMELESS || leader == PMU_NAMELESS
		|| own == PMU_OTHER)
		return MAYBE;
	return YES;
}
