/* SPDX-License-Identifier: MIT */
/* The page allocator: a buddy system for each zone. */
#include "mm/page_alloc.h"

#include <stddef.h>

#include "lib/panic.h"
#include "mm/pkmap.h"
#include "sched/spinlock.h"

struct free_zone {
	struct page *free[PAGE_ORDER_MAX + 1];
	uint32_t blocks[PAGE_ORDER_MAX + 1];
	uint32_t pages_free, pages_total;
	uint32_t start, end; /* frames; a buddy outside is another zone's */
};

struct page *mem_map;
uint32_t mem_map_pages;
uint32_t ram_base;

static struct free_zone zones[ZONES];
static struct spinlock zone_lock = SPINLOCK_INIT;

static uint32_t frame(const struct page *page)
{
	return page - mem_map;
}

static void list_add(struct free_zone *z, struct page *page, unsigned order)
{
	page->state = PAGE_FREE;
	page->order = order;
	page->prev = NULL;
	page->next = z->free[order];
	if (page->next)
		page->next->prev = page;
	z->free[order] = page;
	z->blocks[order]++;
}

static void list_remove(struct free_zone *z, struct page *page)
{
	if (page->prev)
		page->prev->next = page->next;
	else
		z->free[page->order] = page->next;
	if (page->next)
		page->next->prev = page->prev;
	z->blocks[page->order]--;
}

static void mark_tails(struct page *page, unsigned order, enum page_state state)
{
	for (uint32_t i = 1; i < 1u << order; i++)
		page[i].state = state;
}

/* Frees a block and joins it with its buddy as long as that is free too. */
static void block_free(struct free_zone *z, uint32_t pfn, unsigned order)
{
	mark_tails(mem_map + pfn, order, PAGE_FREE_TAIL);
	z->pages_free += 1u << order;
	while (order < PAGE_ORDER_MAX) {
		uint32_t buddy_pfn = pfn ^ (1u << order);
		struct page *buddy = mem_map + buddy_pfn;

		if (buddy_pfn < z->start || buddy_pfn + (1u << order) > z->end ||
		    buddy->state != PAGE_FREE || buddy->order != order)
			break;
		list_remove(z, buddy);
		(pfn < buddy_pfn ? buddy : mem_map + pfn)->state = PAGE_FREE_TAIL;
		pfn &= ~(1u << order);
		order++;
	}
	list_add(z, mem_map + pfn, order);
}

void zone_add(enum zone zone, uint32_t start, uint32_t end)
{
	struct free_zone *z = &zones[zone];

	z->start = start;
	z->end = end;
	while (start < end) {
		unsigned order = PAGE_ORDER_MAX;

		while (start & ((1u << order) - 1) || start + (1u << order) > end)
			order--;
		block_free(z, start, order);
		start += 1u << order;
	}
	z->pages_total = z->pages_free;
}

struct page *page_alloc(enum zone zone, unsigned order)
{
	struct free_zone *z = &zones[zone];
	unsigned long flags;
	struct page *page = NULL;
	unsigned o = order;

	BUG_ON(order > PAGE_ORDER_MAX);
	flags = spin_lock_irqsave(&zone_lock);
	while (o <= PAGE_ORDER_MAX && !z->free[o])
		o++;
	if (o <= PAGE_ORDER_MAX) {
		page = z->free[o];
		list_remove(z, page);
		while (o > order) { /* give back the upper half, keep the lower */
			o--;
			list_add(z, page + (1u << o), o);
		}
		page->state = PAGE_USED;
		page->order = order;
		mark_tails(page, order, PAGE_USED_TAIL);
		z->pages_free -= 1u << order;
	}
	spin_unlock_irqrestore(&zone_lock, flags);
	for (uint32_t i = 0; page && i < 1u << order; i++) {
		if (zone == ZONE_HIGHMEM)
			pkmap_count_find(page + i);
		page_fill(page + i, POISON_ALLOC);
	}
	return page;
}

void page_free(struct page *page, unsigned order)
{
	unsigned long flags;

	if (page < mem_map || page >= mem_map + mem_map_pages)
		panic("page_free: %p is no struct page", (void *)page);
	switch (page->state) {
	case PAGE_USED:
		break;
	case PAGE_RESERVED:
		panic("page_free: frame %lu was never handed out", (unsigned long)frame(page));
	case PAGE_FREE:
	case PAGE_FREE_TAIL:
		panic("page_free: double free of frame %lu", (unsigned long)frame(page));
	default:
		panic("page_free: frame %lu is inside a block, not its start",
		      (unsigned long)frame(page));
	}
	if (page->order != order)
		panic("page_free: frame %lu was allocated with order %u, freed with %u",
		      (unsigned long)frame(page), page->order, order);
	for (uint32_t i = 0; i < 1u << order; i++) {
		if (page[i].zone == ZONE_HIGHMEM && page[i].virtual && *page[i].pkmap_count > 1)
			panic("page_free: frame %lu is still mapped by kmap() (pkmap_count %d)",
			      (unsigned long)frame(page + i), *page[i].pkmap_count);
		page_fill(page + i, POISON_FREE);
	}
	flags = spin_lock_irqsave(&zone_lock);
	block_free(&zones[page->zone], frame(page), order);
	spin_unlock_irqrestore(&zone_lock, flags);
}

uint32_t zone_pages_free(enum zone zone)
{
	return zones[zone].pages_free;
}

uint32_t zone_pages_total(enum zone zone)
{
	return zones[zone].pages_total;
}

uint32_t zone_blocks_free(enum zone zone, unsigned order)
{
	return zones[zone].blocks[order];
}
