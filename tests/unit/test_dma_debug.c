/* SPDX-License-Identifier: MIT */
/* dma-debug: each kind of mistake is found, counted once and said in words; and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "dma/debug.h"

#define HERE  ((const void *)0xc0001000)
#define THERE ((const void *)0xc0002000)

#define TO   DMA_TO_DEVICE
#define FROM DMA_FROM_DEVICE
#define BIDI DMA_BIDIRECTIONAL
#define PAGE DMA_DEBUG_PAGE

/* ---- What was printed since the last look. ---- */

static FILE *real_stdout;
static char *printed;
static size_t printed_len;

static int setup(void **state)
{
	(void)state;
	dma_debug_reset();
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
	return 0;
}

static unsigned lines(void)
{
	unsigned n = 0;

	fflush(stdout);
	for (size_t i = 0; i < printed_len; i++)
		n += printed[i] == '\n';
	return n;
}

/* All counts are 0 but this one, and there is one line, which says all of this. */
static void assert_only(enum dma_debug_kind kind, ...)
{
	const char *part;
	va_list parts;

	assert_int_equal(lines(), 1);
	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		assert_int_equal(dma_debug_count(k), k == kind);
	assert_int_equal(strncmp(printed, "dma-debug: ", 11), 0);
	va_start(parts, kind);
	while ((part = va_arg(parts, const char *)))
		if (!strstr(printed, part))
			fail_msg("\"%s\" is not in: %s", part, printed);
	va_end(parts);
}

static void assert_nothing(void)
{
	assert_int_equal(lines(), 0);
	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		assert_int_equal(dma_debug_count(k), 0);
}

#define NO_MORE ((const char *)NULL)

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
	const char *text = getenv("SEED");
	unsigned seed = text ? (unsigned)strtoul(text, NULL, 0) : (unsigned)time(NULL);
	struct {
		uint32_t pa, size;
		enum dma_data_direction dir;
		enum dma_debug_type type;
	} live[200];
	unsigned n = 0;
	uint32_t overlaps = 0;

	(void)state;
	fprintf(stderr, "random_maps_and_unmaps: SEED=%u\n", seed);
	srand(seed);
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
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
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
		T(overlap_is_by_cache_line_and_only_where_a_device_writes),
		T(of_several_at_one_address_the_right_one_ends),
		T(leaks_are_listed_oldest_first),
		T(a_full_table_is_said_once_and_ends_all_checking),
		T(random_maps_and_unmaps),
	};

	return cmocka_run_group_tests_name("dma_debug", tests, NULL, NULL);
}
