/* SPDX-License-Identifier: MIT */
/* Runs one instruction in any mode with every register of every bank given, and saves every
 * register after the exception that ends it: its own, or that of the SVC behind it. Nothing
 * but pc-relative memory is used, so that no banked register is disturbed. */
	.arm
	.section .text.start, "ax"
	.global _start, run_one, one_in, one_out
_start:
	ldr	sp, =stack_top
	bl	guest_main
1:	b	1b

	.macro	bank mode
	msr	cpsr_c, #\mode | 0xc0
	ldr	sp, [r0], #4
	ldr	lr, [r0], #4
	ldr	r1, [r0], #4
	msr	spsr_cxsf, r1
	.endm
	.macro	unbank mode
	msr	cpsr_c, #\mode | 0xc0
	str	sp, [r0], #4
	str	lr, [r0], #4
	mrs	r1, spsr
	str	r1, [r0], #4
	.endm

/* void run_one(void): one_in = r0-r12; sp, lr of usr; sp, lr, spsr of svc, abt, irq, fiq,
 * und; r8-r12 of fiq. lr and spsr of und are where it starts and in which state. */
run_one:
	push	{r4-r12, lr}
	str	sp, kept_sp
	mov	r0, #0x05		@ a wild jump shall find nothing but these few pages
	mcr	p15, 0, r0, c3, c0, 0
	ldr	r0, =one_in + 13 * 4
	msr	cpsr_c, #0xdf
	ldr	sp, [r0], #4
	ldr	lr, [r0], #4
	bank	0x13
	bank	0x17
	bank	0x12
	bank	0x11
	add	r1, r0, #12
	ldmia	r1, {r8-r12}
	bank	0x1b
	ldr	r0, =one_in
	ldmia	r0, {r0-r12}
	movs	pc, lr

	.macro	entry n
	str	r0, kept_r0
	mov	r0, #\n
	b	ended
	.endm
	.global	vec_undef, vec_svc, vec_pabt, vec_dabt, vec_other
vec_undef: entry 1
vec_svc: entry 2
vec_pabt: entry 3
vec_dabt: entry 4
vec_other: entry 6
ended:
	str	r0, kept_type
	str	r1, kept_r1
	ldr	r0, =one_out
	ldr	r1, kept_type
	str	r1, [r0], #4
	mrs	r1, cpsr
	bic	r1, r1, #0x100		@ the A bit: QEMU has it on ARMv5 too
	str	r1, [r0], #4
	ldr	r1, kept_r0
	str	r1, [r0], #4
	ldr	r1, kept_r1
	str	r1, [r0], #4
	stmia	r0!, {r2-r12}
	msr	cpsr_c, #0xdf
	str	sp, [r0], #4
	str	lr, [r0], #4
	unbank	0x13
	unbank	0x17
	unbank	0x12
	unbank	0x11
	stmia	r0!, {r8-r12}
	unbank	0x1b
	msr	cpsr_c, #0xd3
	mov	r0, #0x45
	mcr	p15, 0, r0, c3, c0, 0
	ldr	sp, kept_sp
	pop	{r4-r12, pc}
kept_sp:	.word	0
kept_r0:	.word	0
kept_r1:	.word	0
kept_type:	.word	0
	.ltorg
one_in:	.space	40 * 4
one_out: .space	40 * 4

	.section .rodata
	.global blob
	.balign	4
blob:	.incbin	BLOB

	.bss
	.balign	8
	.space	4096
stack_top:
