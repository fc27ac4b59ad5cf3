/* Why a call was refused: every check made to fire, by an attr and facts that are made up. */
#include "tests/decoder/machine_facts.h"
#include "tests/decoder/random.h"

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
assert_is_told(set_scene *scene, enum check_id id)
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
assert_is_in_the_list(set_scene *scene, enum check_id id)
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

static set_scene *scenes[CHECKS];

/*
 * EXACTLY: the one answer. AMONG: in the list, since nobody outside the kernel can tell. Either way
 * the plain call passes that check.
 */
#define SCENE(id, assertion, ...) \
	static void scene_##id(struct call *call __attribute__((unused)), \
		struct facts *facts __attribute__((unused))) \
	{ \
		__VA_ARGS__; \
	} \
	__attribute__((constructor)) static void keep_##id(void) \
	{ \
		scenes[CHECK_##id] = scene_##id; \
	} \
	TEST(id##_##assertion) \
	{ \
		assert_##assertion(scene_##id, CHECK_##id); \
		assert_passes(CHECK_##id); \
	}
#define EXACTLY(id, ...) SCENE(id, is_told, __VA_ARGS__)
#define AMONG(id, ...) SCENE(id, is_in_the_list, __VA_ARGS__)

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

/* Rules that moved between releases: the same call and facts, but for the kernel. */

static struct answer
answer_on(const char *kernel, struct call *call, struct facts *facts, int32_t error)
{
	facts->known &= ~(1ULL << FACT_attr_size);
	call->kernel = kernel;
	call->error = error;
	return answer_of(call, facts);
}

#define ASSERT_MOVES(setup, old, old_error, old_check, new, new_error, new_check) \
	do { \
		struct call *call = plain_call(); \
		struct facts made = quiet(), *facts = &made; \
		struct answer answer; \
		setup; \
		answer = answer_on(old, call, facts, old_error); \
		assert_answer(answer.kind == ANSWER_CERTAIN, &answer, old_check); \
		assert_answer(answer.checks[0] == (old_check), &answer, old_check); \
		answer = answer_on(new, call, facts, new_error); \
		assert_answer(answer.kind == ANSWER_CERTAIN, &answer, new_check); \
		assert_answer(answer.checks[0] == (new_check), &answer, new_check); \
	} while (0)

static void
assert_opens(const char *kernel, struct call *call, struct facts *facts)
{
	struct answer answer = answer_on(kernel, call, facts, 0);

	assert_answer(answer.kind == ANSWER_ACCEPTED, &answer, CHECKS);
}

TEST(a_newer_flag_is_a_reserved_bit_to_an_older_kernel)
{
	ASSERT_MOVES(ATTR(sigtrap, 1), "5.12.1", 22, CHECK_CPY_RES, "5.13.1", 22,
		CHECK_CPY_SIGTRAP);
	ASSERT_MOVES(ATTR(inherit_thread, 1), "5.4.0", 22, CHECK_CPY_RES, "6.1.0", 22,
		CHECK_CPY_INHTHR);
}

TEST(a_newer_sample_bit_is_refused_by_an_older_kernel_alone)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	ATTR(sample_type, 1 << 24);
	answer = answer_on("5.11.0", call, &facts, 22);
	assert_answer(answer.kind == ANSWER_CERTAIN, &answer, CHECK_CPY_STYPE);
	assert_answer(answer.checks[0] == CHECK_CPY_STYPE, &answer, CHECK_CPY_STYPE);
	assert_opens("5.12.0", call, &facts);
}

TEST(lost_counts_may_have_come_with_a_stable_update)
{
	struct facts facts = quiet();
	struct call *call = plain_call();

	ATTR(read_format, 16);
	assert_int_equal(answer_on("5.3.0", call, &facts, 22).kind, ANSWER_CERTAIN);
	assert_int_equal(answer_on("5.15.0", call, &facts, 0).kind, ANSWER_LIST);
	assert_opens("6.0.0", call, &facts);
}

TEST(perfmon_is_no_capability_before_5_8)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	fact_set(&facts, FACT_capabilities, 1LL << PERFMON);
	answer = answer_on("5.7.0", call, &facts, 13);
	assert_answer(answer.kind == ANSWER_CERTAIN, &answer, CHECK_PERM_KERNEL);
	assert_answer(answer.checks[0] == CHECK_PERM_KERNEL, &answer, CHECK_PERM_KERNEL);
	assert_opens("5.8.0", call, &facts);
}

TEST(a_uprobe_needs_sys_admin_again_from_6_16)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	scene_UP_PERM(call, facts);
	assert_int_equal(answer_on("5.4.0", call, facts, 13).kind, ANSWER_CERTAIN);
	answer_on("5.15.0", call, facts, 0);
	assert_int_equal(check_fires(CHECK_UP_PERM, call, facts, NULL), MAYBE);
	assert_int_equal(answer_on("6.16.0", call, facts, 13).kind, ANSWER_CERTAIN);
}

