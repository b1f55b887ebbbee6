/* SPDX-License-Identifier: MIT */
/* Single loads and stores: word, byte, halfword, signed, double. */
#include "sim/cpu/cpu.h"
#include "sim/memory/mem.h"
#include "sim/cpu/shift.h"

enum { T_W, T_B, T_H, T_SB, T_SH };

ALWAYS_INLINE uint32_t size_of(unsigned int type)
{
	return type == T_W ? 4 : type == T_H || type == T_SH ? 2 : 1;
}

ALWAYS_INLINE uint32_t extend(unsigned int type, uint32_t v)
{
	return type == T_SB ? (uint32_t)(int8_t)v : type == T_SH ? (uint32_t)(int16_t)v : v;
}

/* How the address is made: [rn, #imm], [rn, rm, LSL #n], [rn], #imm */
enum { A_IMM, A_REG, A_POST };

ALWAYS_INLINE const struct insn *ldst(struct cpu *c, const struct insn *i, bool load,
				      unsigned int type, unsigned int mode)
{
	uint32_t base = c->r[i->rn], va = base, v = c->r[i->rd];

	if (mode == A_IMM)
		va += i->imm;
	else if (mode == A_REG)
		va += c->r[i->rm] << i->imm;
	if (load) {
		if (unlikely(!mem_load(c, i, va, size_of(type), &v)))
			return leave_exc(c, i);
		if (mode == A_POST)
			c->r[i->rn] = base + i->imm;
		c->r[i->rd] = extend(type, v);
	} else {
		if (unlikely(!mem_store(c, i, va, size_of(type), v)))
			return leave_exc(c, i);
		if (mode == A_POST)
			c->r[i->rn] = base + i->imm;
	}
	return i + 1;
}

#define LDST(name, load, type)                                                     \
	static const struct insn *name##_imm(struct cpu *c, const struct insn *i)  \
	{                                                                          \
		return ldst(c, i, load, type, A_IMM);                              \
	}                                                                          \
	static const struct insn *name##_reg(struct cpu *c, const struct insn *i)  \
	{                                                                          \
		return ldst(c, i, load, type, A_REG);                              \
	}                                                                          \
	static const struct insn *name##_post(struct cpu *c, const struct insn *i) \
	{                                                                          \
		return ldst(c, i, load, type, A_POST);                             \
	}
LDST(ldr, true, T_W)
LDST(ldrb, true, T_B)
LDST(ldrh, true, T_H)
LDST(ldrsb, true, T_SB)
LDST(ldrsh, true, T_SH)
LDST(str, false, T_W)
LDST(strb, false, T_B)
LDST(strh, false, T_H)

#define TRIPLE(name)                                \
	{                                           \
		name##_imm, name##_reg, name##_post \
	}
static const insn_fn fast[2][5][3] = {
	{TRIPLE(str), TRIPLE(strb), TRIPLE(strh)},
	{TRIPLE(ldr), TRIPLE(ldrb), TRIPLE(ldrh), TRIPLE(ldrsb), TRIPLE(ldrsh)},
};

/* Every form; aux: type, bit 4 = the offset is a register, bit 5 = halfword encoding. */
#define AUX_TYPE 7u
#define AUX_REG	 0x10u

static const struct insn *ldst_any(struct cpu *c, const struct insn *i)
{
	uint32_t op = i->op, type = i->aux & AUX_TYPE, cy = c->cf, off = i->imm, va, v;
	uint32_t base = c->r[i->rn], kind = op & (1u << 20) ? ACC_LOAD : ACC_STORE;
	bool pre = op & (1u << 24), wb = !pre || (op & (1u << 21));

	if (i->aux & AUX_REG) {
		off = shift_imm((op >> 5) & 3, c->r[i->rm], i->imm, &cy);
		if (!(op & (1u << 23)))
			off = -off;
	}
	va = pre ? base + off : base;
	if (!pre && (op & (1u << 21)))
		kind |= ACC_USER;
	v = c->r[i->rd];
	if (kind & ACC_USER) {
		if (!access_mem(c, i, va, size_of(type), kind, &v))
			return leave_exc(c, i);
	} else if (kind == ACC_LOAD ? !mem_load(c, i, va, size_of(type), &v)
				    : !mem_store(c, i, va, size_of(type), v)) {
		return leave_exc(c, i);
	}
	if (wb)
		c->r[i->rn] = base + off;
	if (kind & ACC_STORE)
		return i + 1;
	v = extend(type, v);
	if (i->rd == 15) /* ARMv5: bit 0 chooses the state */
		return leave_bx(c, i, v);
	c->r[i->rd] = v;
	return i + 1;
}

