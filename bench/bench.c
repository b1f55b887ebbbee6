/* SPDX-License-Identifier: MIT */
/* bench=: takes the pages, runs the measurements. */
#include "bench/bench.h"

#include <stdint.h>
#include <stdio.h>

#include "bench/counts.h"
#include "cache/machine.h"
#include "lib/exit.h"
#include "lib/params.h"
#include "mm/page_alloc.h"

enum { BENCH_OFF, BENCH_COUNTS, BENCH_MARKS };
static uint32_t bench;
static const char *const choices[] = {"off", "counts", "marks", NULL};
PARAM_ENUM(bench, PARAM_BOOT, bench, choices,
	   "measure, then end: instruction counts (needs -icount), or once each between marks");

static struct bench_pages pages;

bool bench_wanted(void)
{
	return bench != BENCH_OFF;
}

int bench_run(void)
{
	bool enough;

	if (machine.truth == TRUTH_MODELLED) {
		printf("bench: use cache=native; the model's work would be counted, not the "
		       "kernel's\n");
		return EXIT_USAGE;
	}
	pages.low = page_alloc(ZONE_LOWMEM, 0);
	pages.mapped = page_alloc(ZONE_HIGHMEM, 0);
	pages.unmapped = page_alloc(ZONE_HIGHMEM, 0);
	enough = pages.low && pages.mapped && pages.unmapped;
	for (unsigned i = 0; enough && i < LAST_PKMAP + 2; i++)
		enough = (pages.many[i] = page_alloc(ZONE_HIGHMEM, 0)) != NULL;
	if (!enough) {
		printf("bench: %d highmem pages are needed; give more RAM or a smaller lowmem=\n",
		       LAST_PKMAP + 4);
		return EXIT_USAGE;
	}
	(bench == BENCH_COUNTS ? bench_counts : bench_marks)(&pages);
	printf("verdict bench=%s status=OK\n", choices[bench]);
	return EXIT_OK;
}
