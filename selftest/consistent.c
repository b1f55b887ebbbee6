/* SPDX-License-Identifier: MIT */
/* selftest=consistent: memory that the CPU and devices see alike, on this machine's own cache and
 * TLB: zeroed where it counts, no line left at the linear address, no TLB entry after its end. */
#include <stdio.h>

#include "cache/ops.h"
#include "mm/consistent.h"
#include "mm/page_alloc.h"
#include "selftest/selftest.h"

#define ORDERS 3 /* blocks of 1, 2 and 4 pages */
#define WORDS  (PAGE_SIZE / 4)

static uint32_t faults;

static void check(bool ok, const char *what)
{
	if (!ok) {
		printf("consistent: %s\n", what);
		faults++;
	}
}

static bool all_words(const volatile uint32_t *p, uint32_t words, uint32_t value)
{
	for (uint32_t i = 0; i < words; i++)
		if (p[i] != value)
			return false;
	return true;
}

/* Leaves the pages that are handed out next with all their lines in the cache, dirty: read, and
 * then poisoned by page_free(). */
static uint32_t dirty_free_pages(unsigned order)
{
	struct page *page = page_alloc(ZONE_LOWMEM, order);
	uint32_t pa;

	if (!page)
		return 0;
	pa = page_to_phys(page);
	all_words(page->virtual, WORDS << order, 0);
	page_free(page, order);
	return pa;
}

/* One block's life. Its pages' linear address is a cached alias. */
static void one_life(unsigned order)
{
	uint32_t size = PAGE_SIZE << order, words = WORDS << order;
	uint32_t warm = dirty_free_pages(order), pa = 0, pa2 = 0;
	volatile uint32_t *va = consistent_alloc(size, &pa), *linear, *again;
	struct page *held;

	if (!va) {
		check(false, "no memory or no address for it");
		return;
	}
	check(pa == warm, "it is not the block that was freed last: nothing is proved");
	linear = phys_to_virt(pa);
	check(all_words(va, words, 0), "it is not zero");
	for (uint32_t i = 0; i < words; i++)
		va[i] = 0xC0450000 + i;
	for (uint32_t i = 0; i < words; i++)
		if (linear[i] != 0xC0450000 + i) {
			check(false, "its linear address still has lines from before");
			break;
		}
	dcache.clean_inv_all(); /* what is left of such lines goes to memory */
	for (uint32_t i = 0; i < words; i++)
		if (va[i] != 0xC0450000 + i) {
			check(false, "lines of its linear address were written over it");
			break;
		}

	consistent_free((void *)va, size);
	held = page_alloc(ZONE_LOWMEM, order);
	dcache.clean_inv_all(); /* or its lines would hide what is stored behind them */
	again = consistent_alloc(size, &pa2);
	check(held && page_to_phys(held) == pa && again == va && pa2 != pa,
	      "not the same address for another page: nothing is proved");
	if (again) {
		for (uint32_t i = 0; i < words; i++)
			again[i] = 0xA6A10000 + i;
		linear = phys_to_virt(pa2);
		check(linear[0] == 0xA6A10000 && linear[words - 1] == 0xA6A10000 + words - 1,
		      "its address does not lead to its page");
		consistent_free((void *)again, size);
	}
	if (held) {
		check(all_words(held->virtual, words, POISON_ALLOC * 0x01010101u),
		      "its old address still leads to a page that was freed");
		page_free(held, order);
	}
}

static bool consistent_selftest(uint32_t runs, uint32_t seed)
{
	uint32_t rounds = runs ? runs : 3, before = zone_pages_free(ZONE_LOWMEM);

	(void)seed; /* nothing here is random */
	faults = 0;
	for (uint32_t i = 0; i < rounds; i++)
		for (unsigned order = 0; order < ORDERS; order++)
			one_life(order);
	check(zone_pages_free(ZONE_LOWMEM) == before, "pages were not given back");
	printf("consistent: %lu lives of blocks of 1, 2 and 4 pages; %lu faults\n",
	       (unsigned long)rounds * ORDERS, (unsigned long)faults);
	return faults == 0;
}

SELFTEST(consistent) = {
	.name = "consistent",
	.what = "consistent memory: zeroed, no cached alias left, no TLB entry after its end",
	.run = consistent_selftest,
};
