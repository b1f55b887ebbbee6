/* SPDX-License-Identifier: MIT */
/* Decodes one ARM-state load or store and executes the single and double transfers.
 *
 * Every path has the same order: refuse what is not served, check alignment, touch
 * memory, and only then change registers. So a refused access leaves the registers as the
 * base-restored abort model of the ARM926 leaves them (DDI0100I A2.6.6), and the caller
 * may report the fault or run the instruction again. */
#include "cache/ldst_internal.h"

/* Where an access goes and what its base becomes. */
struct place {
	uint32_t addr;
	uint32_t indexed; /* the base after write-back */
	bool wback;
};

static inline struct place place_of(const struct ldst_regs *regs, uint32_t insn, uint32_t offset)
{
	uint32_t rn = ldst_rn(insn);
	uint32_t base = regs->r[rn] + (rn == LDST_PC ? LDST_PC_READS : 0);
	uint32_t indexed = insn & LDST_U ? base + offset : base - offset;

	return (struct place){
		.addr = insn & LDST_P ? indexed : base,
		.indexed = indexed,
		.wback = ldst_writes_back(insn),
	};
}

/* Ends an instruction that did not load the PC. */
static inline enum ldst_result done(struct ldst_regs *regs, uint32_t insn, const struct place *at)
{
	if (at->wback)
		regs->r[ldst_rn(insn)] = at->indexed;
	regs->r[LDST_PC] += LDST_INSN_SIZE;
	return LDST_DONE;
}

/* LDR STR LDRB STRB with the offset already computed: the trap handler's common case.
 * Kept out of line, as half() is, so that ldst_execute() needs no stack frame. */
static __attribute__((noinline)) enum ldst_result
single(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem, uint32_t offset)
{
	struct place at = place_of(regs, insn, offset);
	uint32_t rd = ldst_rd(insn), value;

	/* UNPREDICTABLE: a write-back into the PC, or into the register transferred. */
	if (at.wback && (ldst_rn(insn) == LDST_PC || ldst_rn(insn) == rd))
		return LDST_UNKNOWN;
	if (insn & LDST_B) {
		if (rd == LDST_PC)
			return LDST_UNKNOWN;
		if (!(insn & LDST_L)) {
			if (!mem->store(mem->ctx, at.addr, 1, regs->r[rd] & 0xff))
				return LDST_FAULT;
		} else {
			if (!mem->load(mem->ctx, at.addr, 1, &value))
				return LDST_FAULT;
			regs->r[rd] = value & 0xff;
		}
		return done(regs, insn, &at);
	}

	/* LDRT of the PC is UNPREDICTABLE; STRT of it is not. */
	if (rd == LDST_PC && (insn & (LDST_P | LDST_W | LDST_L)) == (LDST_W | LDST_L))
		return LDST_UNKNOWN;
	if (at.addr & 3)
		return LDST_UNALIGNED;
	if (!(insn & LDST_L)) {
		value = regs->r[rd] + (rd == LDST_PC ? mem->pc_store : 0);
		if (!mem->store(mem->ctx, at.addr, 4, value))
			return LDST_FAULT;
		return done(regs, insn, &at);
	}
	if (!mem->load(mem->ctx, at.addr, 4, &value))
		return LDST_FAULT;
	done(regs, insn, &at);
	if (rd == LDST_PC)
		ldst_load_pc(regs, value);
	else
		regs->r[rd] = value;
	return LDST_DONE;
}

/* A register offset shifted by an immediate. An amount of 0 is #32 for LSR and ASR, and
 * RRX for ROR (DDI0100I A5.2.4). */
static uint32_t scaled_offset(const struct ldst_regs *regs, uint32_t insn)
{
	uint32_t rm = regs->r[ldst_rm(insn)];
	uint32_t amount = (insn >> 7) & 31;
	uint32_t sign = 0 - (rm >> 31);

	switch ((insn >> 5) & 3) {
	case 0:
		return rm << amount;
	case 1:
		return amount ? rm >> amount : 0;
	case 2:
		return amount ? rm >> amount | sign << (32 - amount) : sign;
	default:
		if (!amount)
			return (regs->cpsr & LDST_CPSR_C) << 2 | rm >> 1;
		return rm >> amount | rm << (32 - amount);
	}
}

