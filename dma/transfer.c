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

int dma_transfer_sg(const struct dma_seg *segs, unsigned n)
{
	struct waiter w = {
		.wait = WAIT_QUEUE_INIT("the DMA engine's interrupt", true), .segs = segs, .n = n};
	unsigned long flags = irq_save();
	int handle = board_dma_start(segs, n, transfer_done, &w);
	bool in_time = true;

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
				       : board_dma_error(status);
}
