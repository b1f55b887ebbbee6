/* SPDX-License-Identifier: MIT */
/* Context switch: the callee-saved registers on the task's own stack. */

	.text
	.arm

	/* void task_switch(struct task *from, struct task *to): IRQs masked. CPSR need not be
	 * saved: schedule() is always called, and left, with IRQs masked. */
	.global task_switch
	.type	task_switch, %function
task_switch:
	stmfd	sp!, {r3-r11, lr}	@ r3 for the 8-byte alignment of the AAPCS
	str	sp, [r0]
	ldr	sp, [r1]
	ldmfd	sp!, {r3-r11, pc}
	.size	task_switch, . - task_switch

	/* A new task's first return from task_switch ends here: r4 = fn, r5 = arg. */
	.global task_entry
	.type	task_entry, %function
task_entry:
	.fnstart
	.cantunwind
	mrs	r0, cpsr
	bic	r0, r0, #0x80
	msr	cpsr_c, r0
	mov	r0, r5
	mov	lr, pc
	bx	r4
	b	task_exit
	.fnend
	.size	task_entry, . - task_entry
