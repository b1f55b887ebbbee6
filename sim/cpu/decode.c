/* SPDX-License-Identifier: MIT */
/* Top of the ARM decoder, and the wrappers that test conditions. */
#include "sim/cpu/cpu.h"
#include "sim/cpu/insn.h"

#define COND_WRAP(name, expr)                                                      \
	static const struct insn *when_##name(struct cpu *c, const struct insn *i) \
	{                                                                          \
		return (expr) ? i->body(c, i) : i + 1;                             \
	}

#define Z  (c->zf == 0)
#define NV ((int32_t)(c->nf ^ c->vf) < 0)

COND_WRAP(eq, Z)
COND_WRAP(ne, !Z)
COND_WRAP(cs, c->cf)
COND_WRAP(cc, !c->cf)
COND_WRAP(mi, (int32_t)c->nf < 0)
COND_WRAP(pl, (int32_t)c->nf >= 0)
COND_WRAP(vs, (int32_t)c->vf < 0)
COND_WRAP(vc, (int32_t)c->vf >= 0)
COND_WRAP(hi, c->cf && !Z)
COND_WRAP(ls, !c->cf || Z)
COND_WRAP(ge, !NV)
COND_WRAP(lt, NV)
COND_WRAP(gt, !NV && !Z)
COND_WRAP(le, NV || Z)

static const insn_fn when[14] = {when_eq, when_ne, when_cs, when_cc, when_mi, when_pl, when_vs,
				 when_vc, when_hi, when_ls, when_ge, when_lt, when_gt, when_le};

/* For instructions that read r15: it holds the address two instructions on. */
static const struct insn *with_pc(struct cpu *c, const struct insn *i)
{
	c->r[15] = insn_pc(c, i) + (4u << (c->shift - 1));
	if (i->cond >= 14)
		return i->body(c, i);
	return when[i->cond](c, i);
}

void insn_wrap(struct insn *i, bool reads_pc)
{
	if (reads_pc)
		i->fn = with_pc;
	else if (i->cond >= 14)
		i->fn = i->body;
	else
		i->fn = when[i->cond];
}

const struct insn *insn_undef(struct cpu *c, const struct insn *i)
{
	cpu_exception(c, EXC_UNDEF, insn_pc(c, i + 1));
	return leave_exc(c, i);
}

bool arm_decode_body(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;

	i->cond = op >> 28;
	i->rn = (op >> 16) & 15;
	i->rd = (op >> 12) & 15;
	i->rs = (op >> 8) & 15;
	i->rm = op & 15;
	i->imm = 0;
	i->aux = 0;
	i->body = insn_undef;
	if (i->cond == 15)
		return c->core->arch >= ARCH_V5TE ? decode_uncond(c, i) : false;
	switch ((op >> 25) & 7) {
	case 0:
		if ((op & 0x90) == 0x90)
			return (op & 0x60)	   ? decode_ldst_extra(c, i)
			       : (op & 0x01000000) ? decode_sync(c, i)
						   : decode_mul(c, i);
		/* fall through */
	case 1:
		if ((op & 0x01900000) == 0x01000000)
			return decode_misc(c, i);
		return decode_dp(c, i);
	case 2:
		return decode_ldst(c, i);
	case 3:
		return op & 0x10 ? decode_media(c, i) : decode_ldst(c, i);
	case 4:
		return decode_ldm(c, i);
	case 5:
		return decode_misc(c, i);
	case 6:
		return decode_coproc(c, i);
	default:
		return op & 0x01000000 ? decode_misc(c, i) : decode_coproc(c, i);
	}
}

void arm_decode(struct cpu *c, struct insn *i)
{
	bool pc = arm_decode_body(c, i);

	insn_wrap(i, pc);
}
