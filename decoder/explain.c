/*
 * Why the kernel refused a call, or would: the rows of checks.def against the call and the facts.
 */
#include "decoder/explain.h"

#include "decoder/bytes.h"
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

static enum truth
sure(bool condition)
{
	return condition ? YES : NO;
}

static enum truth
both(enum truth left, enum truth right)
{
	return left < right ? left : right;
}

static enum truth
either(enum truth left, enum truth right)
{
	return left > right ? left : right;
}

static enum truth not(enum truth truth) {
	return (enum truth)(YES - truth);
}

/* What is known */

static bool
starts(const char *text, const char *start)
{
	for (; *start; text++, start++)
		if (*text != *start)
			return false;
	return true;
}

static bool
known(struct asked *asked, enum fact_id id, int64_t *value)
{
	*value = asked->facts->value[id];
	if (fact_known(asked->facts, id))
		return true;
	asked->wanted |= 1ULL << id;
	return false;
}

static enum truth
fact(struct asked *asked, enum fact_id id)
{
	int64_t value;

	return known(asked, id, &value) ? sure(value != 0) : MAYBE;
}

static uint64_t
value(const struct asked *asked, enum field_id id)
{
	return attr_value(asked->call, id);
}

static bool
has(const struct asked *asked, enum field_id id, enum name_id name)
{
	return value(asked, id) & name_value(name);
}

static bool
flag(const struct asked *asked, enum name_id name)
{
	return asked->call->flags & name_value(name);
}

static bool
type_is(const struct asked *asked, enum name_id name)
{
	return value(asked, FIELD_type) == name_value(name);
}

static bool
arch_x86(const struct asked *asked)
{
	unsigned arch = asked->call->arch;

	return arch == ARCH_x86_64 || arch == ARCH_i386 || arch == ARCH_x32;
}

static bool
arch_arm64(const struct asked *asked)
{
	return asked->call->arch == ARCH_aarch64 || asked->call->arch == ARCH_aarch64_be;
}

/* Releases */

static struct release
release(struct asked *asked)
{
	struct release found = release_find(asked->call, asked->facts);

	if (!found.number)
		asked->wanted |= 1ULL << FACT_release;
	return found;
}

static enum truth
since(struct asked *asked, uint32_t number)
{
	return release_reached(release(asked), number, 0);
}

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

/* Capabilities and sysctls */

enum {
	CAP_SYS_ADMIN = 21,
	CAP_PERFMON = 38
};

static enum truth
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
static enum truth
perfmon(struct asked *asked)
{
	enum truth admin = capable(asked, CAP_SYS_ADMIN);

	if (admin == YES)
		return YES;
	return either(admin, both(capable(asked, CAP_PERFMON), since(asked, L(5, 8, 0))));
}

static enum truth
paranoid_above(struct asked *asked, int64_t level)
{
	int64_t paranoid;

	return known(asked, FACT_paranoid, &paranoid) ? sure(paranoid > level) : MAYBE;
}

static enum truth
forbidden_above(struct asked *asked, int64_t level)
{
	enum truth paranoid = paranoid_above(asked, level);

	return paranoid == NO ? NO : both(paranoid, not(perfmon(asked)));
}

/* Whether an open that cannot succeed came past the checks it was to test. */
static enum truth
answered(struct asked *asked, enum fact_id id)
{
	int64_t answer;

	if (!known(asked, id, &answer))
		return MAYBE;
	return sure(answer == errors[ERROR_EBADF].number || answer == errors[ERROR_EMFILE].number);
}

static enum truth
rule_no_perfmon(struct asked *asked)
{
	return not(perfmon(asked));
}

static enum truth
rule_no_sys_admin(struct asked *asked)
{
	return not(capable(asked, CAP_SYS_ADMIN));
}

static enum truth
rule_kernel_forbidden(struct asked *asked)
{
	return answered(asked, FACT_kernel_answer) == YES ? NO : forbidden_above(asked, 1);
}

static enum truth
rule_cpu_forbidden(struct asked *asked)
{
	return forbidden_above(asked, 0);
}

static enum truth
rule_tracepoint_forbidden(struct asked *asked)
{
	return forbidden_above(asked, -1);
}

/* Uprobes took CAP_PERFMON from 5.8 to 6.15, less what stable updates took back. */
static enum truth
rule_no_uprobe_right(struct asked *asked)
{
	enum truth admin = capable(asked, CAP_SYS_ADMIN);

	if (admin != NO || capable(asked, CAP_PERFMON) == NO)
		return not(admin);
	return either(not(since(asked, L(5, 8, 0))),
		either(since(asked, L(6, 16, 0)), both(MAYBE, since(asked, L(5, 8, 0)))));
}

/*
 * What a filter answers is known by a call that no kernel accepts: it gives EFAULT, unless a filter
 * (or Ubuntu's patch, EACCES) is faster.
 */
static enum truth
rule_seccomp(struct asked *asked)
{
	int64_t mode, answer;
	int32_t error = asked->error;

	if (known(asked, FACT_seccomp, &mode) && !mode)
		return NO;
	if (asked->size_after)
		return NO;
	if (known(asked, FACT_null_answer, &answer)) {
		if (error && answer != error)
			return NO;
		if (answer == errors[ERROR_EPERM].number)
			return YES;
		if (answer == errors[ERROR_EFAULT].number)
			return error ? MAYBE : NO;
		return MAYBE;
	}
	/* Profiles answer these two; a filter that is known to be there may answer anything. */
	return error == errors[ERROR_EPERM].number || error == errors[ERROR_ENOSYS].number || !error
			|| mode == 2
		? MAYBE
		: NO;
}

