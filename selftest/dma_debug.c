/* SPDX-License-Identifier: MIT */
/* selftest=dma-debug: every mistake that dma-debug knows, made through the mapping API. */
#include <stdio.h>

#include "dma/debug.h"
#include "dma/mapping.h"
#include "mm/page_alloc.h"
#include "selftest/selftest.h"

static struct page *high, *low; /* two physically contiguous pages of each zone */

static void *low_at(uint32_t offset)
{
	return (uint8_t *)low->virtual + offset;
}

static dma_addr_t map_high(uint32_t offset, uint32_t size, enum dma_data_direction dir)
{
	return dma_map_page(high, offset, size, dir);
}

/* ---- What is right: no finding. ---- */

static void right_pages(void)
{
	dma_addr_t a = map_high(100, 5000, DMA_FROM_DEVICE);
	dma_addr_t b = dma_map_page(low, 0, 4096, DMA_BIDIRECTIONAL);

	dma_sync_single_for_cpu(a + 1000, 4000, DMA_FROM_DEVICE); /* a part of it */
	dma_sync_single_for_device(a, 5000, DMA_FROM_DEVICE);
	dma_sync_single_for_cpu(b, 4096, DMA_FROM_DEVICE); /* BIDIRECTIONAL: any way */
	dma_sync_single_for_device(b, 4096, DMA_TO_DEVICE);
	dma_unmap_page(b, 4096, DMA_BIDIRECTIONAL);
	dma_unmap_page(a, 5000, DMA_FROM_DEVICE);
}

static void right_others(void)
{
	struct scatterlist sg[2] = {{.page = high, .offset = 0, .length = 64},
				    {.page = low, .offset = 4000, .length = 200}};
	dma_addr_t coherent, single = dma_map_single(low_at(0), 32, DMA_FROM_DEVICE);
	void *cpu = dma_alloc_coherent(4096, &coherent);

	dma_map_sg(sg, 2, DMA_BIDIRECTIONAL);
	dma_sync_sg_for_cpu(sg, 2, DMA_BIDIRECTIONAL);
	dma_sync_sg_for_device(sg, 2, DMA_BIDIRECTIONAL);
	dma_unmap_sg(sg, 2, DMA_BIDIRECTIONAL);
	dma_unmap_single(single, 32, DMA_FROM_DEVICE);
	if (cpu)
		dma_free_coherent(4096, cpu, coherent);
}

/* The device reads both: who shares a line with whom does not matter. */
static void right_overlap(void)
{
	dma_addr_t a = map_high(0, 100, DMA_TO_DEVICE), b = map_high(100, 100, DMA_TO_DEVICE);

	dma_unmap_page(a, 100, DMA_TO_DEVICE);
	dma_unmap_page(b, 100, DMA_TO_DEVICE);
}

static void off_sees_nothing(void)
{
	dma_debug_switch(false);
	dma_unmap_page(page_to_phys(high), 100, DMA_TO_DEVICE);
	dma_debug_switch(true);
}

/* ---- What is wrong: one finding each. ---- */

static void wrong_size(void)
{
	dma_unmap_page(map_high(0, 4096, DMA_FROM_DEVICE), 2048, DMA_FROM_DEVICE);
}

static void wrong_direction(void)
{
	dma_unmap_page(map_high(0, 4096, DMA_FROM_DEVICE), 4096, DMA_TO_DEVICE);
}

static void wrong_sync_direction(void)
{
	dma_addr_t a = map_high(0, 4096, DMA_FROM_DEVICE);

	dma_sync_single_for_device(a, 4096, DMA_TO_DEVICE);
	dma_unmap_page(a, 4096, DMA_FROM_DEVICE);
}

static void wrong_function(void)
{
	dma_unmap_single(map_high(0, 4096, DMA_TO_DEVICE), 4096, DMA_TO_DEVICE);
}

static void wrong_function_sg(void)
{
	struct scatterlist sg = {.page = low, .offset = 0, .length = 100};

	dma_map_sg(&sg, 1, DMA_TO_DEVICE);
	dma_unmap_page(sg.dma_address, 100, DMA_TO_DEVICE);
}

static void coherent_sync(void)
{
	dma_addr_t a;
	void *cpu = dma_alloc_coherent(4096, &a);

	if (!cpu)
		return;
	dma_sync_single_for_cpu(a, 4096, DMA_BIDIRECTIONAL);
	dma_free_coherent(4096, cpu, a);
}

static void double_unmap(void)
{
	dma_addr_t a = map_high(0, 4096, DMA_FROM_DEVICE);

	dma_unmap_page(a, 4096, DMA_FROM_DEVICE);
	dma_unmap_page(a, 4096, DMA_FROM_DEVICE);
}

static void never_mapped(void)
{
	/* An address that no case has mapped: a double unmap would be another mistake. */
	dma_unmap_page(page_to_phys(high) + 4001, 95, DMA_FROM_DEVICE);
}