TEST(a_dead_leader_was_another_context_before)
{
	ASSERT_MOVES(scene_GRP_DEAD(call, facts), "6.12.116", 22, CHECK_GRP_CTX, "6.12.117", 19,
		CHECK_GRP_DEAD);
	ASSERT_MOVES(scene_GRP_DEAD(call, facts), "6.6.1", 22, CHECK_GRP_CTX, "7.2.1", 19,
		CHECK_GRP_DEAD);
}

TEST(call_chains_were_hardened_in_7_3_and_in_stable_updates)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	scene_PERM_CHAIN(call, facts);
	assert_opens("6.18.44", call, facts);
	assert_opens("6.12.116", call, facts);
	assert_int_equal(answer_on("6.12.117", call, facts, 13).checks[0], CHECK_PERM_CHAIN);
	assert_int_equal(answer_on("7.2.12", call, facts, 0).kind, ANSWER_CERTAIN);
	assert_int_equal(answer_on("6.1.0-56-amd64", call, facts, 0).kind, ANSWER_LIST);
}

TEST(inherited_reads_came_in_6_12_if_the_tid_is_there)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	ATTR(inherit, 1);
	ATTR(sample_type, 16 | 2);
	answer = answer_on("6.11.9", call, &facts, 22);
	assert_answer(answer.kind == ANSWER_CERTAIN, &answer, CHECK_ALC_INHREAD);
	assert_answer(answer.checks[0] == CHECK_ALC_INHREAD, &answer, CHECK_ALC_INHREAD);
	assert_opens("6.12.0", call, &facts);
	ATTR(sample_type, 16);
	assert_int_equal(answer_on("6.12.0", call, &facts, 22).checks[0], CHECK_ALC_INHREAD);
}

TEST(inherited_groups_came_in_4_13)
{
	struct facts facts = quiet();
	struct call *call = plain_call();

	ATTR(inherit, 1);
	ATTR(read_format, 8);
	assert_int_equal(answer_on("4.12.0", call, &facts, 22).checks[0], CHECK_ALC_INHREAD);
	assert_opens("4.13.0", call, &facts);
}

TEST(the_right_to_observe_was_asked_for_earlier_before_5_10)
{
	ASSERT_MOVES(scene_CTX_PTRACE(call, facts), "4.19.0", 13, CHECK_OLD_PTRACE, "5.10.0", 13,
		CHECK_CTX_PTRACE);
}

TEST(a_pmu_that_cannot_exclude_hid_extended_registers_before_6_15)
{
	ASSERT_MOVES(scene_PMU_NOEXCL(call, facts); ATTR(sample_regs_user, 1ULL << 32), "5.4.0",
		22, CHECK_PMU_NOEXCL,
		"6.18.44", 95, CHECK_PMU_XREGS);
}

TEST(output_of_a_task_event_can_be_redirected_from_6_1)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	call->group_fd = 4;
	call->flags = 3;
	answer = answer_on("5.3.0", call, &facts, 22);
	assert_answer(answer.kind == ANSWER_CERTAIN, &answer, CHECK_OUT_TASK);
	assert_answer(answer.checks[0] == CHECK_OUT_TASK, &answer, CHECK_OUT_TASK);
	assert_opens("6.1.0", call, &facts);
}

TEST(arm_answers_exclude_idle_with_another_error_since_6_7)
{
	ASSERT_MOVES(scene_ARM_IDLE(call, facts), "6.6.9", 1, CHECK_ARM_IDLE, "6.7.0", 95,
		CHECK_ARM_IDLE);
}

TEST(a_type_in_the_upper_half_of_config_is_a_huge_number_before_5_13)
{
	ASSERT_MOVES(scene_PMU_EXTHW(call, facts), "5.12.9", 22, CHECK_HW_CONFIG, "5.13.0", 2,
		CHECK_PMU_EXTHW);
}

