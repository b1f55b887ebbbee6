/* SPDX-License-Identifier: MIT */
/* dma-debug's memory: the live mappings, found by start address, by any address inside, and by
 * the cache lines they touch; and the last ones that ended.
 *
 * Not locked: the caller masks IRQs round each call and for as long as it looks at what a call
 * returned. Cost: by start O(1); the others look at no more entries than were ever live at once. */
#ifndef DMA_DEBUG_TABLE_H
#define DMA_DEBUG_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "dma/debug.h"

struct dma_debug_mapping {
	uint32_t pa, size;
	const void *where;
	uint32_t seq; /* 1, 2, ... in the order of mapping; 0 = none */
	enum dma_data_direction dir;
	enum dma_debug_type type;
	uint16_t next; /* the table's own */
};

struct dma_debug_counts {
	uint32_t maps, unmaps, live, max;
};

/* Copies m in and gives it the next seq. False when the table is full. */
bool dma_debug_insert(const struct dma_debug_mapping *m);
/* Ends the live mapping that starts at m->pa and copies it to *was; of several (legal when the
 * device only reads them all) the one that m describes best. False if none starts there. */
bool dma_debug_remove(const struct dma_debug_mapping *m, struct dma_debug_mapping *was);

/* In all below: false, and *out left alone, when there is none. */

/* A live mapping that byte m->pa is part of; preferably one that holds all m->size bytes. */
bool dma_debug_find_around(const struct dma_debug_mapping *m, struct dma_debug_mapping *out);
/* A live mapping that shares a cache line with m, where a device writes one of the two. */
bool dma_debug_find_overlap(const struct dma_debug_mapping *m, struct dma_debug_mapping *out);
/* The latest that started at pa and has ended, of the last 64. */
bool dma_debug_find_ended(uint32_t pa, struct dma_debug_mapping *out);
/* The oldest live one mapped after number seq. */
bool dma_debug_find_next(uint32_t seq, struct dma_debug_mapping *out);

struct dma_debug_counts dma_debug_counts(void);
void dma_debug_clear(void);

#endif
