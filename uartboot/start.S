/* SPDX-License-Identifier: MIT */
/* Entry of the UART loader, from any place: out of the way of what it loads, then to C; and its
 * last step, into the loaded image with what the firmware gave.
 *
 * In: as the ARM Linux boot protocol has it, MMU and D-cache off, or on with all of RAM mapped one
 * to one. MMU and D-cache stay off from here: what is received must be in RAM, and the loaded image is
 * entered as the firmware would enter it. */
#include "board.h"
#include "core.h"
#include "cores/c7.h"

	.section .head, "ax"
	.arm
	.global _start
_start:
	mov	r4, r0
	mov	r5, r1
	mov	r6, r2
	msr	cpsr_c, #0xD3		@ SVC, IRQ and FIQ masked
	mrc	p15, 0, r7, c1, c0, 0
	mov	r0, #0
	tst	r7, #4
	beq	1f
	CORE_DCACHE_CLEAN_INV_ALL r0	@ this code may be in it only
1:	mov	r0, #0
	DRAIN_WRITE_BUFFER r0
	bic	r7, r7, #0x1000		@ I-cache off
	bic	r7, r7, #0x0007		@ MMU, alignment check, D-cache off
	mcr	p15, 0, r7, c1, c0, 0
	mrc	p15, 0, r7, c1, c0, 0	@ the change is in effect after a few fetches
	mov	r7, r7
	sub	pc, pc, #4
	mov	r0, #0
	ICACHE_INV_ALL r0
	TLB_INV_ALL r0

	adr	r1, _start
	ldr	r2, =_uartboot_start
	ldr	r3, =_uartboot_end
	cmp	r1, r2
	beq	3f
2:	ldr	r0, [r1], #4
	str	r0, [r2], #4
	cmp	r2, r3
	blo	2b
3:	ldr	r2, =_uartboot_bss_end
	mov	r0, #0
4:	cmp	r3, r2
	strlo	r0, [r3], #4
	blo	4b
	DRAIN_WRITE_BUFFER r0
	ldr	sp, =_uartboot_stack
	orr	r7, r7, #0x1000		@ I-cache on, or each instruction waits for SDRAM
	ldr	pc, =in_place
in_place:
	mcr	p15, 0, r7, c1, c0, 0
	mov	r0, r6
	bl	uartboot		@ returns the image's place
	mov	r3, r0
	bic	r7, r7, #0x1000
	mcr	p15, 0, r7, c1, c0, 0
	mov	r0, #0
	DRAIN_WRITE_BUFFER r0		@ it must be in RAM before it is fetched
	ICACHE_INV_ALL r0
	CORE_CODE_CHANGED r0
	mov	r0, r4
	mov	r1, r5
	mov	r2, r6
	mov	pc, r3

	.ltorg
