/* SPDX-License-Identifier: MIT */
/* Runs one block of random instructions with every register given, and stores every
 * register it leaves. The first words have fixed addresses that the generator knows. */
	.arm
	.section .text.start, "ax"
	.global _start, run_block, run_target, saved_out
_start:
	b	start		@ link address + 0
	b	block_done	@ link address + 4: every block ends here, in ARM state
start:
	ldr	sp, =stack_top
	bl	harness_main
1:	b	1b

/* void run_block(const uint32_t in[16], uint32_t out[16]): in = r0-r14, cpsr */
run_block:
	push	{r4-r12, lr}
	str	sp, saved_sp
	str	r1, saved_out
	ldr	r2, [r0, #60]
	msr	cpsr_fs, r2
	mov	lr, r0
	ldmia	lr!, {r0-r12}
	ldr	sp, [lr]
	ldr	lr, [lr, #4]
	ldr	pc, run_target
block_done:
	str	sp, saved_r13
	ldr	sp, saved_out
	stmia	sp, {r0-r12}
	str	lr, [sp, #56]
	ldr	r0, saved_r13
	str	r0, [sp, #52]
	mrs	r0, cpsr
	bic	r0, r0, #0x100	@ the A bit: QEMU has it on ARMv5 too
	str	r0, [sp, #60]
	ldr	sp, saved_sp
	pop	{r4-r12, pc}
saved_sp:	.word	0
saved_out:	.word	0
saved_r13:	.word	0
run_target:	.word	0

	.section .rodata
	.global blob
	.balign	4
blob:	.incbin	BLOB

	.bss
	.balign	8
	.space	4096
stack_top:
