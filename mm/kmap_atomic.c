/* SPDX-License-Identifier: MIT */
/* Short-lived mappings that never sleep: a stack of fixmap slots for each CPU. */
#include "mm/kmap_atomic.h"

#include "cache/ops.h"
#include "mm/pkmap.h"
#include "sched/task.h"
#include "trace/ring.h"

static uint32_t depth; /* slots in use on this CPU; slot = KM_SLOTS * cpu + depth */

void *kmap_atomic_slot(struct page *page)
{
	unsigned long flags;
	uint32_t slot;

	preempt_disable();
	if (!page_is_highmem(page))
		return page->virtual;
	flags = irq_save(); /* an interrupt may use the next slot */
	slot = depth++;
	irq_restore(flags);
	BUG_ON(slot >= KM_SLOTS);
	BUG_ON(fixmap_pte[slot] != 0);
	set_pte(&fixmap_pte[slot], page_to_phys(page) | highmem_prot);
	trace_record(TRACE_ATOMIC, page_to_phys(page), FIXMAP_BASE + (slot << PAGE_SHIFT), 0, slot);
	return (void *)(uintptr_t)(FIXMAP_BASE + (slot << PAGE_SHIFT));
}

void *kmap_atomic(struct page *page)
{
	void *va;

	if (!page_is_highmem(page))
		return kmap_atomic_slot(page);
	va = kmap_high_get(page);
	if (!va)
		return kmap_atomic_slot(page);
	preempt_disable();
	return va;
}

void kunmap_atomic(void *va)
{
	if (is_pkmap_address(va)) {
		/* fix=kunmapflush: every end of a use flushes, this one too. */
		if (kunmap_flushes)
			dcache_clean_inv_range((uintptr_t)va, PAGE_SIZE);
		kunmap_high(kmap_to_page(va));
	} else if ((uintptr_t)va >= FIXMAP_BASE) {
		uint32_t slot = ((uintptr_t)va - FIXMAP_BASE) >> PAGE_SHIFT;

		BUG_ON(slot != depth - 1); /* mappings end in reverse order */
		/* The next page at this address would hit these lines, and what they hold would
		 * not be found under the page's next address. (fix=kunmapflush: as above.) */
		if (dcache_is_vivt || kunmap_flushes)
			dcache_clean_inv_range((uintptr_t)va, PAGE_SIZE);
		/* First cleared, then given away: an interrupt in between must find the slot either
		 * ours or empty (Linux 20273941f21 is the story of the other order). */
		set_pte(&fixmap_pte[slot], 0);
		tlb_flush_page((uintptr_t)va); /* else the slot's next page is reached through this
						  one's entry */
		depth--;
	}
	preempt_enable();
}
