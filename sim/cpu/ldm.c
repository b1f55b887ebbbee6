/* SPDX-License-Identifier: MIT */
/* Load and store multiple. */
#include "sim/cpu/cpu.h"
#include "sim/memory/mem.h"

/* i->imm = offset of the lowest address from the base; i->rs = number of registers. */
ALWAYS_INLINE uint32_t write_back(const struct insn *i, uint32_t base)
{
	return i->op & (1u << 23) ? base + 4u * i->rs : base - 4u * i->rs;
}

ALWAYS_INLINE bool load_one(struct cpu *c, const struct insn *i, uint32_t va, uint32_t *v)
{
	if (likely(!(va & 3)))
		return mem_load(c, i, va, 4, v);
	return access_mem(c, i, va, 4, ACC_LOAD | ACC_MULTI, v);
}

ALWAYS_INLINE bool store_one(struct cpu *c, const struct insn *i, uint32_t va, uint32_t v)
{
	if (likely(!(va & 3)))
		return mem_store(c, i, va, 4, v);
	return access_mem(c, i, va, 4, ACC_STORE | ACC_MULTI, &v);
}

/* Base restored: nothing but the loaded registers changes before the last access, and the
 * base, if it is loaded, comes last. */
static const struct insn *ldm(struct cpu *c, const struct insn *i)
{
	uint32_t list = i->op & 0x7fff, base = c->r[i->rn], va = base + i->imm, v, newbase = base;
	bool base_loaded = list & (1u << i->rn), pc = i->op & 0x8000;

	while (list) {
		unsigned int n = (unsigned int)__builtin_ctz(list);

		list &= list - 1;
		if (unlikely(!load_one(c, i, va, &v)))
			return leave_exc(c, i);
		if (n == i->rn)
			newbase = v;
		else
			c->r[n] = v;
		va += 4;
	}
	if (pc && !load_one(c, i, va, &v))
		return leave_exc(c, i);
	if (base_loaded)
		c->r[i->rn] = newbase;
	else if (i->op & (1u << 21))
		c->r[i->rn] = write_back(i, base);
	if (pc)
		return leave_bx(c, i, v);
	return i + 1;
}

static const struct insn *stm(struct cpu *c, const struct insn *i)
{
	uint32_t list = i->op & 0xffff, base = c->r[i->rn], va = base + i->imm;

	while (list) {
		unsigned int n = (unsigned int)__builtin_ctz(list);

		list &= list - 1;
		if (unlikely(!store_one(c, i, va, c->r[n])))
			return leave_exc(c, i);
		va += 4;
	}
	if (i->op & (1u << 21))
		c->r[i->rn] = write_back(i, base);
	return i + 1;
}

/* With the S bit: user registers, or with r15 in an LDM the return from an exception. */
static const struct insn *ldm_stm_s(struct cpu *c, const struct insn *i)
{
	uint32_t list = i->op & 0xffff, base = c->r[i->rn], va = base + i->imm, v;
	bool load = i->op & (1u << 20), ret = load && (list & 0x8000);
	uint32_t vals[16];

	for (unsigned int n = 0; n < 16; n++) {
		uint32_t *reg = ret ? &c->r[n] : cpu_reg_of_mode(c, MODE_USR, n);

		if (!(list & (1u << n)))
			continue;
		v = *reg;
		if (load ? !load_one(c, i, va, &v) : !store_one(c, i, va, v))
			return leave_exc(c, i);
		vals[n] = v;
		va += 4;
	}
	for (unsigned int n = 0; load && n < 15; n++)
		if (list & (1u << n))
			*(ret ? &c->r[n] : cpu_reg_of_mode(c, MODE_USR, n)) = vals[n];
	if ((i->op & (1u << 21)) && !(load && ret && (list & (1u << i->rn))))
		c->r[i->rn] = write_back(i, base);
	if (!ret)
		return i + 1;
	cpu_set_cpsr(c, c->spsr, 0xffffffffu);
	fetch_reset(c);
	return leave_to(c, i, vals[15]);
}

bool decode_ldm(struct cpu *c, struct insn *i)
{
	uint32_t op = i->op, bytes;

	(void)c;
	i->rs = (uint8_t)__builtin_popcount(op & 0xffff);
	bytes = 4u * i->rs;
	switch ((op >> 23) & 3) {
	case 0: /* DA */
		i->imm = 4 - bytes;
		break;
	case 1: /* IA */
		i->imm = 0;
		break;
	case 2: /* DB */
		i->imm = -bytes;
		break;
	default: /* IB */
		i->imm = 4;
	}
	if (op & (1u << 22))
		i->body = ldm_stm_s;
	else
		i->body = op & (1u << 20) ? ldm : stm;
	return i->rn == 15 || (op & 0x8000);
}