TEST(what_red_hat_took_from_later_releases_is_not_ruled_out)
{
	struct facts facts = quiet();
	struct call *call = plain_call();

	ATTR(sigtrap, 1);
	assert_int_equal(answer_on("4.18.0-553.el8.x86_64", call, &facts, 22).kind, ANSWER_LIST);
}

TEST(a_kernel_later_than_the_tables_may_know_more)
{
	struct facts facts = quiet();
	struct call *call = plain_call();

	ATTR(sample_type, 1 << 25);
	assert_int_equal(answer_on("9.1.0", call, &facts, 0).kind, ANSWER_LIST);
	assert_int_equal(answer_on("6.18.44", call, &facts, 0).kind, ANSWER_CERTAIN);
}

/* Every row */

TEST(every_check_of_an_open_has_a_scene)
{
	for (enum check_id id = 0; id <= CHECK_SYS_ENFILE; id++) {
		if (!scenes[id])
			print_error("%s has none\n", name_of_check(id));
		assert_non_null(scenes[id]);
	}
}

enum {
	SOURCE_COLUMN = 10,
	SOURCES = 46
};

/* Those that nobody has seen refuse a call: made-up facts are all that there is. */
TEST(every_check_that_was_only_read_has_a_scene)
{
	FILE *file = fopen("tests/data/checks.tsv", "r");
	unsigned count = 0;
	char line[2048], *rest, *name, *verified;

	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		enum check_id id;

		rest = line;
		name = strsep(&rest, "\t");
		for (unsigned i = 1; i < SOURCE_COLUMN; i++)
			strsep(&rest, "\t");
		verified = strsep(&rest, "\t");
		assert_non_null(verified);
		if (strcmp(verified, "source") != 0)
			continue;
		id = check_find(name, strlen(name));
		assert_true(id < CHECKS);
		if (!scenes[id])
			print_error("%s has none\n", name);
		assert_non_null(scenes[id]);
		count++;
	}
	fclose(file);
	assert_int_equal(count, SOURCES);
}

/* Random mixtures */

enum {
	MIXTURES = 30000,
	SEED = 20130,
	SUBSETS = 8
};

static const struct {
	const char *release;
	uint32_t size; /* of its struct */
} kernels[] = {
	{"6.18.44", VER8}, {"6.12.120", VER8}, {"6.1.0", VER7}, {"5.15.3", VER7}, {"4.19.1", VER5},
	{"7.3.1", VER9},
};

/* Scenes know nothing of each other: what a name that was found says, and whoever forbids all. */
static void
agree(const struct call *call, struct facts *facts)
{
	if (facts->value[FACT_distribution] != DISTRIBUTION_MAINLINE)
		facts->known &= ~(1ULL << FACT_null_answer | 1ULL << FACT_group_answer
			| 1ULL << FACT_kernel_answer);
	if (*call->pmu)
		KNOW(pmu, 1);
	if (*call->tracepoint)
		KNOW(tracepoint, 1);
	if (!*call->probe)
		return;
	KNOW(probe_readable, 1);
	KNOW(probe_length, (int64_t)strlen(call->probe));
}

/* Up to three scenes at once, on some kernel. Returns the size that it writes into a struct. */
static uint32_t
mix(struct random *random, struct call *call, struct facts *facts)
{
	unsigned kernel = random_below(random, COUNT_OF(kernels));

	*facts = quiet();
	FORGET(attr_size);
	call->kernel = kernels[kernel].release;
	for (unsigned i = 0; i < 3; i++) {
		set_scene *scene = scenes[random_below(random, CHECK_SYS_ENFILE + 1)];

		if (i == 0 || random_chance(random, 2))
			scene(call, facts);
	}
	agree(call, facts);
	call->kernel = kernels[kernel].release;
	FORGET(attr_size);
	call->error = 0;
	return kernels[kernel].size;
}

static struct facts
fewer(struct random *random, const struct facts *facts)
{
	struct facts less = {0};

	for (enum fact_id id = 0; id < FACTS; id++)
		if (fact_known(facts, id) && !random_chance(random, 3))
			fact_set(&less, id, facts->value[id]);
	return less;
}

/* The error that the check answers on that kernel: the first that it is told from. */
static void
refuse_mixture(struct call *call, const struct facts *facts, enum check_id id)
{
	for (unsigned i = 0; i < ANSWERS_MAX; i++) {
		unsigned answer = checks[id].errors[i];
		struct answer found;

		call->error = answer < ERRORS ? errors[answer].number : ERRNO_ENOTSUPP;
		found = answer_of(call, facts);
		if (listed(&found, id))
			return;
	}
}

