/* SPDX-License-Identifier: MIT */
/* Each operation once between two marks, for the debugger that steps through it. */
#include <stdio.h>

#include "bench/counts.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "mm/pkmap.h"

void bench_mark_begin(const char *label);
void bench_mark_end(void);

/* Real functions, so that there is an address to stop at; the operands keep the label in r0. */
__attribute__((noinline)) void bench_mark_begin(const char *label)
{
	__asm__ volatile("" : : "r"(label) : "memory");
}

__attribute__((noinline)) void bench_mark_end(void)
{
	__asm__ volatile("" : : : "memory");
}

static void map_once(struct page *page)
{
	char label[40];

	snprintf(label, sizeof(label), "dma_map_page fix=%s", dma_fix->name);
	bench_mark_begin(label);
	dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	bench_mark_end();
	dma_unmap_page(page_to_phys(page), PAGE_SIZE, DMA_FROM_DEVICE);
}

static void kmap_with_wrap(struct bench_pages *pages, uint32_t slots)
{
	char label[40];
	uint32_t i = 0;

	if (pkmap_resize(slots))
		panic("bench: a page is still mapped");
	while (pkmap_last != slots - 1) {
		kmap(pages->many[i]);
		kunmap(pages->many[i++]);
	}
	snprintf(label, sizeof(label), "kmap with wrap, pkmap=%lu", (unsigned long)slots);
	bench_mark_begin(label);
	kmap(pages->many[i]);
	bench_mark_end();
	kunmap(pages->many[i]);
}

void bench_marks(struct bench_pages *pages)
{
	kmap(pages->mapped);
	kunmap(pages->mapped);
	for (enum dma_fix_id fix = 0; fix < FIXES; fix++) {
		dma_fix_select(fix);
		map_once(pages->mapped);
	}
	dma_fix_select(FIX_PIN);
	bench_mark_begin("kmap+kunmap, mapped");
	kmap(pages->mapped);
	kunmap(pages->mapped);
	bench_mark_end();
	for (uint32_t slots = 8; slots <= LAST_PKMAP; slots *= 2)
		kmap_with_wrap(pages, slots);
}
