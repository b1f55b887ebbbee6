/* SPDX-License-Identifier: MIT */
/* dma-debug: each kind of mistake is found, counted once and said in words; and nothing else. */
#include "test_dma_debug.h"

/* ---- Each rule: kept, and broken. ---- */

static void right_use_says_nothing(void **state)
{
	(void)state;
	for (unsigned type = DMA_DEBUG_PAGE; type <= DMA_DEBUG_COHERENT; type++) {
		for (unsigned dir = BIDI; dir <= FROM; dir++) {
			dma_debug_map(0x10000, 4096, dir, type, HERE);
			dma_debug_map(0x11000, 1, dir, type, HERE);
			if (type != DMA_DEBUG_COHERENT) {
				dma_debug_sync(0x10000, 4096, dir, DMA_DEBUG_FOR_CPU, HERE);
				dma_debug_sync(0x10fff, 1, dir, DMA_DEBUG_FOR_DEVICE, HERE);
			}
			dma_debug_unmap(0x11000, 1, dir, type, THERE);
			dma_debug_unmap(0x10000, 4096, dir, type, THERE);
		}
	}
	dma_debug_map(0xffffffff, 1, FROM, PAGE, HERE);
	dma_debug_sync(0xffffffff, 1, FROM, DMA_DEBUG_FOR_CPU, HERE);
	dma_debug_unmap(0xffffffff, 1, FROM, PAGE, HERE);
	dma_debug_map(0, 32, BIDI, PAGE, HERE); /* may be synced in part directions */
	dma_debug_sync(0, 32, TO, DMA_DEBUG_FOR_DEVICE, HERE);
	dma_debug_sync(0, 32, FROM, DMA_DEBUG_FOR_CPU, HERE);
	dma_debug_unmap(0, 32, BIDI, PAGE, HERE);
	assert_int_equal(dma_debug_leaks(), 0);
	assert_nothing();
}

static void unmap_of_what_was_never_mapped(void **state)
{
	(void)state;
	dma_debug_map(0x11000, 4096, TO, PAGE, HERE);
	dma_debug_unmap(0x10000, 4096, TO, PAGE, THERE);
	assert_only(DMA_DEBUG_NOT_MAPPED, "not mapped", "dma_unmap_page at 00010000", "c0002000",
		    "use what dma_map_* returned", NO_MORE);
}

static void unmap_inside_a_mapping_names_it_and_keeps_it(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, TO, PAGE, HERE);
	dma_debug_unmap(0x10800, 2048, TO, PAGE, THERE);
	assert_only(DMA_DEBUG_NOT_MAPPED, "2048 bytes inside 4096 bytes at 00010000",
		    "mapped by c0001000", "use its start", NO_MORE);
	dma_debug_unmap(0x10000, 4096, TO, PAGE, THERE);
	assert_int_equal(lines(), 1);
}

static void double_unmap(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 64, FROM, DMA_DEBUG_SINGLE, HERE);
	dma_debug_unmap(0x10000, 64, FROM, DMA_DEBUG_SINGLE, THERE);
	dma_debug_unmap(0x10000, 64, FROM, DMA_DEBUG_SINGLE, THERE);
	assert_only(DMA_DEBUG_DOUBLE_UNMAP, "double unmap", "dma_unmap_single at 00010000",
		    "64 bytes at 00010000, single FROM_DEVICE, mapped by c0001000", NO_MORE);
}

static void double_unmap_names_the_latest_mapping_there(void **state)
{
	(void)state;
	for (uint32_t size = 1; size <= 70; size++) { /* the history goes round */
		dma_debug_map(0x10000, size, TO, PAGE, HERE);
		dma_debug_unmap(0x10000, size, TO, PAGE, HERE);
	}
	dma_debug_unmap(0x10000, 1, TO, PAGE, THERE);
	assert_only(DMA_DEBUG_DOUBLE_UNMAP, "70 bytes at 00010000", NO_MORE);
}

static void wrong_size(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_unmap(0x10000, 512, FROM, PAGE, THERE);
	assert_only(DMA_DEBUG_WRONG_SIZE, "wrong size", "of 512 bytes", "c0002000",
		    "unmap all 4096 bytes", NO_MORE);
	assert_int_equal(dma_debug_leaks(), 0); /* forgotten all the same */
}

