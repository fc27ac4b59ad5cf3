/* The event at group_fd: the leader of the group, or the owner of the buffer to write to. */
#include "decoder/rules.h"

enum truth
rule_grouped(struct asked *asked)
{
	return sure(asked->call->group_fd >= 0 && !flag(asked, NAME_PERF_FLAG_FD_NO_GROUP));
}

enum truth
rule_grouped_or_redirected(struct asked *asked)
{
	return sure(asked->call->group_fd >= 0);
}

enum truth
rule_redirected(struct asked *asked)
{
	return sure(asked->call->group_fd >= 0 && flag(asked, NAME_PERF_FLAG_FD_OUTPUT));
}

enum truth
rule_cgroup_fd(struct asked *asked)
{
	if (fact_known(asked->facts, FACT_cgroup_perf) && !asked->facts->value[FACT_cgroup_perf])
		return NO;
	return asked->call->pid < 0 ? YES : not(fact(asked, FACT_cgroup_fd));
}

enum truth
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

enum truth
rule_leader_inherit(struct asked *asked)
{
	return differs(asked, FACT_leader_inherit, (int64_t)value(asked, FIELD_inherit));
}

enum truth
rule_leader_clock(struct asked *asked)
{
	return differs(asked, FACT_leader_clock,
		value(asked, FIELD_use_clockid) ? (int32_t)value(asked, FIELD_clockid)
						: LEADER_CLOCK_DEFAULT);
}

enum truth
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

/* A dead leader has no context left to share, where the kernel does not look for that first. */
enum truth
rule_leader_task(struct asked *asked)
{
	bool looks = check_holds(CHECK_GRP_DEAD, asked->call, asked->facts) == YES;

	if (looks && !fact_known(asked->facts, FACT_leader_alive))
		return other_task(asked);
	return either(other_task(asked), not(fact(asked, FACT_leader_alive)));
}

enum truth
rule_leader_cgroup(struct asked *asked)
{
	int64_t own, theirs;

	if (!known(asked, FACT_leader_cgroup, &theirs))
		return MAYBE;
	if (!theirs)
		return YES;
	return known(asked, FACT_cgroup, &own) ? sure(own != theirs) : MAYBE;
}

enum truth
rule_leader_backward(struct asked *asked)
{
	return differs(asked, FACT_leader_backward, (int64_t)value(asked, FIELD_write_backward));
}

/* The kernel looks for the buffer last, though the table names it first. */
enum truth
rule_leader_unmapped(struct asked *asked)
{
	enum truth other = either(rule_leader_cpu(asked),
		either(rule_leader_clock(asked), rule_leader_backward(asked)));

	if (asked->call->cpu == -1)
		other = either(other, rule_output_task(asked));
	return both(not(fact(asked, FACT_leader_mapped)), not(other));
}

/* Before 6.1 not at all, as far as no stable update mended it. */
enum truth
rule_output_task(struct asked *asked)
{
	return either(other_task(asked),
		not(release_reached(release(asked), L(6, 1, 0), L(5, 4, 0))));
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

enum truth
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
enum truth
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
