/* SPDX-License-Identifier: MIT */
/* First- and second-level descriptors of ARMv5 and ARMv6 (DDI0100I B4.7, B4.9). */
#include "sim/memory/walk.h"

#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

#define FAULT_SECTION 5u
#define FAULT_PAGE    7u

static uint32_t descriptor(struct cpu *c, uint32_t pa)
{
	uint32_t v;

	if (unlikely(c->hooked))
		debug_walk(c, pa);
	/* The mutant walk-in-cache: what the D-cache or its write buffer holds wins */
	if (c->walk_in_cache && machine_peek_cached(c, pa, &v))
		return v;
	return machine_walk(c->m, pa);
}

/* C and B from TEX, C, B (ARMv6): the inner policy, as far as one cache level needs it. TEX of
 * 0b1BB has the outer one in BB and the inner one in C and B (DDI0100I table B4-4); 1 is
 * write-back with allocation on a write, which these cores do as write-back (DDI0301H 6.6.1). */
static uint8_t attr_v6(uint32_t tex, uint32_t cb)
{
	if (tex & 4)
		return cb == 0 ? CM_B : cb == 2 ? CM_C : CM_C | CM_B;
	if (tex == 0)
		return (uint8_t)cb;
	return tex == 1 && cb == 3 ? CM_C | CM_B : CM_B; /* normal uncached, or device */
}

static void set_ap(struct tlb_entry *e, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	e->ap[0] = a & 3;
	e->ap[1] = b & 3;
	e->ap[2] = c & 3;
	e->ap[3] = d & 3;
}

static void set_range(struct tlb_entry *e, uint32_t mva, uint32_t desc, uint32_t mask)
{
	e->mask = mask;
	e->mva = mva & mask;
	e->pa = desc & mask;
}

static void section(struct tlb_entry *e, uint32_t mva, uint32_t d, bool v6)
{
	uint32_t ap = d >> 10;

	e->section = 1;
	set_ap(e, ap, ap, ap, ap);
	e->attr = (d >> 2) & 3;
	set_range(e, mva, d, 0xfff00000u);
	if (!v6)
		return;
	e->attr = attr_v6((d >> 12) & 7, (d >> 2) & 3);
	e->xn = (d >> 4) & 1;
	e->apx = (d >> 15) & 1;
	e->global = !((d >> 17) & 1);
	if (d & (1u << 18)) { /* supersection */
		e->domain = 0;
		set_range(e, mva, d, 0xff000000u);
	}
}

/* Second level with subpages. fine: the table has 1024 entries. */
static uint32_t page_v5(struct cpu *c, struct tlb_entry *e, uint32_t mva, uint32_t d, bool fine)
{
	uint32_t ap = d >> 4;

	e->attr = (d >> 2) & 3;
	switch (d & 3) {
	case 1:
		set_range(e, mva, d, 0xffff0000u);
		break;
	case 2:
		set_range(e, mva, d, 0xfffff000u);
		break;
	case 3:
		if (fine) {
			set_range(e, mva, d, 0xfffffc00u);
		} else if (c->core->v6_mmu) { /* extended small page */
			e->attr = attr_v6((d >> 6) & 7, (d >> 2) & 3);
			set_range(e, mva, d, 0xfffff000u);
		} else {
			return FAULT_PAGE; /* UNPREDICTABLE in ARMv5 */
		}
		set_ap(e, ap, ap, ap, ap);
		return 0;
	default:
		return FAULT_PAGE;
	}
	set_ap(e, ap, ap >> 2, ap >> 4, ap >> 6);
	return 0;
}

static uint32_t page_v6(struct tlb_entry *e, uint32_t mva, uint32_t d)
{
	uint32_t ap = d >> 4;

	if ((d & 3) == 0)
		return FAULT_PAGE;
	set_ap(e, ap, ap, ap, ap);
	e->apx = (d >> 9) & 1;
	e->global = !((d >> 11) & 1);
	if ((d & 3) == 1) {
		e->xn = (d >> 15) & 1;
		e->attr = attr_v6((d >> 12) & 7, (d >> 2) & 3);
		set_range(e, mva, d, 0xffff0000u);
	} else {
		e->xn = d & 1;
		e->attr = attr_v6((d >> 6) & 7, (d >> 2) & 3);
		set_range(e, mva, d, 0xfffff000u);
	}
	return 0;
}

uint32_t walk_tables(struct cpu *c, uint32_t mva, struct tlb_entry *e, uint32_t *domain)
{
	bool v6 = c->core->v6_mmu && (c->cp.sctlr & SCTLR_XP);
	uint32_t n = c->core->v6_mmu ? c->cp.ttbcr & 7 : 0;
	uint32_t base = c->cp.ttbr0, bits = 14 - n, d;

	if (n && mva >> (32 - n)) {
		base = c->cp.ttbr1;
		bits = 14;
	}
	base &= ~((1u << bits) - 1);
	d = descriptor(c, base | ((mva >> 18) & ((1u << bits) - 1) & ~3u));
	memset(e, 0, sizeof *e);
	e->valid = 1;
	e->global = 1;
	e->asid = c->cp.contextidr & 0xff;
	*domain = e->domain = (d >> 5) & 15;
	switch (d & 3) {
	case 1:
		d = descriptor(c, (d & 0xfffffc00u) | ((mva >> 10) & 0x3fcu));
		return v6 ? page_v6(e, mva, d) : page_v5(c, e, mva, d, false);
	case 2:
		section(e, mva, d, v6);
		*domain = e->domain;
		return 0;
	case 3:
		if (v6)
			return FAULT_SECTION;
		d = descriptor(c, (d & 0xfffff000u) | ((mva >> 8) & 0xffcu));
		return page_v5(c, e, mva, d, true);
	default:
		return FAULT_SECTION;
	}
}

uint32_t walk_quietly(struct cpu *c, uint32_t mva, struct tlb_entry *e, uint32_t *domain)
{
	bool hooked = c->hooked;
	uint32_t status;

	c->hooked = false;
	status = walk_tables(c, mva, e, domain);
	c->hooked = hooked;
	return status;
}
