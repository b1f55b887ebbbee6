/* SPDX-License-Identifier: MIT */
/* The main TLB and the fast tables that shadow it. */
#include "sim/memory/tlb.h"

#include <string.h>

#include "sim/cpu/cpu.h"

/* Drops what the fast tables took from slot. */
static void forget(struct cpu *c, uint32_t slot)
{
	for (unsigned int p = 0; p < 2; p++)
		for (unsigned int n = 0; n < UTLB_SIZE; n++)
			if (c->utlb[p][n].tlb == slot)
				c->utlb[p][n].page = c->utlb[p][n].rtag = c->utlb[p][n].wtag =
					UTLB_NONE;
	fetch_reset(c);
}

uint32_t tlb_find(const struct cpu *c, uint32_t mva)
{
	for (uint32_t n = 0; n < c->tlb.size; n++) {
		const struct tlb_entry *e = &c->tlb.e[n];

		if (((e->mva ^ mva) & e->mask) == 0 && e->valid &&
		    (e->global || e->asid == (c->cp.contextidr & 0xff)))
			return n;
	}
	return TLB_NONE;
}

uint32_t tlb_insert(struct cpu *c, const struct tlb_entry *e)
{
	struct tlb *t = &c->tlb;
	uint32_t slot = TLB_NONE;

	for (uint32_t n = 0; n < t->size && slot == TLB_NONE; n++)
		if (!t->e[n].valid)
			slot = n;
	if (slot == TLB_NONE) {
		slot = t->next;
		t->next = (t->next + 1) % t->size;
		t->evictions++;
		forget(c, slot);
	}
	t->e[slot] = *e;
	t->fills++;
	return slot;
}

void tlb_flush_all(struct cpu *c)
{
	for (uint32_t n = 0; n < TLB_MAX; n++)
		c->tlb.e[n].valid = 0;
	c->tlb.flushes++;
	mmu_flush_fast(c);
}

void tlb_flush_mva(struct cpu *c, uint32_t mva, uint32_t asid)
{
	c->tlb.flushes++;
	for (uint32_t n = 0; n < c->tlb.size; n++) {
		struct tlb_entry *e = &c->tlb.e[n];

		if (e->valid && ((e->mva ^ mva) & e->mask) == 0 &&
		    (asid == TLB_ANY_ASID || e->global || e->asid == asid)) {
			e->valid = 0;
			forget(c, n);
		}
	}
}

void tlb_flush_asid(struct cpu *c, uint32_t asid)
{
	c->tlb.flushes++;
	for (uint32_t n = 0; n < c->tlb.size; n++)
		if (c->tlb.e[n].valid && !c->tlb.e[n].global && c->tlb.e[n].asid == asid) {
			c->tlb.e[n].valid = 0;
			forget(c, n);
		}
}
