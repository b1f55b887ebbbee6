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
	FIX_AUTO, /* the last: the cure that is right on this machine */
	FIXES,
};

/* op on [offset, offset + len) of one highmem page. (len first: it is op's second argument too and
 * can stay in its register.) Context: any. */
typedef void (*dma_fix_fn)(struct page *page, uint32_t len, uint32_t offset, dcache_range_fn op);

struct dma_fix {
	const char *name;
	dma_fix_fn maintain;
	/* On a physically tagged cache, where that is something else. */
	dma_fix_fn maintain_tagged;
	const char *what, *what_tagged; /* one line: what it does */
};
/* The line that holds on this machine. */
const char *dma_fix_what(const struct dma_fix *fix);

extern const struct dma_fix dma_fixes[FIXES];
extern const struct dma_fix *dma_fix; /* in use */
extern dma_fix_fn dma_fix_maintain;   /* its function for the cache of this machine */

/* Changes the strategy. Context: task, no mapping under way. */
void dma_fix_select(enum dma_fix_id id);
/* Another cache has come: the strategy in use works as it must on that. Context: the same. */
void dma_fix_follow_cache(void);

/* fix=default: what it stands for. FIX_AUTO, but in a demonstration, which wants to show the bug.
 * Nothing changes where fix= names one. Context: as dma_fix_select(). */
void dma_fix_default(enum dma_fix_id id);

/* One line: what fix= says, what auto is on this machine, and why. */
void dma_fix_print(void);

/* fix=recheck and percheck: how often the address was found to have changed. */
extern uint32_t dma_fix_detected;

#endif
