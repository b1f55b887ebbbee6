/* SPDX-License-Identifier: MIT */
/* selftest=dmatest: random copies by the board's DMA engine between highmem and lowmem. */
#include "selftest/dmatest.h"
#include "selftest/dmatest_limits.h"

#include <stdio.h>

#include "boards/board_api.h"
#include "dma/debug.h"
#include "selftest/selftest.h"

#define USUAL_RUNS 10000

static void print_findings(const struct dmatest *t)
{
	uint32_t all = 0;

	for (unsigned f = 0; f < FAULTS; f++) {
		const uint32_t *n = t->found[f];

		all += n[REGION_BEFORE] + n[REGION_INSIDE] + n[REGION_AFTER];
		if (n[REGION_BEFORE] || n[REGION_INSIDE] || n[REGION_AFTER])
			printf("dmatest: in all %s: before=%lu inside=%lu after=%lu\n",
			       pattern_fault_names[f], (unsigned long)n[REGION_BEFORE],
			       (unsigned long)n[REGION_INSIDE], (unsigned long)n[REGION_AFTER]);
	}
	if (all > 32)
		printf("dmatest: %lu findings were counted and not printed\n",
		       (unsigned long)all - 32);
}

static uint32_t kb_per_s(const struct dmatest *t)
{
	uint64_t us = t->ticks / (board_clock_hz() / 1000000);

	return us ? t->bytes * 1000000 / 1024 / us : 0;
}

static bool dmatest(uint32_t runs, uint32_t seed)
{
	struct dmatest t;
	bool ok;

	if (!buffers_take())
		return false;
	dmatest_init(&t, seed);
	while (t.tests < (runs ? runs : USUAL_RUNS) && dmatest_one(&t))
		;
	buffers_give_back();
	print_findings(&t);
	limits_print();
	printf("dmatest: %lu transfers, %lu mappings used twice, %lu lists, %lu pieces across "
	       "pages; high>high %lu high>low %lu low>high %lu low>low %lu\n",
	       (unsigned long)t.transfers, (unsigned long)t.reused, (unsigned long)t.lists,
	       (unsigned long)t.across_pages, (unsigned long)t.moved[ZONE_HIGHMEM][ZONE_HIGHMEM],
	       (unsigned long)t.moved[ZONE_HIGHMEM][ZONE_LOWMEM],
	       (unsigned long)t.moved[ZONE_LOWMEM][ZONE_HIGHMEM],
	       (unsigned long)t.moved[ZONE_LOWMEM][ZONE_LOWMEM]);
	printf("dmatest: %lu tests, %lu failures, %lu KB/s, seed %lu\n", (unsigned long)t.tests,
	       (unsigned long)t.failures, (unsigned long)kb_per_s(&t), (unsigned long)seed);
	ok = t.failures == 0;
	if (dma_debug_on) {
		dma_debug_leaks();
		ok &= dma_debug_report() == 0;
	}
	return ok;
}

SELFTEST(dmatest) = {
	.name = "dmatest",
	.what = "10,000 random DMA copies between highmem and lowmem: every byte arrives, no other "
		"changes",
	.run = dmatest,
};
