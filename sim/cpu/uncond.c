/* SPDX-License-Identifier: MIT */
/* Unconditional instructions of ARMv6: CPS, SETEND, SRS, RFE, CLREX. */
#include "sim/cpu/cpu.h"

bool decode_uncond_v6(struct cpu *c, struct insn *i);

static const struct insn *cps(struct cpu *c, const struct insn *i)
{
	uint32_t op = i->op, mask = 0, val = 0;

	if (!cpu_privileged(c))
		return i + 1;
	if (op & (1u << 19)) {
		mask = op & 0x1c0;
		val = op & (1u << 18) ? mask : 0;
	}
	if (op & (1u << 17)) {
		mask |= 0x1f;
		val |= op & 0x1f;
	}
	cpu_set_cpsr(c, val, mask);
	return leave_next(c, i);
}

static const struct insn *setend(struct cpu *c, const struct insn *i)
{
	cpu_set_cpsr(c, i->op & (1u << 9) ? CPSR_E : 0, CPSR_E);
	return leave_next(c, i);
}

static const struct insn *clrex(struct cpu *c, const struct insn *i)
{
	c->excl_valid = 0;
	return i + 1;
}

/* The address of the lower word and the new base for SRS and RFE. */
static uint32_t two_words(uint32_t op, uint32_t base, uint32_t *after)
{
	bool up = op & (1u << 23), before = op & (1u << 24);

	*after = up ? base + 8 : base - 8;
	return up ? base + (before ? 4 : 0) : base - (before ? 8 : 4);
}

static const struct insn *srs(struct cpu *c, const struct insn *i)
{
	uint32_t *sp = cpu_reg_of_mode(c, i->op & 0x1f, 13), after, va, v;

	if (!cpu_privileged(c) || (c->cpsr & 0x1f) == MODE_SYS)
		return insn_undef(c, i);
	va = two_words(i->op, *sp, &after);
	v = c->r[14];
	if (!access_mem(c, i, va, 4, ACC_STORE | ACC_MULTI, &v))
		return leave_exc(c, i);
	v = c->spsr;
	if (!access_mem(c, i, va + 4, 4, ACC_STORE | ACC_MULTI, &v))
		return leave_exc(c, i);
	if (i->op & (1u << 21))
		*sp = after;
	return i + 1;
}

static const struct insn *rfe(struct cpu *c, const struct insn *i)
{
	uint32_t after, va = two_words(i->op, c->r[i->rn], &after), pc, psr;

	if (!cpu_privileged(c))
		return insn_undef(c, i);
	if (!access_mem(c, i, va, 4, ACC_LOAD | ACC_MULTI, &pc) ||
	    !access_mem(c, i, va + 4, 4, ACC_LOAD | ACC_MULTI, &psr))
		return leave_exc(c, i);
	if (i->op & (1u << 21))
		c->r[i->rn] = after;
	cpu_set_cpsr(c, psr, 0xffffffffu);
	fetch_reset(c);
	return leave_to(c, i, pc);
}

bool decode_uncond_v6(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	if ((op & 0x0ff10020u) == 0x01000000u)
		i->body = cps;
	else if ((op & 0x0fff00f0u) == 0x01010000u)
		i->body = setend;
	else if ((op & 0x0ffffff0u) == 0x057ff010u && c->core->arch >= ARCH_V6K)
		i->body = clrex;
	else if ((op & 0x0e5f0f00u) == 0x084d0500u)
		i->body = srs;
	else if ((op & 0x0e500f00u) == 0x08100a00u)
		i->body = rfe;
	return false;
}
