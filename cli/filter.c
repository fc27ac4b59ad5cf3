/* The seccomp filter of a traced command. */
#include "cli/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoder/host.h"

enum {
	STEPS = 5 /* of the program, for each way in */
};

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
	WAYS = sizeof ways / sizeof ways[0]
};

bool
filter_catches(uint32_t audit, uint64_t number, enum arch_id *arch)
{
	for (size_t way = 0; way < WAYS; way++) {
		*arch = (enum arch_id)ways[way].arch;
		if (ways[way].audit == audit && arches[*arch].number == number)
			return true;
	}
	return false;
}

/*
 * Nothing but the architecture and the number is looked at: then the kernel learns once that all
 * other calls pass, and runs no filter for them (seccomp_cache_prepare).
 */
static size_t
write_program(struct sock_filter *out)
{
	const uint32_t audit = offsetof(struct seccomp_data, arch);
	const uint32_t number = offsetof(struct seccomp_data, nr);
	size_t length = 0;

	for (size_t way = 0; way < WAYS; way++) {
		const struct sock_filter steps[STEPS] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, audit),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ways[way].audit, 0, 3),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arches[ways[way].arch].number, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		};

		for (size_t step = 0; step < STEPS; step++)
			out[length++] = steps[step];
	}
	out[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return length;
}

bool
filter_install(void)
{
	struct sock_filter steps[STEPS * WAYS + 1];
	struct sock_fprog program = {(unsigned short)write_program(steps), steps};

	if (!WAYS) {
		errno = ENOSYS;
		return false;
	}
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
		return true;
	return errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
		&& syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
