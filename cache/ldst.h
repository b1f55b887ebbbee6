/* SPDX-License-Identifier: MIT */
/* Executes one ARM-state load or store (ARMv5TE) on somebody else's memory.
 *
 * The data-abort handler calls it for an instruction that touched a highmem window which
 * the MMU does not map; the memory behind is the cache model. Portable: registers and
 * memory are the caller's, so the host tests run the same code.
 *
 * Context: any; IRQs are the caller's business. */
#ifndef CACHE_LDST_H
#define CACHE_LDST_H

#include <stdbool.h>
#include <stdint.h>

/* Registers as of the aborted instruction: r[15] is its address (not +8). */
struct ldst_regs {
	uint32_t r[16];
	uint32_t cpsr;
};

/* Memory: aligned accesses of 1, 2 or 4 bytes. false = not served there (fault). The
 * fault address stays with the callee. */
struct ldst_mem {
	void *ctx;
	bool (*load)(void *ctx, uint32_t va, uint32_t size, uint32_t *value);
	bool (*store)(void *ctx, uint32_t va, uint32_t size, uint32_t value);
	uint32_t pc_store; /* what STR and STM of r15 add to the instruction's address: 8 or
			    * 12, implementation defined (DDI0100I A2.4.3); measured at boot */
};

enum ldst_result {
	LDST_DONE,	/* executed; r[15] is the next instruction (or the loaded PC) */
	LDST_UNKNOWN,	/* not an instruction of the served kind; nothing changed */
	LDST_UNALIGNED, /* address not aligned for its size; nothing changed */
	LDST_FAULT,	/* mem refused an access; registers unchanged (base restored) */
};

/* Executes insn. Its condition has already passed (it aborted). Serves LDR STR LDRB STRB,
 * LDRH STRH LDRSB LDRSH LDRD STRD, LDM STM, SWP SWPB, in every addressing mode with
 * write-back, PC and SP in register lists and as base. LDRT/STRT and friends run as the plain forms
 * (there is no user mode here). User-bank and exception-return forms (the S bit) are
 * LDST_UNKNOWN. A load of the PC interworks (ARMv5): bit 0 set sets CPSR.T.
 */
enum ldst_result ldst_execute(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem);

/* Writes what insn is ("ldmia r0!, {r4-r7}" style is not needed; the class is: "LDM",
 * "STRH", "coprocessor", ...) for a panic line; a string literal. */
const char *ldst_class(uint32_t insn);

#endif
