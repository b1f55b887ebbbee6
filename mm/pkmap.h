/* SPDX-License-Identifier: MIT */
/* kmap: kernel addresses for highmem pages, from a table of slots that are handed out in
 * turn. The rules are those of Linux 2.6.30 (mm/highmem.c), slot for slot:
 *
 *   pkmap_count[n]  PTE    page->virtual  cache and TLB may hold   meaning
 *   0               0      (not this)     nothing of the slot      free and TLB-clean
 *   1               live   this slot      lines, entry             no user; goes at the next wrap
 *   n > 1           live   this slot      lines, entry             n - 1 users; stays
 */
#ifndef MM_PKMAP_H
#define MM_PKMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/panic.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "sched/spinlock.h"
#include "sched/wait.h"

extern int pkmap_count[LAST_PKMAP];
extern uint32_t pkmap_last;  /* the slot handed out last */
extern uint32_t pkmap_slots; /* in use: a power of two, 2..LAST_PKMAP */
extern struct spinlock kmap_lock;
extern struct wait_queue pkmap_wait;

static inline uintptr_t pkmap_address(uint32_t slot)
{
	return PKMAP_BASE + ((uintptr_t)slot << PAGE_SHIFT);
}

static inline uint32_t pkmap_slot(const void *va)
{
	return ((uintptr_t)va - PKMAP_BASE) >> PAGE_SHIFT;
}

static inline bool is_pkmap_address(const void *va)
{
	return (uintptr_t)va - PKMAP_BASE < (uintptr_t)LAST_PKMAP << PAGE_SHIFT;
}

/* A page came off the free list, whose links lie over pkmap_count. It may have an address still:
 * freed after its last kunmap(), it keeps it until the slots wrap. Context: any. */
static inline void pkmap_count_find(struct page *page)
{
	if (page->virtual)
		page->pkmap_count = &pkmap_count[pkmap_slot(page->virtual)];
}

/* A kernel address for page; each call is undone by one kunmap(). Lowmem pages keep theirs.
 * Sleeps while every slot is pinned. Context: task, no lock held, IRQs open. */
void *kmap(struct page *page);

/* Gives back one kmap(). The mapping, its TLB entry and its cache lines stay until the slots
 * wrap. Context: task or IRQ. */
void kunmap(struct page *page);

/* Wakes the sleepers for a slot. Context: any, kmap_lock not held. */
void pkmap_wake(void);

/* Pins the mapping that page has: its address, good until kunmap_high(); NULL if it has none
 * (nothing to undo then). Highmem pages only. Context: any. */
static inline void *kmap_high_get(struct page *page)
{
	unsigned long flags = spin_lock_irqsave(&kmap_lock);
	void *va = page->virtual;

	if (va) {
		BUG_ON(*page->pkmap_count < 1);
		++*page->pkmap_count;
	}
	spin_unlock_irqrestore(&kmap_lock, flags);
	return va;
}

/* Gives back one pin of a highmem page. Context: any. */
static inline void kunmap_high(struct page *page)
{
	unsigned long flags = spin_lock_irqsave(&kmap_lock);
	int n = --*page->pkmap_count;
	bool wake = false;

	if (n == 1)
		wake = wait_queue_active(&pkmap_wait);
	else
		BUG_ON(n < 1); /* one kunmap too many: the slot would be free, yet mapped */
	spin_unlock_irqrestore(&kmap_lock, flags);
	if (__builtin_expect(wake, 0)) /* not under the lock: the woken wants it next */
		pkmap_wake();
}

/* Unmaps every slot without a user now, as a wrap does. Context: any. */
void kmap_flush_unused(void);

/* The page behind a kernel address: linear, pkmap or fixmap; NULL if there is none. */
struct page *kmap_to_page(const void *va);

/* Changes the number of slots. NULL if done, else one sentence why not (somebody still
 * holds a mapping). Context: task. */
const char *pkmap_resize(uint32_t slots);

/* fix=kunmapflush: every kunmap() first cleans and invalidates the page's lines. */
extern bool kunmap_flushes;

/* The page mapped by a slot, or NULL. For listings and oracles. */
struct page *pkmap_page(uint32_t slot);

struct pkmap_stats {
	uint32_t wraps, sleeps;
};
extern struct pkmap_stats pkmap_stats;

#endif
