/* SPDX-License-Identifier: MIT */
/* One random DMA copy: fill, map, transfer, perhaps sync and transfer again, unmap, check. */
#include <stdio.h>
#include <stdlib.h>

#include "boards/board_api.h"
#include "dma/transfer.h"
#include "mm/pkmap.h"
#include "selftest/dmatest.h"
#include "selftest/dmatest_limits.h"

void dmatest_init(struct dmatest *t, uint32_t seed)
{
	/* Neighbouring seeds start far apart. */
	*t = (struct dmatest){.rng = seed * 2654435761u, .print_left = 32};
}

static bool one_in(struct dmatest *t, uint32_t n)
{
	return (uint32_t)rand_r(&t->rng) % n == 0;
}

static uint32_t draw_bytes(struct dmatest *t)
{
	static const uint32_t limits[8] = {64, 64, 512, 1024, 1024, 1024, PAGE_SIZE, BLOCK_BYTES};
	uint32_t limit = limits[(uint32_t)rand_r(&t->rng) % 8], unit = dmatest_limits.unit;

	if (limit > dmatest_limits.longest)
		limit = dmatest_limits.longest;
	if (limit < unit)
		limit = unit;
	return unit * (1 + (uint32_t)rand_r(&t->rng) % (limit / unit));
}

/* Both lists cut where either has a cut. */
static unsigned pair(struct dmatest *t, const struct buffer *src, const struct buffer *dst,
		     struct dma_seg *segs)
{
	uint32_t done_src = 0, done_dst = 0; /* of the present pieces */
	unsigned n = 0;

	for (unsigned i = 0, j = 0; i < src->pieces && j < dst->pieces; n++) {
		const struct scatterlist *s = &src->sg[i], *d = &dst->sg[j];
		uint32_t len = s->length - done_src;

		if (len > d->length - done_dst)
			len = d->length - done_dst;
		segs[n] = (struct dma_seg){.src = s->dma_address + done_src,
					   .dst = d->dma_address + done_dst,
					   .len = len};
		t->moved[s->page->zone][d->page->zone]++;
		t->bytes += len;
		done_src += len;
		done_dst += len;
		if (done_src == s->length) {
			i++;
			done_src = 0;
		}
		if (done_dst == d->length) {
			j++;
			done_dst = 0;
		}
	}
	return n;
}

static void count_shape(struct dmatest *t, const struct buffer *b)
{
	t->lists += b->pieces > 1;
	for (unsigned i = 0; i < b->pieces; i++)
		t->across_pages += b->sg[i].offset < PAGE_SIZE &&
				   b->sg[i].offset + b->sg[i].length > PAGE_SIZE;
}

/* The device's turn: what the destination holds afterwards is known from here on. */
static bool transfer(struct dmatest *t, const struct buffer *src, struct buffer *dst)
{
	struct dma_seg segs[SEGS_MAX];
	unsigned n = pair(t, src, dst, segs);

	dst->before = dst->now;
	dst->now.inside = src->now.inside;
	dst->now.inside_salt = src->now.inside_salt;
	if (t->spoil) {
		unsigned left = t->spoil(segs, n, src, dst);

		t->spoilt += left != 0;
		n = left ? left : n;
	}
	t->transfers++;
	t->error = dma_transfer_sg(segs, n);
	if (t->error)
		printf("dmatest: test=%lu DMA: %s\n", (unsigned long)t->tests,
		       dma_transfer_error(t->error));
	return t->error == 0;
}

static void report(const struct buffer *b, unsigned i, const struct pattern_finding *f, void *arg)
{
	static const char *const calls[] = {"page", "single", "sg"};
	static const char *const dirs[] = {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE"};
	struct dmatest *t = arg;
	uint32_t offset = b->window[i].start + f->offset;
	const struct page *page = b->sg[i].page + (offset >> PAGE_SHIFT);

	t->found[f->fault][f->region]++;
	if (!t->print_left)
		return;
	t->print_left--;
	printf("dmatest: test=%lu %s: region=%s zone=%s page=%08lx offset=0x%lx bytes=%lu "
	       "want=%02x "
	       "got=%02x map=%s,%s buffer=0x%lx+%lu\n",
	       (unsigned long)t->tests, pattern_fault_names[f->fault],
	       pattern_region_names[f->region], page_is_highmem(page) ? "high" : "low",
	       (unsigned long)page_to_phys(page), (unsigned long)(offset & (PAGE_SIZE - 1)),
	       (unsigned long)f->bytes, f->want, f->got, calls[b->call], dirs[b->dir],
	       (unsigned long)b->sg[i].offset, (unsigned long)b->sg[i].length);
}

static uint32_t check(struct dmatest *t, const struct buffer *src, const struct buffer *dst)
{
	return buffer_check(src, &src->now, report, t) + buffer_check(dst, &src->now, report, t);
}

/* What else may happen between the CPU's work on a buffer and its mapping for the device. */
static void meanwhile(struct dmatest *t)
{
	if (one_in(t, 16))
		kmap_flush_unused(); /* pages without a pkmap address */
	if (one_in(t, 16))
		buffers_read_one(&t->rng);
}

static void fill(struct dmatest *t, struct buffer *a, struct buffer *b)
{
	meanwhile(t);
	buffer_fill(a, &t->rng);
	if (b)
		buffer_fill(b, &t->rng);
	meanwhile(t);
}

/* The same mapping once more, with new data. */
static uint32_t reuse(struct dmatest *t, struct buffer *src, struct buffer *dst)
{
	uint32_t wrong, start;

	t->reused++;
	buffer_sync_for_cpu(src);
	buffer_sync_for_cpu(dst);
	wrong = check(t, src, dst);
	fill(t, src, one_in(t, 2) ? dst : NULL);
	start = board_clock_ticks();
	buffer_sync_for_device(dst);
	buffer_sync_for_device(src);
	transfer(t, src, dst);
	t->ticks += board_clock_ticks() - start;
	return wrong;
}

bool dmatest_one(struct dmatest *t)
{
	struct buffer src, dst, *first = &src, *second = &dst;
	uint32_t bytes = draw_bytes(t), start, wrong = 0;
	bool mapped;

	t->tests++;
	buffer_draw(&src, true, bytes, NULL, &t->rng);
	buffer_draw(&dst, false, bytes, &src, &t->rng);
	count_shape(t, &src);
	count_shape(t, &dst);
	if (one_in(t, 2)) {
		first = &dst;
		second = &src;
	}
	fill(t, first, second);
	if (one_in(t, 2)) {
		struct buffer *other = first;

		first = second;
		second = other;
	}
	start = board_clock_ticks();
	mapped = buffer_map(first) && buffer_map(second);
	if (mapped && transfer(t, &src, &dst)) {
		t->ticks += board_clock_ticks() - start;
		if (one_in(t, 4))
			wrong = reuse(t, &src, &dst);
		start = board_clock_ticks();
		buffer_unmap(&src);
		buffer_unmap(&dst);
		t->ticks += board_clock_ticks() - start;
		wrong += check(t, &src, &dst);
	}
	buffer_release(&src);
	buffer_release(&dst);
	t->failures += wrong || !mapped || t->error;
	return mapped && !t->error;
}
