/* SPDX-License-Identifier: MIT */
/* Enters an image in any state a loader may leave behind; shim.py sets the upper-case names.
 *
 * It stands for U-Boot's `go`, the Raspberry Pi firmware, a debugger: the image it holds is
 * put at LOAD and entered there in the mode, with the interrupt masks, SCTLR bits, r0-r2
 * and ATAGs asked for. All other registers hold rubbish, as they may.
 */
	.arm
	.section .shim, "ax"
	.global	shim_start
shim_start:
	msr	cpsr_c, #0xd3			@ SVC, IRQ and FIQ off, until all is set up

	/* Identity map: RAM as page attributes C=1 B=1, all else strongly ordered; domain 0. */
	ldr	r0, =TABLE
	mov	r1, #0				@ section number
	ldr	r2, =MEM_SECTIONS
1:	mov	r3, r1, lsl #20
	orr	r3, r3, #0xc00			@ AP = 11: read and write
.if V6
	orr	r3, r3, #0x002			@ section; bit 4 is XN
.else
	orr	r3, r3, #0x012			@ section; bit 4 is 1 up to ARMv5
.endif
	cmp	r1, r2
	orrlo	r3, r3, #0x00c			@ C and B
	str	r3, [r0, r1, lsl #2]
	add	r1, r1, #1
	cmp	r1, #0x1000
	blo	1b

	mov	r1, #0
	mcr	p15, 0, r1, c7, c10, 4		@ the table must be in memory before it is walked
	mcr	p15, 0, r1, c7, c7, 0		@ no line of an earlier life may hit
	mcr	p15, 0, r1, c8, c7, 0		@ nor an old translation
	mcr	p15, 0, r0, c2, c0, 0
.if V6
	mcr	p15, 0, r0, c2, c0, 1		@ TTBR1: the same table
	mov	r1, #1
	mcr	p15, 0, r1, c2, c0, 2		@ TTBCR: for the upper half
	mov	r1, #0x55
	mcr	p15, 0, r1, c13, c0, 1		@ context: an address space of the loader
.endif
	mov	r1, #1				@ domain 0: client, so that AP counts
	mcr	p15, 0, r1, c3, c0, 0
	mrc	p15, 0, r1, c1, c0, 0
	ldr	r2, =SCTLR_CLEAR
	bic	r1, r1, r2
	ldr	r2, =SCTLR_SET
	orr	r1, r1, r2
	mcr	p15, 0, r1, c1, c0, 0
	mrc	p15, 0, r1, c1, c0, 0		@ wait until it has taken effect (the write is
	mov	r1, r1				@ behind in the pipeline otherwise)

.if COPY
	/* As a loader copies it: with the D-cache on this leaves the image's last lines dirty
	 * in it. Read before write, as ARM9 allocates lines on a read miss only. */
	ldr	r0, =image
	ldr	r1, =LOAD
	ldr	r2, =image_end
2:	ldr	r4, [r1]
	ldr	r3, [r0], #4
	str	r3, [r1], #4
	cmp	r0, r2
	blo	2b
.endif

.if PENDING_TIMER
	/* A timer of the firmware runs on, its interrupt enabled and already pending. */
	ldr	r0, =0x101e2000			@ versatilepb: SP804 timer 0, VIC input 4
	mov	r1, #1
	str	r1, [r0]			@ load: 1 us
	mov	r1, #0xe2			@ enable, periodic, interrupt, 32 bits
	str	r1, [r0, #8]
	ldr	r0, =0x10140000
	mov	r1, #1 << 4
	str	r1, [r0, #0x10]			@ VIC: enable input 4
3:	ldr	r1, [r0]			@ IRQSTATUS: until it really is pending
	tst	r1, #1 << 4
	beq	3b
.endif

	msr	cpsr_c, #CPSR_C
	ldr	sp, =0xdead00dd
	ldr	lr, =0xdead00ee
	ldr	r3, =0xdead0033
	mov	r4, r3
	mov	r5, r3
	mov	r6, r3
	mov	r7, r3
	mov	r8, r3
	mov	r9, r3
	mov	r10, r3
	mov	r11, r3
	mov	r12, r3
	ldr	r0, =ENTRY_R0
	ldr	r1, =ENTRY_R1
	ldr	r2, =ENTRY_R2
	ldr	pc, =LOAD
	.ltorg

	.section .image, "ax"
	.balign	4
image:
	.incbin IMAGE
	.balign	4
image_end:

	.section .atags, "a"
	.incbin ATAGS
