/* SPDX-License-Identifier: MIT */
/* What each strategy is expected to show in kmap-race. */
#include "race/kmap_race_expect.h"

#include <stdbool.h>

#include "cache/machine.h"
#include "dma/fix.h"
#include "race/verdict.h"

#define OK    (1u << VERDICT_OK)
#define LOST  (1u << VERDICT_LOST)
#define STALE (1u << VERDICT_STALE)

static enum dma_fix_id fix_id(void)
{
	return dma_fix - dma_fixes;
}

/* The address is recycled inside the loop: certainly, certainly not, or it is the timer's luck. */
static unsigned by_plan(const struct race_run *run, unsigned hit, unsigned miss)
{
	switch (run->plan.mode) {
	case PREEMPT_OFF:
		return miss;
	case PREEMPT_IRQ:
		return hit | miss;
	default:
		return run->plan.at < PREEMPT_AT_MAX ? hit : miss;
	}
}

static unsigned expect_vivt(const struct race_run *run)
{
	switch (fix_id()) {
	case FIX_NONE:
	case FIX_RECHECK:
	case FIX_PERCHECK:
		/* Only a dirty line can be lost: the cache allocates on reads, so a page that was
		 * only written has none, and one that was only read has no dirty one. */
		return run->victim == VICTIM_RW || machine.dcache.write_allocate
			       ? by_plan(run, LOST, OK)
			       : OK;
	case FIX_ATOMIC:
		/* P's dirty lines stay under the pkmap address. The writer's wrap flushes them:
		 * before the transfer if it was let in at the end of the atomic section (they do no
		 * harm then), over the device's data if it ran later. */
		if (run->victim == VICTIM_NONE)
			return STALE; /* no wrap: the CPU goes on hitting the old lines */
		return by_plan((&(struct race_run){.plan = {run->plan.mode, 0, 0}}), OK, STALE);
	default:
		return OK;
	}
}

/* Physically tagged: nothing is flushed at the wrap, and a page has lines without an address. */
static unsigned expect_physical(const struct race_run *run)
{
	if (run->victim == VICTIM_NONE)
		return OK;
	/* What the loop misses of P is stale afterwards, unless the cache happened to evict it
	 * before the transfer. */
	const unsigned missed = STALE | OK;
	bool dirty = run->victim == VICTIM_RW || machine.dcache.write_allocate;

	switch (fix_id()) {
	case FIX_NONE:
	case FIX_RECHECK:
	case FIX_PERCHECK:
		return by_plan(run, dirty ? LOST : missed, OK);
	case FIX_CLEANINV:
		return by_plan(run, missed, OK);
	default:
		return OK;
	}
}

unsigned kmap_race_expect(const struct race_run *run)
{
	unsigned expect = machine.dcache.index == CM_VIVT ? expect_vivt(run) : expect_physical(run);

	/* A dirty line that was evicted before the loop reached it is saved. The model holds high
	 * memory only, and its two pages fit; in a real cache the kernel's own data takes part. */
	if (machine.truth != TRUTH_MODELLED || machine.dcache.size < 4 * PAGE_SIZE ||
	    machine.dcache.size / machine.dcache.ways < PAGE_SIZE) {
		if (expect & LOST && machine.dcache.index != CM_VIVT)
			expect |= STALE;
		/* All of many lines is not what chance saves. */
		if (expect & LOST && (fix_id() == FIX_PERCHECK || run->plan.at >= 96))
			expect |= OK;
		if (expect & STALE && machine.dcache.size < 4 * PAGE_SIZE)
			expect |= OK;
	}
	return expect;
}