static enum truth
rule_no_perf(struct asked *asked)
{
	int64_t answer;

	if (asked->facts->known >> FACT_null_answer & 1) {
		known(asked, FACT_null_answer, &answer);
		if (answer != errors[ERROR_ENOSYS].number)
			return NO;
	}
	return not(fact(asked, FACT_has_perf));
}

static enum truth
distribution(struct asked *asked, enum distribution wanted)
{
	int64_t found;

	return known(asked, FACT_distribution, &found) ? sure(found == wanted) : MAYBE;
}

/* Level 4 from 5.8 on, 3 from 4.15 to 5.4; newer builds let CAP_PERFMON through. */
static enum truth
rule_ubuntu(struct asked *asked)
{
	enum truth level = either(paranoid_above(asked, 3),
		both(paranoid_above(asked, 2), not(since(asked, L(5, 8, 0)))));
	enum truth right =
		either(capable(asked, CAP_SYS_ADMIN), both(MAYBE, capable(asked, CAP_PERFMON)));
	int64_t answer;

	if (asked->size_after)
		return NO;
	if (known(asked, FACT_null_answer, &answer) && answer != errors[ERROR_EACCES].number)
		return NO;
	return both(both(level, distribution(asked, DISTRIBUTION_UBUNTU)), not(right));
}

static enum truth
level_three(struct asked *asked, enum distribution wanted)
{
	if (asked->size_after || answered(asked, FACT_group_answer) == YES
		|| answered(asked, FACT_kernel_answer) == YES)
		return NO;
	return both(both(paranoid_above(asked, 2), distribution(asked, wanted)),
		not(capable(asked, CAP_SYS_ADMIN)));
}

static enum truth
rule_debian(struct asked *asked)
{
	return level_three(asked, DISTRIBUTION_DEBIAN);
}

static enum truth
rule_android(struct asked *asked)
{
	return level_three(asked, DISTRIBUTION_ANDROID);
}

/* A module's mind cannot be read: only that it did not refuse. */
static enum truth
rule_lsm(struct asked *asked)
{
	if (answered(asked, FACT_group_answer) == YES || answered(asked, FACT_kernel_answer) == YES)
		return NO;
	return both(MAYBE, fact(asked, FACT_lsm));
}

static enum truth
rule_lsm_kernel(struct asked *asked)
{
	if (answered(asked, FACT_kernel_answer) == YES)
		return NO;
	return both(MAYBE, fact(asked, FACT_lsm));
}

/* perf_copy_attr: without a privilege bit the event's own levels count. */
static enum truth
rule_levels(struct asked *asked)
{
	uint64_t kernel = name_value(NAME_PERF_SAMPLE_BRANCH_KERNEL);
	uint64_t hypervisor = name_value(NAME_PERF_SAMPLE_BRANCH_HV);
	uint64_t user = name_value(NAME_PERF_SAMPLE_BRANCH_USER);
	uint64_t asks = value(asked, FIELD_branch_sample_type);

	if (asks & (user | kernel | hypervisor))
		return sure(asks & (kernel | hypervisor));
	return sure(!value(asked, FIELD_exclude_kernel) || !value(asked, FIELD_exclude_hv));
}

/* The task and the cpu */

static enum truth
rule_task(struct asked *asked)
{
	return sure(asked->call->pid != -1 && !flag(asked, NAME_PERF_FLAG_PID_CGROUP));
}

static enum truth
rule_no_task(struct asked *asked)
{
	return not(rule_task(asked));
}

static enum truth
rule_task_or_cgroup(struct asked *asked)
{
	return sure(asked->call->pid != -1);
}

static enum truth
rule_one_cpu(struct asked *asked)
{
	return sure(asked->call->cpu >= 0);
}

/* Threads of one process may always observe each other. sigtrap needs the right to attach. */
static enum truth
rule_unobservable(struct asked *asked)
{
	const struct call *call = asked->call;
	enum truth denied;

	if (rule_task(asked) == NO || call->pid <= 0 || call->pid == call->caller_pid
		|| call->pid == call->caller_tid)
		return NO;
	denied = not(fact(asked, FACT_target_observable));
	if (value(asked, FIELD_sigtrap))
		denied = either(denied, MAYBE);
	/* CAP_PERFMON counts here from 5.10 on, and sigtrap needs CAP_KILL as well. */
	if (value(asked, FIELD_sigtrap))
		return both(denied, not(both(perfmon(asked), capable(asked, 5))));
	return both(denied,
		not(either(capable(asked, CAP_SYS_ADMIN),
			both(capable(asked, CAP_PERFMON), since(asked, L(5, 10, 0))))));
}

static enum truth
rule_no_thread(struct asked *asked)
{
	if (rule_task(asked) == NO || !asked->call->pid)
		return NO;
	if (asked->call->pid < -1)
		return YES;
	return asked->call->pid == asked->call->caller_tid ? NO
							   : not(fact(asked, FACT_target_exists));
}

static enum truth
rule_cpu(struct asked *asked)
{
	const struct call *call = asked->call;
	int64_t cpus;

	if (call->cpu == -1)
		return rule_no_task(asked);
	if (call->cpu <= 0)
		return sure(call->cpu < 0);
	return known(asked, FACT_cpus, &cpus)
		? sure(call->cpu >= cpus)
		: both(MAYBE,
			not(both(fact(asked, FACT_cpu_online),
				sure(fact_known(asked->facts, FACT_cpu_online)))));
}

static enum truth
rule_cgroup_arguments(struct asked *asked)
{
	return sure(asked->call->pid == -1 || asked->call->cpu == -1);
}

static enum truth
rule_cgroup_fd(struct asked *asked)
{
	if (fact_known(asked->facts, FACT_cgroup_perf) && !asked->facts->value[FACT_cgroup_perf])
		return NO;
	return asked->call->pid < 0 ? YES : not(fact(asked, FACT_cgroup_fd));
}

