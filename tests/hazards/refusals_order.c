/*
 * Makes calls in which two things are wrong: the kernel must refuse them for the one that it looks
 * at first.
 */
#include "tests/hazards/refusals.h"

/* What a mistake takes, which a second one cannot take as well. */
enum {
	FLAGS = 1 << 0,
	POINTER = 1 << 1,
	SIZE = 1 << 2,
	TYPE = 1 << 3,
	CONFIG = 1 << 4,
	BRANCHES = 1 << 5,
	USER_REGS = 1 << 6,
	INTR_REGS = 1 << 7,
	STACK = 1 << 8,
	WEIGHT = 1 << 9,
	INHERIT = 1 << 10,
	ON_EXEC = 1 << 11,
	PERIOD = 1 << 12,
	GROUP = 1 << 13,
	PID = 1 << 14,
	CPU = 1 << 15,
	AUX = 1 << 16,
	CLOCK = 1 << 17,
	CHAIN = 1 << 18,
	KERNEL = 1 << 19,
	OUTPUT = 1 << 20,
	ALL = ~0
};

struct made {
	union attr attr;
	void *at;
	int pid;
	int cpu;
	int group_fd;
	unsigned long flags;
};

static int leader; /* of this task, on every cpu */

static void
unknown_flag(struct made *made)
{
	made->flags |= 1 << 5;
}

static void
bad_pointer(struct made *made)
{
	made->at = (void *)16;
}

static void
small(struct made *made)
{
	made->attr.of.size = 63;
}

static void
long_tail(struct made *made)
{
	made->attr.of.size = 512;
	made->attr.bytes[300] = 1;
}

static void
reserved(struct made *made)
{
	made->attr.words[WORD_FLAGS] |= 1ULL << 60;
}

static void
unknown_sample(struct made *made)
{
	made->attr.of.sample_type |= 1ULL << 44;
}

static void
unknown_read(struct made *made)
{
	made->attr.of.read_format |= 1ULL << 20;
}

static void
unknown_branch(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_BRANCH_STACK;
	made->attr.of.branch_sample_type = 1ULL << 40 | PERF_SAMPLE_BRANCH_USER;
}

static void
no_branch(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_BRANCH_STACK;
	made->attr.of.branch_sample_type = PERF_SAMPLE_BRANCH_USER;
}

static void
kernel_branches(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_BRANCH_STACK;
	made->attr.of.branch_sample_type = PERF_SAMPLE_BRANCH_KERNEL | PERF_SAMPLE_BRANCH_ANY;
}

static void
software_branches(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_BRANCH_STACK;
	made->attr.of.branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY;
}

static void
no_user_register(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_REGS_USER;
}

static void
large_stack(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_STACK_USER;
	made->attr.of.sample_stack_user = 1 << 20;
}

static void
crooked_stack(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_STACK_USER;
	made->attr.of.sample_stack_user = 1001;
}

static void
no_register(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_REGS_INTR;
}

static void
two_weights(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_WEIGHT | 1 << 24;
}

static void
lone_inherit_thread(struct made *made)
{
	made->attr.words[WORD_FLAGS] |= 1ULL << BIT_INHERIT_THREAD;
}

static void
both_on_exec(struct made *made)
{
	made->attr.words[WORD_FLAGS] |= 1ULL << BIT_REMOVE_ON_EXEC | 1ULL << BIT_ENABLE_ON_EXEC;
}

static void
lone_sigtrap(struct made *made)
{
	made->attr.words[WORD_FLAGS] |= 1ULL << BIT_SIGTRAP;
}

static void
with_kernel(struct made *made)
{
	made->attr.of.exclude_kernel = 0;
}

static void
with_namespaces(struct made *made)
{
	made->attr.of.namespaces = 1;
}

static void
too_often(struct made *made)
{
	made->attr.of.freq = 1;
	made->attr.of.sample_freq = 1ULL << 40;
}

static void
negative_period(struct made *made)
{
	made->attr.of.sample_period = ~0ULL;
}

static void
physical(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_PHYS_ADDR;
}

static void
no_cgroup(struct made *made)
{
	made->flags |= PERF_FLAG_PID_CGROUP;
	made->pid = -1;
}

static void
no_event(struct made *made)
{
	made->group_fd = -7;
}

