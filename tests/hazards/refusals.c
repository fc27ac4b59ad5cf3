/*
 * Makes calls that the kernel must refuse, each for one reason that is known from how it is made:
 * one step for each place where reasons come from.
 */
#include "tests/hazards/refusals.h"

/* The id of a tracepoint, which nobody may not read. */
static uint64_t switches;

/* What is wrong with the call itself, whoever makes it and wherever. */
static void
step_arguments(void)
{
	union attr *attr;

	for (int bit = 4; bit < 32; bit++)
		refuse("SYS-FLAGS", user_only(), 0, -1, -1, 1UL << bit);
	refuse_here("CPY-FAULT", (void *)8);
	refuse_here("CPY-FAULT", NULL);
	refuse("ALC-CPU", user_only(), 0, -2, -1, 0);
	refuse("ALC-CPU", user_only(), 0, 100000, -1, 0);
	refuse("ALC-CPU", user_only(), -1, -1, -1, 0);
	refuse("SYS-ESRCH", user_only(), 0x7ffffff0, -1, -1, 0);
	refuse("SYS-ESRCH", user_only(), -2, -1, -1, 0);
	refuse("SYS-ESRCH", user_only(), -100, -1, -1, 0);
	refuse("GRP-FD", user_only(), 0, -1, 1000, 0);
	refuse("GRP-FD", user_only(), 0, -1, -2, 0);
	refuse("GRP-FD", user_only(), 0, -1, STDIN_FILENO, 0);
	refuse("SYS-CGARGS", user_only(), 0, -1, -1, PERF_FLAG_PID_CGROUP);
	refuse("SYS-CGARGS", user_only(), -1, 0, -1, PERF_FLAG_PID_CGROUP);
	for (uint32_t size = 1; size < 64; size += 9) {
		attr = user_only();
		attr->of.size = size;
		refuse_here("CPY-SIZE", attr);
	}
	for (uint32_t size = 4097; size && size < 1 << 30; size *= 3) {
		attr = user_only();
		attr->of.size = size;
		refuse_here("CPY-SIZE", attr);
	}
	for (uint32_t size = 152; size <= 4096; size *= 2) {
		attr = user_only();
		attr->of.size = size;
		attr->bytes[size - 1] = 1;
		refuse_here("CPY-TAIL", attr);
	}
}

/* Members that do not go together, or have bits that no kernel knows. */
static void
step_members(void)
{
	union attr *attr;

	for (int bit = 45; bit < 64; bit += 2) {
		attr = user_only();
		attr->words[WORD_FLAGS] |= 1ULL << bit;
		refuse_here("CPY-RES", attr);
	}
	for (int bit = 25; bit < 63; bit += 3) {
		attr = user_only();
		attr->of.sample_type = 1ULL << bit;
		refuse_here("CPY-STYPE", attr);
	}
	for (int bit = 5; bit < 64; bit += 6) {
		attr = user_only();
		attr->of.read_format = 1ULL << bit;
		refuse_here("CPY-RFMT", attr);
	}
	for (int bit = 20; bit < 64; bit += 6) {
		attr = user_only();
		attr->of.sample_type = PERF_SAMPLE_BRANCH_STACK;
		attr->of.branch_sample_type = 1ULL << bit | PERF_SAMPLE_BRANCH_USER;
		refuse_here("CPY-BRMASK", attr);
	}
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_BRANCH_STACK;
	refuse_here("CPY-BRNONE", attr);
	attr->of.branch_sample_type = PERF_SAMPLE_BRANCH_USER;
	refuse_here("CPY-BRNONE", attr);
	attr->of.branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY;
	refuse_here("SW-BRANCH", attr);
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_REGS_USER;
	refuse_here("CPY-REGSU", attr);
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_REGS_INTR;
	refuse_here("CPY-REGSI", attr);
	for (uint32_t stack = 1; stack < 65535; stack = stack * 5 + 1) {
		attr = user_only();
		attr->of.sample_type = PERF_SAMPLE_STACK_USER;
		attr->of.sample_stack_user = stack | 1;
		refuse_here("CPY-STACKALIGN", attr);
	}
	attr->of.sample_stack_user = 65536;
	refuse_here("CPY-STACKMAX", attr);
	attr->of.sample_stack_user = 65535;
	refuse_here("CPY-STACKMAX", attr);
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_WEIGHT | 1U << 24;
	refuse_here("CPY-WEIGHT", attr);
	attr = user_only();
	attr->words[WORD_FLAGS] |= 1ULL << BIT_INHERIT_THREAD;
	refuse_here("CPY-INHTHR", attr);
	attr = user_only();
	attr->words[WORD_FLAGS] |= 1ULL << BIT_REMOVE_ON_EXEC | 1ULL << BIT_ENABLE_ON_EXEC;
	refuse_here("CPY-EXEC", attr);
	attr = user_only();
	attr->words[WORD_FLAGS] |= 1ULL << BIT_SIGTRAP;
	refuse_here("CPY-SIGTRAP", attr);
	attr = user_only();
	attr->of.sample_period = 1ULL << 63;
	refuse_here("SYS-PERIOD", attr);
	attr = user_only();
	attr->of.freq = 1;
	attr->of.sample_freq = (uint64_t)sysctl("perf_event_max_sample_rate") + 1;
	refuse_here("SYS-FREQ", attr);
	attr->of.sample_freq = 1ULL << 62;
	refuse_here("SYS-FREQ", attr);
	for (int clock = 2; clock < 30; clock += 4) {
		static const int invalid[] = {2, 3, 5, 6, 8, 9, 10, 12, -1, 100};

		attr = user_only();
		attr->of.use_clockid = 1;
		attr->of.clockid = invalid[clock / 4];
		refuse_here("CLK-ID", attr);
	}
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_CALLCHAIN;
	attr->of.exclude_callchain_kernel = 1;
	attr->of.sample_max_stack = (uint16_t)(sysctl("perf_event_max_stack") + 1);
	refuse_here("ALC-MAXSTACK", attr);
	attr = user_only();
	attr->bytes[124] = 6; /* aux_pause and aux_resume */
	(void)attr;
}