/* The attr as perf_copy_attr sees it */

static enum truth
rule_unreadable(struct asked *asked)
{
	const struct call *call = asked->call;
	uint32_t size = call_attr_size(call);

	if (asked->size_after)
		return NO;
	if (call->readable < ATTR_HEAD)
		return YES;
	if (size && size < VER0)
		return NO;
	if (call->readable < call_attr_wanted(size) && size <= CALL_ATTR_MAX)
		return YES;
	return size > CALL_ATTR_MAX && !arch_x86(asked) ? MAYBE : NO;
}

static enum truth
rule_size(struct asked *asked)
{
	uint32_t size = call_attr_size(asked->call);
	int64_t page = 4096;

	if (size && size < VER0)
		return YES;
	if (size <= page)
		return NO;
	if (arch_x86(asked) || known(asked, FACT_page_size, &page))
		return sure(size > page);
	return size > 65536 ? YES : MAYBE;
}

static uint32_t
end_of_attr(const struct call *call)
{
	uint32_t end = call->readable;
	uint32_t size = call_attr_size(call);

	if (end > size)
		end = size;
	while (end > VER0 && !call->attr[end - 1])
		end--;
	return end;
}

static enum truth
rule_tail(struct asked *asked)
{
	uint32_t end = end_of_attr(asked->call);
	struct release found;
	int64_t size;

	if (end <= VER0)
		return NO;
	if (asked->size_after)
		return sure(end > asked->size_after);
	if (known(asked, FACT_attr_size, &size))
		return sure(end > size);
	/* The kernel would have written its size. */
	if (asked->error == errors[ERROR_E2BIG].number)
		return NO;
	found = release(asked);
	for (int row = group_starts[GROUP_size]; row < group_starts[GROUP_size + 1]; row++)
		if (names[row].value >= end)
			return not(release_reached(found, names[row].since, 0));
	return found.number > KERNELS_KNOWN ? MAYBE : YES;
}

/* Flags live in words that every kernel has: a newer one is a reserved bit to an older one. */
static enum truth
rule_reserved(struct asked *asked)
{
	struct release found = release(asked);
	enum truth truth = NO;

	for (enum field_id id = 0; id < FIELDS; id++) {
		const struct field *field = &fields[id];
		enum truth taken;

		if (field->width == 8 * field->bytes && id != FIELD___reserved_2)
			continue;
		if (!value(asked, id))
			continue;
		if (field->kind == SPARE || id == FIELD___reserved_2)
			taken = found.number > KERNELS_KNOWN ? MAYBE : NO;
		else
			taken = release_has_field(found, id);
		/* The words were checked from these releases on. */
		if (id == FIELD___reserved_2)
			taken = either(taken, not(since(asked, L(5, 4, 0))));
		truth = either(truth, not(taken));
	}
	return truth;
}

/* The registers that the architecture's header names. */
static uint64_t
named_registers(const struct call *call)
{
	enum group group = call_registers(call);
	uint64_t mask = 0;

	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
		if (names[row].value < 64)
			mask |= 1ULL << names[row].value;
	return mask;
}

/* perf_reg_validate. x86-64 has no ds es fs gs (12 to 15), x86-32 no r8 to r15 (16 to 23). */
static enum truth
registers(struct asked *asked, uint64_t mask)
{
	uint64_t extended = mask >> 32;

	if (!mask)
		return YES;
	if (arch_x86(asked)) {
		if (mask & 0xff000000)
			return YES;
		if (extended && since(asked, L(5, 2, 0)) != YES)
			return not(since(asked, L(5, 2, 0)));
		/* A 64-bit kernel may serve a 32-bit program: its own rules count. */
		if (asked->call->arch == ARCH_i386)
			return mask & 0xfff000 ? MAYBE : NO;
		return sure(mask & 0xf000);
	}
	if (arch_arm64(asked)) {
		if (mask >> 33 & ~(1ULL << 13))
			return YES;
		return mask >> 46 & 1 ? MAYBE : NO;
	}
	return mask & ~named_registers(asked->call) ? MAYBE : NO;
}

static enum truth
rule_regs_user(struct asked *asked)
{
	return registers(asked, value(asked, FIELD_sample_regs_user));
}

static enum truth
rule_regs_intr(struct asked *asked)
{
	return registers(asked, value(asked, FIELD_sample_regs_intr));
}

static enum truth
rule_no_user_stack(struct asked *asked)
{
	return sure(call_registers(asked->call) == GROUP_none);
}

static enum truth
rule_sampling(struct asked *asked)
{
	return sure(value(asked, FIELD_sample_period));
}

static enum truth
rule_frequency(struct asked *asked)
{
	uint64_t frequency = value(asked, FIELD_sample_freq);
	int64_t highest;

	if (!frequency)
		return NO;
	return known(asked, FACT_max_sample_rate, &highest) ? sure(frequency > (uint64_t)highest)
							    : MAYBE;
}

/* Before 6.12 not at all, before 4.13 it was PERF_FORMAT_GROUP that did not go. */
static enum truth
rule_inherited_read(struct asked *asked)
{
	enum truth read = sure(has(asked, FIELD_sample_type, NAME_PERF_SAMPLE_READ));
	enum truth tid = sure(has(asked, FIELD_sample_type, NAME_PERF_SAMPLE_TID));
	enum truth group = sure(has(asked, FIELD_read_format, NAME_PERF_FORMAT_GROUP));

	if (read == NO && group == NO)
		return NO;
	return either(both(group, not(since(asked, L(4, 13, 0)))),
		both(both(read, since(asked, L(4, 13, 0))),
			not(both(tid, since(asked, L(6, 12, 0))))));
}

