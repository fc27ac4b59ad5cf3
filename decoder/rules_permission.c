/* Who may measure what: filters, perf_event_paranoid, capabilities, security modules. */
#include "decoder/rules.h"

/*
 * What a filter answers is known by the same call without an attr, which the kernel itself answers
 * with EFAULT, with ENOSYS if it has no perf, or by Ubuntu's patch with EACCES.
 */
static enum truth
filter_answered(struct asked *asked, int64_t answer)
{
	if (asked->error && answer != asked->error)
		return NO;
	if (answer == errors[ERROR_EFAULT].number)
		return asked->error ? MAYBE : NO;
	if (answer == errors[ERROR_ENOSYS].number)
		return rule_no_perf(asked) == NO ? YES : MAYBE;
	if (answer == errors[ERROR_EACCES].number)
		return rule_ubuntu(asked) == NO ? YES : MAYBE;
	return YES;
}

enum truth
rule_seccomp(struct asked *asked)
{
	int64_t mode, answer;
	int32_t error = asked->error;

	if (known(asked, FACT_seccomp, &mode) && !mode)
		return NO;
	if (asked->size_after)
		return NO;
	if (known(asked, FACT_null_answer, &answer))
		return filter_answered(asked, answer);
	/* Profiles answer these two; a filter that is known to be there may answer anything. */
	return error == errors[ERROR_EPERM].number || error == errors[ERROR_ENOSYS].number || !error
			|| mode == 2
		? MAYBE
		: NO;
}

enum truth
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
paranoid_above(struct asked *asked, int64_t level)
{
	int64_t paranoid;

	return known(asked, FACT_paranoid, &paranoid) ? sure(paranoid > level) : MAYBE;
}

static enum truth
distribution(struct asked *asked, enum distribution wanted)
{
	int64_t found;

	return known(asked, FACT_distribution, &found) ? sure(found == wanted) : MAYBE;
}

/* Level 4 from 5.8 on, 3 from 4.15 to 5.4; newer builds let CAP_PERFMON through. */
enum truth
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
level_three(struct asked *asked, enum distribution wanted)
{
	if (asked->size_after || answered(asked, FACT_group_answer) == YES
		|| answered(asked, FACT_kernel_answer) == YES)
		return NO;
	return both(both(paranoid_above(asked, 2), distribution(asked, wanted)),
		not(capable(asked, CAP_SYS_ADMIN)));
}

enum truth
rule_debian(struct asked *asked)
{
	return level_three(asked, DISTRIBUTION_DEBIAN);
}

enum truth
rule_android(struct asked *asked)
{
	return level_three(asked, DISTRIBUTION_ANDROID);
}

/* A module's mind cannot be read: only that it did not refuse. */
enum truth
rule_lsm(struct asked *asked)
{
	if (answered(asked, FACT_group_answer) == YES || answered(asked, FACT_kernel_answer) == YES)
		return NO;
	return both(MAYBE, fact(asked, FACT_lsm));
}

enum truth
rule_lsm_kernel(struct asked *asked)
{
	if (answered(asked, FACT_kernel_answer) == YES)
		return NO;
	return both(MAYBE, fact(asked, FACT_lsm));
}

static enum truth
forbidden_above(struct asked *asked, int64_t level)
{
	enum truth paranoid = paranoid_above(asked, level);

	return paranoid == NO ? NO : both(paranoid, not(perfmon(asked)));
}

enum truth
rule_kernel_forbidden(struct asked *asked)
{
	return answered(asked, FACT_kernel_answer) == YES ? NO : forbidden_above(asked, 1);
}

enum truth
rule_cpu_forbidden(struct asked *asked)
{
	return forbidden_above(asked, 0);
}

enum truth
rule_tracepoint_forbidden(struct asked *asked)
{
	return forbidden_above(asked, -1);
}

enum truth
rule_no_perfmon(struct asked *asked)
{
	return not(perfmon(asked));
}

enum truth
rule_no_sys_admin(struct asked *asked)
{
	return not(capable(asked, CAP_SYS_ADMIN));
}

/* Uprobes took CAP_PERFMON from 5.8 to 6.15, less what stable updates took back. */
enum truth
rule_no_uprobe_right(struct asked *asked)
{
	enum truth admin = capable(asked, CAP_SYS_ADMIN);

	if (admin != NO || capable(asked, CAP_PERFMON) == NO)
		return not(admin);
	return either(not(since(asked, L(5, 8, 0))),
		either(since(asked, L(6, 16, 0)), both(MAYBE, since(asked, L(5, 8, 0)))));
}

/* perf_copy_attr: without a privilege bit the event's own levels count. */
enum truth
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

/* Threads of one process may always observe each other. sigtrap needs the right to attach. */
enum truth
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
