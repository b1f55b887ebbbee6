/* SPDX-License-Identifier: MIT */
/* Translation: main TLB, table walk, domains and permissions, faults.
 *
 * The walk reads memory by machine_walk() and so neither the D-cache nor the write
 * buffer: an entry that was not cleaned and drained is not seen (DDI0198D 3.3).
 */
#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"
#include "sim/memory/walk.h"

void mmu_flush_fast(struct cpu *c)
{
	for (unsigned int p = 0; p < 2; p++)
		for (unsigned int n = 0; n < UTLB_SIZE; n++) {
			struct utlb *u = &c->utlb[p][n];

			u->page = u->rtag = u->wtag = UTLB_NONE;
		}
	fetch_reset(c);
}

void mmu_fault(struct cpu *c, uint32_t va, uint32_t kind, uint32_t status, uint32_t domain)
{
	uint32_t fsr = status | domain << 4;

	if ((kind & ACC_KIND) == ACC_FETCH) {
		c->cp.ifsr = fsr;
		c->cp.ifar = va;
		c->prefetch_aborts++;
		cpu_exception(c, EXC_PABT, c->pc + 4);
		return;
	}
	if (c->core->arch >= ARCH_V6 && (kind & ACC_KIND) == ACC_STORE)
		fsr |= 1u << 11;
	c->cp.dfsr = fsr;
	c->cp.far = va;
	c->data_aborts++;
	cpu_exception(c, EXC_DABT, insn_pc(c, c->cur) + 8);
}

/* The bits 1 << ACC_* that AP (with S and R, or APX) permits. */
static uint32_t permitted(const struct cpu *c, uint32_t ap, uint32_t apx, bool user)
{
	const uint32_t rd = 1u << ACC_LOAD | 1u << ACC_FETCH, rw = rd | 1u << ACC_STORE;

	if (apx)
		return user ? (ap >= 2 ? rd : 0) : (ap ? rd : 0);
	switch (ap) {
	case 0: /* decided by S and R */
		if (c->cp.sctlr & SCTLR_R)
			return c->cp.sctlr & SCTLR_S ? 0 : rd;
		return (c->cp.sctlr & SCTLR_S) && !user ? rd : 0;
	case 1:
		return user ? 0 : rw;
	case 2:
		return user ? rd : rw;
	default:
		return rw;
	}
}

/* May this whole page be entered in the fast tables? Not if its quarters differ. */
static bool uniform(const struct tlb_entry *e)
{
	return e->mask <= 0xfffff000u &&
	       (e->mask != 0xfffff000u ||
		(e->ap[0] == e->ap[1] && e->ap[1] == e->ap[2] && e->ap[2] == e->ap[3]));
}

static uint32_t quarter_ap(const struct tlb_entry *e, uint32_t mva)
{
	uint32_t size = ~e->mask + 1;

	return size >= 4096 && size <= 65536 ? e->ap[(mva & ~e->mask) / (size / 4)] : e->ap[0];
}

bool mmu_readable(const struct cpu *c, const struct tlb_entry *e, uint32_t mva)
{
	uint32_t rights = (c->cp.dacr >> (2 * e->domain)) & 3;

	return rights == 3 ||
	       (rights == 1 && (permitted(c, quarter_ap(e, mva), e->apx, false) & 1u << ACC_LOAD));
}

