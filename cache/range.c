/* SPDX-License-Identifier: MIT */
/* Ranges to lines: alignment, partial lines at the edges, and the drain at the end. */
#include "cache/ops.h"

#define LINE_MASK ((uintptr_t)CACHE_LINE - 1)

struct dcache_ops dcache;
bool dcache_is_vivt = true;

void dcache_clean_range(uintptr_t va, size_t len)
{
	dcache.clean_lines(va & ~LINE_MASK, (va + len + LINE_MASK) & ~LINE_MASK);
	/* A cleaned line is in the write buffer, not yet in memory: a device (or a table walk)
	 * started now would read the old data. */
	dcache.drain();
}

void dcache_inv_range(uintptr_t va, size_t len)
{
	uintptr_t start = va, end = va + len;

	if (__builtin_expect(!((start | end) & LINE_MASK), 1)) { /* whole lines: a page's */
		dcache.inv_lines(start, end);
		dcache.drain(); /* see below */
		return;
	}
	/* A line that the range shares with other data is cleaned and invalidated and then left
	 * out of the loop. Cleaning it first and letting the loop discard it (as Linux did)
	 * loses a store that the neighbour's owner makes in between. */
	if (start & LINE_MASK) {
		start &= ~LINE_MASK;
		dcache.edge_lines(start, start + CACHE_LINE);
		start += CACHE_LINE;
	}
	if (end & LINE_MASK) {
		end &= ~LINE_MASK;
		if (end >= start) /* else the same line as the first, done already */
			dcache.edge_lines(end, end + CACHE_LINE);
	}
	dcache.inv_lines(start, end);
	/* The cleaned edges must be in memory before a device writes behind them: what left the
	 * write buffer later would overwrite what the device brought. */
	dcache.drain();
}

void dcache_clean_inv_range(uintptr_t va, size_t len)
{
	dcache.clean_inv_lines(va & ~LINE_MASK, (va + len + LINE_MASK) & ~LINE_MASK);
	dcache.drain(); /* as in dcache_clean_range */
}
