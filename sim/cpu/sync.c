/* SPDX-License-Identifier: MIT */
/* SWP and the exclusive loads and stores of ARMv6. */
#include "sim/cpu/cpu.h"

static const struct insn *swp(struct cpu *c, const struct insn *i)
{
	uint32_t va = c->r[i->rn], size = i->op & (1u << 22) ? 1 : 4, old = 0, v = c->r[i->rm];

	/* Alignment comes before translation (DDI0198D 3.7), and SCTLR.U asks for it without
	 * SCTLR.A (DDI0100I A2.7). Else a word at an unaligned address is read rotated and
	 * stored aligned, as LDR and STR. Both permissions are asked first, so that a fault
	 * leaves memory alone; it is the load's if the load alone would fault, which the
	 * status of ARMv6 shows. */
	c->cur = i;
	if ((va & (size - 1)) &&
	    ((c->cp.sctlr & SCTLR_A) || (c->core->arch >= ARCH_V6 && (c->cp.sctlr & SCTLR_U)))) {
		mmu_fault(c, va, ACC_LOAD, 1, 0);
		return leave_exc(c, i);
	}
	if (!mmu_translate(c, va, ACC_LOAD) || !mmu_translate(c, va, ACC_STORE))
		return leave_exc(c, i);
	if (!access_mem(c, i, va, size, ACC_LOAD, &old) ||
	    !access_mem(c, i, va, size, ACC_STORE, &v))
		return leave_exc(c, i);
	c->r[i->rd] = old;
	return i + 1;
}

static uint32_t ex_size(uint32_t op)
{
	static const uint8_t size[4] = {4, 8, 1, 2};

	return size[(op >> 21) & 3];
}

static const struct insn *ldrex(struct cpu *c, const struct insn *i)
{
	uint32_t va = c->r[i->rn], size = ex_size(i->op), lo, hi = 0;
	struct utlb *u;

	c->cur = i;
	if (va & (size - 1)) {
		mmu_fault(c, va, ACC_LOAD, 1, 0);
		return leave_exc(c, i);
	}
	if (!access_mem(c, i, va, size == 8 ? 4 : size, ACC_LOAD | ACC_EXACT, &lo) ||
	    (size == 8 && !access_mem(c, i, va + 4, 4, ACC_LOAD | ACC_EXACT, &hi)))
		return leave_exc(c, i);
	u = mmu_translate(c, va, ACC_LOAD);
	c->excl_pa = u->pa + (va & 0xfff);
	c->excl_valid = size;
	c->r[i->rd] = lo;
	if (size == 8)
		c->r[(i->rd + 1) & 15] = hi;
	return i + 1;
}

static const struct insn *strex(struct cpu *c, const struct insn *i)
{
	uint32_t va = c->r[i->rn], size = ex_size(i->op), lo = c->r[i->rm];
	uint32_t hi = c->r[(i->rm + 1) & 15];
	struct utlb *u;

	c->cur = i;
	if (va & (size - 1)) {
		mmu_fault(c, va, ACC_STORE, 1, 0);
		return leave_exc(c, i);
	}
	u = mmu_translate(c, va, ACC_STORE);
	if (!u)
		return leave_exc(c, i);
	if (c->excl_valid != size || c->excl_pa != u->pa + (va & 0xfff)) {
		c->excl_valid = 0;
		c->r[i->rd] = 1;
		return i + 1;
	}
	c->excl_valid = 0;
	if (!access_mem(c, i, va, size == 8 ? 4 : size, ACC_STORE | ACC_EXACT, &lo) ||
	    (size == 8 && !access_mem(c, i, va + 4, 4, ACC_STORE | ACC_EXACT, &hi)))
		return leave_exc(c, i);
	c->r[i->rd] = 0;
	return i + 1;
}

bool decode_sync(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	if (!(op & (1u << 23))) {
		if (!(op & (3u << 20)))
			i->body = swp;
		return false;
	}
	if (c->core->arch < ARCH_V6 || (ex_size(op) != 4 && c->core->arch < ARCH_V6K))
		return false;
	i->body = op & (1u << 20) ? ldrex : strex;
	return false;
}
