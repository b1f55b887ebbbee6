/* SPDX-License-Identifier: MIT */
/* Loads and stores as instructions make them: a D-cache hit is served here, everything
 * else by access_mem(). All return false when an abort has been taken. */
#ifndef SIM_MEMORY_MEM_H
#define SIM_MEMORY_MEM_H

#include <string.h>

#include "sim/cpu/cpu.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The line of mva if it is where it was last found, else NULL. */
ALWAYS_INLINE const struct dhint *hint_hit(struct cpu *c, const struct utlb *u, uint32_t va,
					   bool store)
{
	uint32_t off = va & 0xfe0u, mva = u->mva | off;
	const struct dhint *h = &c->dhint[(mva >> 5) & (DHINT_SIZE - 1)];
	const struct cm_line *l = store ? h->wline : h->line;
	uint32_t tag = c->d_phys ? l->pa ^ (u->pa | off) : l->va ^ mva;

	return likely(tag == 0 && l->valid) ? h : NULL;
}

ALWAYS_INLINE bool mem_load(struct cpu *c, const struct insn *i, uint32_t va, uint32_t size,
			    uint32_t *val)
{
	const struct utlb *u = &c->ut[(va >> 12) & (UTLB_SIZE - 1)];
	const struct dhint *h;

	if (likely((va & (0xfffff000u | (size - 1))) == u->rtag &&
		   (h = hint_hit(c, u, va, false)))) {
		const uint8_t *p = h->data + (va & 31);

		c->fast_loads++;
		*val = 0;
		memcpy(val, p, size); /* the host is little-endian, as the guest */
		return true;
	}
	return access_mem(c, i, va, size, ACC_LOAD, val);
}

ALWAYS_INLINE bool mem_store(struct cpu *c, const struct insn *i, uint32_t va, uint32_t size,
			     uint32_t val)
{
	const struct utlb *u = &c->ut[(va >> 12) & (UTLB_SIZE - 1)];
	const struct dhint *h;

	if (likely((va & (0xfffff000u | (size - 1))) == u->wtag &&
		   (h = hint_hit(c, u, va, true)))) {
		c->fast_stores++;
		memcpy(h->data + (va & 31), &val, size);
		h->line->dirty |= (uint8_t)(1u << ((va >> c->half_shift) & c->half_mask));
		return true;
	}
	return access_mem(c, i, va, size, ACC_STORE, &val);
}

#endif
