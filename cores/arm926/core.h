/* SPDX-License-Identifier: MIT */
/* ARM926EJ-S: what the kernel must know of the core in assembly and C. Included as "core.h".
 * DDI0198D: chapter 2 (registers), 3 (MMU). */
#ifndef CORE_ARM926_H
#define CORE_ARM926_H

/* The cores that this image can run on, before C has a table: MIDR & MASK. Implementer and part. */
#define CORE_MIDR      0x41009260
#define CORE_MIDR_MASK 0xFF00FFF0

/* SCTLR when the MMU goes on. Set: MMU, alignment check, D-cache, write buffer (a one there);
 * I-cache, high vectors, round-robin replacement: which lines survive must not depend on chance.
 * Clear: ARMv5 loads to PC (L4), S, R, big-endian; and what an ARM926 reads as zero but a later
 * core may have been left with, where this image has just enough to say: XP above all, which
 * changes the meaning of descriptors, and TRE, AFE, EE, VE, FI, Z. */
#define CORE_SCTLR_SET	 0x0000700F
#define CORE_SCTLR_CLEAR 0x33A08B80

/* Level-1 descriptors of the ARMv4/v5 MMU. Bit 4 is a one, domain 0, AP 01: privileged. */
#define CORE_SECTION_CACHED 0x41E /* C, B */
#define CORE_SECTION_DEVICE 0x412 /* not cached, not buffered */
#define CORE_SECTION_BUS    0x412 /* RAM past the caches */
#define CORE_COARSE	    0x011
/* Small pages: type 2 and four AP fields, one for each KiB. */
#define CORE_PTE_AP_KERNEL 0x550
#define CORE_PTE_AP_USER   0xFF0
#define CORE_PTE_PAGE	   0x002 /* data */
#define CORE_PTE_CODE	   0x002 /* code and data: this MMU tells no difference */

/* More entries than the TLB has (64 and 8 locked, DDI0198D 3.4): flush all of it at once. */
#define CORE_TLB_ENTRIES 72

/* clang-format off */
#ifdef __ASSEMBLER__

	/* The whole D-cache to memory and empty; the write buffer is drained by the caller.
	 * Each test-and-clean does one dirty line; Z is set when none is left. */
	.macro CORE_DCACHE_CLEAN_INV_ALL tmp
8:	mrc	p15, 0, r15, c7, c14, 3
	bne	8b
	.endm

	/* Registers that have the value of any loader; MMU and caches are off. \zero holds 0. */
	.macro CORE_RESET_CONTROL zero
	.endm

	/* Instructions are now others than those that may be in the I-cache and the pipeline, or
	 * are at other addresses. The I-cache is empty already; it is all there is here: nothing
	 * predicts branches, and the branch that follows refills the pipeline. \zero holds 0. */
	.macro CORE_CODE_CHANGED zero
	.endm
#else
/* clang-format on */

#include "cache/cp15.h"

/* After a TLB operation, before an access may rely on it. The ARM926 does it in program order. */
static inline void core_tlb_barrier(void)
{
}

/* The instructions of this line were written as data: clean and drain come first, then this.
 * Without the invalidate the I-cache still holds the last ones (DDI0198D 2.3.9). */
static inline void core_code_changed(uint32_t line)
{
	cp15_icache_inv_mva(line);
}

#endif
#endif
