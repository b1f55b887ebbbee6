/* SPDX-License-Identifier: MIT */
/* Interrupts for the guest programs: taken one at a time, when asked for.
 *
 * irq_try() and fiq_try() unmask for some instructions. The handler notes how it was entered
 * and comes back with the interrupt masked, so that the program sees each one and decides
 * itself what to do about its cause. */
	.arm
	.text
	.global vectors_install, interrupt_try, fiq_bank
vectors_install:			@ to 0
	mov	r0, #0
	adr	r1, vectors
	mov	r2, #16
1:	ldr	r3, [r1], #4
	str	r3, [r0], #4
	subs	r2, r2, #1
	bne	1b
	bx	lr
vectors:
	b	.
	b	.
	b	.
	b	.
	b	.
	b	.
	ldr	pc, v_irq
	ldr	pc, v_fiq
	.word	0, 0, 0, 0, 0, 0
v_irq:	.word	on_irq
v_fiq:	.word	on_fiq

	@ seen: how many, the mode's CPSR, SPSR, r8 of that mode, where it returns to; an array
	@ of two, IRQ and FIQ; then the order in which they came (0 and 1, oldest first)
on_irq:
	ldr	sp, =irq_seen
	str	r0, [sp, #20]
	mrs	r0, cpsr
	str	r0, [sp, #4]
	mrs	r0, spsr
	str	r0, [sp, #8]
	orr	r0, r0, #0x80		@ only once
	msr	spsr_cxsf, r0
	str	r8, [sp, #12]
	str	lr, [sp, #16]
	ldr	r0, [sp]
	add	r0, r0, #1
	str	r0, [sp]
	ldr	r0, order
	mov	r0, r0, lsl #4
	orr	r0, r0, #1
	str	r0, order
	ldr	r0, [sp, #20]
	subs	pc, lr, #4

on_fiq:					@ r8-r12 are this mode's own
	ldr	r9, =fiq_seen
	mrs	r10, cpsr
	str	r10, [r9, #4]
	mrs	r10, spsr
	str	r10, [r9, #8]
	orr	r10, r10, #0x40
	msr	spsr_cxsf, r10
	str	r8, [r9, #12]
	str	lr, [r9, #16]
	ldr	r10, [r9]
	add	r10, r10, #1
	str	r10, [r9]
	ldr	r10, order
	mov	r10, r10, lsl #4
	orr	r10, r10, #2
	str	r10, order
	subs	pc, lr, #4

/* uint32_t interrupt_try(uint32_t bits): clears these of I (0x80) and F (0x40) for a while;
 * the order in which interrupts came, a nibble each: 1 IRQ, 2 FIQ. r8-r12 must stay. */
interrupt_try:
	push	{r4-r12, lr}
	mov	r1, #0
	str	r1, order
	mov	r8, #0x88
	mov	r9, #0x99
	mov	r10, #0xaa
	mov	r11, #0xbb
	mov	r12, #0xcc
	mrs	r2, cpsr
	bic	r3, r2, r0
	msr	cpsr_c, r3
try_here:
	nop
	nop
	nop
	nop
try_end:
	msr	cpsr_c, r2
	ldr	r0, order
	cmp	r8, #0x88
	cmpeq	r9, #0x99
	cmpeq	r10, #0xaa
	cmpeq	r11, #0xbb
	cmpeq	r12, #0xcc
	mvnne	r0, r0			@ the handler spoiled our registers
	pop	{r4-r12, pc}

/* void fiq_bank(uint32_t v): r8 of FIQ mode */
fiq_bank:
	mrs	r1, cpsr
	msr	cpsr_c, #0xd1
	mov	r8, r0
	msr	cpsr_c, r1
	bx	lr
order:	.word	0

	.bss
	.balign	4
	.global	irq_seen, fiq_seen, try_range
irq_seen:	.space	24
fiq_seen:	.space	24
	.section .rodata
	.balign	4
try_range:	.word	try_here, try_end
