/* SPDX-License-Identifier: MIT */
/* struct page: one for each page frame of RAM, and the conversions between the names that a
 * page has (frame, physical address, kernel address). */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/memory_map.h"

enum zone { ZONE_LOWMEM, ZONE_HIGHMEM, ZONES };

enum page_state {
	PAGE_RESERVED,	/* the kernel, the page tables: never handed out, never freed */
	PAGE_FREE,	/* first page of a free block of 2^order */
	PAGE_FREE_TAIL, /* inside a free block */
	PAGE_USED,	/* first page of an allocated block of 2^order */
	PAGE_USED_TAIL, /* inside an allocated block */
};

/* 16 bytes on ARM: a shift, not a division, turns a pointer into a frame number. */
struct page {
	/* Lowmem: the linear address, for ever. Highmem: the pkmap address while the page has
	 * one, else NULL. This is page_address(), in O(1), with no hash. */
	void *virtual;
	union {
		struct { /* while free: on a free list */
			struct page *next, *prev;
		};
		/* While it has a pkmap address: the count of its slot, so that a pin needs no
		 * arithmetic. */
		int *pkmap_count;
	};
	uint8_t zone;
	uint8_t order;
	uint8_t state;
};

_Static_assert(PAGE_SIZE % sizeof(struct page) == 0, "page_to_phys() multiplies");

extern struct page *mem_map; /* of the first frame of RAM */
extern uint32_t mem_map_pages;
extern uint32_t ram_base; /* physical */

static inline uint32_t page_to_phys(const struct page *page)
{
	uint32_t offset = (const char *)page - (const char *)mem_map;

	/* One shift instead of two: a struct page's size divides a page's. */
	return ram_base + offset * (PAGE_SIZE / sizeof(struct page));
}

/* pa must be RAM: see phys_is_ram(). */
static inline struct page *phys_to_page(uint32_t pa)
{
	return mem_map + ((pa - ram_base) >> PAGE_SHIFT);
}

static inline bool phys_is_ram(uint32_t pa)
{
	return (pa - ram_base) >> PAGE_SHIFT < mem_map_pages;
}

/* Linear addresses only. */
uint32_t virt_to_phys(const void *va);
void *phys_to_virt(uint32_t pa);
bool virt_is_lowmem(const void *va);

static inline struct page *virt_to_page(const void *va)
{
	return phys_to_page(virt_to_phys(va));
}

static inline bool page_is_highmem(const struct page *page)
{
	return page->zone == ZONE_HIGHMEM;
}

/* The kernel address a page has now, or NULL. Unless the page is lowmem or the caller holds
 * a pin (kmap, kmap_high_get), it may be gone, or another page's, at the next instruction. */
static inline void *page_address(const struct page *page)
{
	return page->virtual;
}

#endif
