/* SPDX-License-Identifier: MIT */
/* Thumb: each instruction becomes the ARM one that does the same; the few that have no
 * equal (BL halves, pc-relative forms) have handlers of their own. */
#include "sim/cpu/cpu.h"
#include "sim/memory/mem.h"

#define AL 0xe0000000u

static const struct insn *t_branch(struct cpu *c, const struct insn *i)
{
	return leave(c, i, insn_pc(c, i) + i->imm);
}

static const struct insn *t_bl_high(struct cpu *c, const struct insn *i)
{
	c->r[14] = insn_pc(c, i) + 4 + i->imm;
	return i + 1;
}

static const struct insn *t_bl_low(struct cpu *c, const struct insn *i)
{
	uint32_t to = c->r[14] + i->imm;

	c->r[14] = insn_pc(c, i + 1) | 1;
	/* aux: BLX, to ARM state */
	return i->aux ? leave_bx(c, i, to & ~3u) : leave(c, i, to & ~1u);
}

static const struct insn *t_ldr_pc(struct cpu *c, const struct insn *i)
{
	uint32_t va = ((insn_pc(c, i) + 4) & ~3u) + i->imm;

	if (!mem_load(c, i, va, 4, &c->r[i->rd]))
		return leave_exc(c, i);
	return i + 1;
}

static const struct insn *t_add_pc(struct cpu *c, const struct insn *i)
{
	c->r[i->rd] = ((insn_pc(c, i) + 4) & ~3u) + i->imm;
	return i + 1;
}

static uint32_t alu_op(uint32_t h)
{
	static const uint32_t base[16] = {
		AL | 0x00100000,
		AL | 0x00300000,
		0,
		0,
		0,
		AL | 0x00b00000,
		AL | 0x00d00000,
		0,
		AL | 0x01100000,
		AL | 0x02700000,
		AL | 0x01500000,
		AL | 0x01700000,
		AL | 0x01900000,
		0,
		AL | 0x01d00000,
		AL | 0x01f00000,
	};
	uint32_t op = (h >> 6) & 15, m = (h >> 3) & 7, d = h & 7;

	switch (op) {
	case 2: /* LSL */
		return AL | 0x01b00010 | d << 12 | m << 8 | d;
	case 3:
		return AL | 0x01b00030 | d << 12 | m << 8 | d;
	case 4:
		return AL | 0x01b00050 | d << 12 | m << 8 | d;
	case 7:
		return AL | 0x01b00070 | d << 12 | m << 8 | d;
	case 9: /* NEG: RSBS #0 */
		return base[op] | m << 16 | d << 12;
	case 13:
		return AL | 0x00100090 | d << 16 | d << 8 | m;
	default: /* compares ignore Rd, MVN ignores Rn */
		return base[op] | d << 16 | (op == 8 || op == 10 || op == 11 ? 0 : d << 12) | m;
	}
}

static uint32_t hi_op(uint32_t h)
{
	uint32_t d = (h & 7) | ((h >> 4) & 8), m = (h >> 3) & 15;

	switch ((h >> 8) & 3) {
	case 0:
		return AL | 0x00800000 | d << 16 | d << 12 | m;
	case 1:
		return AL | 0x01500000 | d << 16 | m;
	case 2:
		return AL | 0x01a00000 | d << 12 | m;
	default:
		return AL | (h & 0x80 ? 0x012fff30u : 0x012fff10u) | m;
	}
}

/* 0xb000 - 0xbfff; 0 if undefined */
static uint32_t misc_op(const struct cpu *c, uint32_t h)
{
	uint32_t m = (h >> 3) & 7, d = h & 7;

	if ((h & 0xff00) == 0xb000) /* ADD or SUB sp, #imm7 * 4: rotated by 30 */
		return AL | (h & 0x80 ? 0x024ddf00u : 0x028ddf00u) | (h & 0x7f);
	if ((h & 0xfe00) == 0xb400)
		return AL | 0x092d0000 | (h & 0xff) | (h & 0x100 ? 0x4000 : 0);
	if ((h & 0xfe00) == 0xbc00)
		return AL | 0x08bd0000 | (h & 0xff) | (h & 0x100 ? 0x8000 : 0);
	if ((h & 0xff00) == 0xbe00)
		return AL | 0x01200070;
	if (c->core->arch < ARCH_V6)
		return 0;
	if ((h & 0xff00) == 0xb200) { /* SXTH, SXTB, UXTH, UXTB */
		static const uint32_t ext[4] = {0x06bf0070, 0x06af0070, 0x06ff0070, 0x06ef0070};

		return AL | ext[(h >> 6) & 3] | d << 12 | m;
	}
	if ((h & 0xff00) == 0xba00) {
		static const uint32_t rev[4] = {0x06bf0f30, 0x06bf0fb0, 0, 0x06ff0fb0};

		return rev[(h >> 6) & 3] ? AL | rev[(h >> 6) & 3] | d << 12 | m : 0;
	}
	if ((h & 0xfff7) == 0xb650)
		return 0xf1010000u | (h & 8 ? 0x200 : 0);
	if ((h & 0xffe8) == 0xb660) /* CPS: imod 2 enables, 3 disables */
		return 0xf1080000u | (h & 0x10 ? 1u << 18 : 0) | (h & 7) << 6;
	return 0;
}

