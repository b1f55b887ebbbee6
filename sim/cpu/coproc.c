/* SPDX-License-Identifier: MIT */
/* Coprocessor instructions: only CP15 is there, everything else is undefined. */
#include "sim/cpu/cp15.h"
#include "sim/cpu/cpu.h"

static uint32_t reg_of(uint32_t op)
{
	return CP15((op >> 21) & 7, (op >> 16) & 15, op & 15, (op >> 5) & 7);
}

/* What user mode may do on ARMv6: barriers, prefetch flush, its thread registers. */
static bool user_may(const struct cpu *c, uint32_t reg, bool write)
{
	if (cpu_privileged(c))
		return true;
	if (c->core->arch < ARCH_V6)
		return false;
	return reg == CP15(0, 7, 10, 4) || reg == CP15(0, 7, 10, 5) || reg == CP15(0, 7, 5, 4) ||
	       reg == CP15(0, 13, 0, 2) || (reg == CP15(0, 13, 0, 3) && !write);
}

static const struct insn *mrc(struct cpu *c, const struct insn *i)
{
	uint32_t reg = reg_of(i->op), val = 0;

	c->cur = i;
	if (!user_may(c, reg, false) || !cp15_read(c, reg, &val))
		return insn_undef(c, i);
	if (i->rd != 15) {
		c->r[i->rd] = val;
		return i + 1;
	}
	c->nf = val; /* r15 as destination: the flags */
	c->zf = !(val & CPSR_Z);
	c->cf = !!(val & CPSR_C);
	c->vf = val & CPSR_V ? 0x80000000u : 0;
	return i + 1;
}

static const struct insn *mcr(struct cpu *c, const struct insn *i)
{
	uint32_t reg = reg_of(i->op);

	c->cur = i;
	if (!user_may(c, reg, true))
		return insn_undef(c, i);
	/* c7, c6 / c10 / c14, 1: one line by its address */
	if ((reg & 0xff0fu) == CP15(0, 7, 0, 1) && cp15_line_aborts(c, reg >> 4 & 15, c->r[i->rd]))
		return leave_exc(c, i);
	if (!cp15_write(c, reg, c->r[i->rd]))
		return insn_undef(c, i);
	return leave_next(c, i);
}

/* A block operation does one line each time round and runs again from the start if an
 * interrupt comes between (DDI0301H 3.2.22: the ranges are interruptible and restartable). */
static const struct insn *mcrr(struct cpu *c, const struct insn *i)
{
	uint32_t pc = insn_pc(c, i), line = c->d.cfg.line;
	uint32_t start = c->r[i->rn] & ~(line - 1), end = c->r[i->rd] & ~(line - 1), at;

	c->cur = i;
	if (!cpu_privileged(c) || c->block_pc != pc || c->block_at < start || c->block_at > end)
		c->block_at = start;
	at = c->block_at;
	if (!cpu_privileged(c) || at > end) {
		if (!cpu_privileged(c))
			return insn_undef(c, i);
		return leave_next(c, i);
	}
	if (c->core->block_ops && cp15_line_aborts(c, i->op & 15, at))
		return leave_exc(c, i);
	if (!cp15_block_line(c, i->op & 15, at))
		return insn_undef(c, i);
	if (at == end) {
		c->block_pc = 1;
		return leave_next(c, i);
	}
	c->block_pc = pc;
	c->block_at = at + line;
	return leave(c, i, pc);
}

bool decode_coproc(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	(void)c;
	if (((op >> 8) & 15) != 15 || i->cond == 15)
		return false;
	if ((op & 0x0f000010u) == 0x0e000010u)
		i->body = op & (1u << 20) ? mrc : mcr;
	else if ((op & 0x0ff000f0u) == 0x0c400000u)
		i->body = mcrr;
	return false;
}