/* Events that this machine does not have. */
static void
step_events(void)
{
	union attr *attr;
	int msr = pmu_type("msr");

	for (uint64_t config = 13; config < 100000; config = config * 3 + 1) {
		attr = user_only();
		attr->of.config = config;
		refuse_here("SW-CONFIG", attr);
	}
	for (uint32_t type = 200; type < 200000; type *= 4) {
		attr = user_only();
		attr->of.type = type;
		refuse_here("PMU-NOTYPE", attr);
	}
	if (pmu_type("cpu") < 0) {
		for (uint64_t config = 0; config < 10; config++) {
			attr = user_only();
			attr->of.type = PERF_TYPE_HARDWARE;
			attr->of.config = config;
			refuse_here("PMU-NOHW", attr);
		}
		attr = user_only();
		attr->of.type = PERF_TYPE_HW_CACHE;
		refuse_here("PMU-NOHW", attr);
	}
	attr = user_only();
	attr->words[9] = 0;
	attr->of.sample_type = PERF_SAMPLE_REGS_USER;
	attr->of.sample_regs_user = 1ULL << 32;
	refuse_here("PMU-XREGS", attr);
	if (switches) {
		attr = user_only();
		attr->of.type = PERF_TYPE_TRACEPOINT;
		refuse_here("TP-ID", attr);
		attr->of.config = 65000;
		refuse_here("TP-ID", attr);
		attr->of.config = switches;
		attr->of.sample_type = PERF_SAMPLE_BRANCH_STACK;
		attr->of.branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY;
		refuse_here("TP-BRANCH", attr);
	}
	if (msr < 0)
		return;
	attr = user_only();
	attr->of.type = (uint32_t)msr;
	attr->of.config = 0;
	refuse_here("PMU-NOEXCL", attr);
	attr = software();
	attr->of.type = (uint32_t)msr;
	attr->of.config = 0;
	if (geteuid() != 0)
		return;
	attr->of.sample_period = 1000;
	refuse_here("MSR-SAMPLE", attr);
	attr->of.sample_period = 0;
	attr->of.config = 77;
	refuse_here("MSR-CONFIG", attr);
	attr->of.config = 0;
	attr->of.use_clockid = 1;
	attr->of.clockid = 0;
	refuse_here("CLK-NMI", attr);
}

static void
breakpoint(union attr *attr, uint32_t type, uint64_t address, uint64_t length)
{
	attr->of.type = PERF_TYPE_BREAKPOINT;
	attr->of.config = 0;
	attr->of.bp_type = type;
	attr->words[7] = address;
	attr->words[8] = length;
}