/* The ARM equivalent of most of the map; 0 if there is none. */
static uint32_t equivalent(const struct cpu *c, uint32_t h)
{
	static const uint32_t reg_ls[8] = {0x07800000, 0x018000b0, 0x07c00000, 0x019000d0,
					   0x07900000, 0x019000b0, 0x07d00000, 0x019000f0};
	static const uint32_t shift_type[3] = {0, 0x20, 0x40};
	static const uint32_t imm8[4] = {0x03b00000, 0x03500000, 0x02900000, 0x02500000};
	uint32_t d = h & 7, n = (h >> 3) & 7, m = (h >> 6) & 7, r8 = (h >> 8) & 7;
	uint32_t imm5 = (h >> 6) & 31, b;

	switch (h >> 13) {
	case 0:
		if (((h >> 11) & 3) != 3)
			return AL | 0x01b00000 | shift_type[(h >> 11) & 3] | imm5 << 7 | d << 12 |
			       n;
		b = h & 0x400 ? 0x02000000 : 0;
		return AL | b | (h & 0x200 ? 0x00500000 : 0x00900000) | n << 16 | d << 12 | m;
	case 1:
		b = (h >> 11) & 3;
		return AL | imm8[b] | (b ? r8 << 16 : 0) | (b != 1 ? r8 << 12 : 0) | (h & 0xff);
	case 2:
		if (h & 0x1000)
			return AL | reg_ls[(h >> 9) & 7] | n << 16 | d << 12 | m;
		if (h & 0x800) /* LDR from the literal pool */
			return 0;
		return h & 0x400 ? hi_op(h) : alu_op(h);
	case 3:
		b = h & 0x1000 ? 0x05c00000 | imm5 : 0x05800000 | imm5 << 2;
		return AL | b | (h & 0x800 ? 0x00100000 : 0) | n << 16 | d << 12;
	case 4:
		b = h & 0x800 ? 0x00100000 : 0;
		if (h & 0x1000)
			return AL | 0x058d0000 | b | r8 << 12 | (h & 0xff) << 2;
		imm5 <<= 1;
		return AL | 0x01c000b0 | b | n << 16 | d << 12 | (imm5 & 0x30) << 4 | (imm5 & 15);
	case 5:
		if (h & 0x1000)
			return misc_op(c, h);
		return h & 0x800 ? AL | 0x028d0f00 | r8 << 12 | (h & 0xff) : 0;
	case 6:
		if (!(h & 0x1000)) { /* LDMIA loads the base without writing it back */
			b = (h & 0x800) && (h & (1u << r8)) ? 0 : 0x00200000;
			return AL | 0x08800000 | b | (h & 0x800 ? 0x00100000 : 0) | r8 << 16 |
			       (h & 0xff);
		}
		return (h & 0xff00) == 0xdf00 ? AL | 0x0f000000 | (h & 0xff) : 0;
	default:
		return 0;
	}
}

void thumb_decode(struct cpu *c, struct insn *i)
{
	uint32_t h = i->op & 0xffff, arm = equivalent(c, h);
	bool pc = false;

	i->cond = 14;
	i->body = insn_undef;
	i->rd = (h >> 8) & 7;
	i->imm = (h & 0xff) << 2;
	i->aux = 0;
	if (arm) {
		i->op = arm;
		pc = arm_decode_body(c, i);
	} else if ((h & 0xf800) == 0x4800) {
		i->body = t_ldr_pc;
	} else if ((h & 0xf800) == 0xa000) {
		i->body = t_add_pc;
	} else if ((h & 0xf000) == 0xd000 && ((h >> 8) & 15) < 14) {
		i->cond = (h >> 8) & 15;
		i->imm = (uint32_t)((int32_t)(h << 24) >> 23) + 4;
		i->body = t_branch;
	} else if ((h & 0xf800) == 0xe000) {
		i->imm = (uint32_t)((int32_t)(h << 21) >> 20) + 4;
		i->body = t_branch;
	} else if ((h & 0xf800) == 0xf000) {
		i->imm = (uint32_t)((int32_t)(h << 21) >> 9);
		i->body = t_bl_high;
	} else if ((h & 0xf800) == 0xf800 || (h & 0xf801) == 0xe800) {
		i->imm = (h & 0x7ff) << 1;
		i->aux = !(h & 0x1000);
		i->body = t_bl_low;
	}
	insn_wrap(i, pc);
}
