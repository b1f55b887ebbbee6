/* SPDX-License-Identifier: MIT */
/* ARM1136, ARM1176 and ARM11 MPCore: what the kernel must know of the core in assembly and C.
 * Included as "core.h". DDI0301H (ARM1176JZF-S): chapter 3 (registers), 6 (MMU). */
#ifndef CORE_ARM11_H
#define CORE_ARM11_H

/* The cores that this image can run on, before C has a table: MIDR & MASK. Implementer and family.
 */
#define CORE_MIDR      0x4100B000
#define CORE_MIDR_MASK 0xFF00F000

/* SCTLR when the MMU goes on. Set: MMU, alignment check, D-cache, write buffer (a one there);
 * branch prediction; I-cache, high vectors, round-robin replacement; XP: the descriptors below.
 * Clear: ARMv5 loads to PC (L4), S, R, big-endian; fast interrupts (FI, which would make
 * multiples restart); U, so that an address is aligned or faults as on the ARM926; vectored
 * interrupts (VE); exceptions in big-endian (EE); TEX remap (TRE) and access flag (AFE), which
 * change the meaning of descriptors. */
#define CORE_SCTLR_SET	 0x0080780F
#define CORE_SCTLR_CLEAR 0x33608380

/* Level-1 descriptors with SCTLR.XP set. Domain 0, AP 01: privileged. TEX 000 with C and B: write
 * back, allocated on reads; without: strongly ordered, which is what the ARM926 does there and what
 * drivers/mmio.h counts on. Bit 4 is XN: nothing is fetched from devices, and prefetching does not
 * wander into them. Bit 4 and up of a coarse table's entry are zeros. */
#define CORE_SECTION_CACHED 0x40E
#define CORE_SECTION_DEVICE 0x412
#define CORE_SECTION_BUS    0x412
#define CORE_COARSE	    0x001
/* Extended small pages: bit 1, XN in bit 0, one AP field. (APX, which would make a page read-only,
 * nG and S stay 0: all is the kernel's, on one CPU.) */
#define CORE_PTE_AP_KERNEL 0x010
#define CORE_PTE_AP_USER   0x030
#define CORE_PTE_PAGE	   0x003 /* data: never executed */
#define CORE_PTE_CODE	   0x002 /* code and data */

/* More entries than the TLB has (64 and 8 locked, DDI0301H 6.3): flush all of it at once. */
#define CORE_TLB_ENTRIES 72

/* clang-format off */
#ifdef __ASSEMBLER__

	/* The whole D-cache to memory and empty; the write buffer is drained by the caller. */
	.macro CORE_DCACHE_CLEAN_INV_ALL tmp
	mov	\tmp, #0
	mcr	p15, 0, \tmp, c7, c14, 0
	.endm

	/* Registers that have the value of any loader; MMU and caches are off. \zero holds 0. */
	.macro CORE_RESET_CONTROL zero
	mcr	p15, 0, \zero, c2, c0, 2 @ TTBCR: TTBR0 for all addresses; else the kernel would be
					@ looked up in the other table of the loader
	mcr	p15, 0, \zero, c13, c0, 1 @ context: address space 0
	.endm

	/* Instructions are now others than those that may be in the I-cache and the pipeline, or
	 * are at other addresses. The I-cache is empty already. \zero holds 0; changes nothing. */
	.macro CORE_CODE_CHANGED zero
	ARM11_ICACHE_INV_AGAIN \zero
	mcr	p15, 0, \zero, c7, c5, 6 @ BTC: a branch of the code that was here would be predicted
	mcr	p15, 0, \zero, c7, c5, 4 @ prefetch buffer: it has read on in the old code
	.endm

	/* Erratum 411920 of the ARM1136 and 1176 (not MPCore): an invalidate of the whole I-cache
	 * can leave lines in it if an interrupt or a fetch comes at the wrong moment. ARM's
	 * way round: four of them, IRQ and FIQ masked, and 11 NOPs behind, so that nothing is
	 * fetched from a line that the last one is still to take. The caller has masked both. */
	.macro ARM11_ICACHE_INV_AGAIN zero
	.rept	4
	mcr	p15, 0, \zero, c7, c5, 0
	.endr
	.rept	11
	nop
	.endr
	.endm
#else
/* clang-format on */

#include "cache/cp15.h"

/* After a TLB operation, before an access may rely on it: it is complete only after a data
 * synchronization barrier (ARMv6: DDI0100I chapter B2). */
static inline void core_tlb_barrier(void)
{
	cp15_drain();
}

void arm11_code_changed(void);

/* The instructions of this line were written as data: clean and drain come first, then this.
 * The whole I-cache goes, with the erratum's way round it: whether it concerns the operation on
 * one line as well is not said. */
static inline void core_code_changed(uint32_t line)
{
	(void)line;
	arm11_code_changed();
}

#endif
#endif
