/* Why a call was refused: every check made to fire, by an attr and facts that are made up. */
#include "tests/decoder/machine_facts.h"

#define ATTR(field, bits) set(call, FIELD_##field, bits)
#define KNOW(fact, number) fact_set(facts, FACT_##fact, number)

#define FORGET(fact) facts->known &= ~(1ULL << FACT_##fact)

typedef void set_scene(struct call *call, struct facts *facts);

static struct answer
answer_of(const struct call *call, const struct facts *facts)
{
	struct answer answer;

	explain(&answer, call, facts);
	return answer;
}

/* The scene on the plain call and the quiet machine, refused with the check's errno. */
static struct call *
scene_call(set_scene *scene, struct facts *facts, enum check_id id)
{
	struct call *call = plain_call();

	*facts = quiet();
	scene(call, facts);
	call->error = check_error(id) ? check_error(id) : 1;
	if (id == CHECK_CPY_SIZE || id == CHECK_CPY_TAIL)
		call->size_after = 136;
	return call;
}

/* With less known the answer may be longer, but not another one. */
static void
assert_never_wrong(const struct call *call, const struct facts *facts, enum check_id id)
{
	struct facts less = {0};
	struct answer answer;

	for (unsigned forgotten = 0; forgotten <= FACTS; forgotten++) {
		if (forgotten < FACTS) {
			less = *facts;
			less.known &= ~(1ULL << forgotten);
			less.value[forgotten] = 0;
		} else {
			less = (struct facts){0};
		}
		answer = answer_of(call, &less);
		assert_answer(listed(&answer, id), &answer, id);
		assert_answer(answer.kind != ANSWER_CERTAIN || answer.checks[0] == id, &answer, id);
	}
}

static void
assert_told(set_scene *scene, enum check_id id)
{
	struct facts facts;
	struct call *call = scene_call(scene, &facts, id);
	struct answer answer = answer_of(call, &facts);

	assert_answer(answer.kind == ANSWER_CERTAIN, &answer, id);
	assert_answer(answer.checks[0] == id, &answer, id);
	assert_true(check_fires(id, call, &facts, NULL) != NO);
	assert_never_wrong(call, &facts, id);
}

static void
assert_in_list(set_scene *scene, enum check_id id)
{
	struct facts facts;
	struct call *call = scene_call(scene, &facts, id);
	struct answer answer = answer_of(call, &facts);

	assert_answer(answer.kind != ANSWER_CERTAIN || answer.checks[0] == id, &answer, id);
	assert_answer(listed(&answer, id), &answer, id);
	assert_never_wrong(call, &facts, id);
}

static void
assert_passes(enum check_id id)
{
	struct facts facts = quiet();

	assert_int_equal(check_fires(id, plain_call(), &facts, NULL), NO);
}

/*
 * EXACTLY: the one answer. AMONG: in the list, since nobody outside the kernel can tell. Either way the plain call
 * passes that check.
 */
#define SCENE(id, assertion, ...) \
	static void scene_##id(struct call *call __attribute__((unused)), \
		struct facts *facts __attribute__((unused))) \
	{ \
		__VA_ARGS__; \
	} \
	TEST(id) \
	{ \
		assertion(scene_##id, CHECK_##id); \
		assert_passes(CHECK_##id); \
	}
#define EXACTLY(id, ...) SCENE(id, assert_told, __VA_ARGS__)
#define AMONG(id, ...) SCENE(id, assert_in_list, __VA_ARGS__)

EXACTLY(SYS_SECCOMP, KNOW(seccomp, 2); KNOW(null_answer, 1))
EXACTLY(SYS_NOPERF, KNOW(has_perf, 0))
EXACTLY(SYS_FLAGS, call->flags = 0x80000000)
EXACTLY(PERM_ANY_UBUNTU, KNOW(capabilities, 0); KNOW(distribution, DISTRIBUTION_UBUNTU);
	KNOW(paranoid, 4); ATTR(exclude_kernel, 1))
EXACTLY(CPY_FAULT, call->readable = 60)
EXACTLY(CPY_SIZE, ATTR(size, 63))
EXACTLY(CPY_TAIL, ATTR(size, 144); call->readable = 144; ATTR(config4, 1))
EXACTLY(CPY_RES, set_byte(call, 47, 0x80))
EXACTLY(CPY_STYPE, ATTR(sample_type, 1 << 25))
EXACTLY(CPY_RFMT, ATTR(read_format, 32))
EXACTLY(CPY_BRMASK, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 1 << 20 | 8))
EXACTLY(CPY_BRNONE, ATTR(sample_type, 2048); ATTR(branch_sample_type, 7))
EXACTLY(PERM_BRPLM, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 8); KNOW(capabilities, 0); ATTR(exclude_kernel, 1))
EXACTLY(CPY_REGSU, ATTR(sample_type, 1 << 12); ATTR(sample_regs_user, 1 << 12))
EXACTLY(CPY_NOSTACK, call->arch = ARCH_sparc64; ATTR(size, 0); ATTR(type, 1); ATTR(config,
	9); ATTR(sample_type, 8192))