static void
no_thread(struct made *made)
{
	made->pid = 0x7ffffff0;
}

static void
other_inherit(struct made *made)
{
	made->group_fd = leader;
	made->attr.of.inherit = 1;
}

static void
no_cpu(struct made *made)
{
	made->cpu = 100000;
}

static void
inherited_read(struct made *made)
{
	made->attr.of.inherit = 1;
	made->attr.of.sample_type |= PERF_SAMPLE_READ;
}

static void
no_pmu(struct made *made)
{
	made->attr.of.type = 77777;
}

static void
no_software_event(struct made *made)
{
	made->attr.of.config = 999;
}

static void
extended_registers(struct made *made)
{
	made->attr.of.sample_regs_user = 1ULL << 40;
}

static void
aux_output(struct made *made)
{
	made->attr.of.aux_output = 1;
}

static void
pause_and_resume(struct made *made)
{
	made->attr.bytes[116] = 6;
}

static void
start_paused(struct made *made)
{
	made->attr.bytes[116] = 1;
}

static void
deep_chain(struct made *made)
{
	made->attr.of.sample_type |= PERF_SAMPLE_CALLCHAIN;
	made->attr.of.exclude_callchain_kernel = 1;
	made->attr.of.sample_max_stack = 60000;
}

static void
no_clock(struct made *made)
{
	made->attr.of.use_clockid = 1;
	made->attr.of.clockid = 3;
}

static void
not_ours(struct made *made)
{
	made->pid = 1;
}

static void
whole_cpu(struct made *made)
{
	made->pid = -1;
	made->cpu = 0;
}

static void
other_clock(struct made *made)
{
	made->group_fd = leader;
	made->attr.of.use_clockid = 1;
	made->attr.of.clockid = 1;
}

static void
other_cpu(struct made *made)
{
	made->group_fd = leader;
	made->cpu = 0;
}

static void
pinned_sibling(struct made *made)
{
	made->group_fd = leader;
	made->attr.of.pinned = 1;
}

static void
no_buffer(struct made *made)
{
	made->group_fd = leader;
	made->flags |= PERF_FLAG_FD_OUTPUT | PERF_FLAG_FD_NO_GROUP;
}

static void
no_aux_leader(struct made *made)
{
	made->attr.of.aux_sample_size = 8;
}

/* The perf_event_paranoid from which on it is one, to nobody; ANYONE: to root too. */
enum {
	ANYONE = INT32_MIN,
	ALWAYS = -1
};

