/* SPDX-License-Identifier: MIT */
/* One piece of a memory-to-memory DMA transfer, as every DMA engine here takes it. */
#ifndef DRIVERS_DMA_SEG_H
#define DRIVERS_DMA_SEG_H

#include <stdint.h>

struct dma_seg {
	uint32_t dst; /* bus address */
	uint32_t src; /* bus address */
	uint32_t len; /* bytes, at least 1; the engine may want more (board_dma_limits()) */
};

#endif
