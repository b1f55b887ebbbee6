/* SPDX-License-Identifier: MIT */
/* The mapping calls on the cache model: at every edge, over pages and zones, the device and the
 * CPU see each other's bytes and the neighbours keep theirs; and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_cpu.h"
#include "host_mm.h"

#include "dma/debug.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "mm/pkmap.h"

#define SLOTS 8u
#define VIVT  "vivt,16k,4way,32b"
#define VIPT  "vipt,16k,4way,32b"

/* ---- Edges, spans and mixed zones: the neighbours' bytes survive. ---- */

#define SPAN_PAGES 4u
#define SPAN	   (SPAN_PAGES * PAGE_SIZE)

static struct page *span;	 /* SPAN_PAGES pages in a row; low, high, or both */
static uint8_t ghost[SPAN];	 /* what the CPU must read there */
static unsigned mapped_pages[2]; /* [1]: highmem pages that had an address at the mapping */

static void span_cpu(bool check)
{
	for (uint32_t p = 0; p < SPAN_PAGES; p++) {
		uintptr_t va = (uintptr_t)kmap(span + p);

		for (uint32_t i = 0; i < PAGE_SIZE; i++) {
			uint8_t *g = &ghost[p * PAGE_SIZE + i];
			uint32_t was = host_load(va + i, 1);

			if (check && was != *g)
				fail_msg("frame %ld byte 0x%x: %02x, must be %02x",
					 (long)(span + p - mem_map), i, was, *g);
			if (!check) {
				*g = host_random(256);
				host_store(va + i, 1, *g);
			}
		}
		kunmap(span + p);
	}
}

static void device_reads(uint32_t from, uint32_t size)
{
	assert_memory_equal(host_ram_at(page_to_phys(span) + from), ghost + from, size);
}

static void device_writes(uint32_t from, uint32_t size)
{
	for (uint32_t i = from; i < from + size; i++)
		*host_ram_at(page_to_phys(span) + i) = ghost[i] = host_random(256);
}

/* The core fetches lines that nobody asked for, of whatever is mapped: as often as it likes. */
static bool fetches_ahead;

static void fetch_ahead(void)
{
	for (uint32_t n = 0; fetches_ahead && n < 64; n++) {
		uint32_t p = host_random(SPAN_PAGES);

		if (page_address(span + p))
			host_load((uintptr_t)page_address(span + p) +
					  host_random(PAGE_SIZE / CACHE_LINE) * CACHE_LINE,
				  4);
	}
}

static void transfer(uint32_t from, uint32_t size, enum dma_data_direction dir)
{
	fetch_ahead();
	if (dir != DMA_FROM_DEVICE)
		device_reads(from, size);
	if (dir != DMA_TO_DEVICE)
		device_writes(from, size);
	fetch_ahead();
}

/* Offsets and sizes that like to be at, or one beside, an edge of a line or page. */
static uint32_t edgy(uint32_t max)
{
	static const uint32_t steps[] = {1, CACHE_LINE, PAGE_SIZE};
	uint32_t step = steps[host_random(3)], x = host_random(max / step + 1) * step;

	x += host_random(3);
	return x > max ? max : x;
}

static void one_page_call(enum dma_data_direction dir)
{
	uint32_t from = edgy(SPAN - 1), size = 1 + edgy(SPAN - from - 1);
	bool single =
		span + (from + size - 1) / PAGE_SIZE < mem_map + HOST_LOW_PAGES && host_random(2);
	dma_addr_t addr = single ? dma_map_single((char *)span->virtual + from, size, dir)
				 : dma_map_page(span, from, size, dir);

	assert_int_equal(addr, page_to_phys(span) + from);
	transfer(from, size, dir);
	if (host_random(3) == 0) { /* the CPU has it for a while, and gives it back */
		uint32_t part = host_random(size), len = 1 + host_random(size - part);

		dma_sync_single_for_cpu(addr, size, dir);
		span_cpu(true);
		/* Reading has brought lines in, which the device's next bytes would not reach. */
		dma_sync_single_for_device(addr + part, len, dir);
		transfer(from + part, len, dir);
	}
	if (single)
		dma_unmap_single(addr, size, dir);
	else
		dma_unmap_page(addr, size, dir);
}

static void one_sg_call(enum dma_data_direction dir)
{
	struct scatterlist sg[SPAN_PAGES];
	int n = 0;

	/* Pieces in a row with gaps of at least a line: two must not share one. */
	for (uint32_t at = edgy(PAGE_SIZE); at < SPAN - 1 && n < (int)SPAN_PAGES; n++) {
		uint32_t size = 1 + edgy(SPAN - at - 1);

		sg[n] = (struct scatterlist){.page = span, .offset = at, .length = size};
		at += size + 2 * CACHE_LINE;
	}
	assert_int_equal(dma_map_sg(sg, n, dir), n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(sg[i].dma_address, page_to_phys(span) + sg[i].offset);
		transfer(sg[i].offset, sg[i].length, dir);
	}
	dma_sync_sg_for_cpu(sg, n, dir);
	dma_sync_sg_for_device(sg, n, dir);
	for (int i = 0; i < n; i++)
		transfer(sg[i].offset, sg[i].length, dir);
	dma_unmap_sg(sg, n, dir);
}