EXACTLY(CPY_STACKMAX, ATTR(sample_type, 8192); ATTR(sample_stack_user, 65536))
EXACTLY(CPY_STACKALIGN, ATTR(sample_type, 8192); ATTR(sample_stack_user, 65529))
EXACTLY(CPY_REGSI, ATTR(sample_type, 1 << 18); ATTR(sample_regs_intr, 0))
EXACTLY(CPY_CGROUP, ATTR(sample_type, 1 << 21); KNOW(cgroup_perf, 0))
EXACTLY(CPY_WEIGHT, ATTR(sample_type, 1 << 24 | 1 << 14))
EXACTLY(CPY_INHTHR, ATTR(inherit_thread, 1))
EXACTLY(CPY_EXEC, ATTR(remove_on_exec, 1); ATTR(enable_on_exec, 1))
EXACTLY(CPY_SIGTRAP, ATTR(sigtrap, 1))
EXACTLY(PERM_ANY_DEBIAN, KNOW(capabilities, 0); KNOW(distribution, DISTRIBUTION_DEBIAN);
	KNOW(paranoid, 3); ATTR(exclude_kernel, 1))
EXACTLY(PERM_ANY_ANDROID, KNOW(capabilities, 0); KNOW(distribution, DISTRIBUTION_ANDROID);
	KNOW(paranoid, 3); ATTR(exclude_kernel, 1); call->kernel = "4.19.0"; KNOW(attr_size,
	112))
EXACTLY(LSM_OPEN, KNOW(lsm, 1); ATTR(exclude_kernel, 1))
EXACTLY(PERM_KERNEL, KNOW(capabilities, 0))
EXACTLY(PERM_TEXTPOKE, KNOW(capabilities, 0); ATTR(exclude_kernel, 1); ATTR(text_poke, 1);
	call->kernel = "7.3.4"; KNOW(attr_size, 144))
EXACTLY(PERM_CHAIN, KNOW(capabilities, 0); ATTR(exclude_kernel, 1); ATTR(sample_type, 32);
	call->kernel = "7.3.4"; KNOW(attr_size, 144))
EXACTLY(LSM_KERNEL, KNOW(lsm, 1); KNOW(group_answer, 9))
EXACTLY(PERM_NS, KNOW(capabilities, 0); ATTR(exclude_kernel, 1); ATTR(namespaces, 1))
EXACTLY(SYS_FREQ, ATTR(freq, 1); ATTR(sample_freq, 100001))
EXACTLY(SYS_PERIOD, ATTR(sample_period, 1ULL << 63))
EXACTLY(PERM_PHYS, KNOW(capabilities, 0); ATTR(exclude_kernel, 1); ATTR(sample_type, 1 << 19))
EXACTLY(LOCK_REGSI, ATTR(sample_type, 1 << 18); ATTR(sample_regs_intr, 1); KNOW(lockdown,
	LOCKDOWN_CONFIDENTIALITY))
EXACTLY(SYS_CGARGS, call->flags = 4)
EXACTLY(SYS_EMFILE, KNOW(descriptors_left, 0))
EXACTLY(GRP_FD, call->group_fd = 1; KNOW(group_event, 0))
EXACTLY(GRP_DEAD, call->group_fd = 4; KNOW(leader_alive, 0))
EXACTLY(SYS_ESRCH, call->pid = 99; KNOW(target_exists, 0))
EXACTLY(GRP_INHERIT, call->group_fd = 4; ATTR(inherit, 1))
EXACTLY(OLD_PTRACE, call->pid = 99; KNOW(capabilities, 0); ATTR(exclude_kernel, 1);
	KNOW(target_observable, 0); call->kernel = "4.19.0"; KNOW(attr_size, 112))
