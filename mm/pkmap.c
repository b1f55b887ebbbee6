/* SPDX-License-Identifier: MIT */
/* The pkmap table: slots in turn, the wrap that frees what nobody uses, and sleep when
 * everything is pinned. Behaviour of mm/highmem.c of Linux 2.6.30. */
#include "mm/pkmap.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cache/ops.h"
#include "lib/params.h"
#include "sched/task.h"
#include "trace/ring.h"

int pkmap_count[LAST_PKMAP];
uint32_t pkmap_last;
uint32_t pkmap_slots = LAST_PKMAP;
struct spinlock kmap_lock = SPINLOCK_INIT;
struct wait_queue pkmap_wait = WAIT_QUEUE_INIT("a free pkmap slot (all are pinned)", false);
struct pkmap_stats pkmap_stats;
bool kunmap_flushes;

static inline struct page *pte_page(uint32_t pte)
{
	return phys_to_page(pte & PAGE_MASK);
}

/* Frees the slots that nobody uses, `step` of them a turn (a constant, whole lines of
 * descriptors); false if there are none. kmap_lock held: IRQs are off for as long as this takes,
 * so a slot is six instructions without a branch. Slots beyond a small table have count 0. */
static inline __attribute__((always_inline)) bool unmap_unused(const uint32_t step)
{
	/* From a descriptor to page->virtual is one shift: a struct page's size divides a page's,
	 * and the attributes below the frame number are the same in all descriptors. */
	const uint32_t ratio = PAGE_SIZE / sizeof(struct page), slots = pkmap_slots;
	const uintptr_t pages = (uintptr_t)&mem_map->virtual - (ram_base | highmem_prot) / ratio;
	uint32_t pte = 0;

	for (uint32_t first = 0; first < slots; first += step) {
#pragma GCC unroll 16
		for (uint32_t i = 0; i < step; i++) {
			if (pkmap_count[first + i] != 1)
				continue;
			pte = pkmap_pte[first + i];
			*(void **)(pages + pte / ratio) = NULL;
			pkmap_count[first + i] = 0;
			pkmap_pte[first + i] = 0;
		}
		for (uint32_t i = 0; i < step; i += PTES_A_LINE)
			ptes_clean_line(&pkmap_pte[first + i]);
	}
	return pte; /* the last one, never 0 */
}

/* kmap_lock held. */
static void flush_all_zero_pkmaps(void)
{
	/* A VIVT cache finds lines by these addresses. What the pages' users stored must reach
	 * memory while the addresses still lead there, and no line may be left to be found
	 * under an address that will be another page's. */
	if (dcache_is_vivt)
		dcache.clean_inv_all();
	trace_record(TRACE_WRAP, 0, 0, 0, dcache_is_vivt);
	if (!(pkmap_slots <= PTES_A_LINE ? unmap_unused(PTES_A_LINE)
					 : unmap_unused(2 * PTES_A_LINE)))
		return;
	/* The cleared entries must be in memory before the TLB is told to forget the old ones, or
	 * it may load them again. */
	ptes_publish();
	/* Without it a slot given to another page still leads to the old one. */
	tlb_flush_range(PKMAP_BASE, PKMAP_BASE + (pkmap_slots << PAGE_SHIFT));
}

/* kmap_lock held; dropped and taken again while asleep. flags: as before the lock was taken.
 * Returns the address, with count 1 or more. */
static void *map_new_virtual(struct page *page, unsigned long flags)
{
	uint32_t budget = pkmap_slots, slot;

	for (;;) {
		pkmap_last = slot = (pkmap_last + 1) & (pkmap_slots - 1);
		if (slot == 0) {
			pkmap_stats.wraps++;
			flush_all_zero_pkmaps();
			budget = pkmap_slots;
		}
		if (pkmap_count[slot] == 0)
			break;
		if (--budget)
			continue;

		/* Every slot is pinned. */
		BUG_ON(flags & PSR_I); /* kmap() with IRQs masked may not sleep */
		pkmap_stats.sleeps++;
		wait_prepare(&pkmap_wait);
		spin_unlock(&kmap_lock);
		schedule();
		spin_lock(&kmap_lock);
		if (page->virtual) /* somebody else mapped it meanwhile */
			return page->virtual;
		budget = pkmap_slots;
	}

	uintptr_t va = pkmap_address(slot);

	BUG_ON(pkmap_pte[slot] != 0); /* a free slot is empty: the wrap cleared it */
	set_pte(&pkmap_pte[slot], page_to_phys(page) | highmem_prot);
	pkmap_count[slot] = 1;
	page->virtual = (void *)va;
	page->pkmap_count = &pkmap_count[slot];
	trace_record(TRACE_KMAP, page_to_phys(page), va, 0, slot);
	return (void *)va;
}

