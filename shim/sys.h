/*
 * Raw system calls. They answer -errno and leave the program's errno alone; libc's would set it,
 * may be cancellation points, and may not be there at all.
 */
#ifndef SHIM_SYS_H
#define SHIM_SYS_H

#include <asm/unistd.h>
#include <stdint.h>

#if defined __x86_64__

static inline long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined __i386__

/* Seven values and six free registers: the sixth argument goes into %ebp by way of the stack. */
static inline long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	const long first_and_last[2] = {a, f};
	long result;

	__asm__ volatile("pushl %%ebp\n\tpushl %%ebx\n\t"
			 "movl 4(%%ebx), %%ebp\n\tmovl (%%ebx), %%ebx\n\tint $0x80\n\t"
			 "popl %%ebx\n\tpopl %%ebp"
			 : "=a"(result)
			 : "0"(number), "b"(first_and_last), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
}

#elif defined __aarch64__

static inline long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

#elif defined __riscv

static inline long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
			 : "memory");
	return a0;
}

#elif defined __s390x__

static inline long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r1 __asm__("1") = number;
	register long r2 __asm__("2") = a;
	register long r3 __asm__("3") = b;
	register long r4 __asm__("4") = c;
	register long r5 __asm__("5") = d;
	register long r6 __asm__("6") = e;
	register long r7 __asm__("7") = f;

	__asm__ volatile("svc 0"
			 : "+d"(r2)
			 : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6), "d"(r7)
			 : "memory", "cc");
	return r2;
}

#elif defined __powerpc64__

/* A failure is told by the summary overflow bit, with the errno as it is. */
static inline long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = number;
	register long r3 __asm__("r3") = a;
	register long r4 __asm__("r4") = b;
	register long r5 __asm__("r5") = c;
	register long r6 __asm__("r6") = d;
	register long r7 __asm__("r7") = e;
	register long r8 __asm__("r8") = f;

	__asm__ volatile("sc\n\tbns+ 1f\n\tneg %1, %1\n1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
			 :
			 : "memory", "cr0", "ctr", "xer", "r9", "r10", "r11", "r12");
	return r3;
}

#else

/* By way of libc's syscall, errno put back: see preload.c. */
long sys_call(long number, long a, long b, long c, long d, long e, long f);
#define SYS_SEEN 1 /* by whatever else is preloaded */

#endif

#define SYS_ARGUMENT(value) ((long)(value))
#define sys6(number, a, b, c, d, e, f)                                                             \
	sys_call(number, SYS_ARGUMENT(a), SYS_ARGUMENT(b), SYS_ARGUMENT(c), SYS_ARGUMENT(d),       \
		SYS_ARGUMENT(e), SYS_ARGUMENT(f))
#define sys5(number, a, b, c, d, e) sys6(number, a, b, c, d, e, 0)
#define sys4(number, a, b, c, d) sys6(number, a, b, c, d, 0, 0)
#define sys3(number, a, b, c) sys6(number, a, b, c, 0, 0, 0)
#define sys2(number, a, b) sys6(number, a, b, 0, 0, 0, 0)
#define sys1(number, a) sys6(number, a, 0, 0, 0, 0, 0)
#define sys0(number) sys6(number, 0, 0, 0, 0, 0, 0)

#define SYS_FAILED(result) ((unsigned long)(result) > -4096UL)

#endif
