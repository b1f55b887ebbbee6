/* SPDX-License-Identifier: MIT */
/* A ghost's page in use: read and written by the CPU, and by the device. */
#include "race/ghost_page.h"

#include "cache/ops.h"
#include "dma/mapping.h"
#include "dma/transfer.h"
#include "lib/panic.h"
#include "mm/page_copy.h"
#include "mm/pkmap.h"
#include "trace/ring.h"

struct page *ghost_source;
static uint32_t buffer[PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

void ghost_read(const void *va)
{
	copy_page(buffer, va);
}

void ghost_write(struct ghost *g, void *va)
{
	g->inverted = !g->inverted;
	ghost_contents(g, buffer);
	copy_page(va, buffer);
}

/* Raw copies by the device, between a page's memory and the lowmem page `ghost_source`: no cache
 * work for the page, so what they read is memory itself, whatever the cache holds. */
static void device_copy(struct page *to, struct page *from)
{
	int status = dma_transfer(page_to_phys(to), page_to_phys(from), PAGE_SIZE);

	if (status)
		panic("ghost: DMA: %s", dma_transfer_error(status));
}

const uint32_t *ghost_memory(const struct ghost *g)
{
	bool traced = trace_on;
	dma_addr_t to;

	trace_on = false; /* the oracle's doing, no part of the story */
	to = dma_map_single(ghost_source->virtual, PAGE_SIZE, DMA_FROM_DEVICE);
	device_copy(ghost_source, g->page);
	dma_unmap_single(to, PAGE_SIZE, DMA_FROM_DEVICE);
	trace_on = traced;
	return ghost_source->virtual;
}

void ghost_device_gives(struct ghost *g)
{
	dma_addr_t from;

	g->inverted = !g->inverted;
	ghost_contents(g, ghost_source->virtual);
	from = dma_map_single(ghost_source->virtual, PAGE_SIZE, DMA_TO_DEVICE);
	device_copy(g->page, ghost_source);
	dma_unmap_single(from, PAGE_SIZE, DMA_TO_DEVICE);
}

void ghost_cpu_gives(struct ghost *g)
{
	void *va = kmap(g->page);

	ghost_write(g, va);
	kunmap(g->page);
}

void ghost_check_page(const struct ghost *g, struct ghost_check *check)
{
	void *va = kmap(g->page);

	copy_page(buffer, va);
	kunmap(g->page);
	ghost_compare(g, buffer, check);
	trace_record(TRACE_CHECK, page_to_phys(g->page), (uintptr_t)va, check->bad_lines, 0);
}
