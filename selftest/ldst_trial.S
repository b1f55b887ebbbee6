/* SPDX-License-Identifier: MIT */
/* Runs one instruction with all of r0-r14 and the flags given, and brings all of them back.
 *
 * No register is free just before and just after it, so the FIQ bank keeps the thread: its
 * r8-r14 are other registers, and a mode change by an immediate needs no register and leaves
 * the flags alone. */

	/* struct ldst_trial_state of selftest/ldst_trial.c, which asserts these offsets. */
	.equ	STATE_FLAGS, 60
	.equ	STATE_PATH, 64
	.equ	STATE_SP, 68
	.equ	STATE_CPSR, 72
	.equ	STATE_FIQ, 76

	.equ	MASKED, 0xC0		@ IRQ and FIQ off
	.equ	FIQ_MASKED, 0xD1	@ FIQ mode, ARM state, both off

	/* What state->path becomes: how the instruction left. */
	.equ	PATH_NEXT, 0
	.equ	PATH_ARM, 1
	.equ	PATH_THUMB, 2

	/* The instruction has a page of its own: a store to a page that also holds hot code
	 * would cost an emulator all that it has translated there. */
	.bss
	.balign	4096
	.global ldst_trial_slot
	.type	ldst_trial_slot, %object
ldst_trial_slot:
	.space	4096

	.text
	.arm
	.balign	4

	/* void ldst_trial_step(struct ldst_trial_state *state); */
	.global ldst_trial_step
	.type	ldst_trial_step, %function
ldst_trial_step:
	push	{r4-r11, lr}
	mrs	r2, cpsr
	str	sp, [r0, #STATE_SP]
	str	r2, [r0, #STATE_CPSR]
	orr	r3, r2, #MASKED
	add	r4, r0, #STATE_FIQ
	ldr	r1, [r0, #STATE_FLAGS]
	/* Masked from here on: an interrupt would push its frame on a sp that points
	 * anywhere, and a FIQ would meet the borrowed bank. */
	msr	cpsr_c, #FIQ_MASKED
	stmia	r4, {r8-r14}
	mov	sp, r0
	msr	cpsr_c, r3
	msr	cpsr_f, r1
	ldmia	r0, {r0-r14}
	ldr	pc, =ldst_trial_slot

	/* The instruction returns to one of these three. */
	.global ldst_trial_next
	.type	ldst_trial_next, %function
ldst_trial_next:
	msr	cpsr_c, #FIQ_MASKED
	mov	r8, #PATH_NEXT
	b	collect

	.global ldst_trial_to_arm
	.type	ldst_trial_to_arm, %function
ldst_trial_to_arm:
	msr	cpsr_c, #FIQ_MASKED
	mov	r8, #PATH_ARM
	b	collect

	.thumb
	.balign	4
	.global ldst_trial_to_thumb
	.type	ldst_trial_to_thumb, %function
	.thumb_func
ldst_trial_to_thumb:
	bx	pc
	nop
	.arm
	msr	cpsr_c, #FIQ_MASKED
	mov	r8, #PATH_THUMB

collect:
	/* FIQ mode: sp is the state, r0-r7 and the flags are the instruction's. */
	mrs	r9, cpsr
	stmia	sp, {r0-r7}
	str	r8, [sp, #STATE_PATH]
	str	r9, [sp, #STATE_FLAGS]
	mov	r0, sp
	add	r1, r0, #STATE_FIQ
	ldmia	r1, {r8-r14}
	ldr	r2, [r0, #STATE_CPSR]
	orr	r3, r2, #MASKED
	msr	cpsr_c, r3
	add	r1, r0, #32
	stmia	r1, {r8-r14}
	ldr	sp, [r0, #STATE_SP]
	msr	cpsr_c, r2
	pop	{r4-r11, pc}

	.ltorg
