/* SPDX-License-Identifier: MIT */
/* Exception vectors (mapped at 0xFFFF0000) and the ways in and out of C.
 *
 * The kernel runs in SVC mode only. An interrupt is handled on the stack of the task that it
 * hit, so that the task can be switched away in the middle of anything; an abort is handled
 * on the abort stack, so that the instruction it repairs may use or change any register. */

	.equ	FRAME_SIZE, 72		@ struct exception_frame (17 words) and one to align

	.section .vectors, "ax"
	.arm
	.global vectors_start
vectors_start:
	ldr	pc, at_reset
	ldr	pc, at_undefined
	ldr	pc, at_svc
	ldr	pc, at_prefetch
	ldr	pc, at_data
	ldr	pc, at_reserved
	ldr	pc, at_irq
	ldr	pc, at_fiq
at_reset:	.word	entry_reset
at_undefined:	.word	entry_undefined
at_svc:		.word	entry_svc
at_prefetch:	.word	entry_prefetch
at_data:	.word	entry_data
at_reserved:	.word	entry_reset
at_irq:		.word	entry_irq
at_fiq:		.word	entry_fiq

	.text
	.arm

	/* Fills struct exception_frame on the exception mode's own stack and calls \handler
	 * with it. lr has been corrected to the instruction's address. */
	.macro EXCEPTION_CALL handler
	sub	sp, sp, #FRAME_SIZE
	stmia	sp, {r0-r12}
	mrs	r0, spsr
	str	lr, [sp, #60]		@ pc
	str	r0, [sp, #64]		@ cpsr
	mov	r1, sp
	mrs	r2, cpsr
	orr	r3, r0, #0xC0		@ the interrupted mode, masked, to reach its sp and lr
	bic	r3, r3, #0x20
	tst	r3, #0x0F
	orreq	r3, r3, #0x0F		@ user mode (a stray SPSR): by way of system mode, whose
	msr	cpsr_c, r3		@ sp and lr are the same and which we can leave again
	str	sp, [r1, #52]
	str	lr, [r1, #56]
	msr	cpsr_c, r2
	mov	r0, r1
	bl	\handler
	.endm

	.global entry_data
	.type	entry_data, %function
entry_data:
	sub	lr, lr, #8
	EXCEPTION_CALL data_abort
	/* Back to the interrupted mode with the registers that the handler left. */
	ldr	r0, [sp, #64]
	ldr	lr, [sp, #60]
	msr	spsr_cxsf, r0
	mov	r1, sp
	mrs	r2, cpsr
	orr	r3, r0, #0xC0
	bic	r3, r3, #0x20
	msr	cpsr_c, r3
	ldr	sp, [r1, #52]
	ldr	lr, [r1, #56]
	msr	cpsr_c, r2
	ldmia	sp, {r0-r12}
	add	sp, sp, #FRAME_SIZE
	movs	pc, lr

entry_undefined:
	sub	lr, lr, #4
	EXCEPTION_CALL undefined_instruction	@ does not return
entry_prefetch:
	sub	lr, lr, #4
	EXCEPTION_CALL prefetch_abort		@ does not return
entry_svc:
	sub	lr, lr, #4
	EXCEPTION_CALL unexpected_svc		@ does not return
entry_fiq:
	sub	lr, lr, #4
	EXCEPTION_CALL unexpected_fiq		@ does not return
entry_reset:
	EXCEPTION_CALL unexpected_reset		@ does not return

	.global entry_irq
	.type	entry_irq, %function
entry_irq:
	sub	lr, lr, #4
	stmia	sp, {r0, lr}		@ irq_words: sp never moves in IRQ mode
	mrs	lr, spsr
	str	lr, [sp, #8]
	mov	r0, sp
	msr	cpsr_c, #0xD3		@ to the task's stack
	sub	sp, sp, #FRAME_SIZE
	stmib	sp, {r1-r12}
	ldmia	r0, {r1-r3}		@ r0, pc, cpsr as interrupted
	str	r1, [sp]
	add	r1, sp, #FRAME_SIZE
	str	r1, [sp, #52]
	str	lr, [sp, #56]
	str	r2, [sp, #60]
	str	r3, [sp, #64]
	mov	r4, sp
	mov	r0, sp
	bic	sp, sp, #7		@ AAPCS: C wants 8-byte alignment, the task may be between
	bl	irq_entry		@ sched/interrupt.c; may switch tasks before it returns
	mov	sp, r4
	ldr	r0, [sp, #64]
	msr	spsr_cxsf, r0
	ldmia	sp, {r0-pc}^		@ sp and lr are this mode's own: SVC to SVC
