/* SPDX-License-Identifier: MIT */
/* dma-debug's table of live mappings: overlaps, several at one address, leaks, a full table, and
 * random mappings against a plain list. */
#include "host_seed.h"
#include "test_dma_debug.h"

/* 0x1001f and 0x10020 are neighbours in different lines. */
static void overlap_is_by_cache_line_and_only_where_a_device_writes(void **state)
{
	static const struct {
		enum dma_data_direction first, second;
		uint32_t pa, size;
		bool overlap;
	} row[] = {
		{TO, TO, 0x10040, 32, false},	  {TO, FROM, 0x10040, 32, true},
		{FROM, TO, 0x10040, 32, true},	  {BIDI, TO, 0x10040, 32, true},
		{TO, BIDI, 0x10040, 32, true},	  {FROM, FROM, 0x1003f, 1, false},
		{FROM, FROM, 0x10041, 1, true},	  {FROM, FROM, 0x10000, 65, true},
		{FROM, FROM, 0x10000, 64, false}, {FROM, FROM, 0x1005f, 1, true},
		{FROM, FROM, 0x10060, 1, false},  {FROM, FROM, 0, 0x20000, true},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		dma_debug_reset();
		dma_debug_map(0x10048, 8, row[i].first, PAGE, HERE);
		dma_debug_map(row[i].pa, row[i].size, row[i].second, PAGE, THERE);
		if (dma_debug_count(DMA_DEBUG_OVERLAP) != row[i].overlap)
			fail_msg("row %u", i);
	}
	dma_debug_reset();
	rewind(stdout);
	dma_debug_map(0x10048, 8, FROM, PAGE, HERE);
	dma_debug_map(0x10040, 8, TO, DMA_DEBUG_SINGLE, THERE);
	assert_only(DMA_DEBUG_OVERLAP, "8 bytes at 00010040, single TO_DEVICE, mapped by c0002000",
		    "8 bytes at 00010048, page FROM_DEVICE, mapped by c0001000", "32-byte lines",
		    NO_MORE);
	dma_debug_unmap(0x10048, 8, FROM, PAGE, HERE); /* both were recorded */
	dma_debug_unmap(0x10040, 8, TO, DMA_DEBUG_SINGLE, HERE);
	assert_int_equal(lines(), 1);
}

static void of_several_at_one_address_the_right_one_ends(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 64, TO, PAGE, HERE);
	dma_debug_map(0x10000, 4096, TO, DMA_DEBUG_SG, HERE);
	dma_debug_map(0x10000, 64, TO, DMA_DEBUG_SINGLE, HERE);
	dma_debug_sync(0x10000, 4096, TO, DMA_DEBUG_FOR_DEVICE, HERE);
	dma_debug_unmap(0x10000, 4096, TO, DMA_DEBUG_SG, HERE);
	dma_debug_unmap(0x10000, 64, TO, PAGE, HERE);
	dma_debug_unmap(0x10000, 64, TO, DMA_DEBUG_SINGLE, HERE);
	assert_nothing();
}

/* The overlap is one finding; that each is unmapped in its own direction must not be another. */
static void of_two_directions_the_right_one_ends(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 64, TO, PAGE, HERE);
	dma_debug_map(0x10000, 64, BIDI, PAGE, HERE);
	dma_debug_unmap(0x10000, 64, TO, PAGE, HERE);
	dma_debug_unmap(0x10000, 64, BIDI, PAGE, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_OVERLAP), 1);
	assert_int_equal(dma_debug_count(DMA_DEBUG_WRONG_DIRECTION), 0);
}

