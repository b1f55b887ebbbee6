/* SPDX-License-Identifier: MIT */
/* D-cache leaves of the ARM926EJ-S (DDI0198D 2.3.9). */
#include "core.h"
#include "cores/c7.h"
#include "cores/line_loop.h"

	.text
	.arm

	LINE_LOOP arm926_clean_lines, DCACHE_CLEAN_LINE
	LINE_LOOP arm926_inv_lines, DCACHE_INV_LINE
	LINE_LOOP arm926_clean_inv_lines, DCACHE_CLEAN_INV_LINE

	/* void arm926_clean_inv_all(void) */
	.global arm926_clean_inv_all
	.type	arm926_clean_inv_all, %function
arm926_clean_inv_all:
	CORE_DCACHE_CLEAN_INV_ALL r0
	mov	r0, #0
	DRAIN_WRITE_BUFFER r0		@ the last lines are in memory, not on their way
	bx	lr
	.size	arm926_clean_inv_all, . - arm926_clean_inv_all

	/* void arm926_drain(void) */
	.global arm926_drain
	.type	arm926_drain, %function
arm926_drain:
	mov	r0, #0
	DRAIN_WRITE_BUFFER r0
	bx	lr
	.size	arm926_drain, . - arm926_drain
