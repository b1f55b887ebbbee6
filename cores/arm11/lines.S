/* SPDX-License-Identifier: MIT */
/* Cache leaves of the ARM11 cores (DDI0301H 3.2.22). */
#include "core.h"
#include "cores/c7.h"
#include "cores/line_loop.h"

	.text
	.arm

	LINE_LOOP arm11_clean_lines, DCACHE_CLEAN_LINE
	LINE_LOOP arm11_inv_lines, DCACHE_INV_LINE
	LINE_LOOP arm11_clean_inv_lines, DCACHE_CLEAN_INV_LINE

	.macro LEAF name
	.global \name
	.type	\name, %function
	.fnstart
\name:
	.endm
	.macro LEAF_END name
	bx	lr
	.fnend
	.size	\name, . - \name
	.endm

	/* void arm11_clean_inv_all(void) */
	LEAF	arm11_clean_inv_all
	CORE_DCACHE_CLEAN_INV_ALL r0
	DRAIN_WRITE_BUFFER r0		@ the last lines are in memory, not on their way
	LEAF_END arm11_clean_inv_all

	/* void arm1136_clean_inv_all(void): when it returns, no line is dirty. The long one runs with
	 * interrupts as they are, and a handler may dirty lines behind it; so it is repeated with them
	 * masked until the dirty status (c7,c10,6) says that nothing is left: DDI0301H 3.2.22. */
	LEAF	arm1136_clean_inv_all
	CORE_DCACHE_CLEAN_INV_ALL r0
	mrs	r1, cpsr
	orr	r2, r1, #0xC0
	msr	cpsr_c, r2
1:	CORE_DCACHE_CLEAN_INV_ALL r0
	mrc	p15, 0, r2, c7, c10, 6
	tst	r2, #1
	bne	1b
	DRAIN_WRITE_BUFFER r0
	msr	cpsr_c, r1
	LEAF_END arm1136_clean_inv_all

	/* bool arm1136_dirty(void) */
	LEAF	arm1136_dirty
	mrc	p15, 0, r0, c7, c10, 6
	and	r0, r0, #1
	LEAF_END arm1136_dirty

	/* void NAME(uintptr_t start, uintptr_t end): as the loops, in one instruction, whose Rn is an
	 * address in the first line and Rd one in the last. An interrupt does not wait for its
	 * end: LR then points to it, and it runs again from the start. */
	.macro BLOCK_LEAF name, crm
	LEAF	\name
	cmp	r0, r1
	bxhs	lr
	sub	r1, r1, #32
	mcrr	p15, 0, r1, r0, \crm
	LEAF_END \name
	.endm

	BLOCK_LEAF arm1136_clean_block, c12
	BLOCK_LEAF arm1136_inv_block, c6
	BLOCK_LEAF arm1136_clean_inv_block, c14

	/* void arm11_drain(void) */
	LEAF	arm11_drain
	mov	r0, #0
	DRAIN_WRITE_BUFFER r0
	LEAF_END arm11_drain

	/* void arm11_code_changed(void): nothing of the code that was is in the I-cache, the branch
	 * predictor or the pipeline. Context: any. */
	LEAF	arm11_code_changed
	mov	r0, #0
	mrs	r1, cpsr
	orr	r2, r1, #0xC0		@ IRQ and FIQ: erratum 411920
	msr	cpsr_c, r2
	CORE_CODE_CHANGED r0
	msr	cpsr_c, r1
	LEAF_END arm11_code_changed