EXACTLY(ALC_CPU, call->cpu = 4; KNOW(cpu_online, 0))
EXACTLY(ALC_SIGTRAP, ATTR(sigtrap, 1); ATTR(remove_on_exec, 1); call->pid = -1; call->cpu = 0)
AMONG(ALC_NOMEM, )
EXACTLY(ALC_INHREAD, ATTR(inherit, 1); ATTR(sample_type, 16))
EXACTLY(PMU_NOTYPE, ATTR(type, 77); KNOW(pmu, 0))
EXACTLY(PMU_NOHW, ATTR(type, 0); ATTR(config, 0); KNOW(core_pmu, 0))
EXACTLY(PMU_EXTHW, ATTR(type, 0); ATTR(config, 1ULL << 32); KNOW(config_pmu, CONFIG_PMU_OTHER))
AMONG(PMU_MODULE, ATTR(type, 9); call->pmu = "msr"; ATTR(config, 0); FORGET(pmu))
EXACTLY(SW_BRANCH, ATTR(sample_type, 2048); ATTR(branch_sample_type, 8))
EXACTLY(SW_CONFIG, ATTR(config, 999))
EXACTLY(TP_BRANCH, ATTR(type, 2); ATTR(config, 372); call->tracepoint =
	"sched:sched_switch"; ATTR(sample_type, 2048); ATTR(branch_sample_type, 8))
EXACTLY(TP_ID, ATTR(type, 2); ATTR(config, 60000); KNOW(tracepoint, 0))
EXACTLY(TP_PERFPERM, ATTR(type, 2); ATTR(config, 156); ATTR(sample_period, 1);
	call->tracepoint = "irq_vectors:irq_work_exit")
EXACTLY(TP_FUNCPERM, ATTR(type, 2); ATTR(config, 1); call->tracepoint = "ftrace:function";
	KNOW(capabilities, 0); ATTR(exclude_kernel, 1))
EXACTLY(TP_FUNC, ATTR(type, 2); ATTR(config, 1); call->tracepoint = "ftrace:function";
	ATTR(sample_period, 1))
EXACTLY(TP_RAW, ATTR(type, 2); ATTR(config, 372); call->tracepoint = "sched:sched_switch";
	KNOW(capabilities, 0); ATTR(exclude_kernel, 1); ATTR(sample_type, 1024))
EXACTLY(TP_EINTR, ATTR(type, 2); ATTR(config, 372); call->tracepoint = "sched:sched_switch";
	KNOW(tracepoint_uprobe, 1))
EXACTLY(BP_BRANCH, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0x55c0885e2d00); ATTR(bp_len, 4); ATTR(sample_type, 2048); ATTR(branch_sample_type, 8))
EXACTLY(BP_TYPE, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 6); ATTR(bp_addr,
	0x55c0885e2d00); ATTR(bp_len, 8))
EXACTLY(BP_ENOSPC, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0x55c0885e2d00); ATTR(bp_len, 4))
EXACTLY(BP_WRAP, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr, ~1ULL);
	ATTR(bp_len, 8))
EXACTLY(BP_CPUENTRY, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0xfffffe0000000000); ATTR(bp_len, 4))
EXACTLY(BP_XLEN, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 4); ATTR(bp_addr,
	0x55c0885e2d00); ATTR(bp_len, 4))
EXACTLY(BP_LEN, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0x55c0885e2d00); ATTR(bp_len, 3))
EXACTLY(BP_RANGE, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0x55c0885e2d00); ATTR(bp_len, 16))
EXACTLY(BP_ALIGN, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0x55c0885e2d01); ATTR(bp_len, 4))
EXACTLY(BP_KERNEL, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0xffffffff81000000); ATTR(bp_len, 4); ATTR(exclude_kernel, 1))
EXACTLY(BP_KPERM, ATTR(type, 5); ATTR(config, 0); ATTR(bp_type, 2); ATTR(bp_addr,
	0xffffffff81000000); ATTR(bp_len, 4); KNOW(capabilities, 1LL << PERFMON))
EXACTLY(BP_ARMKTASK, call->arch = ARCH_aarch64; ATTR(type, 5); ATTR(config, 0);
	ATTR(bp_type, 2); ATTR(bp_addr, 0xffff800080000000); ATTR(bp_len, 4))
