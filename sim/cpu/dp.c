/* SPDX-License-Identifier: MIT */
/* Data-processing instructions: one handler for each opcode, S bit and operand kind. */
#include "sim/cpu/cpu.h"
#include "sim/memory/mem.h"
#include "sim/cpu/shift.h"

enum { K_IMM, K_REG, K_SHIFT_IMM, K_SHIFT_REG };

ALWAYS_INLINE uint32_t add_flags(struct cpu *c, bool s, uint32_t a, uint32_t b, uint32_t carry)
{
	uint64_t wide = (uint64_t)a + b + carry;
	uint32_t r = (uint32_t)wide;

	if (s) {
		c->cf = (uint32_t)(wide >> 32);
		c->vf = (a ^ r) & (b ^ r);
	}
	return r;
}

ALWAYS_INLINE uint32_t alu(struct cpu *c, unsigned int op, bool s, uint32_t a, uint32_t b)
{
	switch (op) {
	case 0: /* AND */
	case 8: /* TST */
		return a & b;
	case 1: /* EOR */
	case 9: /* TEQ */
		return a ^ b;
	case 2:	 /* SUB */
	case 10: /* CMP */
		return add_flags(c, s, a, ~b, 1);
	case 3: /* RSB */
		return add_flags(c, s, b, ~a, 1);
	case 4:	 /* ADD */
	case 11: /* CMN */
		return add_flags(c, s, a, b, 0);
	case 5: /* ADC */
		return add_flags(c, s, a, b, c->cf);
	case 6: /* SBC */
		return add_flags(c, s, a, ~b, c->cf);
	case 7: /* RSC */
		return add_flags(c, s, b, ~a, c->cf);
	case 12: /* ORR */
		return a | b;
	case 13: /* MOV */
		return b;
	case 14: /* BIC */
		return a & ~b;
	default: /* MVN */
		return ~b;
	}
}

ALWAYS_INLINE bool is_logical(unsigned int op)
{
	return op <= 1 || op == 8 || op == 9 || op >= 12;
}

ALWAYS_INLINE uint32_t operand(struct cpu *c, const struct insn *i, unsigned int kind,
			       uint32_t *carry)
{
	uint32_t type = (i->op >> 5) & 3;

	switch (kind) {
	case K_IMM:
		if (i->op & 0xf00) /* a rotated immediate sets the carry */
			*carry = i->imm >> 31;
		return i->imm;
	case K_REG:
		return c->r[i->rm];
	case K_SHIFT_IMM:
		return shift_imm(type, c->r[i->rm], i->imm, carry);
	default:
		return shift_reg(type, c->r[i->rm], c->r[i->rs] & 0xff, carry);
	}
}

ALWAYS_INLINE const struct insn *dp(struct cpu *c, const struct insn *i, unsigned int op, bool s,
				    unsigned int kind)
{
	uint32_t carry = c->cf, b = operand(c, i, kind, &carry);
	uint32_t r = alu(c, op, s, c->r[i->rn], b);

	if (s) {
		c->nf = c->zf = r;
		if (is_logical(op) && kind != K_REG)
			c->cf = carry;
	}
	if (op < 8 || op > 11)
		c->r[i->rd] = r;
	return i + 1;
}

/* Writes to r15, any form: a branch, or with S the return from an exception. */
static const struct insn *dp_pc(struct cpu *c, const struct insn *i)
{
	unsigned int op = (i->op >> 21) & 15, kind = i->aux;
	uint32_t carry = c->cf, b = operand(c, i, kind, &carry);
	uint32_t r = alu(c, op, false, c->r[i->rn], b);

	if (i->op & (1u << 20)) {
		cpu_set_cpsr(c, c->spsr, 0xffffffffu);
		fetch_reset(c);
	}
	return leave_to(c, i, r);
}

#define DP(op, s, k)                                                                       \
	static const struct insn *dp_##op##_##s##_##k(struct cpu *c, const struct insn *i) \
	{                                                                                  \
		return dp(c, i, op, s, k);                                                 \
	}
#define DP_KINDS(op, s) DP(op, s, 0) DP(op, s, 1) DP(op, s, 2) DP(op, s, 3)
#define DP_BOTH(op)	DP_KINDS(op, 0) DP_KINDS(op, 1)
DP_BOTH(0)
DP_BOTH(1)
DP_BOTH(2)
DP_BOTH(3)
DP_BOTH(4)
DP_BOTH(5)
DP_BOTH(6)
DP_BOTH(7)
DP_KINDS(8, 1)
DP_KINDS(9, 1)
DP_KINDS(10, 1)
DP_KINDS(11, 1)
DP_BOTH(12)
DP_BOTH(13)
DP_BOTH(14)
DP_BOTH(15)

#define ROW(op, s)                                                                         \
	{                                                                                  \
		dp_##op##_##s##_0, dp_##op##_##s##_1, dp_##op##_##s##_2, dp_##op##_##s##_3 \
	}
#define ROWS(op)                       \
	{                              \
		ROW(op, 0), ROW(op, 1) \
	}
#define ROW_CMP(op)                                  \
	{                                            \
		{NULL, NULL, NULL, NULL}, ROW(op, 1) \
	}
static const insn_fn handlers[16][2][4] = {
	ROWS(0),    ROWS(1),	ROWS(2),     ROWS(3),	  ROWS(4),  ROWS(5),  ROWS(6),	ROWS(7),
	ROW_CMP(8), ROW_CMP(9), ROW_CMP(10), ROW_CMP(11), ROWS(12), ROWS(13), ROWS(14), ROWS(15),
};

bool decode_dp(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op, opcode = (op >> 21) & 15, s = (op >> 20) & 1;
	bool pc = i->rn == 15 && opcode != 13 && opcode != 15;
	unsigned int kind;

	(void)c;
	if (op & (1u << 25)) {
		uint32_t rot = (op >> 7) & 30, v = op & 0xff;

		kind = K_IMM;
		i->imm = rot ? v >> rot | v << (32 - rot) : v;
	} else if (op & 0x10) {
		kind = K_SHIFT_REG;
		pc |= i->rm == 15 || i->rs == 15;
	} else {
		i->imm = (op >> 7) & 31;
		kind = (op & 0xff0) ? K_SHIFT_IMM : K_REG;
		pc |= i->rm == 15;
	}
	i->aux = (uint8_t)kind;
	i->body = handlers[opcode][s][kind];
	if (i->rd == 15 && (opcode < 8 || opcode > 11))
		i->body = dp_pc;
	return pc;
}
