/* SPDX-License-Identifier: MIT */
/* selftest=dmatest-faults: dmatest's oracle against transfers that are wrong on purpose. A test
 * that finds nothing has to show that it can find something. */
#include <stdio.h>

#include "cache/ops.h"
#include "selftest/dmatest.h"
#include "selftest/dmatest_limits.h"
#include "selftest/selftest.h"

#define USUAL_RUNS 200

/* Room for a unit more (a byte, where the engine takes any length) behind the last piece of both
 * buffers. */
static bool can_grow(const struct buffer *b)
{
	const struct scatterlist *last = &b->sg[b->pieces - 1];

	return last->offset + last->length + dmatest_limits.unit <= BLOCK_BYTES;
}

static unsigned too_long(struct dma_seg *segs, unsigned n, const struct buffer *src,
			 const struct buffer *dst)
{
	const struct scatterlist *last = &dst->sg[dst->pieces - 1];

	/* What goes too far must stay in the transfer's last line: the cache may hold the next
	 * one, and the CPU would not see that memory has changed. */
	if (!can_grow(src) || !can_grow(dst) || (last->offset + last->length) % CACHE_LINE == 0)
		return 0;
	segs[n - 1].len += dmatest_limits.unit;
	return n;
}

static unsigned too_short(struct dma_seg *segs, unsigned n, const struct buffer *src,
			  const struct buffer *dst)
{
	(void)src;
	(void)dst;
	if (segs[n - 1].len > dmatest_limits.unit)
		segs[n - 1].len -= dmatest_limits.unit;
	else
		n--;
	return n;
}

static unsigned backwards(struct dma_seg *segs, unsigned n, const struct buffer *src,
			  const struct buffer *dst)
{
	(void)src;
	(void)dst;
	for (unsigned i = 0; i < n; i++) {
		uint32_t was_dst = segs[i].dst;

		segs[i].dst = segs[i].src;
		segs[i].src = was_dst;
	}
	return n;
}

static unsigned shifted(struct dma_seg *segs, unsigned n, const struct buffer *src,
			const struct buffer *dst)
{
	(void)dst;
	if (!can_grow(src))
		return 0;
	segs[n - 1].src += dmatest_limits.unit;
	return n;
}

static const struct spoiling {
	const char *what;
	unsigned (*spoil)(struct dma_seg *segs, unsigned n, const struct buffer *src,
			  const struct buffer *dst);
	enum pattern_fault fault; /* what it must be found as, and where */
	enum pattern_region region;
} spoilings[] = {
	{"a unit too much", too_long, FAULT_COPIED_BEYOND, REGION_AFTER},
	{"a unit too little", too_short, FAULT_NOT_COPIED, REGION_INSIDE},
	{"the wrong way", backwards, FAULT_SRC_OVERWRITTEN, REGION_INSIDE},
	{"from a unit further on", shifted, FAULT_MISMATCH, REGION_INSIDE},
};

/* Each spoilt transfer must be found, and some of them under the right name. */
static bool show(const struct spoiling *s, uint32_t runs, uint32_t seed)
{
	uint32_t missed = 0, named;
	struct dmatest t;

	dmatest_init(&t, seed);
	t.spoil = s->spoil;
	t.print_left = 1;
	while (t.tests < runs) {
		uint32_t spoilt = t.spoilt, failures = t.failures;

		if (!dmatest_one(&t))
			return false;
		missed += t.spoilt > spoilt && t.failures == failures;
	}
	named = t.found[s->fault][s->region];
	printf("dmatest-faults: %s: %lu transfers spoilt, %lu tests failed, %lu missed, '%s' "
	       "region=%s %lu times\n",
	       s->what, (unsigned long)t.spoilt, (unsigned long)t.failures, (unsigned long)missed,
	       pattern_fault_names[s->fault], pattern_region_names[s->region],
	       (unsigned long)named);
	return t.spoilt && named && !missed;
}

static bool dmatest_faults(uint32_t runs, uint32_t seed)
{
	bool ok = true;

	if (!buffers_take())
		return false;
	for (unsigned i = 0; i < sizeof(spoilings) / sizeof(spoilings[0]); i++)
		ok &= show(&spoilings[i], runs ? runs : USUAL_RUNS, seed);
	buffers_give_back();
	limits_print();
	return ok;
}

SELFTEST(dmatest_faults) = {
	.name = "dmatest-faults",
	.what = "transfers that are wrong on purpose: dmatest finds each and names it",
	.run = dmatest_faults,
};
