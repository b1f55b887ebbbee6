/* SPDX-License-Identifier: MIT */
/* The page allocator: a buddy system for each zone. */
#ifndef MM_PAGE_ALLOC_H
#define MM_PAGE_ALLOC_H

#include "mm/page.h"

#define PAGE_ORDER_MAX 10 /* blocks of up to 4 MiB */

#define POISON_ALLOC 0xA7 /* what a page just allocated is filled with */
#define POISON_FREE  0xDF /* what a freed page is filled with */

/* Hands the frames [start, end) (indices into mem_map) to a zone. Boot only. */
void zone_add(enum zone zone, uint32_t start, uint32_t end);

/* 2^order physically contiguous pages, filled with POISON_ALLOC; NULL when the zone has
 * none. Context: task or IRQ for lowmem; highmem is mapped to be filled, so not from IRQ. */
struct page *page_alloc(enum zone zone, unsigned order);

/* Frees what page_alloc gave. A double free, a page of the middle of a block, a wrong order
 * and a page that was never handed out are each a panic that names it. Context: as
 * page_alloc. */
void page_free(struct page *page, unsigned order);

uint32_t zone_pages_free(enum zone zone);
uint32_t zone_pages_total(enum zone zone);
/* Free blocks of an order. */
uint32_t zone_blocks_free(enum zone zone, unsigned order);

/* Fills a page with a byte, whatever its zone (mm/poison.c; the host tests have their own). */
void page_fill(struct page *page, uint8_t byte);

#endif