EXACTLY(KP_PERM, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); call->probe = "do_sys_open"; KNOW(capabilities, 0); ATTR(exclude_kernel, 1))
EXACTLY(KP_BRANCH, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); call->probe = "do_sys_open"; ATTR(sample_type, 2048); ATTR(branch_sample_type, 8))
EXACTLY(KP_FAULT, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); KNOW(probe_readable, 0))
EXACTLY(KP_LONG, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); KNOW(probe_length, 512))
EXACTLY(KP_NOENT, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); call->probe = "do_sys_open"; KNOW(symbol, 0))
EXACTLY(KP_BLACK, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); call->probe = "do_sys_open"; KNOW(symbol_blacklisted, 1))
EXACTLY(KP_EILSEQ, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); call->probe = "do_sys_open"; ATTR(probe_offset, 1))
EXACTLY(KP_LOCK, ATTR(type, 8); ATTR(config, 0); call->pmu = "kprobe"; ATTR(kprobe_func,
	20480); call->probe = "do_sys_open"; KNOW(lockdown, LOCKDOWN_CONFIDENTIALITY))
EXACTLY(UP_PERM, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; KNOW(capabilities, 1LL << PERFMON))
EXACTLY(UP_BRANCH, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; ATTR(sample_type, 2048); ATTR(branch_sample_type, 8))
EXACTLY(UP_PATH, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); ATTR(uprobe_path, 0))
EXACTLY(UP_FAULT, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); KNOW(probe_readable, 0))
EXACTLY(UP_LONG, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); KNOW(probe_length, 5999))
EXACTLY(UP_NOENT, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; KNOW(path_error, 2))
EXACTLY(UP_REG, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; KNOW(path_regular, 0))
EXACTLY(UP_EIO, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; KNOW(path_pages, 0))
EXACTLY(UP_OFF, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; ATTR(probe_offset, 100001))
EXACTLY(UP_REFCTR, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; ATTR(config, 3ULL << 32))
EXACTLY(UP_INSN, ATTR(type, 8); ATTR(config, 0); call->pmu = "uprobe"; ATTR(uprobe_path,
	20480); call->probe = "/bin/true"; ATTR(probe_offset, 3))
EXACTLY(MSR_SAMPLE, ATTR(type, 9); ATTR(config, 0); call->pmu = "msr"; ATTR(sample_period, 1))
EXACTLY(MSR_CONFIG, ATTR(type, 9); ATTR(config, 0); call->pmu = "msr"; ATTR(config, 99))
EXACTLY(UNC_CPU, ATTR(type, 9); ATTR(config, 0); call->pmu = "uncore_imc_0"; call->pid = 99;
	KNOW(pmu_cpumask, 1))
AMONG(UNC_CONFIG, ATTR(type, 9); ATTR(config, 0); call->pmu = "uncore_imc_0"; call->pid =
	-1; call->cpu = 0; KNOW(pmu_cpumask, 1))
AMONG(UNC_GROUP, ATTR(type, 9); ATTR(config, 0); call->pmu = "uncore_imc_0"; call->pid = -1;
	call->cpu = 0; KNOW(pmu_cpumask, 1); call->group_fd = 4; KNOW(leader_type, 9);
	KNOW(leader_task, -1); KNOW(leader_cpu, 0))
EXACTLY(PT_CONFIG, ATTR(type, 9); ATTR(config, 0); call->pmu = "intel_pt"; ATTR(config, 2))
AMONG(PT_BUSY, ATTR(type, 9); ATTR(config, 0); call->pmu = "intel_pt")
EXACTLY(BTS_PERM, ATTR(type, 9); ATTR(config, 0); call->pmu = "intel_bts";
	KNOW(capabilities, 0); ATTR(exclude_kernel, 1))
EXACTLY(SPE_FREQ, call->arch = ARCH_aarch64; ATTR(type, 9); ATTR(config, 0); call->pmu =
	"arm_spe_0"; ATTR(freq, 1); ATTR(sample_freq, 1))
EXACTLY(HW_HYBRIDCPU, ATTR(type, 9); ATTR(config, 0); call->pmu = "cpu_atom"; ATTR(config,
	192); call->cpu = 0; KNOW(pmu_covers_cpu, 0))
AMONG(HW_BUSY, ATTR(type, 0); ATTR(config, 0))
EXACTLY(HW_PRECISE, ATTR(type, 0); ATTR(config, 0); ATTR(precise_ip, 2); ATTR(sample_period,
	1000); KNOW(max_precise, 0))
