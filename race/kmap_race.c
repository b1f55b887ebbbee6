/* SPDX-License-Identifier: MIT */
/* Exhibit kmap-race: the bug of Linux 3297e760776, step by step.
 *
 *   T1 driver                              T2 writer
 *   kmap(P), read, write, kunmap(P)        (sleeps)
 *   dma_map_page(P, FROM_DEVICE)
 *     vaddr of P, count 1
 *     invalidate line 0, 1, ... N-1
 *     --- an interrupt: T2 runs ---------> kmap() page after page, until the slots have
 *                                          wrapped and one of them, Q, has P's address
 *                                          read and write all of Q, kunmap(Q)
 *     invalidate line N ... 127   <------- (ends)
 *   the device writes P, T1 reads P
 *
 * Then the oracle reads Q (is the CPU's data there?) and P (is the device's data there?). */
#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "cache/ops.h"
#include "cache/witness.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "dma/transfer.h"
#include "lib/irqflags.h"
#include "lib/random.h"
#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "race/exhibit.h"
#include "race/ghost_page.h"
#include "race/kmap_race_expect.h"
#include "race/story.h"
#include "race/why.h"
#include "sched/task.h"
#include "trace/ring.h"

#define FILLERS_MAX  (LAST_PKMAP + 2)
#define CALIBRATIONS 8

static struct ghost target;		  /* P */
static struct ghost fillers[FILLERS_MAX]; /* the writer's pages; one of them becomes Q */
static char filler_names[FILLERS_MAX][8];
static uint32_t filler_count, filler_next;

static struct wait_queue go = WAIT_QUEUE_INIT("its cue from T1-driver", false);
static struct ghost_check target_check, victim_check;
static struct account target_account, victim_account;
static uint32_t loop_us; /* of an undisturbed maintenance of a page */

static const struct race_run *run;
static struct race_outcome *outcome;
static struct ghost *victim;
static int dma_status;

/* read, written: lines. How many are dirty now is counted, not inferred. */
static void trace_used(const struct ghost *g, void *va, uint32_t read, uint32_t written)
{
	uint32_t pa = page_to_phys(g->page);

	if (trace_on)
		trace_record(TRACE_USED, pa, (uintptr_t)va, read << 16 | written,
			     witness_dirty_lines(pa));
}

/* Told only where some were seen: nobody can count them on a board. */
static void trace_left(const struct ghost *g)
{
	uint32_t pa = page_to_phys(g->page), left = trace_on ? witness_dirty_lines(pa) : 0;

	if (left && left != UINT32_MAX)
		trace_record(TRACE_LEFT, pa, 0, 0, left);
}