/* Counts the caller in and leaves the lock. */
static inline void *kmap_count_in(struct page *page, void *va, unsigned long flags)
{
	int n = ++*page->pkmap_count;

	BUG_ON(n < 2);
	spin_unlock_irqrestore(&kmap_lock, flags);
	return va;
}

/* Out of line, so that kmap() of a mapped page needs no stack. */
static __attribute__((noinline)) void *kmap_new(struct page *page, unsigned long flags)
{
	return kmap_count_in(page, map_new_virtual(page, flags), flags);
}

void *kmap(struct page *page)
{
	unsigned long flags;
	void *va;

	if (!page_is_highmem(page))
		return page->virtual;
	flags = spin_lock_irqsave(&kmap_lock);
	va = page->virtual;
	if (__builtin_expect(!va, 0))
		return kmap_new(page, flags);
	return kmap_count_in(page, va, flags);
}

static __attribute__((noinline, cold)) void kunmap_flushing(struct page *page)
{
	dcache_clean_inv_range((uintptr_t)page->virtual, PAGE_SIZE); /* pinned by us still */
	kunmap_high(page);
}

/* Somebody has called kunmap() once too often, and the slots have wrapped since: the count
 * that the page points to is another page's by now. (noipa: the compiler need not know that it does
 * not return; a tail call keeps kunmap() without a stack frame.) */
static __attribute__((noipa, cold)) void kunmap_unmapped(void)
{
	BUG("kunmap() of a page that is not mapped");
}

void kunmap(struct page *page)
{
	uintptr_t va = (uintptr_t)page->virtual;

	if (va >= PAGE_OFFSET)
		return; /* lowmem: linear addresses lie above the pkmap window */
	if (__builtin_expect(va == 0, 0))
		kunmap_unmapped();
	else if (__builtin_expect(kunmap_flushes, 0))
		kunmap_flushing(page);
	else
		kunmap_high(page);
}

void pkmap_wake(void)
{
	/* All of them: one that finds its page mapped by somebody else needs no slot, and the
	 * next sleeper would never hear of the slot that came free. */
	wake_up_all(&pkmap_wait);
}

void kmap_flush_unused(void)
{
	unsigned long flags = spin_lock_irqsave(&kmap_lock);

	flush_all_zero_pkmaps();
	spin_unlock_irqrestore(&kmap_lock, flags);
}

struct page *pkmap_page(uint32_t slot)
{
	return slot < pkmap_slots && pkmap_pte[slot] ? pte_page(pkmap_pte[slot]) : NULL;
}

struct page *kmap_to_page(const void *va)
{
	uintptr_t fix = (uintptr_t)va - FIXMAP_BASE;

	if (is_pkmap_address(va))
		return pkmap_page(pkmap_slot(va));
	if (fix >> PAGE_SHIFT < FIXMAP_SLOTS)
		return fixmap_pte[fix >> PAGE_SHIFT] ? pte_page(fixmap_pte[fix >> PAGE_SHIFT])
						     : NULL;
	return virt_is_lowmem(va) ? virt_to_page(va) : NULL;
}

const char *pkmap_resize(uint32_t slots)
{
	const char *why = NULL;
	unsigned long flags = spin_lock_irqsave(&kmap_lock);

	flush_all_zero_pkmaps();
	for (uint32_t n = 0; n < LAST_PKMAP; n++)
		if (pkmap_count[n])
			why = "some pages are still mapped by a user (see pkmap)";
	if (!why) {
		pkmap_slots = slots;
		pkmap_last = 0;
	}
	spin_unlock_irqrestore(&kmap_lock, flags);
	return why;
}

static const char *set_pkmap(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || n < 2 || n > LAST_PKMAP || n & (n - 1))
		return "not a power of two from 2 to 512";
	return pkmap_resize(n);
}

static void show_pkmap(char *buf, size_t len)
{
	snprintf(buf, len, "%lu", (unsigned long)pkmap_slots);
}

PARAM_CUSTOM(pkmap, PARAM_ANY, set_pkmap, show_pkmap, "power of two, 2..512",
	     "slots of the pkmap table; with few of them a wrap comes quickly");
