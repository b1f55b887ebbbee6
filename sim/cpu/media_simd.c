/* SPDX-License-Identifier: MIT */
/* ARMv6 parallel additions and subtractions, and multiplies of halfword pairs. */
#include "sim/cpu/cpu.h"
#include "sim/cpu/media.h"

static int32_t clamp(int32_t v, int32_t lo, int32_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* One lane of the given bits: family is 1 S, 2 Q, 3 SH, 5 U, 6 UQ, 7 UH. *ge is set for S
 * and U: the lane's result is not negative, or the addition carried. */
static uint32_t lane(unsigned int family, unsigned int bits, uint32_t a, uint32_t b, bool sub,
		     bool *ge)
{
	uint32_t mask = (1u << bits) - 1;
	bool is_signed = family < 4;
	int32_t x = (int32_t)(a & mask), y = (int32_t)(b & mask), r;

	if (is_signed) {
		x = (int32_t)((uint32_t)x << (32 - bits)) >> (32 - bits);
		y = (int32_t)((uint32_t)y << (32 - bits)) >> (32 - bits);
	}
	r = sub ? x - y : x + y;
	*ge = is_signed || sub ? r >= 0 : r > (int32_t)mask;
	switch (family) {
	case 2:
		r = clamp(r, -(int32_t)(1u << (bits - 1)), (int32_t)(mask >> 1));
		break;
	case 6:
		r = clamp(r, 0, (int32_t)mask);
		break;
	case 3:
	case 7:
		r >>= 1;
		break;
	default:
		break;
	}
	return (uint32_t)r & mask;
}

const struct insn *media_parallel(struct cpu *c, const struct insn *i)
{
	unsigned int family = (i->op >> 20) & 7, kind = (i->op >> 5) & 7;
	uint32_t n = c->r[i->rn], m = c->r[i->rm], r = 0, flags = 0;
	bool ge;

	if (kind & 4) { /* four bytes: 4 adds, 7 subtracts */
		for (unsigned int k = 0; k < 4; k++) {
			r |= lane(family, 8, n >> (8 * k), m >> (8 * k), kind == 7, &ge) << (8 * k);
			flags |= ge ? 1u << k : 0;
		}
	} else { /* 0 add, 1 exchange: low subtracts, 2 exchange: high subtracts, 3 subtract */
		bool x = kind == 1 || kind == 2;

		r = lane(family, 16, n, x ? m >> 16 : m, kind == 1 || kind == 3, &ge);
		flags = ge ? 3 : 0;
		r |= lane(family, 16, n >> 16, x ? m : m >> 16, kind >= 2, &ge) << 16;
		flags |= ge ? 12 : 0;
	}
	c->r[i->rd] = r;
	if (family == 1 || family == 5)
		c->cpsr = (c->cpsr & ~CPSR_GE) | flags << 16;
	return i + 1;
}

/* The two products of SMLAD and its kin; bit 5 exchanges the halves of Rm's partner. */
static void products(const struct cpu *c, const struct insn *i, int64_t *lo, int64_t *hi)
{
	uint32_t m = c->r[i->rm], s = c->r[i->rs];

	if (i->op & 0x20)
		s = s << 16 | s >> 16;
	*lo = (int64_t)(int16_t)m * (int16_t)s;
	*hi = (int64_t)(int16_t)(m >> 16) * (int16_t)(s >> 16);
}

const struct insn *media_dual_mul(struct cpu *c, const struct insn *i)
{
	int64_t lo, hi, r;

	products(c, i, &lo, &hi);
	r = i->op & 0x40 ? lo - hi : lo + hi;
	/* The sum of the products alone can overflow once: -32768 squared, twice */
	if (i->rd != 15)
		r += (int32_t)c->r[i->rd];
	if (r != (int32_t)r)
		c->cpsr |= CPSR_Q;
	c->r[i->rn] = (uint32_t)r;
	return i + 1;
}

const struct insn *media_dual_mul_long(struct cpu *c, const struct insn *i)
{
	int64_t lo, hi;
	uint64_t r;

	products(c, i, &lo, &hi);
	r = ((uint64_t)c->r[i->rn] << 32 | c->r[i->rd]) +
	    (uint64_t)(i->op & 0x40 ? lo - hi : lo + hi);
	c->r[i->rd] = (uint32_t)r;
	c->r[i->rn] = (uint32_t)(r >> 32);
	return i + 1;
}

const struct insn *media_top_mul(struct cpu *c, const struct insn *i)
{
	uint64_t p = (uint64_t)((int64_t)(int32_t)c->r[i->rm] * (int32_t)c->r[i->rs]);

	if (i->rd != 15) {
		uint64_t acc = (uint64_t)c->r[i->rd] << 32;

		p = (i->op & 0xc0) == 0xc0 ? acc - p : acc + p;
	}
	if (i->op & 0x20)
		p += 0x80000000u;
	c->r[i->rn] = (uint32_t)(p >> 32);
	return i + 1;
}