/* LDRD and STRD: an even register and the next one, at a multiple of 8 (ARMv5TE). */
static enum ldst_result twin(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem,
			     const struct place *at)
{
	uint32_t rd = ldst_rd(insn), rn = ldst_rn(insn), rm = ldst_rm(insn);
	bool load = !(insn & 0x20), by_register = !(insn & LDST_B);
	uint32_t low, high;

	/* Odd is undefined, 14 would take the PC along. */
	if ((rd & 1) || rd == 14 || (at->wback && rn == rd + 1))
		return LDST_UNKNOWN;
	/* An abort at the second word could not restore an offset that the first replaced. */
	if (load && by_register && (rm & ~1u) == rd)
		return LDST_UNKNOWN;
	if (at->addr & 7)
		return LDST_UNALIGNED;
	if (load) {
		if (!mem->load(mem->ctx, at->addr, 4, &low) ||
		    !mem->load(mem->ctx, at->addr + 4, 4, &high))
			return LDST_FAULT;
		regs->r[rd] = low;
		regs->r[rd + 1] = high;
	} else if (!mem->store(mem->ctx, at->addr, 4, regs->r[rd]) ||
		   !mem->store(mem->ctx, at->addr + 4, 4, regs->r[rd + 1])) {
		return LDST_FAULT;
	}
	return done(regs, insn, at);
}

/* LDRH STRH LDRSB LDRSH LDRD STRD: bits 7 and 4 set, bits 6:5 not 00. */
static __attribute__((noinline)) enum ldst_result half(struct ldst_regs *regs, uint32_t insn,
						       const struct ldst_mem *mem)
{
	uint32_t rd = ldst_rd(insn), rn = ldst_rn(insn), rm = ldst_rm(insn);
	uint32_t kind = (insn >> 5) & 3; /* 1 half, 2 signed byte, 3 signed half */
	bool by_register = !(insn & LDST_B);
	uint32_t offset = by_register ? regs->r[rm] : ((insn >> 4) & 0xf0) | rm;
	struct place at = place_of(regs, insn, offset);
	uint32_t value;

	/* User-access forms came with ARMv6T2; here P clear and W set is UNPREDICTABLE, as
	 * are the PC as data or offset and the write-backs below. */
	if ((insn & (LDST_P | LDST_W)) == LDST_W || rd == LDST_PC)
		return LDST_UNKNOWN;
	if (by_register && ((insn & 0xf00) || rm == LDST_PC))
		return LDST_UNKNOWN;
	if (at.wback && (rn == LDST_PC || rn == rd || (by_register && rn == rm)))
		return LDST_UNKNOWN;
	if (!(insn & LDST_L) && kind != 1)
		return twin(regs, insn, mem, &at);
	if (kind == 2) {
		if (!mem->load(mem->ctx, at.addr, 1, &value))
			return LDST_FAULT;
		regs->r[rd] = (uint32_t)(int8_t)value;
		return done(regs, insn, &at);
	}
	if (at.addr & 1)
		return LDST_UNALIGNED;
	if (!(insn & LDST_L)) {
		if (!mem->store(mem->ctx, at.addr, 2, regs->r[rd] & 0xffff))
			return LDST_FAULT;
		return done(regs, insn, &at);
	}
	if (!mem->load(mem->ctx, at.addr, 2, &value))
		return LDST_FAULT;
	regs->r[rd] = kind == 1 ? value & 0xffff : (uint32_t)(int16_t)value;
	return done(regs, insn, &at);
}

enum ldst_result ldst_execute(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem)
{
	if (insn >> 28 == 15) /* PLD and other unconditional ones: none of them aborts */
		return LDST_UNKNOWN;

	switch ((insn >> 25) & 7) {
	case 2:
		return single(regs, insn, mem, insn & 0xfff);
	case 4:
		return ldst_multiple(regs, insn, mem);
	case 3:
		/* Bit 4 set is ARMv6's media space. UNPREDICTABLE: the PC as offset, and a
		 * base that is written back and its own offset. */
		if ((insn & 0x10) || ldst_rm(insn) == LDST_PC ||
		    (ldst_writes_back(insn) && ldst_rm(insn) == ldst_rn(insn)))
			return LDST_UNKNOWN;
		return single(regs, insn, mem, scaled_offset(regs, insn));
	case 0:
		if ((insn & 0x90) != 0x90)
			return LDST_UNKNOWN;
		return insn & 0x60 ? half(regs, insn, mem) : ldst_swap(regs, insn, mem);
	default:
		return LDST_UNKNOWN;
	}
}
