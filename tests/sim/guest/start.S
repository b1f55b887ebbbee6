/* SPDX-License-Identifier: MIT */
/* The least a guest program needs: a stack, then guest_main, whose result is the exit status. */
	.arm
	.section .text.start, "ax"
	.global _start
_start:
	ldr	sp, =stack_top
	bl	guest_main
	ldr	r1, =exit_block
	str	r0, [r1, #4]
	mov	r0, #0x20		@ SYS_EXIT_EXTENDED
	svc	0x123456
1:	b	1b

	.data
	.balign	4
exit_block:
	.word	0x20026, 0
	.bss
	.balign	8
	.space	8192
	.global stack_top
stack_top:
