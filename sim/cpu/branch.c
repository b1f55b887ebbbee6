/* SPDX-License-Identifier: MIT */
/* Branches, status registers, exceptions by instruction: the miscellaneous space. */
#include "sim/cpu/cpu.h"
#include "sim/semihost.h"

static const struct insn *b_imm(struct cpu *c, const struct insn *i)
{
	return leave(c, i, insn_pc(c, i) + i->imm);
}

static const struct insn *bl_imm(struct cpu *c, const struct insn *i)
{
	uint32_t pc = insn_pc(c, i);

	c->r[14] = pc + 4;
	return leave(c, i, pc + i->imm);
}

static const struct insn *blx_imm(struct cpu *c, const struct insn *i)
{
	uint32_t pc = insn_pc(c, i);

	c->r[14] = pc + 4;
	return leave_bx(c, i, (pc + i->imm) | 1);
}

static const struct insn *bx_reg(struct cpu *c, const struct insn *i)
{
	return leave_bx(c, i, c->r[i->rm]);
}

static const struct insn *blx_reg(struct cpu *c, const struct insn *i)
{
	uint32_t to = c->r[i->rm];

	c->r[14] = insn_pc(c, i + 1) | (cpu_thumb(c) ? 1 : 0);
	return leave_bx(c, i, to);
}

static const struct insn *svc(struct cpu *c, const struct insn *i)
{
	uint32_t num = i->op & 0xffffff;

	c->cur = i;
	if (num == (cpu_thumb(c) ? 0xabu : 0x123456u) && semihost_call(c))
		return leave_next(c, i);
	cpu_exception(c, EXC_SVC, insn_pc(c, i + 1));
	return leave_exc(c, i);
}

static const struct insn *bkpt(struct cpu *c, const struct insn *i)
{
	c->cp.ifsr = 2; /* debug event */
	c->cp.ifar = insn_pc(c, i);
	cpu_exception(c, EXC_PABT, insn_pc(c, i) + 4);
	return leave_exc(c, i);
}

static const struct insn *mrs(struct cpu *c, const struct insn *i)
{
	c->r[i->rd] = i->op & (1u << 22) ? c->spsr : cpu_cpsr(c);
	return i + 1;
}

static uint32_t field_mask(uint32_t op)
{
	return (op & (1u << 16) ? 0xffu : 0) | (op & (1u << 17) ? 0xff00u : 0) |
	       (op & (1u << 18) ? 0xff0000u : 0) | (op & (1u << 19) ? 0xff000000u : 0);
}

static const struct insn *msr(struct cpu *c, const struct insn *i)
{
	uint32_t val = i->op & (1u << 25) ? i->imm : c->r[i->rm];
	uint32_t mask = field_mask(i->op), mode = c->cpsr & 0x1f;

	if (i->op & (1u << 22)) {
		if (mode != MODE_USR && mode != MODE_SYS) {
			/* reserved bits read back as zero, as in the CPSR */
			mask &= CPSR_NZCV | CPSR_Q | CPSR_I | CPSR_F | CPSR_T | 0x1f |
				(c->core->arch >= ARCH_V6 ? CPSR_GE | CPSR_E | CPSR_A : 0);
			c->spsr = (c->spsr & ~mask) | (val & mask);
		}
		return i + 1;
	}
	mask &= ~(CPSR_T | CPSR_J); /* the state changes by BX only */
	if (mode == MODE_USR)
		mask &= CPSR_NZCV | CPSR_Q | CPSR_GE | CPSR_E;
	if (mask & 0xff000000u)
		mask |= CPSR_NZCV;
	cpu_set_cpsr(c, val, mask);
	return leave_next(c, i);
}

static const struct insn *clz(struct cpu *c, const struct insn *i)
{
	uint32_t v = c->r[i->rm];

	c->r[i->rd] = v ? (uint32_t)__builtin_clz(v) : 32;
	return i + 1;
}

static int32_t branch_offset(uint32_t op)
{
	return (int32_t)(op << 8) >> 6;
}

/* Saturating add and subtract, signed 16-bit multiplies: mul.c */
bool decode_dsp(struct cpu *c, struct insn *i);

static bool decode_misc_low(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	switch ((op >> 4) & 15) {
	case 0:
		if (op & (1u << 21)) {
			i->body = msr;
			return i->rm == 15;
		}
		i->body = mrs;
		return false;
	case 1:
		if (((op >> 21) & 3) == 1)
			i->body = bx_reg;
		else if (((op >> 21) & 3) == 3)
			i->body = clz;
		return i->rm == 15;
	case 2: /* BXJ without Jazelle is BX */
		if (((op >> 21) & 3) == 1)
			i->body = bx_reg;
		return i->rm == 15;
	case 3:
		if (((op >> 21) & 3) == 1)
			i->body = blx_reg;
		return i->rm == 15;
	case 7:
		if (((op >> 21) & 3) == 1)
			i->body = bkpt;
		return false;
	default:
		return decode_dsp(c, i);
	}
}

static const struct insn *nop(struct cpu *c, const struct insn *i)
{
	(void)c;
	return i + 1;
}

bool decode_misc(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	switch ((op >> 25) & 7) {
	case 0:
		return decode_misc_low(c, i);
	case 1:
		if (op & (1u << 21)) {
			uint32_t rot = (op >> 7) & 30, v = op & 0xff;

			i->imm = rot ? v >> rot | v << (32 - rot) : v;
			/* v6K hints: NOP, YIELD, WFE, WFI, SEV with an empty field mask */
			i->body = (op & 0x004f0000) ? msr : nop;
		}
		return false;
	case 5:
		i->imm = (uint32_t)branch_offset(op) + 8;
		i->body = op & (1u << 24) ? bl_imm : b_imm;
		return false;
	default:
		i->body = svc;
		return false;
	}
}

/* The unconditional space: BLX, PLD, and what ARMv6 added (uncond.c). */
bool decode_uncond_v6(struct cpu *c, struct insn *i);

bool decode_uncond(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	if ((op & 0xfe000000u) == 0xfa000000u) {
		i->imm = (uint32_t)branch_offset(op) + 8 + ((op >> 23) & 2);
		i->body = blx_imm;
		return false;
	}
	if ((op & 0xfd70f000u) == 0xf550f000u) { /* PLD: a NOP on the ARM926 */
		i->body = nop;
		return false;
	}
	if ((op & 0x0e000000u) == 0x0c000000u || (op & 0x0f000000u) == 0x0e000000u)
		return decode_coproc(c, i);
	if (c->core->arch >= ARCH_V6)
		return decode_uncond_v6(c, i);
	return false;
}
