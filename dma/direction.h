/* SPDX-License-Identifier: MIT */
/* Which way a DMA transfer goes, seen from memory; the numbers are those of Linux. */
#ifndef DMA_DIRECTION_H
#define DMA_DIRECTION_H

enum dma_data_direction {
	DMA_BIDIRECTIONAL = 0, /* the device reads and writes */
	DMA_TO_DEVICE = 1,     /* the device only reads */
	DMA_FROM_DEVICE = 2,   /* the device only writes */
	DMA_NONE = 3,	       /* no transfer: refused everywhere */
};

#endif