TEST(whatever_is_not_known_no_other_answer_is_certain)
{
	struct random random = {SEED};
	unsigned told = 0;

	for (unsigned round = 0; round < MIXTURES; round++) {
		struct facts facts;
		struct call *call = plain_call();
		uint32_t size = mix(&random, call, &facts);
		struct answer answer = answer_of(call, &facts);
		enum check_id id;

		id = (enum check_id)answer.checks[0];
		if (answer.kind != ANSWER_CERTAIN || !check_error(id))
			continue;
		told++;
		if (id == CHECK_CPY_SIZE || id == CHECK_CPY_TAIL)
			call->size_after = size;
		refuse_mixture(call, &facts, id);
		for (unsigned i = 0; i < SUBSETS; i++) {
			struct facts less = fewer(&random, &facts);

			answer = answer_of(call, &less);
			assert_answer(answer.kind != ANSWER_CERTAIN || answer.checks[0] == id,
				&answer, id);
			assert_answer(listed(&answer, id), &answer, id);
		}
	}
	assert_true(told > MIXTURES / 4);
}

/* Facts that several rows are told from */

static void
assert_certain(const struct call *call, const struct facts *facts, enum check_id id)
{
	struct answer answer = answer_of(call, facts);

	assert_answer(answer.kind == ANSWER_CERTAIN, &answer, id);
	assert_answer(answer.checks[0] == id, &answer, id);
}

TEST(a_leader_that_may_be_dead_is_so_if_the_kernel_says_ENODEV)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	call->group_fd = 4;
	call->error = 19;
	KNOW(leader_task, 4712);
	FORGET(leader_alive);
	assert_certain(call, facts, CHECK_GRP_DEAD);
}

TEST(a_path_that_leads_nowhere_is_told_whatever_the_kernel_calls_it)
{
	static const int errors_of_paths[] = {2, 13, 20, 36, 40};

	for (size_t i = 0; i < COUNT_OF(errors_of_paths); i++) {
		struct facts made, *facts = &made;
		struct call *call = scene_call(scene_UP_NOENT, facts, CHECK_UP_NOENT);

		KNOW(path_error, errors_of_paths[i]);
		call->error = errors_of_paths[i];
		assert_certain(call, facts, CHECK_UP_NOENT);
	}
}

TEST(a_filter_is_told_whatever_it_answers)
{
	static const int answers[] = {1, 2, 9, 13, 16, 19, 22, 24, 38, 95};

	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		struct facts made = quiet(), *facts = &made;
		struct call *call = plain_call();

		ATTR(sample_type, 1ULL << 40);
		KNOW(seccomp, 2);
		KNOW(null_answer, answers[i]);
		call->error = answers[i];
		assert_certain(call, facts, CHECK_SYS_SECCOMP);
	}
}

TEST(behind_a_filter_that_let_the_call_through_the_kernel_is_told)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	ATTR(sample_type, 1ULL << 40);
	KNOW(seccomp, 2);
	KNOW(null_answer, 14);
	call->error = 22;
	assert_certain(call, facts, CHECK_CPY_STYPE);
}

TEST(a_filter_and_ubuntu_that_both_say_EACCES_are_not_told_apart)
{
	struct facts made, *facts = &made;
	struct call *call = scene_call(scene_PERM_ANY_UBUNTU, facts, CHECK_PERM_ANY_UBUNTU);

	KNOW(seccomp, 2);
	KNOW(null_answer, 13);
	assert_int_equal(answer_of(call, facts).kind, ANSWER_LIST);
}

TEST(with_every_right_ftrace_itself_may_refuse_its_function_event)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	ATTR(type, 2);
	ATTR(config, 1);
	call->tracepoint = "ftrace:function";
	assert_opens("6.18.44", call, facts);
	call->error = 1;
	assert_certain(call, facts, CHECK_TP_FUNCPERM);
}

TEST(an_instruction_may_start_anywhere)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	ATTR(type, 5);
	ATTR(config, 0);
	ATTR(bp_type, 4);
	ATTR(bp_addr, 0x55c0885e2d03);
	ATTR(bp_len, 8);
	assert_int_equal(check_fires(CHECK_BP_ALIGN, call, facts, NULL), NO);
	ATTR(bp_type, 2);
	assert_int_equal(check_fires(CHECK_BP_ALIGN, call, facts, NULL), YES);
}

