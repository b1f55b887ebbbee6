/* SPDX-License-Identifier: MIT */
/* dmatest's buffers: where they lie, and how they are mapped for the device. */
#include "selftest/dmatest_buffer.h"

#include <stdio.h>
#include <stdlib.h>

#include "cache/ops.h"
#include "mm/kmap_atomic.h"
#include "mm/page_alloc.h"
#include "mm/page_copy.h"
#include "mm/pkmap.h"
#include "selftest/dmatest_limits.h"

#define BLOCKS	    (2 * PIECES_MAX) /* a zone: source and destination may lie wholly in it */
#define BLOCK_ORDER 1

static struct page *blocks[ZONES][BLOCKS];
static uint32_t pins; /* pkmap slots held by pinned buffers */

bool buffers_take(void)
{
	if (!limits_take())
		return false;
	for (unsigned z = 0; z < ZONES; z++)
		for (unsigned i = 0; i < BLOCKS; i++) {
			blocks[z][i] = page_alloc(z, BLOCK_ORDER);
			if (blocks[z][i])
				continue;
			printf("dmatest: %d pages of %s are needed, there are not so many free\n",
			       BLOCKS * BLOCK_PAGES, z == ZONE_HIGHMEM ? "highmem" : "lowmem");
			buffers_give_back();
			return false;
		}
	return true;
}

void buffers_give_back(void)
{
	for (unsigned z = 0; z < ZONES; z++)
		for (unsigned i = 0; i < BLOCKS; i++) {
			if (blocks[z][i])
				page_free(blocks[z][i], BLOCK_ORDER);
			blocks[z][i] = NULL;
		}
}

static uint32_t below(unsigned *rng, uint32_t n)
{
	return (uint32_t)rand_r(rng) % n;
}

static bool one_in(unsigned *rng, uint32_t n)
{
	return below(rng, n) == 0;
}

void buffers_read_one(unsigned *rng)
{
	static uint32_t sink[PAGE_SIZE / 4];
	struct page *page = blocks[ZONE_HIGHMEM][below(rng, BLOCKS)];

	copy_lines(sink, kmap(page), PAGE_SIZE);
	kunmap(page);
}

static bool uses(const struct buffer *b, unsigned pieces, const struct page *page)
{
	for (unsigned i = 0; b && i < pieces; i++)
		if (b->sg[i].page == page)
			return true;
	return false;
}

static struct page *draw_block(const struct buffer *b, unsigned drawn, const struct buffer *other,
			       unsigned *rng)
{
	enum zone z = one_in(rng, 2) ? ZONE_LOWMEM : ZONE_HIGHMEM;

	for (;;) {
		struct page *page = blocks[z][below(rng, BLOCKS)];

		if (!uses(b, drawn, page) && !uses(other, other ? other->pieces : 0, page))
			return page;
	}
}

static uint32_t draw_length(uint32_t most, unsigned *rng)
{
	uint32_t unit = dmatest_limits.unit;

	return unit * (1 + below(rng, most / unit));
}

/* Anywhere; often across the two pages of the block; often from the start of a line. */
static uint32_t draw_offset(uint32_t len, unsigned *rng)
{
	uint32_t room = BLOCK_BYTES - len + 1;
	uint32_t align = dmatest_limits.align;
	uint32_t line = align > CACHE_LINE ? align : CACHE_LINE;

	switch (below(rng, 4)) {
	case 0:
		if (len > align) {
			uint32_t on_first = align * (1 + below(rng, (len - 1) / align));

			if (on_first <= PAGE_SIZE && len - on_first <= PAGE_SIZE)
				return PAGE_SIZE - on_first;
		}
		break;
	case 1:
		return below(rng, room) & ~(line - 1);
	}
	return below(rng, room) & ~(align - 1);
}

