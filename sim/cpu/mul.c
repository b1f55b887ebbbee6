/* SPDX-License-Identifier: MIT */
/* Multiplies of ARMv4 to ARMv6 and the DSP instructions of ARMv5TE. */
#include "sim/cpu/cpu.h"

bool decode_dsp(struct cpu *c, struct insn *i);

/* In multiplies the fields are Rd = [19:16], Rn = [15:12], Rs = [11:8], Rm = [3:0], so the
 * decoder's rn is the destination and its rd the addend. */
static const struct insn *mul(struct cpu *c, const struct insn *i)
{
	uint32_t r = c->r[i->rm] * c->r[i->rs];

	if (i->op & (1u << 21))
		r += c->r[i->rd];
	c->r[i->rn] = r;
	if (i->op & (1u << 20))
		c->nf = c->zf = r;
	return i + 1;
}

static const struct insn *mul_long(struct cpu *c, const struct insn *i)
{
	uint64_t r;

	if (i->op & (1u << 22))
		r = (uint64_t)((int64_t)(int32_t)c->r[i->rm] * (int32_t)c->r[i->rs]);
	else
		r = (uint64_t)c->r[i->rm] * c->r[i->rs];
	if (i->op & (1u << 21))
		r += (uint64_t)c->r[i->rn] << 32 | c->r[i->rd];
	c->r[i->rd] = (uint32_t)r;
	c->r[i->rn] = (uint32_t)(r >> 32);
	if (i->op & (1u << 20)) {
		c->nf = (uint32_t)(r >> 32);
		c->zf = (uint32_t)(r >> 32) | (uint32_t)r;
	}
	return i + 1;
}

static const struct insn *umaal(struct cpu *c, const struct insn *i)
{
	uint64_t r = (uint64_t)c->r[i->rm] * c->r[i->rs] + c->r[i->rd] + c->r[i->rn];

	c->r[i->rd] = (uint32_t)r;
	c->r[i->rn] = (uint32_t)(r >> 32);
	return i + 1;
}

bool decode_mul(struct cpu *c, struct insn *i)
{
	switch ((i->op >> 21) & 7) {
	case 0:
	case 1:
		i->body = mul;
		break;
	case 2:
		if (c->core->arch >= ARCH_V6)
			i->body = umaal;
		break;
	case 3:
		break;
	default:
		i->body = mul_long;
	}
	return false;
}

static int32_t saturate(struct cpu *c, int64_t v)
{
	if (v > INT32_MAX || v < INT32_MIN) {
		c->cpsr |= CPSR_Q;
		return v > 0 ? INT32_MAX : INT32_MIN;
	}
	return (int32_t)v;
}

static const struct insn *qadd(struct cpu *c, const struct insn *i)
{
	int64_t a = (int32_t)c->r[i->rm], b = (int32_t)c->r[i->rn];

	if (i->op & (1u << 22)) /* QDADD, QDSUB */
		b = saturate(c, 2 * b);
	c->r[i->rd] = (uint32_t)saturate(c, i->op & (1u << 21) ? a - b : a + b);
	return i + 1;
}

static int32_t half(uint32_t v, bool top)
{
	return (int16_t)(top ? v >> 16 : v);
}

/* Adds and notes an overflow in Q, without saturating. */
static uint32_t add_q(struct cpu *c, int64_t a, int64_t b)
{
	if (a + b != (int32_t)(a + b))
		c->cpsr |= CPSR_Q;
	return (uint32_t)(a + b);
}

static const struct insn *smul_half(struct cpu *c, const struct insn *i)
{
	bool x = i->op & 0x20, y = i->op & 0x40;
	int32_t s = half(c->r[i->rs], y), p;
	uint64_t acc;

	switch ((i->op >> 21) & 3) {
	case 0: /* SMLAxy */
		p = half(c->r[i->rm], x) * s;
		c->r[i->rn] = add_q(c, p, (int32_t)c->r[i->rd]);
		break;
	case 1: /* SMLAWy, SMULWy: here x chooses between them */
		p = (int32_t)(((int64_t)(int32_t)c->r[i->rm] * s) >> 16);
		c->r[i->rn] = x ? (uint32_t)p : add_q(c, p, (int32_t)c->r[i->rd]);
		break;
	case 2: /* SMLALxy */
		acc = ((uint64_t)c->r[i->rn] << 32 | c->r[i->rd]) +
		      (uint64_t)(int64_t)(half(c->r[i->rm], x) * s);
		c->r[i->rd] = (uint32_t)acc;
		c->r[i->rn] = (uint32_t)(acc >> 32);
		break;
	default: /* SMULxy */
		c->r[i->rn] = (uint32_t)(half(c->r[i->rm], x) * s);
	}
	return i + 1;
}

bool decode_dsp(struct cpu *c, struct insn *i)
{
	if (c->core->arch < ARCH_V5TE)
		return false;
	if ((i->op & 0xf0) == 0x50)
		i->body = qadd;
	else if ((i->op & 0x90) == 0x80)
		i->body = smul_half;
	return false;
}
