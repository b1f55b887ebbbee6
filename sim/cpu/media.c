/* SPDX-License-Identifier: MIT */
/* ARMv6 media instructions: packing, extension, saturation, byte reversal, selection. */
#include "sim/cpu/media.h"

#include "sim/cpu/cpu.h"
#include "sim/cpu/shift.h"

static const struct insn *pkh(struct cpu *c, const struct insn *i)
{
	uint32_t cy = 0, n = c->r[i->rn], m = c->r[i->rm];

	if (i->op & 0x40) { /* PKHTB: ASR, #0 means 32 */
		m = shift_imm(SH_ASR, m, i->imm, &cy);
		c->r[i->rd] = (n & 0xffff0000u) | (m & 0xffff);
	} else {
		c->r[i->rd] = ((m << i->imm) & 0xffff0000u) | (n & 0xffff);
	}
	return i + 1;
}

static const struct insn *extend(struct cpu *c, const struct insn *i)
{
	uint32_t v = ror32(c->r[i->rm], i->imm), add = i->rn == 15 ? 0 : c->r[i->rn], r;

	switch ((i->op >> 20) & 7) {
	case 0: /* SXTB16 */
		r = ((uint32_t)(int8_t)v & 0xffff) | (uint32_t)(int8_t)(v >> 16) << 16;
		break;
	case 2:
		r = (uint32_t)(int8_t)v;
		break;
	case 3:
		r = (uint32_t)(int16_t)v;
		break;
	case 4:
		r = v & 0x00ff00ff;
		break;
	case 6:
		r = v & 0xff;
		break;
	default:
		r = v & 0xffff;
	}
	if (((i->op >> 20) & 3) == 0) /* two lanes */
		r = ((r + add) & 0xffff) | ((r & 0xffff0000u) + (add & 0xffff0000u));
	else
		r += add;
	c->r[i->rd] = r;
	return i + 1;
}

static uint32_t saturate(struct cpu *c, int32_t v, unsigned int bits, bool is_unsigned)
{
	int64_t hi = is_unsigned ? (1ll << bits) - 1 : (1ll << (bits - 1)) - 1;
	int64_t lo = is_unsigned ? 0 : -(1ll << (bits - 1));

	if (v > hi || v < lo)
		c->cpsr |= CPSR_Q;
	return (uint32_t)(v > hi ? hi : v < lo ? lo : v);
}

static const struct insn *sat(struct cpu *c, const struct insn *i)
{
	uint32_t cy = 0, usat = i->op & (1u << 22), bits = ((i->op >> 16) & 31) + (usat ? 0 : 1);
	uint32_t v = shift_imm(i->op & 0x40 ? SH_ASR : SH_LSL, c->r[i->rm], i->imm, &cy);

	c->r[i->rd] = saturate(c, (int32_t)v, bits, usat);
	return i + 1;
}

static const struct insn *sat16(struct cpu *c, const struct insn *i)
{
	uint32_t usat = i->op & (1u << 22), bits = ((i->op >> 16) & 15) + (usat ? 0 : 1);
	uint32_t v = c->r[i->rm];

	c->r[i->rd] = (saturate(c, (int16_t)v, bits, usat) & 0xffff) |
		      saturate(c, (int16_t)(v >> 16), bits, usat) << 16;
	return i + 1;
}

static const struct insn *rev(struct cpu *c, const struct insn *i)
{
	uint32_t v = c->r[i->rm], halves = (v & 0x00ff00ff) << 8 | ((v >> 8) & 0x00ff00ff);

	if (i->op & (1u << 22))
		c->r[i->rd] = (uint32_t)(int16_t)halves; /* REVSH */
	else
		c->r[i->rd] = i->op & 0x80 ? halves : __builtin_bswap32(v);
	return i + 1;
}

static const struct insn *sel(struct cpu *c, const struct insn *i)
{
	uint32_t mask = 0;

	for (unsigned int k = 0; k < 4; k++)
		if (c->cpsr & (0x10000u << k))
			mask |= 0xffu << (8 * k);
	c->r[i->rd] = (c->r[i->rn] & mask) | (c->r[i->rm] & ~mask);
	return i + 1;
}

static const struct insn *usad8(struct cpu *c, const struct insn *i)
{
	uint32_t sum = i->rd == 15 ? 0 : c->r[i->rd];

	for (unsigned int k = 0; k < 32; k += 8) {
		int32_t d =
			(int32_t)((c->r[i->rm] >> k) & 0xff) - (int32_t)((c->r[i->rs] >> k) & 0xff);

		sum += (uint32_t)(d < 0 ? -d : d);
	}
	c->r[i->rn] = sum;
	return i + 1;
}

static void decode_68_6f(struct insn *i)
{
	uint32_t op = i->op, low = (op >> 4) & 15;

	i->imm = (op >> 7) & 31;
	if (low == 7 && ((op >> 20) & 7) != 1 && ((op >> 20) & 7) != 5) {
		i->imm = (op >> 7) & 24; /* rotation */
		i->body = extend;
	} else if ((op & 0x00700030) == 0x00000010) {
		i->body = pkh;
	} else if ((op & 0x007000f0) == 0x000000b0) {
		i->body = sel;
	} else if ((op & 0x00200030) == 0x00200010) {
		i->body = sat;
	} else if ((op & 0x003000f0) == 0x00200030) {
		i->body = sat16;
	} else if ((op & 0x007000f0) == 0x00300030 || (op & 0x003000f0) == 0x003000b0) {
		i->body = rev;
	}
}

bool decode_media(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op, low = (op >> 4) & 15;

	if (c->core->arch < ARCH_V6)
		return false;
	switch ((op >> 23) & 3) {
	case 0: {
		uint32_t family = (op >> 20) & 7, kind = (op >> 5) & 7;

		if ((family & 3) && kind != 5 && kind != 6)
			i->body = media_parallel;
		break;
	}
	case 1:
		decode_68_6f(i);
		break;
	case 2:
		if (((op >> 20) & 7) == 0 && !(low & 8))
			i->body = media_dual_mul;
		else if (((op >> 20) & 7) == 4 && !(low & 8))
			i->body = media_dual_mul_long;
		else if (((op >> 20) & 7) == 5 && ((low & 12) == 0 || (low & 12) == 12))
			i->body = media_top_mul;
		break;
	default:
		if (((op >> 20) & 7) == 0 && low == 1)
			i->body = usad8;
	}
	return false;
}
