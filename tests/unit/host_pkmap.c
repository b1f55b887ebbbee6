/* SPDX-License-Identifier: MIT */
/* mm/pkmap.c and mm/kmap_atomic.c watched from below: the cache, the TLB and the descriptors in
 * memory check the order of things, and host_pkmap_compare() every slot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_pkmap.h"

#include "cache/ops.h"
#include "mm/pkmap.h"

struct oracle now;
unsigned cache_flushes, tlb_flushes;
uintptr_t cleaned_page, fixmap_flushed;
int fixmap_count;

static struct oracle before; /* as the step under way found it */
static uint32_t clean_slots; /* whose descriptors a clean has taken to memory */
static enum { IDLE, FLUSHED, PUBLISHED } wrap_stage;

/* ---- The hardware, watching the order of things. ---- */

/* Slots without a user are all still (or none any more) in use as far as hardware can tell. */
static void assert_unused_slots(bool mapped)
{
	for (int s = 0; s < before.slots; s++) {
		if (before.count[s] != 1)
			continue;
		assert_int_equal(pkmap_pte[s] != 0, mapped);
		assert_int_equal(host_high_page(before.page[s])->virtual != NULL, mapped);
	}
}

static void cache_flush_all(void)
{
	cache_flushes++;
	assert_int_equal(kmap_lock.held, 1);
	/* Lines are found by these addresses: too late once they lead nowhere. */
	assert_unused_slots(true);
	wrap_stage = FLUSHED;
}

static void cache_drain(void)
{
}

/* A line is cleaned once nothing more is written to it: whole lines, in order, from the first. */
void host_pte_line_cleaned(const uint32_t *first)
{
	if (first == pkmap_pte)
		clean_slots = 0;
	assert_ptr_equal(first, pkmap_pte + clean_slots);
	for (uint32_t end = clean_slots + PTES_A_LINE; clean_slots < end; clean_slots++)
		if (clean_slots < (uint32_t)before.slots && before.count[clean_slots] == 1)
			assert_int_equal(pkmap_pte[clean_slots], 0);
}

void host_ptes_published(void)
{
	assert_true(clean_slots >= pkmap_slots);
	assert_int_equal(wrap_stage, dcache_is_vivt ? FLUSHED : IDLE);
	assert_unused_slots(false);
	wrap_stage = PUBLISHED;
}

static void cache_clean_inv(uintptr_t start, uintptr_t end)
{
	assert_int_equal(end - start, PAGE_SIZE);
	cleaned_page = start;
}

static void cache_never(uintptr_t start, uintptr_t end)
{
	fail_msg("lines %lx-%lx: kmap has no business with these", (unsigned long)start,
		 (unsigned long)end);
}

static void tlb_flush(uintptr_t start, uintptr_t end)
{
	if (start >= FIXMAP_BASE) {
		assert_int_equal(end - start, PAGE_SIZE);
		assert_int_equal(fixmap_pte[(start - FIXMAP_BASE) >> PAGE_SHIFT], 0);
		/* The lines went while the address still led to the page. */
		assert_int_equal(cleaned_page, dcache_is_vivt ? start : 0);
		fixmap_flushed = start;
		return;
	}
	tlb_flushes++;
	/* The table walk must not find an old entry again; hence after memory has the new. */
	assert_int_equal(wrap_stage, PUBLISHED);
	assert_unused_slots(false);
	assert_int_equal(start, PKMAP_BASE);
	assert_true(end >= PKMAP_BASE + ((uintptr_t)pkmap_slots << PAGE_SHIFT));
	wrap_stage = IDLE;
}

void host_pkmap_start(int slots)
{
	host_mm_reset();
	assert_null(pkmap_resize(slots));
	dcache = (struct dcache_ops){.clean_lines = cache_never,
				     .inv_lines = cache_never,
				     .clean_inv_lines = cache_clean_inv,
				     .edge_lines = cache_never,
				     .clean_inv_all = cache_flush_all,
				     .drain = cache_drain};
	host_on_tlb_flush = tlb_flush;
	memset(&now, 0, sizeof(now));
	now.slots = slots;
	before = now;
	cache_flushes = tlb_flushes = 0;
	fixmap_count = 0;
	wrap_stage = IDLE;
}

/* ---- The comparison. ---- */

void host_pkmap_compare(void)
{
	static void *address[HOST_PAGES];

	memset(address, 0, sizeof(address));
	assert_int_equal(pkmap_last, now.last);
	for (int s = 0; s < LAST_PKMAP; s++) {
		const struct page *page = NULL;

		assert_int_equal(pkmap_count[s], s < now.slots ? now.count[s] : 0);
		if (pkmap_count[s] > 0) {
			page = host_high_page(now.page[s]);
			address[now.page[s]] = (void *)(uintptr_t)(PKMAP_BASE + s * PAGE_SIZE);
			assert_int_equal(pkmap_pte[s], page_to_phys(page) | PTE_CACHED);
		} else {
			assert_int_equal(pkmap_pte[s], 0);
		}
		assert_ptr_equal(pkmap_page(s), page);
	}
	for (int p = 0; p < HOST_HIGH_PAGES; p++)
		assert_ptr_equal(page_address(host_high_page(p)), address[p]);
	/* A wrap with nothing to unmap ends before the TLB. */
	if (wrap_stage == FLUSHED)
		wrap_stage = IDLE;
	assert_int_equal(wrap_stage, IDLE);
	assert_int_equal(cache_flushes, dcache_is_vivt ? now.cache_flushes : 0);
	assert_int_equal(tlb_flushes, now.tlb_flushes);
	assert_int_equal(pkmap_stats.wraps, now.wraps);
	assert_int_equal(pkmap_stats.sleeps, now.sleeps);
	for (int i = 0; i < FIXMAP_SLOTS; i++)
		assert_int_equal(fixmap_pte[i] != 0, i < fixmap_count);
	assert_int_equal(kmap_lock.held, 0);
	assert_int_equal(host_irq_mask, 0);
	before = now;
}

void *host_slot_address(int slot)
{
	return (void *)(uintptr_t)(PKMAP_BASE + ((uintptr_t)slot << PAGE_SHIFT));
}
