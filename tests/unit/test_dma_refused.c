/* SPDX-License-Identifier: MIT */
/* Mapping calls that must be refused: one line says why, no line of cache is touched, and
 * dma-debug holds nothing that was not mapped. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

#include "cache/ops.h"
#include "dma/debug.h"
#include "dma/debug_table.h"
#include "dma/fix.h"
#include "dma/mapping.h"

#define RAM_END (HOST_RAM_BASE + HOST_PAGES * PAGE_SIZE)
#define TO	DMA_TO_DEVICE
#define FROM	DMA_FROM_DEVICE

static FILE *real_stdout;
static char *printed;
static size_t printed_len;
static unsigned ranges; /* ranges that a maintenance operation was asked for */

static void lines(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	ranges++;
}

static int setup(void **state)
{
	(void)state;
	host_mm_reset();
	dcache.clean_lines = dcache.inv_lines = dcache.clean_inv_lines = dcache.edge_lines = lines;
	dma_fix_select(FIX_PIN);
	dma_debug_reset();
	dma_debug_switch(true);
	ranges = 0;
	real_stdout = stdout;
	stdout = open_memstream(&printed, &printed_len);
	return stdout == NULL;
}

static int teardown(void **state)
{
	(void)state;
	fclose(stdout);
	stdout = real_stdout;
	free(printed);
	dma_debug_switch(false);
	return 0;
}

/* One line, these words, and nothing was done. */
static void assert_refused_with(const char *words)
{
	unsigned n = 0;

	fflush(stdout);
	for (size_t i = 0; i < printed_len; i++)
		n += printed[i] == '\n';
	assert_int_equal(n, 1);
	if (!strstr(printed, words))
		fail_msg("\"%s\" is not in: %s", words, printed);
	assert_int_equal(ranges, 0);
	assert_int_equal(dma_debug_counts().maps, 0);
	rewind(stdout);
	fflush(stdout);
}

static void an_offset_that_wraps_is_not_another_page(void **state)
{
	struct page *page = mem_map + 5;

	(void)state;
	/* The addresses that these come to are RAM: below the page, and the page before it. */
	assert_int_equal(dma_map_page(page, 0xFFFFF000u, 64, TO), DMA_MAPPING_ERROR);
	assert_refused_with("are not wholly RAM");
	assert_int_equal(dma_map_page(page, 0u - 5 * PAGE_SIZE, 64, TO), DMA_MAPPING_ERROR);
	assert_refused_with("are not wholly RAM");
	/* A large one that does not wrap is a later page. */
	assert_int_equal(dma_map_page(page, 7 * PAGE_SIZE + 32, 64, TO),
			 page_to_phys(page + 7) + 32);
	assert_int_equal(ranges, 1);
}

/* Above lowmem no page has its linear address. */
static void a_linear_address_of_highmem_is_none(void **state)
{
	(void)state;
	assert_int_equal(dma_map_single(phys_to_virt(page_to_phys(host_high_page(0))), 64, TO),
			 DMA_MAPPING_ERROR);
	assert_refused_with("is not a lowmem address");
}

static void a_sync_of_a_bad_range_touches_nothing(void **state)
{
	static const struct {
		uint32_t addr, size;
		int dir;
		const char *words;
	} row[] = {
		{HOST_RAM_BASE - 32, 64, TO,
		 "dma_sync_single_for_device: 64 bytes at 2fffffe0 are not"},
		{RAM_END - 32, 33, FROM, "are not wholly RAM"},
		{RAM_END, 1, FROM, "are not wholly RAM"},
		{HOST_RAM_BASE, 0, TO, "0 bytes at 30000000 are not wholly RAM"},
		/* Both ends are RAM, what lies between is all the rest of the world. */
		{HOST_RAM_BASE + 64, 0xFFFFFFF0, TO, "are not wholly RAM"},
		{HOST_RAM_BASE, 64, 3, "direction 3 is none of 0"},
		{HOST_RAM_BASE, 64, -1, "direction -1 is none of 0"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		dma_sync_single_for_device(row[i].addr, row[i].size,
					   (enum dma_data_direction)row[i].dir);
		assert_refused_with(row[i].words);
	}
	dma_map_page(mem_map + HOST_PAGES - 1, PAGE_SIZE - 32, 32, DMA_BIDIRECTIONAL);
	dma_sync_single_for_device(RAM_END - 32, 32, DMA_BIDIRECTIONAL); /* to the very end */
	assert_int_equal(dma_debug_report(), 0);
}

/* dma_map_sg() that fails at entry k has unmapped 0..k-1, and only those. */
static void a_list_refused_half_way_leaves_no_mapping(void **state)
{
	struct scatterlist sg[4];

	(void)state;
	for (unsigned bad = 0; bad < 4; bad++) {
		for (unsigned i = 0; i < 4; i++)
			sg[i] = (struct scatterlist){.page = mem_map + 2 * i,
						     .length = i == bad ? 0 : 64,
						     .dma_address = 77};
		assert_int_equal(dma_map_sg(sg, 4, FROM), 0);
		assert_int_equal(dma_debug_counts().maps, bad);
		assert_int_equal(dma_debug_counts().unmaps, bad);
		assert_int_equal(dma_debug_leaks(), 0);
		for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
			assert_int_equal(dma_debug_count(k), 0);
		assert_int_equal(ranges, bad);
		dma_debug_reset();
		ranges = 0;
	}
	for (unsigned i = 0; i < 4; i++)
		sg[i].length = 64;
	assert_int_equal(dma_map_sg(sg, 4, FROM), 4);
	assert_int_equal(dma_debug_counts().live, 4);
	dma_unmap_sg(sg, 4, FROM);
	assert_int_equal(dma_debug_counts().live, 0);
	assert_int_equal(dma_debug_report(), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(an_offset_that_wraps_is_not_another_page),
		T(a_linear_address_of_highmem_is_none),
		T(a_sync_of_a_bad_range_touches_nothing),
		T(a_list_refused_half_way_leaves_no_mapping),
	};

	return cmocka_run_group_tests_name("dma_refused", tests, NULL, NULL);
}
