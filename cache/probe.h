/* SPDX-License-Identifier: MIT */
/* Does the D-cache hold data? Asked once at boot; decides what every verdict is worth. */
#ifndef CACHE_PROBE_H
#define CACHE_PROBE_H

#include <stdint.h>

enum cache_truth_found {
	PROBE_HOLDS_NOTHING, /* a store is in memory at once, and a read gets what memory has */
	PROBE_HOLDS_CLEAN,   /* a store is in memory at once, a read gets an old line */
	PROBE_HOLDS_DATA, /* a store stays in the line until cleaned, and an invalidate loses it */
	PROBE_KEEPS_INVALIDATED, /* a store stays in the line, but an invalidate writes it back */
};

/* cached and uncached are two addresses of one line of RAM that nobody else uses, line
 * aligned; the cached one is written. Context: boot, D-cache on, IRQs masked. */
enum cache_truth_found cache_probe(volatile uint32_t *cached, volatile uint32_t *uncached);

#endif
