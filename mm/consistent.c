/* SPDX-License-Identifier: MIT */
/* Consistent memory: uncached mappings that the CPU and devices see alike. */
#include "mm/consistent.h"

#include <stdbool.h>
#include <string.h>

#include "cache/ops.h"
#include "lib/panic.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "sched/spinlock.h"

#define SLOTS (CONSISTENT_SIZE / PAGE_SIZE)

static struct spinlock consistent_lock = SPINLOCK_INIT;

static unsigned order_of(size_t size)
{
	unsigned order = 0;

	while (order <= PAGE_ORDER_MAX && (size_t)PAGE_SIZE << order < size)
		order++;
	return order;
}

/* The first run of n empty entries, or SLOTS. consistent_lock held. */
static uint32_t find_run(uint32_t n)
{
	for (uint32_t start = 0; start + n <= SLOTS; start++) {
		uint32_t i = 0;

		while (i < n && !consistent_pte[start + i])
			i++;
		if (i == n)
			return start;
		start += i;
	}
	return SLOTS;
}

void *consistent_alloc(size_t size, uint32_t *pa)
{
	unsigned order = order_of(size);
	uint32_t n = 1u << order;
	unsigned long flags;
	struct page *page;
	uint32_t start;

	if (size == 0 || order > PAGE_ORDER_MAX)
		return NULL;
	page = page_alloc(ZONE_LOWMEM, order);
	if (!page)
		return NULL;
	memset(page->virtual, 0, n * PAGE_SIZE);
	/* The zeros must be in memory, and no dirty line of the cached linear address may be
	 * left to be written over what a device or the uncached address stores later. */
	dcache_clean_inv_range((uintptr_t)page->virtual, n * PAGE_SIZE);
	flags = spin_lock_irqsave(&consistent_lock);
	start = find_run(n);
	for (uint32_t i = 0; start < SLOTS && i < n; i++)
		set_pte(&consistent_pte[start + i], page_to_phys(page + i) | PTE_UNCACHED);
	spin_unlock_irqrestore(&consistent_lock, flags);
	if (start == SLOTS) {
		page_free(page, order);
		return NULL;
	}
	*pa = page_to_phys(page);
	return (void *)(uintptr_t)(CONSISTENT_BASE + (start << PAGE_SHIFT));
}

void consistent_free(void *va, size_t size)
{
	uint32_t start = ((uintptr_t)va - CONSISTENT_BASE) >> PAGE_SHIFT;
	unsigned order = order_of(size);
	struct page *page;

	if (start >= SLOTS || !consistent_pte[start])
		panic("consistent_free: %p is not consistent memory", va);
	page = phys_to_page(consistent_pte[start] & PAGE_MASK);
	if ((uintptr_t)va % PAGE_SIZE || page->state != PAGE_USED)
		panic("consistent_free: %p is not what consistent_alloc() gave", va);
	if (page->order != order)
		panic("consistent_free: %p was allocated with order %u, freed with %u", va,
		      page->order, order);
	for (uint32_t i = 0; i < 1u << order; i++)
		set_pte(&consistent_pte[start + i], 0);
	/* The address is given to other pages next; an old entry would lead to these. */
	tlb_flush_range((uintptr_t)va, (uintptr_t)va + (PAGE_SIZE << order));
	page_free(page, order);
}