static enum truth
rule_max_stack(struct asked *asked)
{
	uint64_t frames = value(asked, FIELD_sample_max_stack);
	int64_t highest;

	if (!frames)
		return NO;
	return known(asked, FACT_max_stack, &highest) ? sure(frames > (uint64_t)highest) : MAYBE;
}

static enum truth
rule_clock(struct asked *asked)
{
	return sure(!name_of(GROUP_clockid, value(asked, FIELD_clockid)));
}

static enum truth
rule_slow_clock(struct asked *asked)
{
	uint64_t clock = value(asked, FIELD_clockid);

	return sure(clock == name_value(NAME_CLOCK_REALTIME)
		|| clock == name_value(NAME_CLOCK_BOOTTIME) || clock == name_value(NAME_CLOCK_TAI));
}

static enum truth
rule_pinned(struct asked *asked)
{
	return sure(value(asked, FIELD_pinned) || value(asked, FIELD_exclusive));
}

/* What nobody can foresee, but an errno can tell. */
static enum truth
rule_chance(struct asked *asked)
{
	return asked->error ? MAYBE : NO;
}

static enum truth
rule_maybe(struct asked *asked __attribute__((unused)))
{
	return MAYBE;
}

static enum truth
rule_never(struct asked *asked __attribute__((unused)))
{
	return NO;
}

/* The PMU, by its type or its name */

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
		if (starts(name, pmu_names[i].name))
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
pmu_is(struct asked *asked, enum pmu wanted)
{
	enum pmu found = pmu(asked);

	return found == PMU_NAMELESS ? fact(asked, FACT_pmu) == NO ? NO : MAYBE
				     : sure(found == wanted);
}

static enum truth
rule_dynamic(struct asked *asked)
{
	return sure(value(asked, FIELD_type) > name_value(NAME_PERF_TYPE_BREAKPOINT));
}

/* A PMU that is still there was not on its way out. */
static enum truth
rule_unloading(struct asked *asked)
{
	return both(rule_chance(asked), both(rule_dynamic(asked), not(fact(asked, FACT_pmu))));
}

static enum truth
rule_no_type(struct asked *asked)
{
	if (pmu(asked) == PMU_CORE)
		return NO;
	if (rule_dynamic(asked) == NO && !fact_known(asked->facts, FACT_pmu))
		return NO;
	return *asked->call->pmu ? NO : not(fact(asked, FACT_pmu));
}

static bool
extended(struct asked *asked)
{
	return call_extended(asked->call);
}

static enum truth
rule_no_core(struct asked *asked)
{
	if (rule_dynamic(asked) == YES || pmu(asked) != PMU_CORE)
		return NO;
	return both(not(fact(asked, FACT_core_pmu)),
		extended(asked) ? not(since(asked, L(5, 13, 0))) : YES);
}

/* Where a core PMU is, some take a number that is no PMU's. */
static enum truth
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

static enum truth
rule_core(struct asked *asked)
{
	enum truth core = pmu_is(asked, PMU_CORE);

	if (core != NO && rule_dynamic(asked) == NO)
		return both(core, either(MAYBE, fact(asked, FACT_core_pmu))) == NO
				|| (fact_known(asked->facts, FACT_core_pmu)
					&& !asked->facts->value[FACT_core_pmu])
			? NO
			: YES;
	return core;
}

static enum truth
rule_core_x86(struct asked *asked)
{
	return arch_x86(asked) ? rule_core(asked) : NO;
}

static enum truth
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

static enum truth
rule_intel(struct asked *asked)
{
	return vendor(asked, VENDOR_INTEL);
}

static enum truth
rule_amd(struct asked *asked)
{
	return vendor(asked, VENDOR_AMD);
}

static enum truth
rule_arm64(struct asked *asked)
{
	return sure(arch_arm64(asked));
}

/* Drivers that the table does not tell apart may do as the uncore ones do. */
static enum truth
stranger(struct asked *asked)
{
	enum truth other = either(pmu_is(asked, PMU_OTHER), pmu_is(asked, PMU_NAMELESS));

	return both(MAYBE, other);
}

static enum truth
rule_msr(struct asked *asked)
{
	return pmu_is(asked, PMU_MSR);
}

static enum truth
rule_package(struct asked *asked)
{
	enum truth other = stranger(asked);

	if (other != NO && fact(asked, FACT_pmu_cpumask) == NO)
		other = NO;
	return either(either(pmu_is(asked, PMU_PACKAGE), pmu_is(asked, PMU_AMD_UNCORE)), other);
}

static enum truth
rule_counting_only(struct asked *asked)
{
	return either(either(rule_msr(asked), pmu_is(asked, PMU_PACKAGE)),
		either(both(MAYBE, pmu_is(asked, PMU_AMD_UNCORE)), stranger(asked)));
}

static enum truth
rule_driver(struct asked *asked)
{
	return both(MAYBE, either(rule_package(asked), stranger(asked)));
}

/* msr_event_init knows eight; the first, tsc, is on every cpu. */
static enum truth
rule_msr_config(struct asked *asked)
{
	uint64_t config = value(asked, FIELD_config);

	return config > 7 ? YES : config ? MAYBE : NO;
}

static enum truth
rule_intel_pt(struct asked *asked)
{
	return both(MAYBE, pmu_is(asked, PMU_INTEL_PT));
}

static enum truth
rule_intel_bts(struct asked *asked)
{
	return pmu_is(asked, PMU_INTEL_BTS);
}

static enum truth
rule_arm_spe(struct asked *asked)
{
	return pmu_is(asked, PMU_ARM_SPE);
}

static enum truth
rule_ibs(struct asked *asked)
{
	return pmu_is(asked, PMU_IBS);
}

static enum truth
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

