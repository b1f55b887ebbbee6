/* SPDX-License-Identifier: MIT */
/* What the CPU does to dmatest's buffers: fills them so that the cache is full of their data in
 * every state, and looks at them afterwards. */
#include <stdlib.h>
#include <string.h>

#include "cache/ops.h"
#include "mm/kmap_atomic.h"
#include "mm/page_copy.h"
#include "mm/pkmap.h"
#include "selftest/dmatest_buffer.h"

#define PATCHES 4

static uint8_t want[BLOCK_BYTES] __attribute__((aligned(CACHE_LINE)));
static uint8_t seen[BLOCK_BYTES] __attribute__((aligned(CACHE_LINE)));
static uint32_t fills; /* each has its own salt */

/* What is done to each page of one fill. */
struct touch {
	uint32_t read_first, read_after; /* bit n: line n, n + 32, ... of a page */
	uint32_t patch[PATCHES];	 /* offsets in the window, ascending or not */
};

static void *page_begin(const struct buffer *b, struct page *page)
{
	return b->atomic ? kmap_atomic(page) : kmap(page);
}

static void page_end(const struct buffer *b, struct page *page, void *va)
{
	if (b->atomic)
		kunmap_atomic(va);
	else
		kunmap(page);
}

static void read_lines(const uint8_t *va, uint32_t bytes, uint32_t mask)
{
	static uint32_t sink[CACHE_LINE / 4];

	if (mask == ~0u)
		copy_lines(seen, va, bytes);
	else
		for (uint32_t i = 0; mask && i < bytes / CACHE_LINE; i++)
			if (mask >> (i & 31) & 1)
				copy_lines(sink, va + i * CACHE_LINE, CACHE_LINE);
}

static void area_of(const struct buffer *b, unsigned i, struct pattern_area *a)
{
	a->bytes = b->window[i].end - b->window[i].start;
	a->begin = b->sg[i].offset - b->window[i].start;
	a->end = a->begin + b->sg[i].length;
	a->pos = b->window[i].pos;
}

/* Calls `part` for the part of the window that lies in each page of the block: its bytes are
 * at `at` of the window. */
static void each_page(const struct buffer *b, unsigned i,
		      void (*part)(uint8_t *va, uint32_t at, uint32_t bytes, void *arg), void *arg)
{
	uint32_t start = b->window[i].start, end = b->window[i].end;

	for (uint32_t at = start; at < end;) {
		struct page *page = b->sg[i].page + (at >> PAGE_SHIFT);
		uint32_t stop = (at | (PAGE_SIZE - 1)) + 1;
		uint8_t *va = page_begin(b, page);

		if (stop > end)
			stop = end;
		part(va + (at & (PAGE_SIZE - 1)), at - start, stop - at, arg);
		page_end(b, page, va);
		at = stop;
	}
}

/* An ARM9 allocates on a read miss only: what is not read first is stored past the cache and
 * waits in the write buffer. What is read afterwards is a clean line, and a store into it
 * makes one of its halves dirty. */
static void fill_part(uint8_t *va, uint32_t at, uint32_t bytes, void *arg)
{
	const struct touch *t = arg;

	read_lines(va, bytes, t->read_first);
	copy_lines(va, want + at, bytes);
	read_lines(va, bytes, t->read_after);
	for (unsigned k = 0; k < PATCHES; k++)
		if (t->patch[k] - at < bytes)
			((volatile uint8_t *)va)[t->patch[k] - at] = (uint8_t)~want[t->patch[k]];
}

/* All lines, some, or none. */
static uint32_t draw_lines(unsigned *rng, unsigned all, unsigned some)
{
	unsigned n = (unsigned)rand_r(rng) % 8;

	if (n < all)
		return ~0u;
	return n < all + some ? (uint32_t)rand_r(rng) ^ (uint32_t)rand_r(rng) << 16 : 0;
}

/* A byte just outside or just inside the transfer, where a line may be shared, or any. */
static uint32_t draw_patch(const struct pattern_area *a, unsigned *rng)
{
	uint32_t any = (uint32_t)rand_r(rng) % a->bytes;

	switch ((unsigned)rand_r(rng) % 6) {
	case 0:
		return a->begin ? a->begin - 1 : any;
	case 1:
		return a->begin;
	case 2:
		return a->end - 1;
	case 3:
		return a->end < a->bytes ? a->end : any;
	default:
		return any;
	}
}

static bool drawn_already(const struct touch *t, unsigned k)
{
	for (unsigned i = 0; i < k; i++)
		if (t->patch[i] == t->patch[k])
			return true;
	return false;
}

static void draw_touch(struct touch *t, const struct pattern_area *a, unsigned *rng)
{
	t->read_first = draw_lines(rng, 4, 2);
	t->read_after = draw_lines(rng, 1, 3);
	for (unsigned k = 0; k < PATCHES; k++) {
		t->patch[k] = draw_patch(a, rng);
		if (drawn_already(t, k))
			t->patch[k] = ~0u; /* in no page: turned twice it would be as before */
		else
			want[t->patch[k]] ^= 0xFF; /* first a wrong byte, then the right one */
	}
}

void buffer_fill(struct buffer *b, unsigned *rng)
{
	b->now.outside_salt = b->now.inside_salt = fills++;
	b->now.outside = b->is_src ? PATTERN_SRC : 0;
	b->now.inside = b->is_src ? PATTERN_SRC | PATTERN_COPY : PATTERN_OVERWRITE;
	for (unsigned i = 0; i < b->pieces; i++) {
		struct pattern_area a;
		struct touch t;

		area_of(b, i, &a);
		pattern_fill(want, &a, &b->now);
		draw_touch(&t, &a, rng);
		each_page(b, i, fill_part, &t);
	}
}

static void read_part(uint8_t *va, uint32_t at, uint32_t bytes, void *arg)
{
	(void)arg;
	copy_lines(seen + at, va, bytes);
}

uint32_t buffer_check(const struct buffer *b, const struct pattern *src, buffer_report *report,
		      void *arg)
{
	struct pattern_history history = {b->is_src ? NULL : &b->before, src};
	uint32_t findings = 0;

	for (unsigned i = 0; i < b->pieces; i++) {
		struct pattern_finding f = {0};
		struct pattern_area a;

		area_of(b, i, &a);
		pattern_fill(want, &a, &b->now);
		each_page(b, i, read_part, NULL);
		while (pattern_find(seen, want, &a, &history, f.offset + f.bytes, &f)) {
			findings++;
			report(b, i, &f, arg);
		}
	}
	return findings;
}
