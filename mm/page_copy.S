/* SPDX-License-Identifier: MIT */
/* Whole pages by LDM and STM of a line at a time. */

	.text
	.arm

	.global copy_page, copy_lines
	.type	copy_page, %function
	.type	copy_lines, %function
	.fnstart			@ so that a back trace goes through here
copy_page:
	mov	r2, #4096
copy_lines:
	cmp	r2, #0
	bxeq	lr
	.save	{r4-r9, lr}
	stmfd	sp!, {r4-r9, lr}
1:	ldmia	r1!, {r3-r9, r12}
	subs	r2, r2, #32
	stmia	r0!, {r3-r9, r12}
	bne	1b
	ldmfd	sp!, {r4-r9, pc}
	.fnend
	.size	copy_page, . - copy_page

	.global fill_page
	.type	fill_page, %function
	.fnstart
fill_page:
	.save	{r4-r8, lr}
	stmfd	sp!, {r4-r8, lr}
	mov	r2, #4096
	mov	r3, r1
	mov	r4, r1
	mov	r5, r1
	mov	r6, r1
	mov	r7, r1
	mov	r8, r1
	mov	r12, r1
1:	stmia	r0!, {r1, r3-r8, r12}
	subs	r2, r2, #32
	bne	1b
	ldmfd	sp!, {r4-r8, pc}
	.fnend
	.size	fill_page, . - fill_page