/* In the kernel's order. */
static const struct mistake {
	const char *check;
	void (*make)(struct made *made);
	int error;
	int takes;
	int level;
} mistakes[] = {
	{"SYS-FLAGS", unknown_flag, EINVAL, 0, ANYONE},
	{"CPY-FAULT", bad_pointer, EFAULT, POINTER | ALL, ANYONE},
	{"CPY-SIZE", small, E2BIG, SIZE, ANYONE},
	{"CPY-TAIL", long_tail, E2BIG, SIZE, ANYONE},
	{"CPY-RES", reserved, EINVAL, 0, ANYONE},
	{"CPY-STYPE", unknown_sample, EINVAL, 0, ANYONE},
	{"CPY-RFMT", unknown_read, EINVAL, 0, ANYONE},
	{"CPY-BRMASK", unknown_branch, EINVAL, BRANCHES, ANYONE},
	{"CPY-BRNONE", no_branch, EINVAL, BRANCHES, ANYONE},
	{"PERM-BRPLM", kernel_branches, EACCES, BRANCHES, 2},
	{"CPY-REGSU", no_user_register, EINVAL, USER_REGS, ANYONE},
	{"CPY-STACKMAX", large_stack, EINVAL, STACK, ANYONE},
	{"CPY-STACKALIGN", crooked_stack, EINVAL, STACK, ANYONE},
	{"CPY-REGSI", no_register, EINVAL, INTR_REGS, ANYONE},
	{"CPY-WEIGHT", two_weights, EINVAL, WEIGHT, ANYONE},
	{"CPY-INHTHR", lone_inherit_thread, EINVAL, INHERIT, ANYONE},
	{"CPY-EXEC", both_on_exec, EINVAL, ON_EXEC, ANYONE},
	{"CPY-SIGTRAP", lone_sigtrap, EINVAL, ON_EXEC, ANYONE},
	{"PERM-KERNEL", with_kernel, EACCES, KERNEL, 2},
	{"PERM-NS", with_namespaces, EACCES, 0, ALWAYS},
	{"SYS-FREQ", too_often, EINVAL, PERIOD, ANYONE},
	{"SYS-PERIOD", negative_period, EINVAL, PERIOD, ANYONE},
	{"PERM-PHYS", physical, EACCES, 0, 2},
	{"SYS-CGARGS", no_cgroup, EINVAL, PID, ANYONE},
	{"GRP-FD", no_event, EBADF, GROUP, ANYONE},
	{"SYS-ESRCH", no_thread, ESRCH, PID, ANYONE},
	{"GRP-INHERIT", other_inherit, EINVAL, GROUP | INHERIT | PID, ANYONE},
	{"ALC-CPU", no_cpu, EINVAL, CPU, ANYONE},
	{"ALC-INHREAD", inherited_read, EINVAL, INHERIT | GROUP, ANYONE},
	{"PMU-NOTYPE", no_pmu, ENOENT, TYPE, ANYONE},
	{"SW-BRANCH", software_branches, EOPNOTSUPP, BRANCHES | TYPE, ANYONE},
	{"SW-CONFIG", no_software_event, ENOENT, CONFIG | TYPE, ANYONE},
	{"PMU-XREGS", extended_registers, EOPNOTSUPP, USER_REGS, ANYONE},
	{"AUX-OUTPUT", aux_output, EOPNOTSUPP, 0, ANYONE},
	{"AUX-PAUSERES", pause_and_resume, EINVAL, AUX, ANYONE},
	{"AUX-STARTPAUSED", start_paused, EOPNOTSUPP, AUX, ANYONE},
	{"ALC-MAXSTACK", deep_chain, EOVERFLOW, CHAIN, ANYONE},
	{"CLK-ID", no_clock, EINVAL, CLOCK, ANYONE},
	{"CTX-PTRACE", not_ours, EACCES, PID, ALWAYS},
	{"CTX-CPU", whole_cpu, EACCES, PID | CPU, 1},
	{"GRP-CLOCK", other_clock, EINVAL, GROUP | CLOCK, ANYONE},
	{"GRP-CPU", other_cpu, EINVAL, GROUP | CPU, ANYONE},
	{"GRP-PINNED", pinned_sibling, EINVAL, GROUP, ANYONE},
	{"OUT-NORB", no_buffer, EINVAL, GROUP | OUTPUT, ANYONE},
	{"AUX-LEADER", no_aux_leader, EINVAL, 0, ANYONE},
};

static void
make(struct made *made)
{
	memcpy(&made->attr, user_only(), sizeof made->attr);
	made->at = &made->attr;
	made->pid = 0;
	made->cpu = -1;
	made->group_fd = -1;
	made->flags = 0;
}

static bool
fits(const struct mistake *mistake)
{
	return mistake->level == ANYONE
		|| (geteuid() && sysctl("perf_event_paranoid") >= mistake->level);
}

static void
refuse_both(const struct mistake *first, const struct mistake *second)
{
	static struct made made;
	int error;

	make(&made);
	first->make(&made);
	if (second)
		second->make(&made);
	error = refuse(first->check, made.at, made.pid, made.cpu, made.group_fd, made.flags);
	if (error != first->error)
		complain(second ? second->check : first->check, error);
}

static void
step_pairs(void)
{
	size_t count = sizeof mistakes / sizeof *mistakes;

	leader = opened(user_only(), 0, -1, -1, 0);
	for (size_t i = 0; i < count; i++) {
		if (!fits(&mistakes[i]))
			continue;
		refuse_both(&mistakes[i], NULL);
		for (size_t j = i + 1; j < count; j++)
			if (fits(&mistakes[j]) && !(mistakes[i].takes & mistakes[j].takes))
				refuse_both(&mistakes[i], &mistakes[j]);
	}
	close(leader);
}

int
main(int argc, char **argv)
{
	static const struct step steps[] = {
		{"nobody", become_nobody}, {"pairs", step_pairs}, {NULL, NULL},
	};

	return argc > 1 ? run_steps(steps, argv + 1) : 2;
}