static void
step_breakpoints(void)
{
	static uint64_t watched[4];
	uint64_t address = (uint64_t)(uintptr_t)watched;
	union attr *attr = user_only();

	breakpoint(attr, 0, address, 4);
	refuse_here("BP-TYPE", attr);
	breakpoint(attr, 6, address, 8);
	refuse_here("BP-TYPE", attr);
	breakpoint(attr, 2, address + 1, 4);
	refuse_here("BP-ALIGN", attr);
	breakpoint(attr, 2, address + 2, 8);
	refuse_here("BP-ALIGN", attr);
#ifdef __x86_64__
	breakpoint(attr, 4, address, 4);
	refuse_here("BP-XLEN", attr);
	breakpoint(attr, 2, address, 3);
	refuse_here("BP-LEN", attr);
	breakpoint(attr, 2, 0xffffffff81000000, 4);
	refuse_here("BP-KERNEL", attr);
#endif
}

/* Members of a group whose leader is another. */
static void
step_groups(void)
{
	union attr *attr = user_only();
	int leader = opened(attr, 0, -1, -1, 0), member, inheriting, on_cpu;

	attr->of.inherit = 1;
	refuse("GRP-INHERIT", attr, 0, -1, leader, 0);
	inheriting = opened(attr, 0, -1, -1, 0);
	attr = user_only();
	refuse("GRP-INHERIT", attr, 0, -1, inheriting, 0);
	attr->of.pinned = 1;
	refuse("GRP-PINNED", attr, 0, -1, leader, 0);
	attr = user_only();
	attr->of.exclusive = 1;
	refuse("GRP-PINNED", attr, 0, -1, leader, 0);
	attr = user_only();
	attr->of.use_clockid = 1;
	attr->of.clockid = 1;
	refuse("GRP-CLOCK", attr, 0, -1, leader, 0);
	refuse("GRP-CPU", user_only(), 0, 0, leader, 0);
	on_cpu = opened(user_only(), 0, 0, -1, 0);
	refuse("GRP-CPU", user_only(), 0, -1, on_cpu, 0);
	member = opened(user_only(), 0, -1, leader, 0);
	refuse("GRP-NESTED", user_only(), 0, -1, member, 0);
	refuse("OUT-NORB", user_only(), 0, -1, leader,
		PERF_FLAG_FD_OUTPUT | PERF_FLAG_FD_NO_GROUP);
	attr = user_only();
	attr->of.config = 999;
	refuse("SW-CONFIG", attr, 0, -1, leader, 0);
	attr = user_only();
	attr->bytes[124] = 0;
	close(member);
	close(leader);
	close(inheriting);
	close(on_cpu);
	refuse("GRP-FD", user_only(), 0, -1, leader, 0);
}

static void
step_tasks(void)
{
	pid_t child = fork();
	union attr *attr;

	if (child == 0)
		_exit(0);
	usleep(50000);
	refuse(geteuid() ? "CTX-PTRACE" : "CTX-EXITING", user_only(), child, -1, -1, 0);
	waitpid(child, NULL, 0);
	refuse("SYS-ESRCH", user_only(), child, -1, -1, 0);
	attr = user_only();
	attr->words[WORD_FLAGS] |= 1ULL << BIT_SIGTRAP | 1ULL << BIT_REMOVE_ON_EXEC;
	if (geteuid() == 0)
		refuse("ALC-SIGTRAP", attr, -1, 0, -1, 0);
	else
		refuse("CTX-PTRACE", user_only(), 1, -1, -1, 0);
}

static void
step_cgroups(void)
{
	int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	refuse("CG-FD", user_only(), folder, 0, -1, PERF_FLAG_PID_CGROUP);
	refuse("CG-FD", user_only(), 999, 0, -1, PERF_FLAG_PID_CGROUP);
	close(folder);
}

static void
step_limits(void)
{
	struct rlimit old, none = {3, 3};
	union attr *attr;

	getrlimit(RLIMIT_NOFILE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &none);
	refuse_here("SYS-EMFILE", user_only());
	refuse("SYS-EMFILE", user_only(), 0, 0, -1, 0);
	attr = user_only();
	attr->of.sample_type = 1ULL << 40;
	refuse_here("CPY-STYPE", attr);
	setrlimit(RLIMIT_NOFILE, &old);
}

