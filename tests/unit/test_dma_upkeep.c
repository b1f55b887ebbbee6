/* SPDX-License-Identifier: MIT */
/* What each call does to a buffer's lines, by direction and core: the table of Linux 2.6.34. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

#include "dma/debug.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "mm/pkmap.h"

static char done[16]; /* a letter for each range: clean, invalidate, both */

static void note(char letter)
{
	size_t n = strlen(done);

	assert_true(n + 1 < sizeof(done));
	done[n] = letter;
}

static void clean(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	note('c');
}

static void inv(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	note('i');
}

static void clean_inv(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	note('b');
}

static const char *what_was_done(void)
{
	static char was[sizeof(done)];

	memcpy(was, done, sizeof(was));
	memset(done, 0, sizeof(done));
	return was;
}

static void start(bool vivt, enum cm_index core_index, const struct dma_upkeep *own)
{
	struct core_profile core = {.dcache = {.index = core_index}, .upkeep = own};

	host_mm_reset();
	dcache.clean_lines = clean;
	dcache.inv_lines = inv;
	dcache.clean_inv_lines = dcache.edge_lines = clean_inv;
	dcache_is_vivt = vivt;
	dma_follow_cache(&core);
	dma_fix_select(FIX_AUTO);
	what_was_done();
}

/* Each call by each direction, of a page with an address and of lowmem. */
static void assert_table(const char *const to_device[3], const char *const to_cpu[3])
{
	for (unsigned high = 0; high < 2; high++)
		for (enum dma_data_direction dir = 0; dir < 3; dir++) {
			struct page *page = high ? host_high_page(3) : &mem_map[5];
			struct scatterlist sg = {.page = page, .length = PAGE_SIZE};
			dma_addr_t at;

			kmap(page);
			at = dma_map_page(page, 0, PAGE_SIZE, dir);
			assert_string_equal(what_was_done(), to_device[dir]);
			dma_sync_single_for_cpu(at, PAGE_SIZE, dir);
			assert_string_equal(what_was_done(), to_cpu[dir]);
			dma_sync_single_for_device(at, PAGE_SIZE, dir);
			assert_string_equal(what_was_done(), to_device[dir]);
			dma_unmap_page(at, PAGE_SIZE, dir);
			assert_string_equal(what_was_done(), to_cpu[dir]);
			assert_int_equal(dma_map_sg(&sg, 1, dir), 1);
			dma_sync_sg_for_cpu(&sg, 1, dir);
			dma_sync_sg_for_device(&sg, 1, dir);
			what_was_done();
			dma_unmap_sg(&sg, 1, dir);
			assert_string_equal(what_was_done(), to_cpu[dir]);
			if (!high) {
				at = dma_map_single(page->virtual, PAGE_SIZE, dir);
				assert_string_equal(what_was_done(), to_device[dir]);
				dma_unmap_single(at, PAGE_SIZE, dir);
				assert_string_equal(what_was_done(), to_cpu[dir]);
			}
			kunmap(page);
		}
}

static const char *const v5_out[3] = {"b", "c", "i"}, *const nothing[3] = {"", "", ""};
static const char *const v6_out[3] = {"c", "c", "i"}, *const v6_back[3] = {"i", "", "i"};

static void each_core_does_what_its_table_says(void **state)
{
	(void)state;
	start(true, CM_VIVT, &upkeep_v5);
	assert_table(v5_out, nothing);
	start(false, CM_VIPT, &upkeep_v6);
	assert_table(v6_out, v6_back);
	start(false, CM_PIPT, &upkeep_v5); /* a core of this kind that fills nothing by itself */
	assert_table(v5_out, nothing);
}

static void a_model_of_another_kind_stands_for_a_core_that_has_it(void **state)
{
	(void)state;
	start(false, CM_VIVT, &upkeep_v5);
	assert_table(v6_out, v6_back);
	start(true, CM_VIPT, &upkeep_v6);
	assert_table(v5_out, nothing);
}

/* And the way back costs nothing, not even a question, where nobody has work there. */
static void the_way_back_is_empty_where_nobody_has_work(void **state)
{
	(void)state;
	start(true, CM_VIVT, &upkeep_v5);
	assert_false(dma_work_at_return);
	dma_debug_switch(true);
	assert_true(dma_work_at_return);
	start(true, CM_VIVT, &upkeep_v5);
	assert_true(dma_work_at_return); /* dma-debug is still on */
	dma_debug_switch(false);
	assert_false(dma_work_at_return);
	start(false, CM_VIPT, &upkeep_v6);
	assert_true(dma_work_at_return);
	dma_debug_switch(true);
	dma_debug_switch(false);
	assert_true(dma_work_at_return);
}

/* Without an address: nothing on VIVT; on physical tags through a mapping that is gone again. */
static void a_page_without_an_address(void **state)
{
	static const enum dma_fix_id cures[] = {FIX_PIN, FIX_AUTO};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct page *page;

		start(true, CM_VIVT, &upkeep_v5);
		page = host_high_page(7);
		dma_fix_select(cures[i]);
		dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
		assert_string_equal(what_was_done(), "");
		start(false, CM_VIPT, &upkeep_v6);
		dma_fix_select(cures[i]);
		dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
		assert_string_equal(what_was_done(), "i");
		dma_unmap_page(page_to_phys(page), PAGE_SIZE, DMA_FROM_DEVICE);
		assert_string_equal(what_was_done(), "i");
		assert_null(page_address(page));
		for (unsigned slot = 0; slot < 16; slot++)
			assert_int_equal(fixmap_pte[slot], 0);
		assert_int_equal(host_irq_mask, 0);
		/* And the strategy in use goes with the next cache. */
		dcache_is_vivt = true;
		dma_fix_follow_cache();
		dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
		assert_string_equal(what_was_done(), "");
	}
}

static void what_is_not_ram_is_refused_at_the_way_back(void **state)
{
	(void)state;
	start(false, CM_VIPT, &upkeep_v6);
	dma_unmap_page(HOST_RAM_BASE - PAGE_SIZE, PAGE_SIZE, DMA_FROM_DEVICE);
	dma_unmap_page(HOST_RAM_BASE, 0, DMA_FROM_DEVICE);
	dma_sync_single_for_cpu(HOST_RAM_BASE, PAGE_SIZE, DMA_NONE);
	assert_string_equal(what_was_done(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_core_does_what_its_table_says),
		cmocka_unit_test(a_model_of_another_kind_stands_for_a_core_that_has_it),
		cmocka_unit_test(the_way_back_is_empty_where_nobody_has_work),
		cmocka_unit_test(a_page_without_an_address),
		cmocka_unit_test(what_is_not_ram_is_refused_at_the_way_back),
	};

	return cmocka_run_group_tests_name("dma_upkeep", tests, NULL, NULL);
}
