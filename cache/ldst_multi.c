/* SPDX-License-Identifier: MIT */
/* Executes LDM, STM, SWP and SWPB: the loads and stores of more than one access. */
#include "cache/ldst_internal.h"

/* Bits set in a register list; no library call, which would cost more than the sum. */
static inline uint32_t list_length(uint32_t list)
{
	list -= (list >> 1) & 0x5555;
	list = (list & 0x3333) + ((list >> 2) & 0x3333);
	list = (list + (list >> 4)) & 0x0f0f;
	return (list + (list >> 8)) & 31;
}

static inline uint32_t lowest(uint32_t list)
{
	return (uint32_t)__builtin_ctz(list);
}

static enum ldst_result load_list(struct ldst_regs *regs, uint32_t list, const struct ldst_mem *mem,
				  uint32_t addr)
{
	uint32_t values[16];
	const uint32_t *next = values;
	uint32_t *fill = values;

	/* All loads before the first register changes: any of them may be refused. */
	for (uint32_t todo = list; todo; todo &= todo - 1, addr += 4)
		if (!mem->load(mem->ctx, addr, 4, fill++))
			return LDST_FAULT;

	regs->r[LDST_PC] += LDST_INSN_SIZE;
	for (uint32_t todo = list & 0x7fff; todo; todo &= todo - 1)
		regs->r[lowest(todo)] = *next++;
	if (list >> LDST_PC)
		ldst_load_pc(regs, *next);
	return LDST_DONE;
}

static enum ldst_result store_list(struct ldst_regs *regs, uint32_t list,
				   const struct ldst_mem *mem, uint32_t addr)
{
	for (uint32_t todo = list & 0x7fff; todo; todo &= todo - 1, addr += 4)
		if (!mem->store(mem->ctx, addr, 4, regs->r[lowest(todo)]))
			return LDST_FAULT;
	if (list >> LDST_PC && !mem->store(mem->ctx, addr, 4, regs->r[LDST_PC] + mem->pc_store))
		return LDST_FAULT;
	regs->r[LDST_PC] += LDST_INSN_SIZE;
	return LDST_DONE;
}

enum ldst_result ldst_multiple(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem)
{
	uint32_t rn = ldst_rn(insn), list = insn & 0xffff;
	uint32_t base = regs->r[rn], bytes = list_length(list) * 4;
	bool up = insn & LDST_U, before = insn & LDST_P;
	/* The lowest register always goes to the lowest address (DDI0100I A5.4). */
	uint32_t addr = (up ? base : base - bytes) + (up == before ? 4 : 0);
	enum ldst_result result;

	/* The S bit means the user bank or an exception return. */
	if ((insn & LDST_B) || !list || rn == LDST_PC)
		return LDST_UNKNOWN;
	/* With write-back a base in the list has a defined outcome only if it is stored
	 * first: then its old value is stored. */
	if ((insn & LDST_W) && (list >> rn & 1) && ((insn & LDST_L) || lowest(list) != rn))
		return LDST_UNKNOWN;
	if (base & 3)
		return LDST_UNALIGNED;
	result = insn & LDST_L ? load_list(regs, list, mem, addr)
			       : store_list(regs, list, mem, addr);
	if (result == LDST_DONE && (insn & LDST_W))
		regs->r[rn] = up ? base + bytes : base - bytes;
	return result;
}

enum ldst_result ldst_swap(struct ldst_regs *regs, uint32_t insn, const struct ldst_mem *mem)
{
	uint32_t rn = ldst_rn(insn), rd = ldst_rd(insn), rm = ldst_rm(insn);
	uint32_t size = insn & LDST_B ? 1 : 4, mask = insn & LDST_B ? 0xff : 0xffffffff;
	uint32_t addr = regs->r[rn], old;

	if ((insn & 0x0fb00ff0) != 0x01000090)
		return LDST_UNKNOWN;
	if (rn == LDST_PC || rd == LDST_PC || rm == LDST_PC || rn == rd || rn == rm)
		return LDST_UNKNOWN;
	if (addr & (size - 1))
		return LDST_UNALIGNED;
	if (!mem->load(mem->ctx, addr, size, &old) ||
	    !mem->store(mem->ctx, addr, size, regs->r[rm] & mask))
		return LDST_FAULT;
	regs->r[rd] = old & mask;
	regs->r[LDST_PC] += LDST_INSN_SIZE;
	return LDST_DONE;
}