static void not_its_start(void)
{
	dma_addr_t a = map_high(0, 4096, DMA_TO_DEVICE);

	dma_unmap_page(a + 64, 4032, DMA_TO_DEVICE);
	dma_unmap_page(a, 4096, DMA_TO_DEVICE);
}

static void sync_after_unmap(void)
{
	dma_addr_t a = map_high(0, 4096, DMA_TO_DEVICE);

	dma_unmap_page(a, 4096, DMA_TO_DEVICE);
	dma_sync_single_for_device(a, 4096, DMA_TO_DEVICE);
}

static void sync_outside(void)
{
	dma_addr_t a = map_high(0, 4096, DMA_FROM_DEVICE);

	dma_sync_single_for_cpu(a + 4000, 200, DMA_FROM_DEVICE);
	dma_unmap_page(a, 4096, DMA_FROM_DEVICE);
}

static void overlap(void)
{
	dma_addr_t a = map_high(0, 100, DMA_TO_DEVICE); /* ends inside the line at 96 */
	dma_addr_t b = map_high(100, 100, DMA_FROM_DEVICE);

	dma_unmap_page(a, 100, DMA_TO_DEVICE);
	dma_unmap_page(b, 100, DMA_FROM_DEVICE);
}

static void leak(void)
{
	dma_addr_t a = map_high(0, 4096, DMA_FROM_DEVICE);

	dma_debug_leaks();
	dma_unmap_page(a, 4096, DMA_FROM_DEVICE);
}

#define NO_FINDING DMA_DEBUG_KINDS

static const struct mistake {
	const char *name;
	void (*make)(void);
	enum dma_debug_kind kind; /* counted once, and no other */
} mistakes[] = {
	{"pages, used as they should be", right_pages, NO_FINDING},
	{"single, sg and coherent, used as they should be", right_others, NO_FINDING},
	{"a line that devices only read", right_overlap, NO_FINDING},
	{"a mistake while switched off", off_sees_nothing, NO_FINDING},
	{"unmap of half", wrong_size, DMA_DEBUG_WRONG_SIZE},
	{"unmap in another direction", wrong_direction, DMA_DEBUG_WRONG_DIRECTION},
	{"sync in another direction", wrong_sync_direction, DMA_DEBUG_WRONG_DIRECTION},
	{"dma_unmap_single of a page", wrong_function, DMA_DEBUG_WRONG_FUNCTION},
	{"dma_unmap_page of a list's entry", wrong_function_sg, DMA_DEBUG_WRONG_FUNCTION},
	{"sync of coherent memory", coherent_sync, DMA_DEBUG_WRONG_FUNCTION},
	{"unmapped twice", double_unmap, DMA_DEBUG_DOUBLE_UNMAP},
	{"never mapped", never_mapped, DMA_DEBUG_NOT_MAPPED},
	{"unmap in the middle", not_its_start, DMA_DEBUG_NOT_MAPPED},
	{"sync after unmap", sync_after_unmap, DMA_DEBUG_NOT_MAPPED},
	{"sync beyond the end", sync_outside, DMA_DEBUG_OUTSIDE},
	{"two mappings in one line", overlap, DMA_DEBUG_OVERLAP},
	{"still mapped at the end", leak, DMA_DEBUG_LEAK},
};

#define MISTAKES (sizeof(mistakes) / sizeof(mistakes[0]))

/* Makes one mistake: true if it, and nothing else, was found. */
static bool found_as_it_is(const struct mistake *m)
{
	uint32_t before[DMA_DEBUG_KINDS];
	bool ok = true;

	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		before[k] = dma_debug_count(k);
	m->make();
	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		if (dma_debug_count(k) - before[k] != (k == m->kind))
			ok = false;
	if (!ok)
		printf("dma-debug: '%s' was not found as it should be\n", m->name);
	return ok;
}

static bool debug_selftest(uint32_t runs, uint32_t seed)
{
	uint32_t was_on = dma_debug_on, right = 0;

	(void)runs;
	(void)seed;
	high = page_alloc(ZONE_HIGHMEM, 1);
	low = page_alloc(ZONE_LOWMEM, 1);
	if (!high || !low) {
		printf("dma-debug: two pages of each zone are needed, there are not so many "
		       "free\n");
		return false;
	}
	dma_debug_reset();
	dma_debug_switch(true);
	for (unsigned i = 0; i < MISTAKES; i++)
		right += found_as_it_is(&mistakes[i]);
	dma_debug_report();
	dma_debug_switch(was_on);
	dma_debug_reset(); /* these findings are nobody's fault */
	page_free(high, 1);
	page_free(low, 1);
	printf("dma-debug: %lu of %u cases as expected\n", (unsigned long)right,
	       (unsigned)MISTAKES);
	return right == MISTAKES;
}

SELFTEST(dma_debug) = {
	.name = "dma-debug",
	.what = "every mistake that dma-debug knows, made through the mapping API, is found",
	.run = debug_selftest,
};
