/* What the kernel finds wrong with the attr (perf_copy_attr) and the arguments by themselves. */
#include "decoder/rules.h"

enum truth
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

enum truth
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

enum truth
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
enum truth
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

enum truth
rule_regs_user(struct asked *asked)
{
	return registers(asked, value(asked, FIELD_sample_regs_user));
}

enum truth
rule_regs_intr(struct asked *asked)
{
	return registers(asked, value(asked, FIELD_sample_regs_intr));
}

enum truth
rule_no_user_stack(struct asked *asked)
{
	return sure(call_registers(asked->call) == GROUP_none);
}

enum truth
rule_sampling(struct asked *asked)
{
	return sure(value(asked, FIELD_sample_period));
}

enum truth
rule_frequency(struct asked *asked)
{
	uint64_t frequency = value(asked, FIELD_sample_freq);
	int64_t highest;

	if (!frequency)
		return NO;
	return known(asked, FACT_max_sample_rate, &highest) ? sure(frequency > (uint64_t)highest)
							    : MAYBE;
}

enum truth
rule_max_stack(struct asked *asked)
{
	uint64_t frames = value(asked, FIELD_sample_max_stack);
	int64_t highest;

	if (!frames)
		return NO;
	return known(asked, FACT_max_stack, &highest) ? sure(frames > (uint64_t)highest) : MAYBE;
}

enum truth
rule_clock(struct asked *asked)
{
	return sure(!name_of(GROUP_clockid, value(asked, FIELD_clockid)));
}

enum truth
rule_slow_clock(struct asked *asked)
{
	uint64_t clock = value(asked, FIELD_clockid);

	return sure(clock == name_value(NAME_CLOCK_REALTIME)
		|| clock == name_value(NAME_CLOCK_BOOTTIME) || clock == name_value(NAME_CLOCK_TAI));
}

/* Before 6.12 not at all, before 4.13 it was PERF_FORMAT_GROUP that did not go. */
enum truth
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

enum truth
rule_pinned(struct asked *asked)
{
	return sure(value(asked, FIELD_pinned) || value(asked, FIELD_exclusive));
}

/* What nobody can foresee, but an errno can tell. */
enum truth
rule_chance(struct asked *asked)
{
	return asked->error ? MAYBE : NO;
}

enum truth
rule_maybe(struct asked *asked __attribute__((unused)))
{
	return MAYBE;
}

enum truth
rule_never(struct asked *asked __attribute__((unused)))
{
	return NO;
}

enum truth
rule_cgroup_arguments(struct asked *asked)
{
	return sure(asked->call->pid == -1 || asked->call->cpu == -1);
}

enum truth
rule_group_fd(struct asked *asked)
{
	if (asked->call->group_fd >= 0)
		return not(fact(asked, FACT_group_event));
	return sure(asked->call->group_fd != -1);
}

enum truth
rule_no_thread(struct asked *asked)
{
	if (rule_task(asked) == NO || !asked->call->pid)
		return NO;
	if (asked->call->pid < -1)
		return YES;
	return asked->call->pid == asked->call->caller_tid ? NO
							   : not(fact(asked, FACT_target_exists));
}

enum truth
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

enum truth
rule_task(struct asked *asked)
{
	return sure(asked->call->pid != -1 && !flag(asked, NAME_PERF_FLAG_PID_CGROUP));
}

enum truth
rule_no_task(struct asked *asked)
{
	return not(rule_task(asked));
}

enum truth
rule_task_or_cgroup(struct asked *asked)
{
	return sure(asked->call->pid != -1);
}

enum truth
rule_one_cpu(struct asked *asked)
{
	return sure(asked->call->cpu >= 0);
}