static void wrong_function(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, DMA_DEBUG_SG, HERE);
	dma_debug_unmap(0x10000, 4096, FROM, DMA_DEBUG_SINGLE, THERE);
	assert_only(DMA_DEBUG_WRONG_FUNCTION, "wrong function", "dma_unmap_single by c0002000",
		    "use dma_unmap_sg", NO_MORE);
}

static void wrong_direction(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_unmap(0x10000, 4096, TO, PAGE, THERE);
	assert_only(DMA_DEBUG_WRONG_DIRECTION, "wrong direction", "dma_unmap_page TO_DEVICE",
		    "use FROM_DEVICE", NO_MORE);
}

static void a_mistake_in_everything_is_three_findings(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_unmap(0x10000, 1, DMA_NONE, DMA_DEBUG_COHERENT, THERE);
	assert_int_equal(lines(), 3);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_FUNCTION), 1);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_SIZE), 1);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_DIRECTION), 1);
	assert_int_equal(dma_debug_report(), 3);
}

static void map_of_nothing_past_the_end_or_in_no_direction(void **state)
{
	(void)state;
	dma_debug_map(0, 0, TO, PAGE, HERE);
	dma_debug_map(0xfffffff0, 17, TO, PAGE, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_SIZE), 2);
	dma_debug_map(0x10000, 4, DMA_NONE, PAGE, HERE);
	dma_debug_map(0x10000, 4, (enum dma_data_direction)7, PAGE, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_DIRECTION), 2);
	dma_debug_sync(0x10000, 0, TO, DMA_DEBUG_FOR_CPU, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_SIZE), 3);
	assert_int_equal(lines(), 5);
	assert_int_equal(dma_debug_leaks(), 0); /* none of them was recorded */
}

static void sync_of_what_is_not_mapped(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_sync(0x11000, 1, FROM, DMA_DEBUG_FOR_CPU, THERE);
	assert_only(DMA_DEBUG_NOT_MAPPED, "dma_sync_*_for_cpu at 00011000", NO_MORE);
}

static void sync_after_unmap(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_unmap(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_sync(0x10000, 1, FROM, DMA_DEBUG_FOR_DEVICE, THERE);
	assert_only(DMA_DEBUG_NOT_MAPPED, "dma_sync_*_for_device at 00010000", "has ended",
		    NO_MORE);
}

static void sync_past_the_end(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE);
	dma_debug_sync(0x10f00, 257, FROM, DMA_DEBUG_FOR_CPU, THERE);
	assert_only(DMA_DEBUG_OUTSIDE, "outside", "of 257 bytes at 00010f00", "at most 256 bytes",
		    NO_MORE);
}

static void sync_in_the_wrong_direction(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, TO, PAGE, HERE);
	dma_debug_sync(0x10000, 4096, FROM, DMA_DEBUG_FOR_CPU, THERE);
	assert_only(DMA_DEBUG_WRONG_DIRECTION, "dma_sync_*_for_cpu FROM_DEVICE", "use TO_DEVICE",
		    NO_MORE);
}

static void sync_of_coherent_memory(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 4096, BIDI, DMA_DEBUG_COHERENT, HERE);
	dma_debug_sync(0x10000, 64, TO, DMA_DEBUG_FOR_DEVICE, THERE);
	assert_only(DMA_DEBUG_WRONG_FUNCTION, "coherent memory needs no sync", NO_MORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(right_use_says_nothing),
		T(unmap_of_what_was_never_mapped),
		T(unmap_inside_a_mapping_names_it_and_keeps_it),
		T(double_unmap),
		T(double_unmap_names_the_latest_mapping_there),
		T(wrong_size),
		T(wrong_function),
		T(wrong_direction),
		T(a_mistake_in_everything_is_three_findings),
		T(map_of_nothing_past_the_end_or_in_no_direction),
		T(sync_of_what_is_not_mapped),
		T(sync_after_unmap),
		T(sync_past_the_end),
		T(sync_in_the_wrong_direction),
		T(sync_of_coherent_memory),
	};

	return cmocka_run_group_tests_name("dma_debug", tests, NULL, NULL);
}
