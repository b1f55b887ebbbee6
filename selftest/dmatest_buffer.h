/* SPDX-License-Identifier: MIT */
/* dmatest's buffers: pieces of highmem and lowmem pages, and what the CPU does to them before
 * and after a transfer. */
#ifndef SELFTEST_DMATEST_BUFFER_H
#define SELFTEST_DMATEST_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "dma/mapping.h"
#include "selftest/dmatest_pattern.h"

#define PIECES_MAX  3
#define BLOCK_PAGES 2 /* physically contiguous: a piece may span them */
#define BLOCK_BYTES (BLOCK_PAGES * PAGE_SIZE)

/* How a buffer is mapped for the device. */
enum buffer_call { CALL_PAGE, CALL_SINGLE, CALL_SG };

struct buffer {
	bool is_src;
	enum dma_data_direction dir;
	enum buffer_call call;
	bool atomic; /* the CPU uses kmap_atomic(), else kmap() */
	bool held;   /* mapped for the device under a kmap_atomic() */
	bool pinned; /* kmapped until the end of the test */
	unsigned pieces;
	/* Each in a block of its own: what is transferred, from the block's first page on. */
	struct scatterlist sg[PIECES_MAX];
	/* What the CPU fills and checks round it: whole lines, offsets in the block. */
	struct {
		uint32_t start, end;
		uint32_t pos; /* of the piece in the transfer */
	} window[PIECES_MAX];
	struct pattern now, before;
};

/* Takes the pages all buffers come from, and the engine's limits; false (with one printed line) if
 * there are not enough. */
bool buffers_take(void);
void buffers_give_back(void);
/* Reads a whole highmem page, any: its lines push others out of the cache. */
void buffers_read_one(unsigned *rng);

/* Random: a buffer of bytes, whole units (selftest/dmatest_limits.h) up to BLOCK_BYTES; a second
 * one gets other pages than the first. */
void buffer_draw(struct buffer *b, bool is_src, uint32_t bytes, const struct buffer *other,
		 unsigned *rng);
void buffer_release(struct buffer *b);

/* New contents by the CPU: reads, writes and reads again so that lines are dirty, half dirty,
 * clean, or only in the write buffer. Context: task; sleeps. */
void buffer_fill(struct buffer *b, unsigned *rng);
typedef void buffer_report(const struct buffer *b, unsigned piece, const struct pattern_finding *f,
			   void *arg);
/* Compares what the CPU reads with b->now; src: the source's contents. What is wrong is handed
 * to report. Returns the number of findings. Context: task; sleeps. */
uint32_t buffer_check(const struct buffer *b, const struct pattern *src, buffer_report *report,
		      void *arg);

/* By the call that the buffer has drawn. False if the mapping was refused (it has said why). */
bool buffer_map(struct buffer *b);
void buffer_unmap(struct buffer *b);
void buffer_sync_for_cpu(struct buffer *b);
void buffer_sync_for_device(struct buffer *b);

#endif
