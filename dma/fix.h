/* SPDX-License-Identifier: MIT */
/* The maintenance strategies for a highmem page: the bug, its fix, and the other cures that
 * were discussed. Chosen at run time by fix=; the same calls, one table entry apart. */
#ifndef DMA_FIX_H
#define DMA_FIX_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/ops.h"
#include "mm/page.h"

enum dma_fix_id {
	FIX_NONE,
	FIX_PIN,
	FIX_IRQOFF,
	FIX_LOCK,
	FIX_RECHECK,
	FIX_PERCHECK,
	FIX_ATOMIC,
	FIX_CLEANINV,
	FIX_KUNMAPFLUSH,
	FIXES,
};

struct dma_fix {
	const char *name;
	/* op on [offset, offset + len) of one highmem page. (len first: it is op's second argument
	 * too and can stay in its register.) Context: any. */
	void (*maintain)(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op);
	const char *what; /* one line: what it does */
};

extern const struct dma_fix dma_fixes[FIXES];
extern const struct dma_fix *dma_fix; /* in use */

/* Changes the strategy. Context: task, no mapping under way. */
void dma_fix_select(enum dma_fix_id id);

/* fix=recheck and percheck: how often the address was found to have changed. */
extern uint32_t dma_fix_detected;

#endif
