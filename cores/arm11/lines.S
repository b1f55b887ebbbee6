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
