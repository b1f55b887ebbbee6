/* SPDX-License-Identifier: MIT */
/* dma-debug finds the mapping that is meant among many: equal hashes, equal starts, a full table,
 * address 0; and its report counts all of it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dma/debug.h"
#include "dma/debug_table.h"

#define HERE  ((const void *)0xc0001000)
#define THERE ((const void *)0xc0002000)
#define TO    DMA_TO_DEVICE
#define FROM  DMA_FROM_DEVICE
#define PAGE  DMA_DEBUG_PAGE

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

static uint32_t all_findings(void)
{
	uint32_t all = 0;

	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		all += dma_debug_count(k);
	return all;
}

/* Of 10,000 addresses some share the live one's hash chain: none of them ends it. */
static void a_stranger_in_the_same_chain_ends_nothing(void **state)
{
	const uint32_t tries = 10000;

	(void)state;
	dma_debug_map(0x10000, 64, TO, PAGE, HERE);
	for (uint32_t i = 1; i <= tries; i++)
		dma_debug_unmap(0x10000 + i * 4096, 64, TO, PAGE, THERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_NOT_MAPPED), tries);
	assert_int_equal(all_findings(), tries);
	assert_int_equal(dma_debug_counts().live, 1);
	dma_debug_unmap(0x10000, 64, TO, PAGE, HERE);
	assert_int_equal(all_findings(), tries);
	assert_int_equal(dma_debug_counts().live, 0);
}

/* A short and a long mapping of the same bytes: a sync that only the long one holds is its. */
static void a_sync_is_of_the_mapping_that_holds_it_all(void **state)
{
	(void)state;
	dma_debug_map(0x10000, 64, TO, PAGE, HERE);
	dma_debug_map(0x10000, 4096, TO, PAGE, HERE);
	dma_debug_sync(0x10020, 64, TO, DMA_DEBUG_FOR_CPU, HERE);
	dma_debug_sync(0x10020, 32, TO, DMA_DEBUG_FOR_CPU, HERE);
	dma_debug_sync(0x1003f, 4033, TO, DMA_DEBUG_FOR_DEVICE, HERE); /* to the very end */
	assert_int_equal(all_findings(), 0);
	dma_debug_sync(0x1003f, 4034, TO, DMA_DEBUG_FOR_DEVICE, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_OUTSIDE), 1);
	dma_debug_sync(0x0ffff, 1, TO, DMA_DEBUG_FOR_CPU, HERE); /* just before */
	dma_debug_sync(0x11000, 1, TO, DMA_DEBUG_FOR_CPU, HERE); /* just behind */
	assert_int_equal(dma_debug_count(DMA_DEBUG_NOT_MAPPED), 2);
	assert_int_equal(all_findings(), 3);
}

/* And of the one that holds it exactly, wherever in the table a shorter one stands. */
static void a_shorter_mapping_does_not_hide_it(void **state)
{
	(void)state;
	dma_debug_map(0x10020, 32, TO, PAGE, HERE);
	dma_debug_map(0x10000, 4096, TO, PAGE, HERE);
	dma_debug_map(0x10020, 64, TO, PAGE, HERE);
	dma_debug_sync(0x10020, 4064, TO, DMA_DEBUG_FOR_CPU, HERE);
	assert_int_equal(all_findings(), 0);
}

/* One that ended and whose place in the table is free holds nothing any more. */
static void an_ended_mapping_is_nowhere(void **state)
{
	struct dma_debug_mapping m = {.pa = 0x10000, .size = 64, .dir = FROM}, out = {.pa = 77};

	(void)state;
	assert_true(dma_debug_insert(&m));
	assert_true(dma_debug_remove(&m, &out));
	out.pa = 77;
	assert_false(dma_debug_find_around(&m, &out));
	assert_false(dma_debug_find_overlap(&m, &out));
	assert_false(dma_debug_find_next(0, &out));
	assert_false(dma_debug_find_ended(0x10020, &out)); /* its start counts */
	assert_false(dma_debug_remove(&m, &out));
	assert_int_equal(out.pa, 77); /* left alone when there is none */
	assert_true(dma_debug_find_ended(0x10000, &out));
	assert_int_equal(out.size, 64);
}

