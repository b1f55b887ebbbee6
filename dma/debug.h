/* SPDX-License-Identifier: MIT */
/* dma-debug: remembers every live DMA mapping and checks what is done with it.
 *
 * Each finding prints one line that names the mapping and what would be right, and is counted
 * by kind. Nothing is ever changed or refused: a wrong call does what it does. All functions:
 * any context, they do not sleep; findings are printed after IRQs are open again. */
#ifndef DMA_DEBUG_H
#define DMA_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "dma/direction.h"

#define DMA_DEBUG_MAX  256u /* live mappings */
#define DMA_DEBUG_LINE 32u  /* bytes; the cache line of every core here */

enum dma_debug_type { DMA_DEBUG_PAGE, DMA_DEBUG_SINGLE, DMA_DEBUG_SG, DMA_DEBUG_COHERENT };

enum dma_debug_for { DMA_DEBUG_FOR_CPU, DMA_DEBUG_FOR_DEVICE };

enum dma_debug_kind {
	DMA_DEBUG_NOT_MAPPED,	   /* unmap or sync of what is no mapping's (start) address */
	DMA_DEBUG_DOUBLE_UNMAP,	   /* unmap of a mapping that ended not long ago */
	DMA_DEBUG_WRONG_SIZE,	   /* unmapped with another size than mapped; or empty */
	DMA_DEBUG_WRONG_FUNCTION,  /* mapped by one family, unmapped or synced by another */
	DMA_DEBUG_WRONG_DIRECTION, /* ... in another direction, or in none */
	DMA_DEBUG_OUTSIDE,	   /* sync beyond the mapping's end */
	DMA_DEBUG_OVERLAP,	   /* a cache line of two mappings, and a device writes one */
	DMA_DEBUG_LEAK,		   /* still mapped at the end */
	DMA_DEBUG_KINDS,
};

/* A mapping of size bytes at pa was made. where: the caller's address, for the lines printed. */
void dma_debug_map(uint32_t pa, uint32_t size, enum dma_data_direction dir,
		   enum dma_debug_type type, const void *where);
/* A mapping is being ended. It is forgotten even when the call was wrong in size, direction
 * or function, so that one mistake is one finding. */
void dma_debug_unmap(uint32_t pa, uint32_t size, enum dma_data_direction dir,
		     enum dma_debug_type type, const void *where);
/* Part of a mapping changes hands. A BIDIRECTIONAL mapping may be synced in any direction. */
void dma_debug_sync(uint32_t pa, uint32_t size, enum dma_data_direction dir,
		    enum dma_debug_for whom, const void *where);

/* Each live streaming mapping is a finding. Returns how many. For the end of a test, when there
 * should be none. Coherent memory may be a driver's for life: see the dump. */
uint32_t dma_debug_leaks(void);
/* Lists the live mappings, oldest first; no findings. */
void dma_debug_dump(void);
/* One line: "dma-debug: maps=.. unmaps=.. syncs=.. live=.. max=.. findings=.." and, for each kind
 * that was found, its count. Returns the number of findings. */
uint32_t dma_debug_report(void);

uint32_t dma_debug_count(enum dma_debug_kind kind);
/* False once more than DMA_DEBUG_MAX mappings were live at a time (said once): the table no
 * longer knows them all, so nothing is checked from there on. */
bool dma_debug_checking(void);
/* Forgets all mappings and counts, and checks again. */
void dma_debug_reset(void);

#endif