static void leaks_are_listed_oldest_first(void **state)
{
	(void)state;
	dma_debug_map(0x30000, 64, TO, PAGE, HERE);
	dma_debug_map(0x50000, 64, BIDI, DMA_DEBUG_COHERENT, HERE); /* may live for ever */
	dma_debug_map(0x20000, 64, TO, PAGE, HERE);
	dma_debug_map(0x10000, 64, FROM, DMA_DEBUG_SG, HERE);
	dma_debug_unmap(0x20000, 64, TO, PAGE, HERE);
	assert_int_equal(dma_debug_leaks(), 2);
	assert_int_equal(dma_debug_count(DMA_DEBUG_LEAK), 2);
	assert_int_equal(lines(), 2);
	assert_true(strstr(printed, "00030000") < strstr(printed, "00010000"));
	assert_non_null(strstr(printed, "end it with dma_unmap_sg"));
	dma_debug_dump();
	assert_int_equal(lines(), 5);
	assert_non_null(strstr(printed, "live #2 64 bytes at 00050000, coherent"));
	assert_int_equal(dma_debug_report(), 2);
	fflush(stdout);
	assert_non_null(
		strstr(printed, "maps=4 unmaps=1 syncs=0 live=3 max=4 findings=2, leak: 2"));
}

static void a_full_table_is_said_once_and_ends_all_checking(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DMA_DEBUG_MAX; i++)
		dma_debug_map(i << 12, 4096, FROM, PAGE, HERE);
	assert_nothing();
	assert_true(dma_debug_checking());
	dma_debug_unmap(0x5000, 4096, FROM, PAGE, HERE);
	dma_debug_map(0x5000, 4096, FROM, PAGE, HERE);
	assert_nothing();
	for (uint32_t i = 0; i < 3; i++)
		dma_debug_map(0x80000000 + (i << 12), 4096, FROM, PAGE, HERE);
	assert_int_equal(lines(), 1);
	assert_non_null(strstr(printed, "table full, checking switched off"));
	assert_false(dma_debug_checking());
	dma_debug_unmap(0x90000000, 4096, FROM, PAGE, HERE); /* cannot be judged any more */
	dma_debug_sync(0x90000000, 4096, FROM, DMA_DEBUG_FOR_CPU, HERE);
	assert_int_equal(lines(), 1);
	dma_debug_reset();
	assert_true(dma_debug_checking());
	dma_debug_unmap(0x5000, 4096, FROM, PAGE, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_NOT_MAPPED), 1);
}

/* Against a plain list: overlaps are found exactly, right unmaps never are. */
static void random_maps_and_unmaps(void **state)
{
	struct {
		uint32_t pa, size;
		enum dma_data_direction dir;
		enum dma_debug_type type;
	} live[200];
	unsigned n = 0;
	uint32_t overlaps = 0;

	(void)state;
	srand(host_seed());
	for (unsigned i = 0; i < 20000; i++) {
		unsigned k = n ? (unsigned)rand() % n : 0;

		if (n < 200 && rand() % 2) {
			bool overlap = false;

			k = n++;
			live[k].pa = (uint32_t)rand() % 0x4000;
			live[k].size = 1 + (uint32_t)rand() % 100;
			live[k].dir = rand() % 4 ? TO : (enum dma_data_direction)(rand() % 3);
			live[k].type = (enum dma_debug_type)(rand() % 4);
			for (unsigned j = 0; j < k; j++)
				overlap |= (live[j].dir != TO || live[k].dir != TO) &&
					   live[j].pa / 32 * 32 <= live[k].pa + live[k].size - 1 &&
					   live[k].pa / 32 * 32 <= live[j].pa + live[j].size - 1;
			overlaps += overlap;
			dma_debug_map(live[k].pa, live[k].size, live[k].dir, live[k].type, HERE);
		} else if (n) {
			dma_debug_unmap(live[k].pa, live[k].size, live[k].dir, live[k].type, HERE);
			live[k] = live[--n];
		}
		assert_int_equal(dma_debug_count(DMA_DEBUG_OVERLAP), overlaps);
	}
	assert_true(overlaps > 100);
	while (n--)
		dma_debug_unmap(live[n].pa, live[n].size, live[n].dir, live[n].type, HERE);
	assert_int_equal(dma_debug_leaks(), 0);
	assert_int_equal(dma_debug_report(), overlaps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(overlap_is_by_cache_line_and_only_where_a_device_writes),
		T(of_several_at_one_address_the_right_one_ends),
		T(of_two_directions_the_right_one_ends),
		T(leaks_are_listed_oldest_first),
		T(a_full_table_is_said_once_and_ends_all_checking),
		T(random_maps_and_unmaps),
	};

	return cmocka_run_group_tests_name("dma_debug_table", tests, NULL, NULL);
}