/* The last entry is used, no entry beyond it is looked at, and all come back. */
static void a_table_used_to_its_last_entry(void **state)
{
	const uint32_t apart = 0x100000; /* each round at addresses of its own */
	struct dma_debug_mapping m = {.size = 32, .dir = FROM}, out;
	const struct dma_debug_mapping nowhere = {.pa = 0x80000000, .size = 1, .dir = FROM};

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		uint32_t seq = 0, base = round * apart;

		for (uint32_t i = 0; i < DMA_DEBUG_MAX; i++) {
			m.pa = base + i * 64;
			assert_true(dma_debug_insert(&m));
		}
		assert_false(dma_debug_insert(&nowhere));
		assert_int_equal(dma_debug_counts().live, DMA_DEBUG_MAX);
		assert_int_equal(dma_debug_counts().max, DMA_DEBUG_MAX);
		assert_false(dma_debug_find_around(&nowhere, &out));
		assert_false(dma_debug_find_overlap(&nowhere, &out));
		for (uint32_t i = 0; round && i < DMA_DEBUG_MAX; i++) { /* of the round before */
			m.pa = base - apart + i * 64;
			assert_false(dma_debug_find_around(&m, &out));
			assert_false(dma_debug_find_overlap(&m, &out));
		}
		for (uint32_t i = 0; i < DMA_DEBUG_MAX; i++) { /* in the order of mapping */
			assert_true(dma_debug_find_next(seq, &out));
			assert_int_equal(out.pa, base + i * 64);
			assert_true(out.seq > seq);
			seq = out.seq;
		}
		assert_false(dma_debug_find_next(seq, &out));
		for (uint32_t i = DMA_DEBUG_MAX; i-- > 0;) {
			m.pa = base + i * 64;
			assert_true(dma_debug_remove(&m, &out));
			assert_int_equal(out.pa, m.pa);
		}
	}
	assert_int_equal(dma_debug_counts().maps, 3 * DMA_DEBUG_MAX);
	assert_int_equal(dma_debug_counts().unmaps, 3 * DMA_DEBUG_MAX);
	assert_int_equal(dma_debug_counts().live, 0);
}

/* A double unmap is known for the last 64 that ended, and not taken for one after that. */
static void the_history_is_64_deep(void **state)
{
	(void)state;
	for (uint32_t i = 0; i <= 64; i++) {
		dma_debug_map(i << 12, 64, TO, PAGE, HERE);
		dma_debug_unmap(i << 12, 64, TO, PAGE, HERE);
	}
	dma_debug_unmap(1 << 12, 64, TO, PAGE, THERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_DOUBLE_UNMAP), 1);
	dma_debug_unmap(0, 64, TO, PAGE, THERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_NOT_MAPPED), 1);
	assert_int_equal(all_findings(), 2);
}

/* One mistake is one finding, at address 0 too. */
static void a_sync_of_nothing_at_address_0_is_one_finding(void **state)
{
	(void)state;
	dma_debug_sync(0, 64, TO, DMA_DEBUG_FOR_CPU, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_NOT_MAPPED), 1);
	assert_int_equal(all_findings(), 1);
	dma_debug_unmap(0, 64, TO, PAGE, HERE);
	assert_int_equal(dma_debug_count(DMA_DEBUG_NOT_MAPPED), 2);
	assert_int_equal(all_findings(), 2);
}

static void assert_report(uint32_t findings, const char *line)
{
	fflush(stdout);
	rewind(stdout);
	assert_int_equal(dma_debug_report(), findings);
	fputc('\0', stdout);
	fflush(stdout);
	assert_string_equal(printed, line);
}

static void the_report_counts_every_kind_and_every_call(void **state)
{
	(void)state;
	assert_report(0, "dma-debug: maps=0 unmaps=0 syncs=0 live=0 max=0 findings=0\n");
	dma_debug_unmap(0x90000, 1, TO, PAGE, HERE); /* the first kind */
	dma_debug_map(0x10000, 64, TO, PAGE, HERE);
	dma_debug_map(0x20000, 64, TO, PAGE, HERE);
	dma_debug_map(0x30000, 0, TO, PAGE, HERE); /* in none of the counts but its own */
	dma_debug_sync(0x10000, 0, TO, DMA_DEBUG_FOR_CPU, HERE); /* likewise */
	dma_debug_sync(0x10000, 64, TO, DMA_DEBUG_FOR_CPU, HERE);
	dma_debug_sync(0x20000, 64, TO, DMA_DEBUG_FOR_DEVICE, HERE);
	dma_debug_sync(0x20000, 64, TO, DMA_DEBUG_FOR_DEVICE, HERE);
	dma_debug_unmap(0x20000, 64, TO, PAGE, HERE);
	dma_debug_leaks(); /* the last kind */
	assert_report(4, "dma-debug: maps=2 unmaps=1 syncs=3 live=1 max=2 findings=4, not mapped: "
			 "1, wrong size: 2, leak: 1\n");
	dma_debug_reset();
	assert_report(0, "dma-debug: maps=0 unmaps=0 syncs=0 live=0 max=0 findings=0\n");
	for (uint32_t i = 0; i <= DMA_DEBUG_MAX; i++)
		dma_debug_map(i << 12, 64, TO, PAGE, HERE);
	assert_report(0, "dma-debug: maps=256 unmaps=0 syncs=0 live=256 max=256 findings=0 (table "
			 "full, checking switched off)\n");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_stranger_in_the_same_chain_ends_nothing),
		T(a_sync_is_of_the_mapping_that_holds_it_all),
		T(a_shorter_mapping_does_not_hide_it),
		T(an_ended_mapping_is_nowhere),
		T(a_table_used_to_its_last_entry),
		T(the_history_is_64_deep),
		T(a_sync_of_nothing_at_address_0_is_one_finding),
		T(the_report_counts_every_kind_and_every_call),
	};

	return cmocka_run_group_tests_name("dma_debug_lookup", tests, NULL, NULL);
}
