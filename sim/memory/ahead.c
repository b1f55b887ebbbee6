/* SPDX-License-Identifier: MIT */
/* The mutant "prefetch": a core whose D-cache may fill by itself, as those from the Cortex-A on.
 *
 * Any line that a valid, cacheable mapping with read permission covers may come at any time. Which
 * ones do is drawn, from where it matters: lines that maintenance took out of the cache, the line
 * behind one that was read, and now and then any page that the TLB knows. What comes is clean, and
 * is what memory has at that moment. */
#include "sim/memory/ahead.h"

#include "sim/cpu/cpu.h"
#include "sim/memory/tlb.h"
#include "sim/memory/walk.h"

#define LINES_AT_ONCE 8u
#define SHORTEST      200u  /* cycles from one time to the next */
#define MORE	      1024u /* and up to so many more */

static uint32_t draw(struct ahead *a)
{
	a->rng ^= a->rng << 13;
	a->rng ^= a->rng >> 17;
	a->rng ^= a->rng << 5;
	return a->rng;
}

/* Fetches mva's line if the CPU might. */
static void fetch(struct cpu *c, uint32_t mva)
{
	uint32_t slot, domain;
	struct tlb_entry e;

	if ((c->cp.sctlr & (SCTLR_M | SCTLR_C)) != (SCTLR_M | SCTLR_C))
		return;
	slot = tlb_find(c, mva);
	if (slot != TLB_NONE)
		e = c->tlb.e[slot];
	else if (walk_quietly(c, mva, &e, &domain))
		return;
	if (!(e.attr & CM_C) || !mmu_readable(c, &e, mva))
		return;
	cm_load(&c->d, mva, e.pa + (mva & ~e.mask), 4, e.attr);
}

static void fetch_some(struct cpu *c, uint32_t one_of)
{
	struct ahead *a = &c->ahead;
	uint32_t n = a->count < AHEAD_LINES ? a->count : AHEAD_LINES;

	c->d.who = c->pc;
	for (uint32_t k = 0; k < n; k++)
		if (draw(a) % one_of == 0)
			fetch(c, a->mva[k]);
}

void ahead_begin(struct cpu *c, uint32_t seed)
{
	c->ahead.on = true;
	c->ahead.rng = seed * 2654435761u | 1;
	c->ahead.next = c->cycles;
}

void ahead_note(struct cpu *c, uint32_t mva)
{
	struct ahead *a = &c->ahead;

	a->mva[a->count++ % AHEAD_LINES] = mva & ~(c->d.cfg.line - 1);
	if (a->count == 2 * AHEAD_LINES)
		a->count = AHEAD_LINES; /* full is all that the count has to say by then */
}

void ahead_event(struct cpu *c)
{
	struct ahead *a = &c->ahead;
	const struct tlb_entry *e = &c->tlb.e[draw(a) % c->tlb.size];

	fetch_some(c, AHEAD_LINES / LINES_AT_ONCE);
	if (e->valid)
		fetch(c, e->mva + (draw(a) & ~e->mask & ~3u));
	a->next = c->cycles + SHORTEST + draw(a) % MORE;
}

void ahead_meanwhile(struct cpu *c)
{
	if (c->ahead.on)
		fetch_some(c, 2);
}
