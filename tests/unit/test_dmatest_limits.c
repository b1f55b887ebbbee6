/* SPDX-License-Identifier: MIT */
/* dmatest draws only what the board's engine takes, whatever its limits are, and still all that
 * a test needs: lists, pieces across pages, lengths from the least to the longest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "host_mm.h"

#include "boards/board_api.h"
#include "dma/transfer.h"
#include "host_seed.h"
#include "mm/page_alloc.h"
#include "mm/page_copy.h"
#include "selftest/dmatest.h"

static struct {
	struct board_dma_limits limits;
	uint32_t segs, lists, shortest, longest, unaligned;
} engine;

struct board_dma_limits board_dma_limits(void)
{
	return engine.limits;
}

uint32_t board_clock_ticks(void)
{
	return 0;
}

const char *dma_transfer_error(int status)
{
	fail_msg("status %d", status);
	return "";
}

/* As an engine that does not end on what it cannot do. */
int dma_transfer_sg(const struct dma_seg *segs, unsigned n)
{
	const struct board_dma_limits *l = &engine.limits;

	engine.lists += n > 1;
	for (unsigned i = 0; i < n; i++) {
		assert_in_range(segs[i].len, l->least, l->longest);
		assert_int_equal(segs[i].len % l->multiple, 0);
		assert_int_equal(segs[i].src % l->align, 0);
		assert_int_equal(segs[i].dst % l->align, 0);
		engine.segs++;
		engine.unaligned += (segs[i].src | segs[i].dst) % 32 != 0;
		if (segs[i].len < engine.shortest)
			engine.shortest = segs[i].len;
		if (segs[i].len > engine.longest)
			engine.longest = segs[i].len;
	}
	return 0;
}

/* The CPU's side of a buffer is not looked at here. */
void buffer_fill(struct buffer *b, unsigned *rng)
{
	(void)b;
	(void)rng;
}

uint32_t buffer_check(const struct buffer *b, const struct pattern *src, buffer_report *report,
		      void *arg)
{
	(void)b;
	(void)src;
	(void)report;
	(void)arg;
	return 0;
}

void copy_lines(void *dst, const void *src, uint32_t bytes)
{
	(void)dst;
	(void)src;
	(void)bytes;
}

const char *const pattern_fault_names[FAULTS];
const char *const pattern_region_names[REGIONS];

static void memory(void)
{
	static bool added;

	if (!added) {
		host_mm_reset();
		zone_add(ZONE_LOWMEM, 0, HOST_LOW_PAGES);
		zone_add(ZONE_HIGHMEM, HOST_LOW_PAGES, HOST_PAGES);
	}
	added = true;
}

static void what_is_drawn_is_what_the_engine_takes(void **state)
{
	static const struct board_dma_limits boards[] = {
		{1, 1, 1, 135135},	    /* PL080 */
		{4, 4, 1, 65532},	    /* BCM2835 in QEMU */
		{4, 4, 4, 65532},	    /**/
		{128, 1, 1, (1 << 24) - 1}, /* Kirkwood's XOR */
		{1, 1, 16, 1000},	    {24, 16, 8, 4096},
	};
	uint32_t seed = host_seed();

	(void)state;
	for (unsigned i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		const struct board_dma_limits *l = &boards[i];
		uint32_t least = (l->least + l->multiple - 1) / l->multiple * l->multiple;
		struct dmatest t;

		memory();
		engine.limits = *l;
		engine.segs = engine.lists = engine.longest = engine.unaligned = 0;
		engine.shortest = ~0u;
		assert_true(buffers_take());
		dmatest_init(&t, seed);
		while (t.tests < 1500)
			assert_true(dmatest_one(&t));
		assert_int_equal(t.failures, 0);
		buffers_give_back();
		/* Far more than these by their odds. */
		assert_in_range(engine.shortest, least, least * 4 + l->align);
		assert_true(engine.longest > (l->longest < 4096 ? l->longest / 2 : 2048));
		assert_true(engine.lists > 100 && t.lists > 100 && t.across_pages > 100);
		assert_true(engine.unaligned > 100);
	}
}

static void an_engine_that_takes_no_buffer_is_named(void **state)
{
	(void)state;
	memory();
	engine.limits = (struct board_dma_limits){0x4000, 1, 1, 0x10000};
	assert_false(buffers_take());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_drawn_is_what_the_engine_takes),
		cmocka_unit_test(an_engine_that_takes_no_buffer_is_named),
	};

	return cmocka_run_group_tests_name("dmatest_limits", tests, NULL, NULL);
}