static void draw_window(struct buffer *b, unsigned i, unsigned *rng)
{
	const struct scatterlist *sg = &b->sg[i];
	uint32_t start = sg->offset & ~(CACHE_LINE - 1);
	uint32_t end = (sg->offset + sg->length + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
	uint32_t before = CACHE_LINE * (1 + below(rng, 4));
	uint32_t after = CACHE_LINE * (1 + below(rng, 4));
	bool whole = one_in(rng, 32);

	b->window[i].start = whole || before > start ? 0 : start - before;
	b->window[i].end = whole || after > BLOCK_BYTES - end ? BLOCK_BYTES : end + after;
}

static void draw_call(struct buffer *b, unsigned *rng)
{
	if (b->pieces > 1)
		b->call = CALL_SG;
	else if (page_is_highmem(b->sg[0].page))
		b->call = one_in(rng, 4) ? CALL_SG : CALL_PAGE;
	else
		b->call = (enum buffer_call)below(rng, 3);
}

/* A pin takes its slots from the others: half of them stay free. */
static void pin(struct buffer *b, unsigned *rng)
{
	uint32_t wanted = 0;

	for (unsigned i = 0; i < b->pieces; i++)
		wanted += page_is_highmem(b->sg[i].page) ? BLOCK_PAGES : 0;
	b->pinned = one_in(rng, 4) && pins + wanted <= pkmap_slots / 2;
	if (!b->pinned)
		return;
	pins += wanted;
	for (unsigned i = 0; i < b->pieces; i++)
		for (unsigned p = 0; p < BLOCK_PAGES; p++)
			kmap(b->sg[i].page + p);
}

void buffer_draw(struct buffer *b, bool is_src, uint32_t bytes, const struct buffer *other,
		 unsigned *rng)
{
	enum dma_data_direction one_way = is_src ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
	unsigned pieces = one_in(rng, 4) ? 2 + below(rng, PIECES_MAX - 1) : 1;
	uint32_t left = bytes;

	*b = (struct buffer){.is_src = is_src,
			     .dir = one_in(rng, 3) ? DMA_BIDIRECTIONAL : one_way,
			     .atomic = one_in(rng, 4),
			     .held = one_in(rng, 8)};
	for (; left && b->pieces < pieces; b->pieces++) {
		unsigned i = b->pieces;

		b->sg[i].page = draw_block(b, i, other, rng);
		b->sg[i].length = i + 1 < pieces ? draw_length(left, rng) : left;
		b->sg[i].offset = draw_offset(b->sg[i].length, rng);
		b->window[i].pos = bytes - left;
		left -= b->sg[i].length;
		draw_window(b, i, rng);
	}
	draw_call(b, rng);
	pin(b, rng);
}

void buffer_release(struct buffer *b)
{
	for (unsigned i = 0; b->pinned && i < b->pieces; i++)
		for (unsigned p = 0; p < BLOCK_PAGES; p++) {
			pins -= page_is_highmem(b->sg[i].page);
			kunmap(b->sg[i].page + p);
		}
	b->pinned = false;
}

static bool map_by_call(struct buffer *b)
{
	struct scatterlist *sg = b->sg;

	switch (b->call) {
	case CALL_PAGE:
		sg->dma_address = dma_map_page(sg->page, sg->offset, sg->length, b->dir);
		return sg->dma_address != DMA_MAPPING_ERROR;
	case CALL_SINGLE:
		sg->dma_address = dma_map_single((uint8_t *)sg->page->virtual + sg->offset,
						 sg->length, b->dir);
		return sg->dma_address != DMA_MAPPING_ERROR;
	case CALL_SG:
		return dma_map_sg(sg, b->pieces, b->dir) == (int)b->pieces;
	}
	return false;
}

bool buffer_map(struct buffer *b)
{
	void *held = b->held ? kmap_atomic(b->sg[0].page) : NULL;
	bool mapped = map_by_call(b);

	if (held)
		kunmap_atomic(held);
	return mapped;
}

void buffer_unmap(struct buffer *b)
{
	struct scatterlist *sg = b->sg;

	switch (b->call) {
	case CALL_PAGE:
		dma_unmap_page(sg->dma_address, sg->length, b->dir);
		break;
	case CALL_SINGLE:
		dma_unmap_single(sg->dma_address, sg->length, b->dir);
		break;
	case CALL_SG:
		dma_unmap_sg(sg, b->pieces, b->dir);
		break;
	}
}

void buffer_sync_for_cpu(struct buffer *b)
{
	if (b->call == CALL_SG)
		dma_sync_sg_for_cpu(b->sg, b->pieces, b->dir);
	else
		dma_sync_single_for_cpu(b->sg[0].dma_address, b->sg[0].length, b->dir);
}

void buffer_sync_for_device(struct buffer *b)
{
	if (b->call == CALL_SG)
		dma_sync_sg_for_device(b->sg, b->pieces, b->dir);
	else
		dma_sync_single_for_device(b->sg[0].dma_address, b->sg[0].length, b->dir);
}