TEST(kernel_code_may_be_out_of_bounds_for_a_breakpoint)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	ATTR(type, 5);
	ATTR(config, 0);
	ATTR(bp_type, 4);
	ATTR(bp_addr, 0xffffffff81000000);
	ATTR(bp_len, 8);
	call->error = 22;
	assert_certain(call, facts, CHECK_BP_CPUENTRY);
}

TEST(a_uprobe_beyond_the_end_is_not_one_before_the_start)
{
	struct facts made, *facts = &made;
	struct call *call = scene_call(scene_UP_OFF, facts, CHECK_UP_OFF);

	assert_int_equal(check_fires(CHECK_UP_OFF, call, facts, NULL), YES);
	ATTR(probe_offset, 1ULL << 63 | 100001);
	assert_int_equal(check_fires(CHECK_UP_OFF, call, facts, NULL), NO);
}

TEST(another_uprobe_of_the_place_may_have_another_counter)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	ATTR(type, 8);
	ATTR(config, 0);
	call->pmu = "uprobe";
	ATTR(uprobe_path, 20480);
	call->probe = "/bin/true";
	call->error = 22;
	assert_certain(call, facts, CHECK_UP_REFCTR);
}

TEST(a_software_leader_may_have_hardware_siblings_of_another_pmu)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	ATTR(type, 9);
	ATTR(config, 192);
	call->pmu = "cpu_core";
	call->group_fd = 4;
	call->error = 22;
	assert_int_equal(check_fires(CHECK_GRP_PMU, call, facts, NULL), MAYBE);
}

/* The walk */

TEST(the_check_that_comes_first_hides_the_others)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	ATTR(sample_type, 1 << 25);
	ATTR(sigtrap, 1);
	call->error = 22;
	answer = answer_of(call, &facts);
	assert_int_equal(answer.kind, ANSWER_CERTAIN);
	assert_int_equal(answer.checks[0], CHECK_CPY_STYPE);
	assert_int_equal(answer.next, CHECK_CPY_SIGTRAP);
}

TEST(a_call_that_nothing_refuses_is_accepted)
{
	struct facts facts = quiet();
	struct call *call = plain_call();

	assert_opens("6.18.44", call, &facts);
	assert_int_equal(answer_of(call, &facts).next, CHECKS);
}

TEST(an_error_that_no_row_gives_cannot_be_told)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	call->error = 61;
	answer = answer_of(call, &facts);
	assert_int_equal(answer.kind, ANSWER_UNKNOWN);
	assert_int_equal(answer.count, 0);
}

TEST(facts_that_contradict_the_kernel_are_never_a_certain_answer)
{
	struct facts facts = quiet();
	struct call *call = plain_call();

	fact_set(&facts, FACT_descriptors_left, 0);
	ATTR(use_clockid, 1);
	ATTR(clockid, 2);
	call->error = 22;
	assert_int_equal(answer_of(call, &facts).kind, ANSWER_LIST);
	assert_int_equal(answer_of(call, &facts).checks[0], CHECK_CLK_ID);
}

TEST(a_missing_fact_that_would_tell_is_wanted)
{
	struct facts facts = quiet();
	struct call *call = plain_call();
	struct answer answer;

	facts.known &= ~(1ULL << FACT_max_sample_rate);
	ATTR(freq, 1);
	ATTR(sample_freq, 4000);
	ATTR(use_clockid, 1);
	ATTR(clockid, 2);
	call->error = 22;
	answer = answer_of(call, &facts);
	assert_int_equal(answer.kind, ANSWER_LIST);
	assert_int_equal(answer.checks[0], CHECK_CLK_ID);
	assert_true(answer.wanted == 1ULL << FACT_max_sample_rate);
}

TEST(a_filter_that_is_known_to_answer_otherwise_is_not_blamed)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	scene_TP_RAW(call, facts);
	KNOW(seccomp, 2);
	call->error = 1;
	assert_int_equal(answer_of(call, facts).kind, ANSWER_LIST);
	KNOW(null_answer, 14);
	assert_int_equal(answer_of(call, facts).kind, ANSWER_CERTAIN);
	assert_int_equal(answer_of(call, facts).checks[0], CHECK_TP_RAW);
}