static enum truth
rule_kprobe(struct asked *asked)
{
	return pmu_is(asked, PMU_KPROBE);
}

static enum truth
rule_uprobe(struct asked *asked)
{
	return pmu_is(asked, PMU_UPROBE);
}

/* "cpu" serves every cpu. */
static enum truth
rule_not_my_cpu(struct asked *asked)
{
	if (arch_x86(asked) && rule_core(asked) == YES && rule_dynamic(asked) == NO
		&& !extended(asked) && !fact_known(asked->facts, FACT_pmu_covers_cpu))
		return NO;
	return not(fact(asked, FACT_pmu_covers_cpu));
}

static enum truth
rule_precise(struct asked *asked)
{
	int64_t highest;

	return known(asked, FACT_max_precise, &highest)
		? sure((int64_t)value(asked, FIELD_precise_ip) > highest)
		: MAYBE;
}

static enum truth
rule_imprecise(struct asked *asked)
{
	return value(asked, FIELD_precise_ip) ? MAYBE : YES;
}

static enum truth
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

static enum truth
rule_generic_config(struct asked *asked)
{
	if (!name_of(GROUP_hardware, generic(asked)))
		return YES;
	return extended(asked) ? not(since(asked, L(5, 13, 0))) : NO;
}

static enum truth
rule_generic_missing(struct asked *asked)
{
	/* x86 has EINVAL for some, though not for the first two. */
	if (asked->error == errors[ERROR_EINVAL].number && (!arch_x86(asked) || generic(asked) < 2))
		return NO;
	return both(MAYBE, not(rule_generic_config(asked)));
}

static enum truth
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
static enum truth
rule_branch_tracing(struct asked *asked)
{
	bool branches = type_is(asked, NAME_PERF_TYPE_HARDWARE)
		&& generic(asked) == name_value(NAME_PERF_COUNT_HW_BRANCH_INSTRUCTIONS);

	return branches && value(asked, FIELD_sample_period) == 1 && !value(asked, FIELD_freq)
		? MAYBE
		: NO;
}

static enum truth
rule_no_branches(struct asked *asked)
{
	int64_t depth;

	if (!known(asked, FACT_pmu_branches, &depth))
		return MAYBE;
	return depth ? NO : either(MAYBE, since(asked, L(5, 8, 0)));
}

/* Everything beyond the levels and ANY. */
static enum truth
rule_branch_filter(struct asked *asked)
{
	uint64_t plain = name_value(NAME_PERF_SAMPLE_BRANCH_ANY) * 2 - 1;

	return value(asked, FIELD_branch_sample_type) & ~plain ? MAYBE : NO;
}

static enum truth
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
static enum truth
rule_topdown(struct asked *asked)
{
	uint64_t config = value(asked, FIELD_config);

	return rule_dynamic(asked) == YES || type_is(asked, NAME_PERF_TYPE_RAW)
		? both(MAYBE, sure(!(config & 0xff) && config & 0x8000))
		: NO;
}

static bool
raw_bits(struct asked *asked, uint64_t bits)
{
	return (type_is(asked, NAME_PERF_TYPE_RAW) || rule_dynamic(asked) == YES)
		&& value(asked, FIELD_config) & bits;
}

static enum truth
rule_any_thread(struct asked *asked)
{
	return sure(raw_bits(asked, 1ULL << 21));
}

static enum truth
rule_transactions(struct asked *asked)
{
	return both(MAYBE, sure(raw_bits(asked, 3ULL << 32)));
}

static enum truth
rule_uncountable(struct asked *asked)
{
	return both(MAYBE, sure(type_is(asked, NAME_PERF_TYPE_RAW) || rule_dynamic(asked) == YES));
}

static enum truth
rule_ibs_excludes(struct asked *asked __attribute__((unused)))
{
	return MAYBE;
}

static enum truth
rule_chain(struct asked *asked)
{
	return sure(raw_bits(asked, ~0ULL) && (value(asked, FIELD_config) & 0xffff) == 0x1e);
}

/* EPERM before 6.7. */
static enum truth
rule_idle_error(struct asked *asked)
{
	if (asked->error == errors[ERROR_EPERM].number)
		return not(since(asked, L(6, 7, 0)));
	return asked->error ? since(asked, L(6, 7, 0)) : YES;
}

static enum truth
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

static enum truth
rule_extended_regs(struct asked *asked)
{
	return sure(extended_registers(asked));
}

static enum truth
rule_excludes(struct asked *asked)
{
	bool any = value(asked, FIELD_exclude_user) || value(asked, FIELD_exclude_kernel)
		|| value(asked, FIELD_exclude_hv) || value(asked, FIELD_exclude_idle)
		|| value(asked, FIELD_exclude_host) || value(asked, FIELD_exclude_guest);

	return any ? either(rule_msr(asked), either(rule_package(asked), stranger(asked))) : NO;
}

/* Up to 6.14 the EINVAL of PMU-NOEXCL came out on top, if that applied too. */
static enum truth
rule_no_regs(struct asked *asked)
{
	enum truth lacks = rule_core(asked) == NO ? YES : MAYBE;

	return both(lacks,
		either(not(rule_excludes(asked)),
			release_reached(release(asked), L(6, 16, 0), L(5, 10, 0))));
}

static enum truth
rule_no_aux_output(struct asked *asked)
{
	if (value(asked, FIELD_aux_pause) || value(asked, FIELD_aux_resume))
		return YES;
	return rule_core_x86(asked) == NO && stranger(asked) == NO ? YES : MAYBE;
}

static enum truth
rule_no_pause(struct asked *asked)
{
	return either(not(either(either(pmu_is(asked, PMU_INTEL_PT), pmu_is(asked, PMU_CORESIGHT)),
			      stranger(asked))),
		both(MAYBE, either(pmu_is(asked, PMU_CORESIGHT), stranger(asked))));
}

