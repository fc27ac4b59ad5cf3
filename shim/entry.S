/*
 * The exported syscall(): perf_event_open goes to our C code, every other number straight on to
 * the next syscall() in line, or into the kernel while there is none yet: jemalloc, constructors
 * and IFUNC resolvers call before our constructor has looked it up. Neither way touches the stack,
 * since syscall(SYS_clone, ...) may return on a new one.
 */

#ifdef __CET__
#include <cet.h>	/* says that shadow stacks are safe with this */
#endif

#if defined __x86_64__

#ifdef __ILP32__
#define PERF_EVENT_OPEN 0x4000012a
#else
#define PERF_EVENT_OPEN 298
#endif

	.text
	.globl syscall
	.type syscall, @function
	.p2align 4
syscall:
	.cfi_startproc
	endbr64
	cmpl $PERF_EVENT_OPEN, %edi
	je shim_perf_event_open
	movq shim_next(%rip), %r11
	testq %r11, %r11
	je enter
	jmp *%r11
enter:
	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
	syscall
	cmpq $-4095, %rax
	jae failed
	ret
failed:
	movq %rax, %rdi
	jmp shim_fail
	.cfi_endproc
	.size syscall, . - syscall

#elif defined __i386__

	.text
	.globl syscall
	.type syscall, @function
	.p2align 4
syscall:
	.cfi_startproc
	endbr32
	cmpl $336, 4(%esp)
	je shim_perf_event_open
	call where
where_next:
	addl $_GLOBAL_OFFSET_TABLE_ + (. - where_next), %ecx
	movl shim_next@GOTOFF(%ecx), %ecx
	testl %ecx, %ecx
	je enter
	jmp *%ecx
enter:
	pushl %ebp
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
	jae failed
	ret
failed:
	pushl %eax
	.cfi_adjust_cfa_offset 4
	call shim_fail
	popl %ecx
	.cfi_adjust_cfa_offset -4
	ret
	.cfi_endproc
	.size syscall, . - syscall

	.type where, @function
where:
	.cfi_startproc
	movl (%esp), %ecx
	ret
	.cfi_endproc
	.size where, . - where

#elif defined __aarch64__

	.text
	.globl syscall
	.type syscall, %function
	.p2align 4
syscall:
	.cfi_startproc
	hint 34		/* bti c */
	cmp w0, #241
	b.eq shim_perf_event_open
	adrp x16, shim_next
	ldr x16, [x16, :lo12:shim_next]
	cbz x16, enter
	br x16
enter:
	mov x8, x0
	mov x0, x1
	mov x1, x2
	mov x2, x3
	mov x3, x4
	mov x4, x5
	mov x5, x6
	svc 0
	cmn x0, #4095
	b.cs shim_fail
	ret
	.cfi_endproc
	.size syscall, . - syscall

#elif defined __riscv

	.text
	.globl syscall
	.type syscall, @function
	.p2align 2
syscall:
	.cfi_startproc
	sext.w t1, a0
	li t0, 241
	bne t1, t0, other
	tail shim_perf_event_open
other:
	la t1, shim_next
#if __riscv_xlen == 64
	ld t1, 0(t1)
#else
	lw t1, 0(t1)
#endif
	beqz t1, enter
	jr t1
enter:
	mv a7, a0
	mv a0, a1
	mv a1, a2
	mv a2, a3
	mv a3, a4
	mv a4, a5
	mv a5, a6
	ecall
	li t0, -4095
	bgeu a0, t0, failed
	ret
failed:
	tail shim_fail
	.cfi_endproc
	.size syscall, . - syscall

#endif

	.section .note.GNU-stack, "", %progbits
