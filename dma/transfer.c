/* SPDX-License-Identifier: MIT */
/* One device transfer from memory to memory, and sleep until its interrupt. */
#include "dma/transfer.h"

#include <stdbool.h>
#include <stdio.h>

#include "boards/board_api.h"
#include "cache/cp15.h"
#include "cache/witness.h"
#include "dma/mapping.h"
#include "lib/irqflags.h"
#include "lib/memory_map.h"
#include "sched/task.h"
#include "trace/ring.h"

struct waiter {
	struct wait_queue wait;
	const struct dma_seg *segs;
	unsigned n;
	bool done;
	int status;
};

int dma_transfer_init(void)
{
	dma_addr_t bus;
	void *desc = dma_alloc_coherent(PAGE_SIZE, &bus);
	int status;

	if (!desc) {
		printf("DMA: no consistent memory for descriptors\n");
		return -1;
	}
	status = board_dma_init(desc, bus, PAGE_SIZE, cp15_drain);
	if (status)
		printf("DMA: %s\n", board_dma_error(status));
	return status;
}

/* Context: IRQ. */
static void transfer_done(void *arg, int status)
{
	struct waiter *w = arg;

	/* Here and not when the sleeper runs again: others may have run in between. */
	for (unsigned i = 0; i < w->n && status == 0; i++) {
		witness_device_wrote(w->segs[i].dst, w->segs[i].len);
		trace_record(TRACE_DMA, w->segs[i].dst, 0, 0, w->segs[i].len);
	}
	w->status = status;
	w->done = true;
	wake_up(&w->wait);
}

static bool refused(const char *what, uint32_t value, const char *limit, uint32_t bytes)
{
	printf("DMA: a piece's %s is 0x%lx; this board's engine wants %s %lu bytes\n", what,
	       (unsigned long)value, limit, (unsigned long)bytes);
	return false;
}

/* Nothing is split or rounded: what was asked for in one piece is not the same in two. An engine
 * that is given what it cannot do may not even end (QEMU's BCM2835 and a length of 6). */
static bool within_limits(const struct dma_seg *seg)
{
	const struct board_dma_limits l = board_dma_limits();

	if (seg->len < l.least)
		return refused("length", seg->len, "at least", l.least);
	if (seg->len > l.longest)
		return refused("length", seg->len, "at most", l.longest);
	if (seg->len & (l.multiple - 1))
		return refused("length", seg->len, "a multiple of", l.multiple);
	if (seg->src & (l.align - 1))
		return refused("source", seg->src, "a multiple of", l.align);
	if (seg->dst & (l.align - 1))
		return refused("destination", seg->dst, "a multiple of", l.align);
	return true;
}

int dma_transfer_sg(const struct dma_seg *segs, unsigned n)
{
	struct waiter w = {
		.wait = WAIT_QUEUE_INIT("the DMA engine's interrupt", true), .segs = segs, .n = n};
	unsigned long flags;
	bool in_time = true;
	int handle;

	for (unsigned i = 0; i < n; i++)
		if (!within_limits(&segs[i]))
			return DMA_E_LIMIT;
	flags = irq_save();
	handle = board_dma_start(segs, n, transfer_done, &w);
	if (handle < 0) {
		irq_restore(flags);
		return handle;
	}
	while (!w.done && in_time)
		in_time = wait_on_timeout(&w.wait, DMA_TIMEOUT_TICKS);
	/* w lives on this stack: nobody may call done after we have left. */
	if (!w.done)
		w.status = board_dma_stop(handle) == 1 ? 0 : DMA_E_TIMEOUT;
	irq_restore(flags);
	return w.status;
}

int dma_transfer(uint32_t dst, uint32_t src, uint32_t len)
{
	return dma_transfer_sg(&(struct dma_seg){.dst = dst, .src = src, .len = len}, 1);
}

const char *dma_transfer_error(int status)
{
	return status == DMA_E_TIMEOUT ? "no completion interrupt from the DMA engine in 3 s"
	       : status == DMA_E_LIMIT ? "a piece is outside of what this board's engine takes"
				       : board_dma_error(status);
}