static enum truth
rule_no_interrupt(struct asked *asked)
{
	if (pmu(asked) == PMU_CORE)
		return both(rule_core(asked), not(fact(asked, FACT_interrupt)));
	return both(MAYBE, either(pmu_is(asked, PMU_AMD_UNCORE), stranger(asked)));
}

static enum truth
rule_software_config(struct asked *asked)
{
	return not(release_has_value(release(asked), GROUP_software, value(asked, FIELD_config)));
}

/* Tracepoints, breakpoints and probes */

enum {
	FTRACE_FUNCTION_ID = 1 /* TRACE_FN */
};

static enum truth
rule_function(struct asked *asked)
{
	return sure((uint32_t)value(asked, FIELD_config) == FTRACE_FUNCTION_ID);
}

/* perf_trace_init looks at 32 bits, and ids have 16; of ftrace's own events it takes one. */
static enum truth
rule_tracepoint_id(struct asked *asked)
{
	uint32_t id = (uint32_t)value(asked, FIELD_config);

	if (id == FTRACE_FUNCTION_ID)
		return NO;
	if (!id || id > UINT16_MAX || starts(asked->call->tracepoint, "ftrace:"))
		return YES;
	return *asked->call->tracepoint ? NO : not(fact(asked, FACT_tracepoint));
}

static enum truth
tracepoint_named(struct asked *asked, const char *name)
{
	const char *tracepoint = asked->call->tracepoint;

	if (*tracepoint)
		return sure(starts(tracepoint, name));
	return fact_known(asked->facts, FACT_tracepoint) && !asked->facts->value[FACT_tracepoint]
		? NO
		: MAYBE;
}

static enum truth
rule_irq_work(struct asked *asked)
{
	return arch_x86(asked) ? tracepoint_named(asked, "irq_vectors:irq_work_exit") : NO;
}

static enum truth
rule_not_function_counting(struct asked *asked)
{
	enum truth stack = sure(!value(asked, FIELD_exclude_callchain_user)
		|| has(asked, FIELD_sample_type, NAME_PERF_SAMPLE_STACK_USER));

	if (rule_sampling(asked) == YES)
		return stack;
	return both(stack, not(release_reached(release(asked), L(4, 15, 0), L(4, 5, 0))));
}

/* TRACE_EVENT_FL_CAP_ANY: the system calls of a task may be seen by who may see the task. */
static enum truth
rule_not_own_syscalls(struct asked *asked)
{
	if (rule_function(asked) == YES || rule_task(asked) == NO)
		return YES;
	return not(tracepoint_named(asked, "syscalls:"));
}

/* Nobody can tell how many are taken on another cpu or task. */
static enum truth
rule_bp_slots(struct asked *asked __attribute__((unused)))
{
	return MAYBE;
}

static bool
bp_is(const struct asked *asked, enum name_id name)
{
	return value(asked, FIELD_bp_type) == name_value(name);
}

/* The empty and the invalid one are refused before slots are counted, the others after it. */
static enum truth
rule_bp_type(struct asked *asked)
{
	if (bp_is(asked, NAME_HW_BREAKPOINT_EMPTY) || bp_is(asked, NAME_HW_BREAKPOINT_INVALID))
		return YES;
	if (bp_is(asked, NAME_HW_BREAKPOINT_W) || bp_is(asked, NAME_HW_BREAKPOINT_RW)
		|| bp_is(asked, NAME_HW_BREAKPOINT_X))
		return NO;
	if (bp_is(asked, NAME_HW_BREAKPOINT_R) && !arch_x86(asked))
		return arch_arm64(asked) ? NO : MAYBE;
	return asked->error == errors[ERROR_ENOSPC].number ? MAYBE : YES;
}

static uint64_t
bp_last(const struct asked *asked)
{
	return value(asked, FIELD_bp_addr) + value(asked, FIELD_bp_len) - 1;
}

static enum truth
rule_bp_wrap(struct asked *asked)
{
	return sure(arch_x86(asked) && value(asked, FIELD_bp_len)
		&& bp_last(asked) < value(asked, FIELD_bp_addr));
}

/* The area has its own half TiB; GDT and TSS also have other addresses, none in the image. */
static enum truth
rule_bp_entry(struct asked *asked)
{
	uint64_t from = value(asked, FIELD_bp_addr), area = 0xfffffe0000000000;

	if (asked->call->arch != ARCH_x86_64 || from >> 63 == 0)
		return NO;
	if (from - area < 1ULL << 39)
		return from - area < 4096 ? YES : either(MAYBE, since(asked, L(6, 2, 0)));
	return from >= 0xffffffff80000000 ? NO : MAYBE;
}

static enum truth
rule_bp_execute(struct asked *asked)
{
	uint64_t length = value(asked, FIELD_bp_len);

	if (!arch_x86(asked) || !bp_is(asked, NAME_HW_BREAKPOINT_X))
		return NO;
	/* A 64-bit kernel may serve a 32-bit program. */
	if (asked->call->arch == ARCH_i386 && (length == 4 || length == 8))
		return MAYBE;
	return sure(length != 8);
}

static bool
power_of_two(uint64_t number)
{
	return number && !(number & (number - 1));
}

static enum truth
rule_bp_len(struct asked *asked)
{
	uint64_t length = value(asked, FIELD_bp_len);

	if (arch_x86(asked))
		return sure(!power_of_two(length));
	if (arch_arm64(asked))
		return bp_is(asked, NAME_HW_BREAKPOINT_X) ? NO : sure(length < 1 || length > 8);
	return power_of_two(length) && length <= 8 ? NO : MAYBE;
}