EXACTLY(HW_PRECCNT, ATTR(type, 0); ATTR(config, 0); ATTR(precise_ip, 2))
AMONG(HW_PEBSLBR, ATTR(type, 0); ATTR(config, 0); ATTR(precise_ip, 2); ATTR(sample_period,
	1000); ATTR(sample_type, 2048); ATTR(branch_sample_type, 16))
EXACTLY(HW_MINPERIOD, ATTR(type, 0); ATTR(config, 0); ATTR(sample_period, 2))
EXACTLY(HW_XMMUSER, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 1 << 12);
	ATTR(sample_regs_user, 1ULL << 33))
EXACTLY(HW_XMMINTR, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 1 << 18);
	ATTR(sample_regs_intr, 1ULL << 33))
EXACTLY(HW_CONFIG, ATTR(type, 0); ATTR(config, 0); ATTR(config, 999))
EXACTLY(HW_UNSUP, ATTR(type, 0); ATTR(config, 0); ATTR(config, 7))
EXACTLY(HW_CACHE, ATTR(type, 3); ATTR(config, 255))
EXACTLY(HW_EXTRA, ATTR(type, 0); ATTR(config, 0); ATTR(config1, 1))
EXACTLY(HW_EXTRAMSR, ATTR(type, 4); ATTR(config, 450); ATTR(config1, 1))
EXACTLY(HW_BTS, ATTR(type, 0); ATTR(config, 0); ATTR(config, 4); ATTR(sample_period, 1))
EXACTLY(HW_BRANCH, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 8); KNOW(pmu_branches, 0))
EXACTLY(HW_BRFILTER, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 8); ATTR(branch_sample_type, 16))
EXACTLY(HW_CALLSTACK, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 8); ATTR(branch_sample_type, 2056))
AMONG(HW_BRS, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 8); KNOW(cpu_vendor, VENDOR_AMD))
AMONG(HW_BRCNTR, ATTR(type, 0); ATTR(config, 0); ATTR(sample_type, 2048);
	ATTR(branch_sample_type, 8); ATTR(branch_sample_type, 1 << 19 | 8))
AMONG(HW_TOPDOWN, ATTR(type, 4); ATTR(config, 450); ATTR(config, 32768))
AMONG(HW_ACR, ATTR(type, 4); ATTR(config, 450); ATTR(config2, 1))
EXACTLY(HW_ENODATA, ATTR(type, 4); ATTR(config, 450); ATTR(sample_type, 1 << 15))
EXACTLY(HW_ANYTHREAD, ATTR(type, 4); ATTR(config, 450); ATTR(config, 1 << 21 | 0x3c);
	KNOW(capabilities, 0); ATTR(exclude_kernel, 1))
EXACTLY(HW_TSX, ATTR(type, 4); ATTR(config, 450); ATTR(config, 1ULL << 32 | 0xc0);
	ATTR(precise_ip, 1); ATTR(sample_period, 1000))
EXACTLY(HW_NOCTR, ATTR(type, 4); ATTR(config, 450))
AMONG(HW_GROUP, ATTR(type, 0); ATTR(config, 0); call->group_fd = 4)
EXACTLY(IBS_CONFIG, ATTR(type, 9); ATTR(config, 0); call->pmu = "ibs_op")
AMONG(HW_AUXPREC, ATTR(type, 0); ATTR(config, 0); ATTR(aux_output, 1); call->group_fd = 4;
	KNOW(leader_aux, 1))
EXACTLY(ARM_CHAIN, call->arch = ARCH_aarch64; ATTR(type, 4); ATTR(config, 30))
EXACTLY(ARM_IDLE, call->arch = ARCH_aarch64; ATTR(type, 0); ATTR(config, 0); ATTR(exclude_idle, 1))
AMONG(ARM_UACCESS, call->arch = ARCH_aarch64; ATTR(type, 0); ATTR(config, 0); ATTR(config1,
	2); call->pid = -1; call->cpu = 0)
EXACTLY(PMU_XREGS, ATTR(sample_regs_intr, 1ULL << 33))
EXACTLY(PMU_NOEXCL, ATTR(type, 9); ATTR(config, 0); call->pmu = "msr"; ATTR(exclude_kernel, 1))
EXACTLY(PMU_SCOPE, ATTR(type, 9); ATTR(config, 0); call->pmu = "uncore_imc_0"; call->pid =
	-1; call->cpu = 0; KNOW(pmu_cpumask, 1); KNOW(pmu_covers_cpu, 0))
