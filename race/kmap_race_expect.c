/* SPDX-License-Identifier: MIT */
/* What each strategy is expected to show in kmap-race: derived from the cache's shape, from what
 * the other task does and from where the interrupt comes. "Sure" is what must happen; where other
 * data shares the cache, or a page does not fit, an eviction may save lines, and either is right.
 */
#include "race/kmap_race_expect.h"

#include "cache/machine.h"
#include "dma/fix.h"
#include "race/verdict.h"

#define OK    (1u << VERDICT_OK)
#define LOST  (1u << VERDICT_LOST)
#define STALE (1u << VERDICT_STALE)

/* So many lines are not all saved by chance. */
#define MANY 32

static bool is(enum dma_fix_id id)
{
	return dma_fix == &dma_fixes[id];
}

/* High memory has the cache for itself. */
static bool alone(void)
{
	return machine.truth == TRUTH_MODELLED;
}

/* A cache in which the kernel's own data leaves most of two pages' lines in peace. */
static bool roomy(void)
{
	return machine.dcache_known && machine.dcache.ways >= 4 && machine.dcache.size >= 16 * 1024;
}

/* Q is stored to in lines that the cache holds: a read brings them in, a store only if it
 * allocates. */
static bool dirties(const struct race_run *run)
{
	return run->victim == VICTIM_RW ||
	       (run->victim == VICTIM_W && machine.dcache.write_allocate);
}

/* Q's lines come into the cache, and may push P's out. */
static bool fills(const struct race_run *run)
{
	return run->victim == VICTIM_R || dirties(run);
}

/* Interrupted before line N: is one of the lines that the loop then takes for P's a dirty line of
 * Q's, for sure? */
static bool sure_to_lose(const struct race_run *run)
{
	const struct cm_config *c = &machine.dcache;
	uint32_t n = run->plan.at, sets = c->size / c->line / c->ways;
	/* Pages in the cache together: the wrap has emptied a VIVT cache before Q came. */
	uint32_t pages = c->index == CM_VIVT ? 1 : 2;

	if (!alone())
		return !is(FIX_PERCHECK) && roomy() && LINES_PER_PAGE - n >= MANY;
	/* Line 127 was the last to come in, and nothing came after it; so it is with the last line
	 * in each set. */
	if (!is(FIX_PERCHECK))
		return true;
	/* It loses line N only. */
	return c->size >= pages * PAGE_SIZE || sets >= LINES_PER_PAGE || n >= LINES_PER_PAGE - sets;
}

/* Physically tagged, and the loop has missed P's lines: is one of them still there when the device
 * has written, for sure? */
static bool sure_to_stay(const struct race_run *run)
{
	return alone() && (!fills(run) || machine.dcache.size >= 2 * PAGE_SIZE);
}

/* The interrupt comes inside the loop: yes, no, or by the timer's luck. */
static unsigned by_plan(const struct race_run *run, unsigned hit, unsigned miss)
{
	switch (run->plan.mode) {
	case PREEMPT_OFF:
	case PREEMPT_BEFORE:
		return miss;
	case PREEMPT_IRQ:
		return hit | miss;
	default:
		return run->plan.at < PREEMPT_AT_MAX ? hit : miss;
	}
}

/* P's dirty lines stay under the pkmap address, out of the loop's reach. */
static unsigned expect_atomic_vivt(const struct race_run *run, bool wraps)
{
	/* In a small cache the kernel's own data may have pushed all of them out in time. */
	unsigned stale = alone() || roomy() ? STALE : STALE | OK;

	if (!wraps)
		return stale; /* the CPU goes on hitting the old lines */
	/* The writer's wrap flushes them: before the transfer if it was let in at the end of the
	 * atomic section (they do no harm then), over the device's data if it ran later. (A board's
	 * device takes its time, and may come after a writer that runs meanwhile.) */
	if (machine.truth == TRUTH_MEASURED)
		stale |= OK;
	return run->plan.mode == PREEMPT_OFF   ? stale
	       : run->plan.mode == PREEMPT_IRQ ? stale | OK
					       : OK;
}

static unsigned expect_vivt(const struct race_run *run, bool wraps)
{
	if (is(FIX_ATOMIC))
		return expect_atomic_vivt(run, wraps);
	if (!(is(FIX_NONE) || is(FIX_RECHECK) || is(FIX_PERCHECK)) || !dirties(run))
		return OK;
	return by_plan(run, sure_to_lose(run) ? LOST : LOST | OK, OK);
}

/* Nothing is flushed at the wrap, and a page has lines without an address. */
static unsigned expect_physical(const struct race_run *run, bool wraps)
{
	const unsigned missed = sure_to_stay(run) ? STALE : STALE | OK;

	/* Right: the loop is at P's address for as long as it takes, or at a temporary one, where
	 * it finds P's lines as well; or kunmap() left none. */
	if (is(FIX_ATOMIC) || is(FIX_PIN) || is(FIX_AUTO) || is(FIX_KUNMAPFLUSH) || !wraps)
		return OK;
	if (run->plan.mode == PREEMPT_BEFORE)
		return missed;
	/* An interrupt before the loop has begun takes P's address away. Then there is no loop, and
	 * the lines stay where they are. */
	if (run->plan.mode == PREEMPT_IRQ && !(is(FIX_NONE) || is(FIX_RECHECK) || is(FIX_PERCHECK)))
		return STALE | OK;
	if (is(FIX_IRQOFF) || is(FIX_LOCK))
		return OK;
	if (is(FIX_CLEANINV) || !dirties(run))
		return by_plan(run, missed, OK);
	return by_plan(run, sure_to_lose(run) ? LOST : LOST | missed | OK, OK) |
	       (run->plan.mode == PREEMPT_IRQ ? STALE : 0);
}

unsigned kmap_race_expect(const struct race_run *run, bool wraps)
{
	return machine.dcache.index == CM_VIVT ? expect_vivt(run, wraps)
					       : expect_physical(run, wraps);
}
