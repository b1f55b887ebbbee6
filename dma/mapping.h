/* SPDX-License-Identifier: MIT */
/* Streaming DMA mappings: who owns a buffer, the CPU or the device, and the cache work at
 * each change of owner, which is data of the core (cache/upkeep.h):
 *
 *                  map, sync_for_device        unmap, sync_for_cpu
 *   direction      ARM926 (v5)     ARM11 (v6)  ARM926   ARM11
 *   TO_DEVICE      clean           clean       nothing  nothing
 *   FROM_DEVICE    invalidate      invalidate  nothing  invalidate
 *   BIDIRECTIONAL  clean+inv.      clean       nothing  invalidate
 *
 * (Linux arch/arm/mm/dma-mapping.c: the ARM926's as in 2.6.30, the ARM11's from 2.6.34 on.)
 *
 * Between map and unmap the CPU touches the buffer only between sync_for_cpu and
 * sync_for_device. Buffers may span pages, begin and end anywhere and mix zones; each page is
 * handled on its own, and a highmem page through the strategy in use (dma/fix.h).
 * Context: any, unless said otherwise. Addresses are bus addresses in bytes. */
#ifndef DMA_MAPPING_H
#define DMA_MAPPING_H

#include <stddef.h>
#include <stdint.h>

#include "cache/ops.h"
#include "dma/direction.h"
#include "dma/upkeep.h"
#include "mm/page.h"

typedef uint32_t dma_addr_t;
#define DMA_MAPPING_ERROR 0xFFFFFFFFu

/* size bytes from offset in page and the physically following pages. DMA_MAPPING_ERROR, with
 * one printed line, when the range is empty or not RAM or dir is none of the three. */
dma_addr_t dma_map_page(struct page *page, size_t offset, size_t size, enum dma_data_direction dir);
void dma_unmap_page(dma_addr_t addr, size_t size, enum dma_data_direction dir);

/* Lowmem by its linear address. */
dma_addr_t dma_map_single(void *cpu, size_t size, enum dma_data_direction dir);
void dma_unmap_single(dma_addr_t addr, size_t size, enum dma_data_direction dir);

void dma_sync_single_for_cpu(dma_addr_t addr, size_t size, enum dma_data_direction dir);
void dma_sync_single_for_device(dma_addr_t addr, size_t size, enum dma_data_direction dir);

struct scatterlist {
	struct page *page;
	uint32_t offset, length;
	dma_addr_t dma_address; /* set by dma_map_sg() */
};

/* Maps each entry; returns n, or 0 with nothing mapped when one was refused. */
int dma_map_sg(struct scatterlist *sg, int n, enum dma_data_direction dir);
void dma_unmap_sg(struct scatterlist *sg, int n, enum dma_data_direction dir);
void dma_sync_sg_for_cpu(struct scatterlist *sg, int n, enum dma_data_direction dir);
void dma_sync_sg_for_device(struct scatterlist *sg, int n, enum dma_data_direction dir);

/* Uncached memory that needs none of this. Context: task. */
void *dma_alloc_coherent(size_t size, dma_addr_t *addr);
void dma_free_coherent(size_t size, void *cpu, dma_addr_t addr);

#endif