static const struct insn *ldrd_strd(struct cpu *c, const struct insn *i)
{
	uint32_t op = i->op, off = i->imm, base = c->r[i->rn], va, lo, hi;
	bool pre = op & (1u << 24), load = !(op & 0x20);

	if (i->aux & AUX_REG)
		off = op & (1u << 23) ? c->r[i->rm] : -c->r[i->rm];
	va = pre ? base + off : base;
	c->cur = i;
	/* Checked modulo 8; with SCTLR.U of ARMv6 modulo 4, as access_mem() does */
	if ((va & 7) && (c->cp.sctlr & SCTLR_A) &&
	    !(c->core->arch >= ARCH_V6 && (c->cp.sctlr & SCTLR_U))) {
		mmu_fault(c, va, load ? ACC_LOAD : ACC_STORE, 1, 0);
		return leave_exc(c, i);
	}
	lo = c->r[i->rd];
	hi = c->r[(i->rd + 1) & 15];
	if (load) {
		if (!access_mem(c, i, va, 4, ACC_LOAD | ACC_MULTI, &lo) ||
		    !access_mem(c, i, va + 4, 4, ACC_LOAD | ACC_MULTI, &hi))
			return leave_exc(c, i);
	} else if (!access_mem(c, i, va, 4, ACC_STORE | ACC_MULTI, &lo) ||
		   !access_mem(c, i, va + 4, 4, ACC_STORE | ACC_MULTI, &hi)) {
		return leave_exc(c, i);
	}
	if (!pre || (op & (1u << 21)))
		c->r[i->rn] = base + off;
	if (load) {
		c->r[i->rd] = lo;
		c->r[(i->rd + 1) & 15] = hi;
	}
	return i + 1;
}

/* Picks the quick handler if the form has one. */
static void choose(struct insn *i, unsigned int type, bool reg)
{
	uint32_t op = i->op;
	bool load = op & (1u << 20), pre = op & (1u << 24), up = op & (1u << 23);
	bool w = op & (1u << 21);

	i->aux = (uint8_t)(type | (reg ? AUX_REG : 0));
	i->body = ldst_any;
	if (i->rd == 15 || w)
		return;
	if (!reg)
		i->body = fast[load][type][pre ? A_IMM : A_POST];
	else if (pre && up && (((op >> 5) & 3) == SH_LSL))
		i->body = fast[load][type][A_REG];
}

bool decode_ldst(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op;
	bool reg = op & (1u << 25);

	(void)c;
	if (reg)
		i->imm = (op >> 7) & 31;
	else
		i->imm = op & (1u << 23) ? op & 0xfff : -(op & 0xfff);
	choose(i, op & (1u << 22) ? T_B : T_W, reg);
	return i->rn == 15 || (reg && i->rm == 15) || (i->rd == 15 && !(op & (1u << 20)));
}

bool decode_ldst_extra(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op, sh = (op >> 5) & 3;
	bool reg = !(op & (1u << 22));

	if (!reg) {
		i->imm = ((op >> 4) & 0xf0) | (op & 15);
		if (!(op & (1u << 23)))
			i->imm = -i->imm;
	}
	if (op & (1u << 20) || sh == 1) {
		choose(i, sh == 1 ? T_H : sh == 2 ? T_SB : T_SH, reg);
		if (reg) /* bits [6:5] are no shift here */
			i->body = (op & 0x01a00000) == 0x01800000 && i->rd != 15
					  ? fast[(op >> 20) & 1][i->aux & AUX_TYPE][A_REG]
					  : i->body;
		if (reg && i->body == ldst_any)
			i->op &= ~0xff0u; /* so that ldst_any sees LSL #0 */
	} else if (c->core->arch >= ARCH_V5TE) {
		i->aux = reg ? AUX_REG : 0;
		i->body = (i->rd & 1) ? insn_undef : ldrd_strd;
	}
	return i->rn == 15 || (reg && i->rm == 15);
}
