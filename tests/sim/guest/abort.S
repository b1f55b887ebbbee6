/* SPDX-License-Identifier: MIT */
/* Vectors and aborts for the guest programs: every abort is noted and stepped over. */
	.arm
	.text
	.global vectors_install, abort_count, abort_fsr, abort_far, abort_kind, try_fetch, svc_count
vectors_install:			@ to 0, through whatever mapping there is
	mov	r0, #0
	adr	r1, vectors
	ldmia	r1!, {r2, r3, r12}
	stmia	r0!, {r2, r3, r12}
	ldmia	r1!, {r2, r3, r12}
	stmia	r0!, {r2, r3, r12}
	ldmia	r1!, {r2, r3, r12}
	stmia	r0!, {r2, r3, r12}
	ldmia	r1!, {r2, r3, r12}
	stmia	r0!, {r2, r3, r12}
	ldmia	r1!, {r2, r3, r12}
	stmia	r0!, {r2, r3, r12}
	ldmia	r1!, {r2}
	stmia	r0!, {r2}
	bx	lr
vectors:
	b	.
	ldr	pc, v_undef
	ldr	pc, v_svc
	ldr	pc, v_pabt
	ldr	pc, v_dabt
	b	.
	b	.
	b	.
v_undef:	.word	on_undef
v_svc:		.word	on_svc
v_pabt:		.word	on_pabt
v_dabt:		.word	on_dabt
		.word	0, 0, 0, 0

on_undef:
	ldr	r13, =abort_count
	str	lr, [r13, #8]
	mov	lr, #4
	str	lr, [r13, #12]
	ldr	lr, [r13]
	add	lr, lr, #1
	str	lr, [r13]
	ldr	lr, [r13, #8]
	movs	pc, lr			@ the instruction after the undefined one

on_dabt:
	ldr	r13, =abort_count
	str	r0, [r13, #20]
	str	lr, [r13, #24]
	mrc	p15, 0, r0, c5, c0, 0
	str	r0, [r13, #4]
	mrc	p15, 0, r0, c6, c0, 0
	str	r0, [r13, #8]
	mov	r0, #1
	str	r0, [r13, #12]
	ldr	r0, [r13]
	add	r0, r0, #1
	str	r0, [r13]
	ldr	r0, [r13, #20]
	subs	pc, lr, #4		@ the instruction after the one that aborted

on_pabt:
	ldr	r13, =abort_count
	mrc	p15, 0, r0, c5, c0, 1
	str	r0, [r13, #4]
	sub	r0, lr, #4
	str	r0, [r13, #8]
	mov	r0, #2
	str	r0, [r13, #12]
	ldr	r0, [r13]
	add	r0, r0, #1
	str	r0, [r13]
back_to_try:
	msr	cpsr_c, #0xd3
	ldr	sp, =abort_count
	ldr	sp, [sp, #16]
	pop	{r4-r12, pc}

on_svc:
	ldr	r0, =svc_count
	ldr	r1, [r0]
	add	r1, r1, #1
	str	r1, [r0]
	b	back_to_try

/* void try_fetch(uint32_t va, uint32_t cpsr): runs the SVC at va in that mode */
try_fetch:
	push	{r4-r12, lr}
	ldr	r2, =abort_count
	str	sp, [r2, #16]
	msr	spsr_cxsf, r1
	movs	pc, r0

	.bss
	.balign	4
abort_count:	.space	4
abort_fsr:	.space	4
abort_far:	.space	4
abort_kind:	.space	4
		.space	16
svc_count:	.space	4