TEST(a_size_that_was_written_back_tells_a_struct_too_big_from_a_group_too_large)
{
	struct facts made = quiet(), *facts = &made;
	struct call *call = plain_call();

	scene_SIZ_READ(call, facts);
	FORGET(attr_size);
	FORGET(leader_members);
	call->error = 7;
	assert_int_equal(answer_of(call, facts).kind, ANSWER_CERTAIN);
	assert_int_equal(answer_of(call, facts).checks[0], CHECK_SIZ_READ);
}

TEST(a_check_is_found_by_its_name)
{
	assert_int_equal(check_find("PERM-ANY-UBUNTU", 15), CHECK_PERM_ANY_UBUNTU);
	assert_int_equal(check_find("PERM-ANY", 8), CHECKS);
	assert_int_equal(check_find("", 0), CHECKS);
}

/* Calls that were made on 6.18.44: tests/data/cases.tsv. */

enum {
	CASE_NAME,
	CASE_ATTR,
	CASE_PID,
	CASE_CPU,
	CASE_GROUP,
	CASE_FLAGS,
	CASE_UID,
	CASE_ERRNO,
	CASE_CHECK,
	CASE_KEYWORD,
	CASE_SIZE_AFTER,
	CASE_NOTE,
	CASE_COLUMNS = CASE_NOTE + 2
};

static enum field_id
field_named(const char *name)
{
	for (enum field_id id = 0; id < FIELDS; id++)
		if (strcmp(fields[id].name, name) == 0)
			return id;
	return FIELDS;
}

/* A name behind a number, in brackets: sched/sched_switch, uprobe. */
static const char *
case_label(const char *value)
{
	static char label[64];
	char *slash;

	label[0] = '\0';
	sscanf(value, "%*[^(](%63[^)]", label);
	slash = strchr(label, '/');
	if (slash)
		*slash = ':';
	return label;
}

static void
case_member(struct call *call, const char *name, const char *value)
{
	static char tracepoint[64], pmu[64];
	uint64_t number = strtoull(value, NULL, 0);
	unsigned from, to;

	if (*value == '-')
		number = (uint64_t)strtoll(value, NULL, 0);
	if (sscanf(name, "byte%u..%u", &from, &to) == 2) {
		set_byte(call, from, (unsigned char)number);
	} else if (sscanf(name, "flagbit%u", &from) == 1) {
		set_byte(call, 40 + from / 8, (unsigned char)(1 << from % 8));
	} else if (strncmp(name, "precise_ip", 10) == 0) {
		set(call, FIELD_precise_ip, attr_value(call,
			FIELD_precise_ip) | (name[11] == '2' ? 2u : 1u));
	} else if (strcmp(name, "aux_action") == 0) {
		set_byte(call, 116, (unsigned char)number);
	} else {
		assert_int_not_equal(field_named(name), FIELDS);
		set(call, field_named(name), number);
	}
	if (strcmp(name, "config") == 0 && strchr(value, '('))
		call->tracepoint = strcpy(tracepoint, case_label(value));
	if (strcmp(name, "type") == 0 && strchr(value, '('))
		call->pmu = strcpy(pmu, case_label(value));
}

static void
case_attr(struct call *call, char *text)
{
	char *word, *equals;

	if (strncmp(text, "attr pointer", 12) == 0) {
		call->readable = 0;
		return;
	}
	while ((word = strsep(&text, " "))) {
		equals = strchr(word, '=');
		assert_non_null(equals);
		*equals = '\0';
		case_member(call, word, equals + 1);
	}
	call->readable = (uint16_t)call_attr_wanted(call_attr_size(call));
}

static void
case_target(struct call *call, struct facts *facts, const char *pid)
{
	call->pid = 4711;
	if (strcmp(pid, "root-owned") == 0 || strcmp(pid, "own-child-nondumpable") == 0)
		KNOW(target_observable, 0);
	else if (strcmp(pid, "zombie") == 0)
		KNOW(target_exiting, 1);
	else if (strcmp(pid, "fd-of-/") == 0)
		KNOW(cgroup_fd, 0);
	else if (strcmp(pid, "fd-of-v1-cpu-cgroup") == 0)
		KNOW(cgroup_controller, 0);
	else if (strcmp(pid, "cgroup-fd") != 0)
		call->pid = atoi(pid);
}

