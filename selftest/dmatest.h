/* SPDX-License-Identifier: MIT */
/* One random DMA copy after another, and what came of them. */
#ifndef SELFTEST_DMATEST_H
#define SELFTEST_DMATEST_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/dma_seg.h"
#include "selftest/dmatest_buffer.h"

/* Pairs of pieces are limited by how often two lists of PIECES_MAX can be cut. */
#define SEGS_MAX (2 * PIECES_MAX - 1)

struct dmatest {
	unsigned rng;
	uint32_t print_left; /* findings that may still be printed */
	/* Spoils a list of n segments before it goes to the engine (a test of the test): how many
	 * segments are left, 0: cannot be done with these. NULL: nothing is spoilt. */
	unsigned (*spoil)(struct dma_seg *segs, unsigned n, const struct buffer *src,
			  const struct buffer *dst);
	/* Results. */
	uint32_t tests, failures, transfers, reused, spoilt;
	uint32_t moved[ZONES][ZONES]; /* segments, from and to */
	uint32_t lists, across_pages;
	uint32_t found[FAULTS][REGIONS];
	uint64_t bytes, ticks; /* of map, transfer and unmap */
	int error;	       /* of the engine; ends the run */
};

void dmatest_init(struct dmatest *t, uint32_t seed);
/* Runs one more test. False: it cannot go on (t->error, or a mapping was refused). Context:
 * task; sleeps. */
bool dmatest_one(struct dmatest *t);

#endif
