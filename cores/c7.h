/* SPDX-License-Identifier: MIT */
/* Assembly: the c7 and c8 operations that every ARM9 and ARM11 core has under the same number
 * (DDI0198D 2.3.9, DDI0301H 3.2.22). What only some have is in cores/<core>/core.h. */
#ifndef CORES_C7_H
#define CORES_C7_H

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
	/* \setway: way in the highest bits, set above the bits of a line. */
	.macro DCACHE_CLEAN_INV_SETWAY setway
	mcr	p15, 0, \setway, c7, c14, 2
	.endm

#endif
