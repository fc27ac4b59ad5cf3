/* The seccomp filter of a traced command. */
#include "cli/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "decoder/act.h"
#include "decoder/host.h"

/* The ways into this machine's kernel. */
static const struct way {
	uint32_t audit;
	uint8_t arch;
} ways[] = {
#if defined __x86_64__
	{AUDIT_ARCH_X86_64, ARCH_x86_64},
	{AUDIT_ARCH_X86_64, ARCH_x32},
	{AUDIT_ARCH_I386, ARCH_i386},
#elif defined __i386__
	{AUDIT_ARCH_I386, ARCH_i386},
#elif defined __aarch64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	{AUDIT_ARCH_AARCH64, ARCH_aarch64},
	{AUDIT_ARCH_ARM, ARCH_arm},
#elif defined __riscv && __riscv_xlen == 64
	{AUDIT_ARCH_RISCV64, ARCH_riscv64},
#elif defined __powerpc64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	{AUDIT_ARCH_PPC64LE, ARCH_ppc64le},
#elif defined __s390x__
	{AUDIT_ARCH_S390X, ARCH_s390x},
	{AUDIT_ARCH_S390, ARCH_s390},
#endif
};

enum {
	WAYS = sizeof ways / sizeof ways[0],
	ARCH_AT = offsetof(struct seccomp_data, arch),
	NUMBER_AT = offsetof(struct seccomp_data, nr),
	ARGUMENTS_AT = offsetof(struct seccomp_data, args)
		+ (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0), /* their low halves */
	STEPS = 16 /* of the program at most, for each number */
};

struct program {
	struct sock_filter steps[STEPS * (WAYS + SYSCALLS) + 1];
	unsigned short length;
};

static bool
find_act(struct sight *sight, uint64_t number)
{
	for (const struct syscall_row *row = syscall_rows; row < syscall_rows + SYSCALLS; row++) {
		if (row->arch != sight->arch || row->number != number)
			continue;
		sight->function = (enum function)row->function;
		return true;
	}
	return false;
}

bool
filter_sees(struct sight *sight, uint32_t audit, uint64_t number, bool life)
{
	for (size_t way = 0; way < WAYS; way++) {
		*sight = (struct sight){(enum arch_id)ways[way].arch, FUNCTIONS};
		if (ways[way].audit != audit)
			continue;
		if (arches[sight->arch].number == number || (life && find_act(sight, number)))
			return true;
	}
	return false;
}

static void
put(struct program *program, struct sock_filter step)
{
	program->steps[program->length++] = step;
}

static void
load(struct program *program, unsigned at)
{
	put(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at));
}

static void
mask(struct program *program, uint32_t bits)
{
	put(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits));
}

/* Goes on by so many steps if what was loaded is the value, or if it is not. */
static void
jump(struct program *program, uint32_t value, uint8_t if_equal, uint8_t if_not)
{
	put(program,
		(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, if_equal, if_not));
}

static void
answer(struct program *program, uint32_t action)
{
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/*
 * Passes by the next step unless an argument may be for an event: a mapping has an fd, a request of
 * ioctl is of the events' kind, an option of prctl is a row's.
 */
static void
check_argument(struct program *program, enum function function)
{
	const uint32_t kind = 0xff00; /* _IOC_TYPE */
	uint32_t enable = command_number(NAME_PERF_EVENT_IOC_ENABLE, HOST_ARCH);

	switch (function) {
	case FUNCTION_mmap:
		load(program, ARGUMENTS_AT + 4 * sizeof(uint64_t));
		jump(program, UINT32_MAX, 1, 0);
		break;
	case FUNCTION_ioctl:
		load(program, ARGUMENTS_AT + sizeof(uint64_t));
		mask(program, kind);
		jump(program, enable & kind, 0, 1);
		break;
	case FUNCTION_prctl:
		load(program, ARGUMENTS_AT);
		jump(program, command_number(NAME_PR_TASK_PERF_EVENTS_DISABLE, HOST_ARCH), 1, 0);
		jump(program, command_number(NAME_PR_TASK_PERF_EVENTS_ENABLE, HOST_ARCH), 0, 1);
		break;
	default:
		break;
	}
}

/*
 * For perf_event_open nothing but the architecture and the number is looked at: then the kernel
 * learns once that all other calls pass, and runs no filter for them (seccomp_cache_prepare).
 */
static void
stop_at(struct program *program, const struct way *way, uint32_t number, enum function function)
{
	struct sock_filter *arch_jump, *number_jump, *end;

	load(program, ARCH_AT);
	arch_jump = &program->steps[program->length];
	jump(program, way->audit, 0, 0);
	load(program, NUMBER_AT);
	number_jump = &program->steps[program->length];
	jump(program, number, 0, 0);
	check_argument(program, function);
	answer(program, SECCOMP_RET_TRACE);
	end = &program->steps[program->length];
	arch_jump->jf = (uint8_t)(end - arch_jump - 1);
	number_jump->jf = (uint8_t)(end - number_jump - 1);
}

static void
write_program(struct program *program, bool life)
{
	for (const struct way *way = ways; way < ways + WAYS; way++) {
		stop_at(program, way, arches[way->arch].number, FUNCTIONS);
		for (const struct syscall_row *row = syscall_rows;
			life && row < syscall_rows + SYSCALLS; row++)
			if (row->arch == way->arch)
				stop_at(program, way, row->number, (enum function)row->function);
	}
	answer(program, SECCOMP_RET_ALLOW);
}

bool
filter_install(bool life)
{
	static struct program program;
	struct sock_fprog filter = {.filter = program.steps};

	if (!WAYS) {
		errno = ENOSYS;
		return false;
	}
	write_program(&program, life);
	filter.len = program.length;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
		return true;
	return errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
		&& prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}
