/* SPDX-License-Identifier: MIT */
/* Assembly, for an image that is started on a core which it is not for: only what ARM9 and ARM11
 * cores have in common. */
#ifndef BOOT_OTHER_CORE_H
#define BOOT_OTHER_CORE_H

#include "cores/c7.h"

	/* The whole D-cache to memory and empty, set by set, of the shape that the cache type
	 * register (c0,c0,1) tells. Slow, but on every core; where that register reads nonsense, as
	 * in QEMU, there is no cache either. Changes r0-r3, r12. */
	.macro OTHER_CORE_DCACHE_CLEAN_INV
	mrc	p15, 0, r0, c0, c0, 1
	mov	r1, r0, lsr #18
	and	r1, r1, #0xF
	mov	r2, #512
	mov	r2, r2, lsl r1		@ bytes
	mov	r1, r0, lsr #15
	and	r1, r1, #7		@ log2 of the ways
	mov	r2, r2, lsr r1		@ bytes of a way
	rsb	r3, r1, #32		@ where the number of the way begins (32: there is one)
	mov	r0, #1
	mov	r1, r0, lsl r1
5:	sub	r1, r1, #1		@ way by way, from the last
	mov	r12, r2
6:	subs	r12, r12, #32		@ line by line, from the last
	orr	r0, r12, r1, lsl r3
	DCACHE_CLEAN_INV_SETWAY r0
	bne	6b
	cmp	r1, #0
	bne	5b
	.endm

#endif