static void
case_leader(struct call *call, struct facts *facts, const char *group)
{
	int type, config, pid, cpu;

	call->group_fd = 4;
	KNOW(leader_cpu, -1);
	if (sscanf(group, "leader{type=%d config=%d pid=%d cpu=%d}", &type, &config, &pid,
		&cpu) == 4) {
		KNOW(leader_type, type);
		KNOW(leader_config, config);
		KNOW(leader_task, pid ? pid : OWN_TID);
		KNOW(leader_cpu, cpu);
	} else if (strcmp(group, "fd-of-/dev/null") == 0) {
		KNOW(group_event, 0);
	} else if (strncmp(group, "leader on exited", 16) == 0) {
		KNOW(leader_alive, 0);
		KNOW(leader_task, 4712);
	} else {
		call->group_fd = atoi(group);
	}
}

static void
case_user(struct facts *facts, const char *uid)
{
	int64_t mask = 0;

	if (strcmp(uid, "0") == 0)
		return;
	if (strstr(uid, "cap_perfmon"))
		mask |= 1LL << PERFMON;
	if (strstr(uid, "cap_sys_admin"))
		mask |= 1LL << SYS_ADMIN;
	if (strstr(uid, "cap_kill"))
		mask |= 1LL << 5;
	KNOW(capabilities, mask);
}

static void
case_note(struct call *call, struct facts *facts, const char *note)
{
	static char path[64];

	if (strstr(note, "seccomp")) {
		KNOW(seccomp, 2);
		KNOW(null_answer, 1);
	}
	if (strstr(note, "RLIMIT_NOFILE"))
		KNOW(descriptors_left, 0);
	if (strstr(note, "5999 bytes"))
		KNOW(probe_length, 5999);
	else if (sscanf(note, "uprobe_path=%63s", path) == 1)
		call->probe = path;
	if (strstr(note, "/proc/1/root"))
		KNOW(path_error, 13);
}

static struct call *
case_call(char **column, struct facts *facts)
{
	struct call *call = plain_call();

	*facts = quiet();
	KNOW(core_pmu, 0);
	KNOW(config_pmu, CONFIG_PMU_OTHER);
	case_attr(call, column[CASE_ATTR]);
	case_target(call, facts, column[CASE_PID]);
	call->cpu = atoi(column[CASE_CPU]);
	KNOW(cpu_online, call->cpu < 4);
	case_leader(call, facts, column[CASE_GROUP]);
	call->flags = strtoull(column[CASE_FLAGS], NULL, 0);
	case_user(facts, column[CASE_UID]);
	case_note(call, facts, column[CASE_NOTE]);
	call->size_after = (uint32_t)atoi(column[CASE_SIZE_AFTER]);
	return call;
}

static int32_t
error_named(const char *name)
{
	for (size_t i = 0; i < ERRORS; i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	return 0;
}

static void
assert_case(char **column, unsigned *refused, unsigned *told)
{
	struct facts facts;
	struct call *call = case_call(column, &facts);
	bool opened = strcmp(column[CASE_ERRNO], "OK") == 0 || strstr(column[CASE_NOTE],
		"from mmap");
	enum check_id id = opened ? CHECKS : check_find(column[CASE_CHECK],
		strlen(column[CASE_CHECK]));
	struct answer answer;

	call->error = opened ? 0 : error_named(column[CASE_ERRNO]);
	answer = answer_of(call, &facts);
	if (opened) {
		assert_answer(answer.kind != ANSWER_CERTAIN, &answer, id);
		return;
	}
	++*refused;
	*told += answer.kind == ANSWER_CERTAIN;
	assert_answer(listed(&answer, id), &answer, id);
	assert_answer(answer.kind != ANSWER_CERTAIN || answer.checks[0] == id, &answer, id);
	if (answer.kind != ANSWER_CERTAIN)
		print_error("%s is not certain\n", column[CASE_NAME]);
	assert_never_wrong(call, &facts, id);
}

TEST(calls_that_were_made_are_explained_as_the_kernel_meant_them)
{
	FILE *file = fopen("tests/data/cases.tsv", "r");
	unsigned refused = 0, told = 0;
	char line[1024], *rest, *column[CASE_COLUMNS];

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	while (fgets(line, sizeof line, file)) {
		rest = line;
		for (unsigned i = 0; i < CASE_COLUMNS; i++) {
			column[i] = strsep(&rest, "\t");
			assert_non_null(column[i]);
		}
		assert_case(column, &refused, &told);
	}
	fclose(file);
	assert_true(refused > 60);
	assert_true(told * 100 >= refused * 95);
}
