/* SPDX-License-Identifier: MIT */
/* One device transfer from memory to memory, and sleep until its interrupt. */
#ifndef DMA_TRANSFER_H
#define DMA_TRANSFER_H

#include <stdint.h>

#include "drivers/dma_seg.h"

/* Gives the engine its descriptor memory. 0, or a negative status after one printed line. */
int dma_transfer_init(void);

/* Runs a scatter list by the board's engine and sleeps until its interrupt, at the most
 * DMA_TIMEOUT_TICKS. 0 or a negative status (dma_transfer_error() says it in words): a piece
 * outside of board_dma_limits() is DMA_E_LIMIT after one printed line that names the limit, with
 * nothing started; none is split. Context: task. */
int dma_transfer_sg(const struct dma_seg *segs, unsigned n);
int dma_transfer(uint32_t dst, uint32_t src, uint32_t len);

#define DMA_TIMEOUT_TICKS 300
#define DMA_E_TIMEOUT	  (-100) /* no interrupt came; the transfer was stopped */
#define DMA_E_LIMIT	  (-101) /* a piece that the engine does not take */

const char *dma_transfer_error(int status);

#endif