static bool
bp_aligned(const struct asked *asked)
{
	uint64_t length = value(asked, FIELD_bp_len);

	return !power_of_two(length) || !(value(asked, FIELD_bp_addr) & (length - 1));
}

static enum truth
rule_bp_range(struct asked *asked)
{
	if (!arch_x86(asked) || value(asked, FIELD_bp_len) <= 8 || !bp_aligned(asked)
		|| bp_is(asked, NAME_HW_BREAKPOINT_X))
		return NO;
	return not(fact(asked, FACT_bpext));
}

static enum truth
rule_bp_align(struct asked *asked)
{
	if (bp_aligned(asked) || arch_arm64(asked))
		return NO;
	return arch_x86(asked) ? YES : MAYBE;
}

/* TASK_SIZE: 47 bits of x86-64, 57 with five levels of pages, where it is not the upper half. */
static enum truth
rule_bp_kernel(struct asked *asked)
{
	uint64_t from = value(asked, FIELD_bp_addr), last = bp_last(asked);

	if (from >> 63 || last >> 63)
		return YES;
	if (asked->call->arch == ARCH_i386)
		return last >= 0xc0000000 ? MAYBE : NO;
	if (last < (arch_x86(asked) ? 0x00007ffffffff000 : 1ULL << 31))
		return NO;
	if (arch_arm64(asked))
		return last < 1ULL << 39 ? NO : MAYBE;
	return last >= 0x00fffffffffff000 ? YES : MAYBE;
}

/* KSYM_NAME_LEN is 512 since 6.1, and was 128. */
static enum truth
rule_symbol_long(struct asked *asked)
{
	int64_t length = (int64_t)text_length(asked->call->probe);

	if (fact_known(asked->facts, FACT_probe_length))
		length = asked->facts->value[FACT_probe_length];
	else if (!length)
		known(asked, FACT_probe_length, &length);
	if (length < 128 && (fact_known(asked->facts, FACT_probe_length) || *asked->call->probe))
		return NO;
	if (length >= 512)
		return YES;
	return length >= 128 ? not(since(asked, L(6, 1, 0))) : MAYBE;
}

static enum truth
rule_symbol_missing(struct asked *asked)
{
	return not(fact(asked, FACT_symbol));
}

static bool
answers(const struct asked *asked, int32_t error)
{
	return !asked->error || asked->error == error;
}

/* EILSEQ is x86's answer since 5.1, EINVAL that of all others. */
static enum truth
rule_symbol_boundary(struct asked *asked)
{
	enum truth modern = arch_x86(asked) ? since(asked, L(5, 1, 0)) : NO;

	if (value(asked, FIELD_kprobe_func) && !value(asked, FIELD_probe_offset))
		return NO;
	if (!asked->error)
		return MAYBE;
	return both(MAYBE, asked->error == errors[ERROR_EINVAL].number ? not(modern) : modern);
}

static enum truth
rule_path_empty(struct asked *asked)
{
	int64_t length;

	if (!value(asked, FIELD_uprobe_path))
		return YES;
	if (*asked->call->probe)
		return NO;
	if (!known(asked, FACT_probe_length, &length))
		return MAYBE;
	return sure(!length && fact(asked, FACT_probe_readable) != NO);
}

static enum truth
rule_path_long(struct asked *asked)
{
	int64_t length;

	if (!value(asked, FIELD_uprobe_path))
		return NO;
	if (*asked->call->probe && !asked->call->probe_cut)
		return NO;
	return known(asked, FACT_probe_length, &length) ? sure(length >= CALL_PATH_MAX) : MAYBE;
}

static enum truth
rule_path_lost(struct asked *asked)
{
	int64_t error;

	if (!known(asked, FACT_path_error, &error))
		return MAYBE;
	return error && answers(asked, (int32_t)error) ? YES : NO;
}

static enum truth
rule_path_short(struct asked *asked)
{
	int64_t size;

	if (!value(asked, FIELD_probe_offset))
		return NO;
	return known(asked, FACT_path_size, &size)
		? sure(value(asked, FIELD_probe_offset) > (uint64_t)size)
		: MAYBE;
}

static enum truth
rule_ref_ctr(struct asked *asked)
{
	uint64_t offset = value(asked, FIELD_config) >> 32;

	return offset & 1 ? YES : offset ? MAYBE : NO;
}

/* arm64's instructions are aligned; what else is wrong with one only the kernel can tell. */
static enum truth
rule_instruction(struct asked *asked)
{
	if (arch_arm64(asked) && value(asked, FIELD_probe_offset) & 3)
		return sure(answers(asked, errors[ERROR_EINVAL].number));
	return answers(asked, ERRNO_ENOTSUPP) ? MAYBE : NO;
}

/* The group and the buffer to write to */

static enum truth
rule_grouped(struct asked *asked)
{
	return sure(asked->call->group_fd >= 0 && !flag(asked, NAME_PERF_FLAG_FD_NO_GROUP));
}

static enum truth
rule_redirected(struct asked *asked)
{
	return sure(asked->call->group_fd >= 0 && flag(asked, NAME_PERF_FLAG_FD_OUTPUT));
}

static enum truth
rule_grouped_or_redirected(struct asked *asked)
{
	return sure(asked->call->group_fd >= 0);
}

static enum truth
rule_group_fd(struct asked *asked)
{
	if (asked->call->group_fd >= 0)
		return not(fact(asked, FACT_group_event));
	return sure(asked->call->group_fd != -1);
}

static enum truth
rule_leader_dead(struct asked *asked)
{
	return not(fact(asked, FACT_leader_alive));
}

static enum truth
differs(struct asked *asked, enum fact_id id, int64_t own)
{
	int64_t theirs;

	return known(asked, id, &theirs) ? sure(theirs != own) : MAYBE;
}