AMONG(UNC_TASK, ATTR(type, 9); ATTR(config, 0); call->pmu = "uncore_imc_0"; call->pid = -1;
	call->cpu = 0; KNOW(pmu_cpumask, 1); call->pid = 99)
EXACTLY(AUX_OUTPUT, ATTR(aux_output, 1))
EXACTLY(AUX_PAUSERES, ATTR(aux_pause, 1); ATTR(aux_resume, 1))
EXACTLY(AUX_STARTPAUSED, ATTR(aux_start_paused, 1))
EXACTLY(CG_FD, call->flags = 4; call->pid = 5; call->cpu = 0; KNOW(cgroup_fd, 0))
EXACTLY(CG_CSS, call->flags = 4; call->pid = 5; call->cpu = 0; KNOW(cgroup_controller, 0))
EXACTLY(CG_NOCONF, call->flags = 4; call->pid = 5; call->cpu = 0; KNOW(cgroup_perf, 0))
EXACTLY(CG_GROUP, call->flags = 4; call->pid = 5; call->cpu = 0; call->group_fd = 4;
	KNOW(leader_cpu, 0); KNOW(leader_task, -1))
AMONG(PMU_EXCLUSIVE, ATTR(type, 9); ATTR(config, 0); call->pmu = "intel_pt")
EXACTLY(ALC_MAXSTACK, ATTR(sample_type, 32); ATTR(sample_max_stack, 128))
AMONG(ALC_CHAINMEM, ATTR(sample_type, 32))
AMONG(LSM_ALLOC, KNOW(lsm, 1))
AMONG(PMU_VPMU, ATTR(type, 0); ATTR(config, 0); call->kernel = "7.0.1"; KNOW(attr_size, 144))
EXACTLY(PMU_NOINT, ATTR(type, 0); ATTR(config, 0); ATTR(sample_period, 1000); KNOW(interrupt, 0))
EXACTLY(CLK_ID, ATTR(use_clockid, 1); ATTR(clockid, 2))
EXACTLY(CLK_NMI, ATTR(type, 2); ATTR(config, 372); call->tracepoint = "sched:sched_switch";
	ATTR(use_clockid, 1); ATTR(clockid, 0))
AMONG(SYS_EINTR, call->pid = 99)
EXACTLY(CTX_PTRACE, call->pid = 99; KNOW(capabilities, 0); ATTR(exclude_kernel, 1);
	KNOW(target_observable, 0))
EXACTLY(CTX_CPU, call->pid = -1; call->cpu = 0; KNOW(capabilities, 0); ATTR(exclude_kernel, 1))
EXACTLY(CTX_EXITING, call->pid = 99; KNOW(target_exiting, 1))
EXACTLY(CTX_OFFLINE, call->pid = -1; call->cpu = 3; KNOW(cpu_online, 0))
EXACTLY(GRP_NESTED, call->group_fd = 4; KNOW(leader_sibling, 1))
EXACTLY(GRP_CLOCK, call->group_fd = 4; ATTR(use_clockid, 1); ATTR(clockid, 1))
EXACTLY(GRP_CPU, call->group_fd = 4; call->cpu = 0)
EXACTLY(GRP_CTX, call->group_fd = 4; call->pid = 99)
EXACTLY(GRP_PINNED, call->group_fd = 4; ATTR(pinned, 1))
AMONG(GRP_PMU, ATTR(type, 9); ATTR(config, 0); call->pmu = "cpu_core"; ATTR(config, 192);
	call->group_fd = 4; KNOW(leader_type, 23))
EXACTLY(OUT_NORB, call->group_fd = 4; call->flags = 3; KNOW(leader_mapped, 0))
EXACTLY(OUT_CPU, call->group_fd = 4; call->flags = 3; call->cpu = 0)
EXACTLY(OUT_TASK, call->group_fd = 4; call->flags = 3; call->pid = 99)
EXACTLY(OUT_CLOCK, call->group_fd = 4; call->flags = 3; ATTR(use_clockid, 1); ATTR(clockid, 1))
EXACTLY(OUT_BACKWARD, call->group_fd = 4; call->flags = 3; ATTR(write_backward, 1))
EXACTLY(SIZ_READ, call->group_fd = 4; ATTR(read_format, 31); KNOW(leader_members, 700))
EXACTLY(AUX_LEADER, ATTR(aux_pause, 1))
EXACTLY(SYS_ENFILE, KNOW(files_left, 0))
