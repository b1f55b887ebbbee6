/* SPDX-License-Identifier: MIT */
/* Entry of an image in the ARM Linux form: hands r0, r1, r2 to guest_main. */
	.arm
	.section .text.start, "ax"
	.global _start
_start:
	add	sp, pc, #0x100000	@ anywhere: the image is not where it was linked
	bl	guest_main
	mov	r0, #0x18
	ldr	r1, =0x20026
	svc	0x123456
1:	b	1b