static enum truth
rule_leader_inherit(struct asked *asked)
{
	return differs(asked, FACT_leader_inherit, (int64_t)value(asked, FIELD_inherit));
}

static enum truth
rule_leader_clock(struct asked *asked)
{
	return differs(asked, FACT_leader_clock,
		value(asked, FIELD_use_clockid) ? (int32_t)value(asked, FIELD_clockid)
						: LEADER_CLOCK_DEFAULT);
}

static enum truth
rule_leader_cpu(struct asked *asked)
{
	return differs(asked, FACT_leader_cpu, asked->call->cpu);
}

static enum truth
other_task(struct asked *asked)
{
	int32_t own = asked->call->pid ? asked->call->pid : asked->call->caller_tid;

	return differs(asked, FACT_leader_task, rule_task(asked) == YES ? own : -1);
}

/* A leader whose task has exited has no context left to share. */
static enum truth
rule_leader_task(struct asked *asked)
{
	enum truth dead = fact_known(asked->facts, FACT_leader_alive)
		? not(fact(asked, FACT_leader_alive))
		: NO;

	return either(other_task(asked), dead);
}

static enum truth
rule_leader_cgroup(struct asked *asked)
{
	int64_t own, theirs;

	if (!known(asked, FACT_leader_cgroup, &theirs))
		return MAYBE;
	if (!theirs)
		return YES;
	return known(asked, FACT_cgroup, &own) ? sure(own != theirs) : MAYBE;
}

static enum truth
rule_leader_backward(struct asked *asked)
{
	return differs(asked, FACT_leader_backward, (int64_t)value(asked, FIELD_write_backward));
}

/* Before 6.1 not at all, as far as no stable update mended it. */
static enum truth
rule_output_task(struct asked *asked)
{
	return either(other_task(asked),
		not(release_reached(release(asked), L(6, 1, 0), L(5, 4, 0))));
}

/* The kernel looks for the buffer last, though the table names it first. */
static enum truth
rule_leader_unmapped(struct asked *asked)
{
	enum truth other = either(rule_leader_cpu(asked),
		either(rule_leader_clock(asked), rule_leader_backward(asked)));

	if (asked->call->cpu == -1)
		other = either(other, rule_output_task(asked));
	return both(not(fact(asked, FACT_leader_mapped)), not(other));
}

static bool
shares_software_context(enum pmu found)
{
	return found == PMU_SOFTWARE || found == PMU_TRACEPOINT || found == PMU_BREAKPOINT
		|| found == PMU_KPROBE || found == PMU_UPROBE || found == PMU_MSR;
}

static enum truth
rule_mixed_hardware(struct asked *asked)
{
	enum pmu own = pmu(asked), leader;
	int64_t type;

	if (shares_software_context(own))
		return NO;
	if (!known(asked, FACT_leader_type, &type))
		return MAYBE;
	leader = pmu_of_type(asked, (uint64_t)type);
	if (shares_software_context(leader) || (uint64_t)type == value(asked, FIELD_type))
		return NO;
	if (own == PMU_NAMELESS || leader == PMU_NAMELESS || own == PMU_OTHER)
		return MAYBE;
	return own == PMU_CORE && leader == PMU_CORE ? both(MAYBE, sure(extended(asked))) : YES;
}

enum {
	READ_MAX = 16 * 1024
};

/* perf_event_validate_size: what read() of such a group fills. */
static uint64_t
read_size(uint64_t format, uint64_t members)
{
	uint64_t entry = 8, size = 0;

	if (format & name_value(NAME_PERF_FORMAT_TOTAL_TIME_ENABLED))
		size += 8;
	if (format & name_value(NAME_PERF_FORMAT_TOTAL_TIME_RUNNING))
		size += 8;
	if (format & name_value(NAME_PERF_FORMAT_ID))
		entry += 8;
	if (format & name_value(NAME_PERF_FORMAT_LOST))
		entry += 8;
	if (!(format & name_value(NAME_PERF_FORMAT_GROUP)))
		return size + entry;
	return size + 8 + entry * members;
}

static enum truth
rule_read_size(struct asked *asked)
{
	int64_t members, format;
	uint64_t count;

	if (!known(asked, FACT_leader_members, &members))
		return MAYBE;
	count = (uint64_t)members + 1;
	if (read_size(~0ULL, count) <= READ_MAX)
		return NO;
	if (read_size(value(asked, FIELD_read_format), count) > READ_MAX)
		return either(MAYBE, since(asked, L(6, 7, 0)));
	if (known(asked, FACT_leader_read_format, &format)
		&& read_size((uint64_t)format, count) > READ_MAX)
		return either(MAYBE, since(asked, L(6, 7, 0)));
	return MAYBE;
}

/* perf_get_aux_event */
static enum truth
rule_aux_leader(struct asked *asked)
{
	bool output = value(asked, FIELD_aux_output), sample = value(asked, FIELD_aux_sample_size);
	int64_t type;

	if (!output && !sample && !value(asked, FIELD_aux_pause) && !value(asked, FIELD_aux_resume))
		return NO;
	if ((output && sample) || rule_grouped(asked) == NO)
		return YES;
	if (fact_known(asked->facts, FACT_leader_aux))
		return either(not(fact(asked, FACT_leader_aux)), MAYBE) == YES ? YES : MAYBE;
	if (known(asked, FACT_leader_type, &type)
		&& type <= (int64_t)name_value(NAME_PERF_TYPE_BREAKPOINT))
		return YES;
	known(asked, FACT_leader_aux, &type);
	return MAYBE;
}

/* A row's conditions */

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

/* The walk */

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
	if (found->closed)
		return found->closing == answer->checks[0];
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

/* Words */

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