/* As nobody; the level that the machine is at decides what is refused. */
static void
step_paranoid(void)
{
	long level = sysctl("perf_event_paranoid");
	union attr *attr;

	attr = software();
	attr->of.exclude_hv = 1;
	if (level >= 2) {
		refuse_here("PERM-KERNEL", attr);
		attr->of.config = PERF_COUNT_SW_CPU_CLOCK;
		refuse_here("PERM-KERNEL", attr);
		attr->of.config = 999;
		refuse_here("PERM-KERNEL", attr);
	}
	attr = user_only();
	if (level >= 1) {
		refuse("CTX-CPU", attr, -1, 0, -1, 0);
		refuse("CTX-CPU", attr, -1, 1, -1, 0);
		attr->of.sample_type = PERF_SAMPLE_TIME;
		refuse("CTX-CPU", attr, -1, 0, -1, 0);
	}
	attr = user_only();
	attr->of.namespaces = 1;
	refuse_here("PERM-NS", attr);
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_PHYS_ADDR;
	if (level >= 2)
		refuse_here("PERM-PHYS", attr);
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_BRANCH_STACK;
	attr->of.branch_sample_type = PERF_SAMPLE_BRANCH_KERNEL | PERF_SAMPLE_BRANCH_ANY;
	if (level >= 2)
		refuse_here("PERM-BRPLM", attr);
	if (pmu_type("uprobe") >= 0) {
		attr = user_only();
		attr->of.type = (uint32_t)pmu_type("uprobe");
		attr->of.config = 0;
		attr->words[7] = (uint64_t)(uintptr_t)"/bin/true";
		refuse_here("UP-PERM", attr);
	}
	if (switches && level >= 0 && level < 2) {
		attr = software();
		attr->of.type = PERF_TYPE_TRACEPOINT;
		attr->of.config = switches;
		attr->of.sample_type = PERF_SAMPLE_RAW;
		refuse("TP-RAW", attr, 0, 0, -1, 0);
	}
}

/* As root: the machine's uprobe PMU. */
static void
step_probes(void)
{
	union attr *attr = user_only();
	int type = pmu_type("uprobe");

	if (type < 0)
		return;
	attr->of.exclude_kernel = 0;
	attr->of.exclude_hv = 0;
	attr->of.type = (uint32_t)type;
	attr->of.config = 0;
	refuse_here("UP-PATH", attr);
	attr->words[7] = (uint64_t)(uintptr_t)"";
	refuse_here("UP-PATH", attr);
	attr->words[7] = 8;
	refuse_here("UP-FAULT", attr);
	attr->words[7] = (uint64_t)(uintptr_t)"/no/such/file";
	refuse_here("UP-NOENT", attr);
	attr->words[7] = (uint64_t)(uintptr_t)"/etc/passwd/x";
	refuse_here("UP-NOENT", attr);
	attr->words[7] = (uint64_t)(uintptr_t)"/etc";
	refuse_here("UP-REG", attr);
	attr->words[7] = (uint64_t)(uintptr_t)"/etc/passwd";
	attr->words[8] = 1 << 30;
	refuse_here("UP-OFF", attr);
	attr->of.sample_type = PERF_SAMPLE_BRANCH_STACK;
	attr->of.branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY;
	refuse_here("UP-BRANCH", attr);
}

/* A container's filter answers the call before the kernel looks at it. */
static void
step_seccomp(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
	union attr *attr;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		|| prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		fprintf(stderr, "no filter: %s\n", strerror(errno));
		exit(1);
	}
	refuse_here("SYS-SECCOMP", user_only());
	refuse_here("SYS-SECCOMP", software());
	attr = user_only();
	attr->of.sample_type = 1ULL << 40;
	refuse_here("SYS-SECCOMP", attr);
	refuse("SYS-SECCOMP", user_only(), -1, 0, -1, 0);
	refuse("SYS-SECCOMP", user_only(), 0, -1, 77, 0);
}

int
main(int argc, char **argv)
{
	static const struct step steps[] = {
		{"arguments", step_arguments}, {"members", step_members}, {"events", step_events},
		{"breakpoints", step_breakpoints}, {"groups", step_groups}, {"tasks", step_tasks},
		{"cgroups", step_cgroups}, {"limits", step_limits}, {"paranoid", step_paranoid},
		{"probes", step_probes}, {"seccomp", step_seccomp}, {"nobody", become_nobody},
		{NULL, NULL},
	};

	switches = tracepoint_id();
	return argc > 1 ? run_steps(steps, argv + 1) : 2;
}
