/*
 * The program's way in: perf_event_open goes to our C code, every other number straight on to the
 * next syscall() in line, or into the kernel while there is none yet: jemalloc, constructors and
 * IFUNC resolvers call before our constructor has looked it up. Neither way touches the stack,
 * since syscall(SYS_clone, ...) may return on a new one.
 *
 * One entry to preload, the exported syscall(); with AUDIT one for each libc that there can be.
 */

#ifdef __CET__
#include <cet.h>	/* says that shadow stacks are safe with this */
#endif

#include "shim/next.h"

/* An entry whose `struct next` is that far into shim_next. */

#if defined __x86_64__

#ifdef __ILP32__
#define PERF_EVENT_OPEN 0x4000012a
#else
#define PERF_EVENT_OPEN 298
#endif

	.macro entry offset
	.cfi_startproc
	endbr64
	cmpl $PERF_EVENT_OPEN, %edi
	je 1f
	movq shim_next+\offset(%rip), %r11
	testq %r11, %r11
	je 2f
	jmp *%r11
1:	leaq shim_next+\offset(%rip), %rdi
	jmp shim_perf_event_open
2:	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
	syscall
	cmpq $-4095, %rax
	jae 3f
	ret
3:	movq %rax, %rdi
	leaq shim_next+\offset(%rip), %rsi
	jmp shim_fail
	.cfi_endproc
	.endm

#elif defined __i386__

	.text
	.type where, @function
where:
	.cfi_startproc
	movl (%esp), %ecx
	ret
	.cfi_endproc
	.size where, . - where

	.macro next_to_ecx instruction offset
	call where
0:	addl $_GLOBAL_OFFSET_TABLE_ + (. - 0b), %ecx
	\instruction shim_next@GOTOFF+\offset(%ecx), %ecx
	.endm

	.macro entry offset
	.cfi_startproc
	endbr32
	cmpl $336, 4(%esp)
	je 1f
	next_to_ecx movl \offset
	testl %ecx, %ecx
	je 2f
	jmp *%ecx
1:	next_to_ecx leal \offset
	movl %ecx, 4(%esp)	/* an argument, and so the callee's own */
	jmp shim_perf_event_open
2:	pushl %ebp
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebp, 0
	pushl %edi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset edi, 0
	pushl %esi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset esi, 0
	pushl %ebx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebx, 0
	movl 44(%esp), %ebp
	movl 40(%esp), %edi
	movl 36(%esp), %esi
	movl 32(%esp), %edx
	movl 28(%esp), %ecx
	movl 24(%esp), %ebx
	movl 20(%esp), %eax
	int $0x80
	popl %ebx
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebx
	popl %esi
	.cfi_adjust_cfa_offset -4
	.cfi_restore esi
	popl %edi
	.cfi_adjust_cfa_offset -4
	.cfi_restore edi
	popl %ebp
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebp
	cmpl $-4095, %eax
	jae 3f
	ret
3:	next_to_ecx leal \offset
	pushl %ecx
	.cfi_adjust_cfa_offset 4
	pushl %eax
	.cfi_adjust_cfa_offset 4
	call shim_fail
	addl $8, %esp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.endm

#elif defined __aarch64__

	.macro entry offset
	.cfi_startproc
	hint 34		/* bti c */
	cmp w0, #241
	b.eq 1f
	adrp x16, shim_next+\offset
	ldr x16, [x16, :lo12:shim_next+\offset]
	cbz x16, 2f
	br x16
1:	adrp x0, shim_next+\offset
	add x0, x0, :lo12:shim_next+\offset
	b shim_perf_event_open
2:	mov x8, x0
	mov x0, x1
	mov x1, x2
	mov x2, x3
	mov x3, x4
	mov x4, x5
	mov x5, x6
	svc 0
	cmn x0, #4095
	b.cs 3f
	ret
3:	adrp x1, shim_next+\offset
	add x1, x1, :lo12:shim_next+\offset
	b shim_fail
	.cfi_endproc
	.endm

#elif defined __riscv

	.macro entry offset
	.cfi_startproc
	sext.w t1, a0
	li t0, 241
	bne t1, t0, 1f
	lla a0, shim_next+\offset
	tail shim_perf_event_open
1:	lla t1, shim_next+\offset
#if __riscv_xlen == 64
	ld t1, 0(t1)
#else
	lw t1, 0(t1)
#endif
	beqz t1, 2f
	jr t1
2:	mv a7, a0
	mv a0, a1
	mv a1, a2
	mv a2, a3
	mv a3, a4
	mv a4, a5
	mv a5, a6
	ecall
	li t0, -4095
	bgeu a0, t0, 3f
	ret
3:	lla a1, shim_next+\offset
	tail shim_fail
	.cfi_endproc
	.endm

#else
#define WITHOUT_STUB
#endif

	.text
#if defined AUDIT

	.section .data.rel.ro, "aw"
	.balign __SIZEOF_POINTER__
	.globl shim_entries
	.hidden shim_entries
shim_entries:
	.text
	.set offset, 0
	.rept NEXT_MAX
	.balign 16
4:	entry offset
	.section .data.rel.ro
#if __SIZEOF_POINTER__ == 8
	.quad 4b
#else
	.long 4b
#endif
	.text
	.set offset, offset + 2 * __SIZEOF_POINTER__
	.endr

#elif !defined WITHOUT_STUB

	.globl syscall
	.type syscall, %function
	.balign 16
syscall:
	entry 0
	.size syscall, . - syscall

#endif

	.section .note.GNU-stack, "", %progbits
