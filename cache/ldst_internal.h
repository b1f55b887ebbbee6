/* SPDX-License-Identifier: MIT */
/* What the parts of the load/store executor share; nobody else includes this. */
#ifndef CACHE_LDST_INTERNAL_H
#define CACHE_LDST_INTERNAL_H

#include "cache/ldst.h"

/* The bits that most load and store encodings have in common (DDI0100I A5.2 to A5.4). */
#define LDST_P (1u << 24) /* offset or pre-indexed; clear: post-indexed */
#define LDST_U (1u << 23) /* add the offset */
#define LDST_B (1u << 22) /* byte; halfword group: immediate offset; LDM/STM: the S bit */
#define LDST_W (1u << 21) /* write back (P set), user access (P clear) */
#define LDST_L (1u << 20) /* load */

#define LDST_SP	       13u
#define LDST_PC	       15u
#define LDST_PC_READS  8u /* r15 as an operand: two instructions ahead */
#define LDST_CPSR_T    (1u << 5)
#define LDST_CPSR_C    (1u << 29)
#define LDST_INSN_SIZE 4u

static inline uint32_t ldst_rn(uint32_t insn)
{
	return (insn >> 16) & 15;
}

static inline uint32_t ldst_rd(uint32_t insn)
{
	return (insn >> 12) & 15;
}

static inline uint32_t ldst_rm(uint32_t insn)
{
	return insn & 15;
}

/* Post-indexed forms always write the base back; the others if W says so. */
static inline bool ldst_writes_back(uint32_t insn)
{
	return (insn & (LDST_P | LDST_W)) != LDST_P;
}

/* A load of the PC interworks from ARMv5 on: bit 0 chooses the Thumb state. */
static inline void ldst_load_pc(struct ldst_regs *regs, uint32_t value)
{
	regs->r[LDST_PC] = value & ~1u;
	if (value & 1)
		regs->cpsr |= LDST_CPSR_T;
}

/* LDM and STM; insn is known to be of that group. */
enum ldst_result ldst_multiple(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem);
/* SWP and SWPB; anything else of the multiply group is LDST_UNKNOWN. */
enum ldst_result ldst_swap(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem);

#endif
