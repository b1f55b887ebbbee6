/* SPDX-License-Identifier: MIT */
/* The maintenance strategies for a highmem page.
 *
 * A page without a kernel address has, on a VIVT cache, no lines: the wrap that took its
 * address flushed them. On a physically tagged cache it may have some. Only `atomic`, `pin` and
 * `auto` look after them; the others are what they are on VIVT. */
#include "dma/fix.h"

#include "mm/kmap_atomic.h"
#include "mm/pkmap.h"

uint32_t dma_fix_detected;

/* The bug. Nothing keeps the address the page's own until the loop is through. */
static void fix_none(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = page_address(page);

	if (va)
		op((uintptr_t)va + offset, len);
}

/* The fix: the same, with the mapping pinned (Linux 3297e760776). */
static void fix_pin(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = kmap_high_get(page);

	if (va) {
		op((uintptr_t)va + offset, len);
		kunmap_high(page);
	}
}

/* A mapping of its own. On a VIVT cache the page's lines lie under the pkmap address and are
 * not found under this one; on a physically tagged cache they are. */
static void fix_atomic(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = kmap_atomic_slot(page);

	op((uintptr_t)va + offset, len);
	kunmap_atomic(va);
}

/* On a physically tagged cache the pin alone is not enough: the page's lines may be there when its
 * address is gone. They are found at any address, so a temporary one will do (Linux
 * 7e5a69e83ba). */
static void fix_pin_or_temporary(struct page *page, uint32_t len, uint32_t offset,
				 dcache_range_fn op)
{
	void *va = kmap_high_get(page);

	if (va) {
		op((uintptr_t)va + offset, len);
		kunmap_high(page);
	} else {
		fix_atomic(page, len, offset, op);
	}
}

/* Right on one CPU: nobody else can run. On several, another CPU's kmap() is not stopped. */
static void fix_irqoff(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	unsigned long flags = irq_save();
	void *va = page_address(page);

	if (va)
		op((uintptr_t)va + offset, len);
	irq_restore(flags);
}

/* Right, but every kmap() of every CPU waits for 128 line operations, IRQs off. */
static void fix_lock(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	unsigned long flags = spin_lock_irqsave(&kmap_lock);
	void *va = page_address(page);

	if (va)
		op((uintptr_t)va + offset, len);
	spin_unlock_irqrestore(&kmap_lock, flags);
}

/* Sees afterwards that the address went away; what was discarded stays lost. */
static void fix_recheck(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = page_address(page);

	if (!va)
		return;
	op((uintptr_t)va + offset, len);
	if (page_address(page) != va)
		dma_fix_detected++;
}

/* Looks before each line: the window shrinks to one line and does not close. */
static void fix_percheck(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = page_address(page);
	uint32_t end = offset + len;

	while (va && offset < end) {
		uint32_t next = (offset | (CACHE_LINE - 1)) + 1;

		if (next > end)
			next = end;
		op((uintptr_t)va + offset, next - offset);
		offset = next;
		if (page_address(page) != va) {
			/* A new address has no old lines of this page under it (VIVT: the wrap
			 * flushed them), but lines may have come since: go on there. */
			dma_fix_detected++;
			va = page_address(page);
		}
	}
}

/* Never discards: another page's dirty lines are written to that page (the line's PA tag
 * says where), merely too early. */
static void fix_cleaninv(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = page_address(page);

	if (op == dcache_inv_range)
		op = dcache_clean_inv_range;
	if (va)
		op((uintptr_t)va + offset, len);
}

/* kunmap() has flushed the page: a page without a user has no lines, and one with users
 * keeps its address for as long as they have it, so pin it with theirs. */
static void fix_kunmapflush(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op)
{
	void *va = kmap_high_get(page);

	if (!va)
		return;
	if (pkmap_count[pkmap_slot(va)] > 2)
		op((uintptr_t)va + offset, len);
	kunmap_high(page);
}

const struct dma_fix dma_fixes[FIXES] = {
	[FIX_NONE] = {"none", fix_none, .what = "page_address(), then the loop: the bug"},
	[FIX_PIN] = {"pin", fix_pin, fix_pin_or_temporary,
		     "kmap_high_get(), loop, kunmap_high(): the fix",
		     "kmap_high_get(), or a temporary mapping; the loop: the fix"},
	[FIX_IRQOFF] = {"irqoff", fix_irqoff, .what = "IRQs off round the loop"},
	[FIX_LOCK] = {"lock", fix_lock, .what = "kmap_lock held through the loop"},
	[FIX_RECHECK] = {"recheck", fix_recheck, .what = "loop, then compare page_address()"},
	[FIX_PERCHECK] = {"percheck", fix_percheck, .what = "compare page_address() at each line"},
	[FIX_ATOMIC] = {"atomic", fix_atomic, .what = "loop at a temporary fixmap address"},
	[FIX_CLEANINV] = {"cleaninv", fix_cleaninv,
			  .what = "clean+invalidate instead of invalidate"},
	[FIX_KUNMAPFLUSH] = {"kunmapflush", fix_kunmapflush,
			     .what = "clean+invalidate at each kunmap()"},
	[FIX_AUTO] = {"auto", fix_pin, fix_pin_or_temporary, "what is right here: pin",
		      "what is right here: pin, or a temporary mapping"},
};

const char *dma_fix_what(const struct dma_fix *fix)
{
	return !dcache_is_vivt && fix->what_tagged ? fix->what_tagged : fix->what;
}

const struct dma_fix *dma_fix = &dma_fixes[FIX_AUTO];
dma_fix_fn dma_fix_maintain = fix_pin; /* until the cache is known */

void dma_fix_follow_cache(void)
{
	bool tagged = !dcache_is_vivt && dma_fix->maintain_tagged;

	dma_fix_maintain = tagged ? dma_fix->maintain_tagged : dma_fix->maintain;
}

void dma_fix_select(enum dma_fix_id id)
{
	dma_fix = &dma_fixes[id];
	dma_fix_follow_cache();
	if (kunmap_flushes == (id == FIX_KUNMAPFLUSH))
		return;
	kunmap_flushes = id == FIX_KUNMAPFLUSH;
	/* What kunmap() left in the cache before the change of rules is flushed now. */
	if (kunmap_flushes)
		dcache.clean_inv_all();
}
