/* SPDX-License-Identifier: MIT */
/* The core's c7/c8 operations as assembly macros, for code that runs before the C table of
 * operations exists and for the leaf loops. One file a core; ARM926EJ-S: DDI0198D 2.3.9. */
#ifndef CACHE_LEAF_H
#define CACHE_LEAF_H

	/* Cleans and invalidates one dirty line; Z is set when none is left. */
	.macro DCACHE_TEST_CLEAN_INV
	mrc	p15, 0, r15, c7, c14, 3
	.endm

	/* \zero holds 0: these take no address. */
	.macro DCACHE_INV_ALL zero
	mcr	p15, 0, \zero, c7, c6, 0
	.endm
	.macro ICACHE_INV_ALL zero
	mcr	p15, 0, \zero, c7, c5, 0
	.endm
	.macro DRAIN_WRITE_BUFFER zero
	mcr	p15, 0, \zero, c7, c10, 4
	.endm
	.macro TLB_INV_ALL zero
	mcr	p15, 0, \zero, c8, c7, 0
	.endm

	/* \mva: any address in the line. */
	.macro DCACHE_CLEAN_LINE mva
	mcr	p15, 0, \mva, c7, c10, 1
	.endm
	.macro DCACHE_INV_LINE mva
	mcr	p15, 0, \mva, c7, c6, 1
	.endm
	.macro DCACHE_CLEAN_INV_LINE mva
	mcr	p15, 0, \mva, c7, c14, 1
	.endm

#endif