static int driver(void *arg)
{
	void *va = kmap(target.page);
	dma_addr_t to, from;

	(void)arg;
	target.seed = run->seed; /* every run's data is its own */
	target.inverted = false;
	/* Read before write: the cache allocates on a read miss only, and a page that was only
	 * written has no dirty line. */
	ghost_read(va);
	ghost_write(&target, va);
	trace_used(&target, va, LINES_PER_PAGE, LINES_PER_PAGE);
	kunmap(target.page);
	outcome->dma_va = (uintptr_t)va;

	target.inverted = !target.inverted; /* what the device will bring */
	ghost_contents(&target, ghost_source->virtual);
	from = dma_map_single(ghost_source->virtual, PAGE_SIZE, DMA_TO_DEVICE);

	preempt_arm(&run->plan, &go);
	to = dma_map_page(target.page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	outcome->preempted = preempt_disarm();
	trace_left(&target);

	/* Not interrupted (or too late): the writer runs now, while the device is at work. */
	wake_up(&go);
	dma_status = dma_transfer(to, from, PAGE_SIZE);
	dma_unmap_page(to, PAGE_SIZE, DMA_FROM_DEVICE);
	dma_unmap_single(from, PAGE_SIZE, DMA_TO_DEVICE);
	return 0;
}

static int writer(void *arg)
{
	unsigned long flags = irq_save();
	uint32_t wraps = pkmap_stats.wraps;
	bool passed;
	void *va;

	(void)arg;
	wait_on(&go);
	irq_restore(flags);
	/* Murphy's law wants P's address back: slots are handed out in turn, so it comes with
	 * the wrap. With P pinned it never comes: once the wrap has passed it, any page will do. */
	do {
		victim = &fillers[filler_next];
		filler_next = (filler_next + 1) % filler_count;
		va = kmap(victim->page);
		passed = run->victim == VICTIM_NONE || pkmap_stats.wraps - wraps > 1 ||
			 (pkmap_stats.wraps != wraps && (uintptr_t)va > outcome->dma_va);
		if ((uintptr_t)va == outcome->dma_va || passed)
			break;
		kunmap(victim->page);
	} while (true);
	outcome->cpu_va = (uintptr_t)va;
	if (run->victim == VICTIM_RW || run->victim == VICTIM_R)
		ghost_read(va);
	if (run->victim == VICTIM_RW || run->victim == VICTIM_W)
		ghost_write(victim, va);
	trace_used(victim, va,
		   run->victim == VICTIM_RW || run->victim == VICTIM_R ? LINES_PER_PAGE : 0,
		   run->victim == VICTIM_RW || run->victim == VICTIM_W ? LINES_PER_PAGE : 0);
	kunmap(victim->page);
	return 0;
}

/* The lines of the victim that the loop was still to invalidate when it was interrupted: an
 * eviction may have saved some of them. */
static void account_saved(struct account *a, const struct race_outcome *out)
{
	const struct preempt_seen *seen = preempt_seen();
	uint32_t first = 0, last = LINES_PER_PAGE - 1;

	if (!seen->taken || out->cpu_va != out->dma_va || dma_fix == &dma_fixes[FIX_CLEANINV] ||
	    (run->victim != VICTIM_RW && run->victim != VICTIM_W))
		return;
	if (seen->counted) {
		if (seen->lines >= LINES_PER_PAGE || (seen->va & PAGE_MASK) != out->dma_va)
			return; /* after the last line, or the loop was at another address */
		first = seen->lines;
	} else { /* where the timer hit is not known; what was discarded came after it */
		while (first < LINES_PER_PAGE && !a->line[first].discarded)
			first++;
	}
	if (dma_fix == &dma_fixes[FIX_PERCHECK])
		last = first; /* it sees before the next line that the address has changed */
	account_mark_saved(a, first, last);
}

/* A run finds the cache empty, and in an emulator the tick just past: what ran or was printed
 * before must not show in which lines are evicted. (On a board, chance remains.) */
static void start_afresh(void)
{
	if (machine.truth == TRUTH_SIMULATED)
		task_sleep(2); /* the second tick certainly finds the CPU asleep */
	witness_empty_cache();
	trace_clear(); /* the story begins here */
	witness_start();
}

/* What the run left: compared, and explained by what was seen. */
static void judge(struct race_outcome *out)
{
	static struct ghost_check memory_check;

	/* Before the oracle reads (and thereby fills lines): does memory have the device's data? */
	ghost_compare(&target, ghost_memory(&target), &memory_check);
	witness_stop();
	ghost_check_page(&target, &target_check);
	ghost_check_page(victim, &victim_check);
	account_take(&target_account, &target);
	account_take(&victim_account, victim);
	account_saved(&victim_account, out);
	out->why = why_lost(&victim_check, &victim_account, preempt_seen(),
			    out->cpu_va == out->dma_va) |
		   why_stale(&memory_check, &target_check, &target_account);
	out->stale_dma = target_check.bad_lines;
	out->lost_lines = victim_check.bad_lines;
	out->lost_bytes = victim_check.bad_bytes;
	out->saved_lines = victim_account.saved;
	out->witnessed = victim_account.witnessed;
	out->detected = dma_fix_detected;
	out->cpu_page = victim;
	out->cpu_check = &victim_check;
	out->cpu_account = &victim_account;
	out->dma_page = &target;
	out->dma_check = &target_check;
	out->dma_account = &target_account;
}

static void kmap_race_run(const struct race_run *r, struct race_outcome *out)
{
	struct task *t1, *t2;

	memset(out, 0, sizeof(*out));
	run = r;
	outcome = out;
	victim = NULL;
	dma_fix_detected = 0;
	t2 = task_create("T2-writer", writer, NULL);
	if (!t2)
		panic("kmap-race: no task or stack for T2");
	task_yield(); /* until T2 sleeps for its cue */
	start_afresh();
	t1 = task_create("T1-driver", driver, NULL);
	if (!t1)
		panic("kmap-race: no task or stack for T1");
	task_join(t1);
	task_join(t2);
	if (dma_status)
		panic("kmap-race: DMA: %s", dma_transfer_error(dma_status));

	judge(out);
	story_begin(&target, victim);
	if (victim_check.bad_lines) /* the next run starts from sound pages */
		ghost_cpu_gives(victim);
}

/* Will the writer's kmap()s wrap the slots? With a page of its own to use it maps until they do;
 * else its one kmap() wraps if it needs a slot and the next one is the first. */
static bool writer_wraps(const struct race_run *r)
{
	const struct page *other = fillers[filler_next].page;
	uint32_t last = pkmap_last;
	bool mapped = other->virtual != NULL;

	if (r->victim != VICTIM_NONE)
		return true;
	if (!target.page->virtual) { /* P comes first, and may wrap them itself */
		last = (last + 1) & (pkmap_slots - 1);
		mapped &= last != 0;
	}
	return !mapped && ((last + 1) & (pkmap_slots - 1)) == 0;
}

static unsigned expect(const struct race_run *r)
{
	return kmap_race_expect(r, writer_wraps(r));
}

static uint32_t kmap_race_check_all(void)
{
	static struct ghost_check check;
	uint32_t bad = 0;

	/* All pages at rest: what is dirty goes to memory, and memory is what is compared. */
	dcache.clean_inv_all();
	for (uint32_t i = 0; i < filler_count; i++) {
		ghost_compare(&fillers[i], ghost_memory(&fillers[i]), &check);
		bad += check.bad_lines;
		if (check.bad_lines)
			ghost_print_lost("lost", &fillers[i], &check, 0, NULL);
	}
	return bad;
}

static void kmap_race_teardown(void)
{
	for (uint32_t i = 0; i < filler_count; i++)
		page_free(fillers[i].page, 0);
	filler_count = 0;
	if (target.page)
		page_free(target.page, 0);
	if (ghost_source)
		page_free(ghost_source, 0);
	target.page = ghost_source = NULL;
}

static const char *take_pages(uint32_t *rng, uint32_t want)
{
	target = (struct ghost){page_alloc(ZONE_HIGHMEM, 0), "P", random_next(rng), false};
	ghost_source = page_alloc(ZONE_LOWMEM, 0);
	while (target.page && ghost_source && filler_count < want) {
		struct ghost *g = &fillers[filler_count];

		*g = (struct ghost){page_alloc(ZONE_HIGHMEM, 0), filler_names[filler_count],
				    random_next(rng), false};
		if (!g->page)
			break;
		snprintf(filler_names[filler_count], sizeof(filler_names[0]), "F%lu",
			 (unsigned long)filler_count);
		filler_count++;
	}
	/* The allocator has filled them, through their old addresses if they had any: what is still
	 * dirty would be written over what the device brings now. */
	dcache.clean_inv_all();
	for (uint32_t i = 0; i < filler_count && ghost_source; i++)
		ghost_device_gives(&fillers[i]);
	return target.page && ghost_source && filler_count == want ? NULL : "memory ran out";
}

/* How long the loop takes here, undisturbed, for the timer of preempt=irq. The first time is
 * longer (cold caches; in an emulator, code not yet translated): the shortest counts. */
static void calibrate(void)
{
	uint32_t start, us;

	ghost_cpu_gives(&target);
	start = board_clock_ticks();
	dma_unmap_page(dma_map_page(target.page, 0, PAGE_SIZE, DMA_FROM_DEVICE), PAGE_SIZE,
		       DMA_FROM_DEVICE);
	us = (board_clock_ticks() - start) / (board_clock_hz() / 1000000);
	if (us < loop_us)
		loop_us = us;
	/* No device has written what was mapped for one: the next reader would get what the
	 * invalidate threw away, or not, as evictions had it. */
	ghost_device_gives(&target);
}

static const char *kmap_race_setup(uint32_t seed)
{
	static char why[120];
	uint32_t want = pkmap_slots + 2, rng = seed * 2654435761u | 1;

	filler_count = filler_next = 0;
	if (zone_pages_free(ZONE_HIGHMEM) < want + 1) {
		snprintf(why, sizeof(why),
			 "%lu highmem pages are needed with pkmap=%lu, %lu are free; give more RAM "
			 "or "
			 "a smaller pkmap= or lowmem=",
			 (unsigned long)want + 1, (unsigned long)pkmap_slots,
			 (unsigned long)zone_pages_free(ZONE_HIGHMEM));
		return why;
	}
	const char *error = take_pages(&rng, want);

	if (error) {
		kmap_race_teardown();
		return error;
	}
	loop_us = UINT32_MAX;
	for (int i = 0; i < CALIBRATIONS; i++)
		calibrate();
	return NULL;
}

static uint32_t kmap_race_window_us(void)
{
	return loop_us + loop_us / 2 + 4; /* some come too late, as in life */
}

static const char *kmap_race_page_name(uint32_t pa)
{
	struct page *page = phys_to_page(pa);

	if (page == target.page)
		return "P";
	if (page == ghost_source)
		return "S";
	return victim && page == victim->page ? "Q" : NULL;
}

EXHIBIT(kmap_race) = {
	.name = "kmap-race",
	.what = "dma_map_page() of a page whose kmap address is recycled under the loop",
	.setup = kmap_race_setup,
	.run = kmap_race_run,
	.window_us = kmap_race_window_us,
	.check_all = kmap_race_check_all,
	.teardown = kmap_race_teardown,
	.expect = expect,
	.page_name = kmap_race_page_name,
	.tell_before = story_before,
};