/* Fills u for va; returns a fault status or 0. *domain for the status register. */
static uint32_t lookup(struct cpu *c, uint32_t va, uint32_t kind, bool user, struct utlb *u,
		       uint32_t *domain)
{
	uint32_t mva = va < 0x02000000u ? va | c->cp.fcse : va;
	uint32_t slot = tlb_find(c, mva), rights, status;
	const struct tlb_entry *e;

	*domain = 0;
	if (slot == TLB_NONE) {
		struct tlb_entry fresh;

		c->walks++;
		status = walk_tables(c, mva, &fresh, domain);
		if (status)
			return status;
		slot = tlb_insert(c, &fresh);
	}
	e = &c->tlb.e[slot];
	*domain = e->domain;
	rights = (c->cp.dacr >> (2 * e->domain)) & 3;
	if (rights == 0 || rights == 2)
		return e->section ? 0x9 : 0xb;
	u->can = 1u << ACC_LOAD | 1u << ACC_STORE | 1u << ACC_FETCH;
	if (rights == 1) {
		u->can = (uint8_t)permitted(c, quarter_ap(e, mva), e->apx, user);
		if (e->xn)
			u->can &= (uint8_t) ~(1u << ACC_FETCH);
	}
	if (!(u->can & (1u << (kind & ACC_KIND))))
		return e->section ? 0xd : 0xf;
	u->page = va & 0xfffff000u;
	u->mva = mva & 0xfffff000u;
	u->pa = (e->pa + (mva & ~e->mask)) & 0xfffff000u;
	u->attr = e->attr;
	u->tlb = (uint8_t)slot;
	return 0;
}

/* Which accesses to the page of u may hit the D-cache without further questions. */
static void open_fast_path(struct cpu *c, struct utlb *u)
{
	bool on = (c->cp.sctlr & SCTLR_C) && (u->attr & CM_C) && !c->no_fast && !c->odd_cache &&
		  !(c->cpsr & CPSR_E);

	u->rtag = on && (u->can & (1u << ACC_LOAD)) ? u->page : UTLB_NONE;
	on = on && (u->attr & CM_B) && !(c->d.cfg.quirks & CM_QUIRK_COHERENT);
	u->wtag = on && (u->can & (1u << ACC_STORE)) ? u->page : UTLB_NONE;
}

struct utlb *mmu_translate(struct cpu *c, uint32_t va, uint32_t kind)
{
	static struct utlb scratch; /* pages too uneven for the table */
	bool user = !cpu_privileged(c) || (kind & ACC_USER);
	struct utlb *u = &c->utlb[!user][(va >> 12) & (UTLB_SIZE - 1)];
	uint32_t status, domain;

	if (u->page == (va & 0xfffff000u) && (u->can & (1u << (kind & ACC_KIND))))
		return u;
	if (!(c->cp.sctlr & SCTLR_M)) {
		/* Everything is permitted, flat, and not cacheable for data */
		u->page = u->mva = u->pa = va & 0xfffff000u;
		if (va < 0x02000000u)
			u->mva |= c->cp.fcse;
		u->can = 7;
		u->attr = 0;
		u->tlb = TLB_NONE;
		u->rtag = u->wtag = UTLB_NONE;
		return u;
	}
	status = lookup(c, va, kind, user, &scratch, &domain);
	if (status) {
		mmu_fault(c, va, kind, status, domain);
		return NULL;
	}
	if (!uniform(&c->tlb.e[scratch.tlb])) {
		struct tlb_entry *e = &c->tlb.e[scratch.tlb];

		/* Only for this access: nothing may find it again by page. A tiny page's PA is
		 * composed here, because a page of the table is 4 KiB. */
		scratch.page = UTLB_NONE;
		scratch.rtag = scratch.wtag = UTLB_NONE;
		if (e->mask == 0xfffffc00u)
			scratch.pa = e->pa - (va & 0xc00u);
		return &scratch;
	}
	*u = scratch;
	open_fast_path(c, u);
	if (unlikely(c->hooked))
		debug_mapped(c, u->mva, u->pa, u->attr);
	return u;
}

bool mmu_peek(struct cpu *c, uint32_t va, uint32_t *mva, uint32_t *pa, uint32_t *attr)
{
	struct tlb_entry e;
	uint32_t slot, domain;

	*mva = va < 0x02000000u ? va | c->cp.fcse : va;
	if (!(c->cp.sctlr & SCTLR_M)) {
		*pa = va;
		*attr = 0;
		return true;
	}
	slot = tlb_find(c, *mva);
	if (slot != TLB_NONE) {
		e = c->tlb.e[slot];
	} else {
		if (walk_quietly(c, *mva, &e, &domain))
			return false;
	}
	*pa = e.pa + (*mva & ~e.mask);
	*attr = e.attr;
	return true;
}
