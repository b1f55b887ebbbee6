/* SPDX-License-Identifier: MIT */
/* Does the D-cache hold data? */
#include "cache/probe.h"

#include "cache/ops.h"

#define OLD 0x01D01D01u
#define NEW 0xC0FFEE00u

enum cache_truth_found cache_probe(volatile uint32_t *cached, volatile uint32_t *uncached)
{
	uintptr_t line = (uintptr_t)cached;
	uint32_t seen, after, kept;

	*cached = OLD;
	dcache_clean_inv_range(line, CACHE_LINE);
	(void)*cached; /* ARM9 and ARM11 allocate on a read only: fill the line first */
	*cached = NEW;
	/* Whatever waits in the write buffer must not pass for a dirty line. */
	dcache.drain();
	seen = *uncached;
	dcache.inv_lines(line, line + CACHE_LINE);
	dcache.drain();
	after = *cached;
	/* That read filled the line again. What is now stored behind it shows in the next read
	 * only if there is no line: a write-through cache holds clean ones, and they go stale. */
	*uncached = OLD;
	dcache.drain();
	kept = *cached;
	dcache_clean_inv_range(line, CACHE_LINE);
	if (seen == NEW)
		return kept == NEW ? PROBE_HOLDS_CLEAN : PROBE_HOLDS_NOTHING;
	return after == OLD ? PROBE_HOLDS_DATA : PROBE_KEEPS_INVALIDATED;
}