static void check_edges(const char *shape, const struct dma_upkeep *rules,
			const enum dma_fix_id *right, uint32_t right_count)
{
	memset(mapped_pages, 0, sizeof(mapped_pages));
	dma_debug_reset();
	dma_debug_switch(true); /* and it has nothing to say */
	for (unsigned trial = 0; trial < 400; trial++) {
		enum dma_data_direction dir = host_random(3);

		host_mm_reset();
		assert_null(pkmap_resize(SLOTS));
		host_cpu_start(shape);
		dma_upkeep_use(rules);
		dma_fix_select(right[host_random(right_count)]);
		span = mem_map + HOST_LOW_PAGES - host_random(SPAN_PAGES + 1);
		span_cpu(false);
		if (host_random(3) == 0)
			kmap_flush_unused();
		for (uint32_t p = 0; p < SPAN_PAGES; p++)
			if (page_is_highmem(span + p))
				mapped_pages[page_address(span + p) != NULL]++;
		if (host_random(2))
			one_page_call(dir);
		else
			one_sg_call(dir);
		span_cpu(true);
	}
	assert_int_equal(dma_debug_leaks(), 0);
	assert_int_equal(dma_debug_report(), 0);
	dma_debug_switch(false);
	dma_upkeep_use(&upkeep_v5);
	assert_true(mapped_pages[0] > 50 && mapped_pages[1] > 50);
}

static void test_edges(void **state)
{
	static const enum dma_fix_id right[] = {FIX_NONE,     FIX_PIN,	   FIX_IRQOFF,
						FIX_LOCK,     FIX_RECHECK, FIX_PERCHECK,
						FIX_CLEANINV, FIX_AUTO,	   FIX_KUNMAPFLUSH};

	(void)state;
	host_random_start();
	check_edges(VIVT, &upkeep_v5, right, sizeof(right) / sizeof(right[0]));
}

/* Pages without an address too, and a core that fills by itself between map and unmap. */
static void test_edges_on_physical_tags(void **state)
{
	static const enum dma_fix_id right[] = {FIX_PIN, FIX_AUTO, FIX_ATOMIC};

	(void)state;
	host_random_start();
	for (unsigned ahead = 0; ahead < 2; ahead++) {
		fetches_ahead = ahead;
		check_edges(VIPT, &upkeep_v6, right, sizeof(right) / sizeof(right[0]));
	}
	fetches_ahead = false;
}

/* Each maintenance operation is needed: without it the device or the CPU sees old bytes. */
static void do_nothing(uintptr_t va, size_t len)
{
	(void)va;
	(void)len;
}

static void test_missing_operation(void **state)
{
	(void)state;
	for (enum dma_data_direction dir = 0; dir < 3; dir++) {
		dcache_range_fn op = dma_map_op[dir];
		uint32_t pa, wrong = 0;

		host_mm_reset();
		host_cpu_start(VIVT);
		dma_fix_select(FIX_PIN);
		span = host_high_page(0);
		span_cpu(false);
		pa = page_to_phys(span);
		dma_map_op[dir] = do_nothing;
		dma_map_page(span, 0, PAGE_SIZE, dir);
		dma_map_op[dir] = op;
		for (uint32_t i = 0; dir != DMA_FROM_DEVICE && i < PAGE_SIZE; i++)
			wrong += *host_ram_at(pa + i) != ghost[i];
		device_writes(0, PAGE_SIZE);
		for (uint32_t i = 0; dir == DMA_FROM_DEVICE && i < PAGE_SIZE; i++)
			wrong += host_load((uintptr_t)span->virtual + i, 1) != ghost[i];
		assert_true(wrong > PAGE_SIZE / 2);
	}
}

static void test_refused(void **state)
{
	struct page *last = mem_map + HOST_PAGES - 1;
	struct scatterlist sg[2] = {{.page = mem_map, .length = 4}, {.page = last, .length = 4097}};

	(void)state;
	host_mm_reset();
	host_cpu_start(VIVT);
	assert_int_equal(dma_map_page(last, 0, 0, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	assert_int_equal(dma_map_page(last, 1, PAGE_SIZE, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	assert_int_equal(dma_map_page(last, PAGE_SIZE, 1, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	assert_int_equal(dma_map_page(last, 0, 0xFFFFFFFF, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	assert_int_equal(dma_map_page(last, 0, 1, 3), DMA_MAPPING_ERROR);
	assert_int_equal(dma_map_single((void *)(uintptr_t)PKMAP_BASE, 1, 0), DMA_MAPPING_ERROR);
	assert_int_equal(dma_map_sg(sg, 2, DMA_TO_DEVICE), 0);
	assert_int_equal(dma_map_page(last, PAGE_SIZE - 1, 1, DMA_TO_DEVICE),
			 HOST_RAM_BASE + HOST_PAGES * PAGE_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_edges_on_physical_tags),
		cmocka_unit_test(test_missing_operation),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
