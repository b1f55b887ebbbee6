/* SPDX-License-Identifier: MIT */
/* The BCM2835's DMA engine ("BCM2835 ARM Peripherals", chapter 4): memory to memory.
 *
 * Addresses are the caller's physical ones; the driver adds the bus alias through which the engine
 * sees RAM as the ARM does. It knows nothing of caches and never sleeps. */
#ifndef DRIVERS_BCM2835_DMA_H
#define DRIVERS_BCM2835_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/dma_seg.h"

/* Those with an interrupt line to themselves (16 + channel); 7 to 10 are "lite". */
#define BCM2835_DMA_CHANNELS 11u
#define BCM2835_DMA_LITE_MAX (0x10000u - 4) /* bytes of a lite channel's block */
#define BCM2835_DMA_FULL_MAX 0x3FFFFFFCu
/* A length that is not whole words never ends in QEMU (it counts down by 4 to zero). The chip
 * takes any; the driver refuses what one of its machines cannot do. */
#define BCM2835_DMA_MULTIPLE 4u

enum bcm2835_dma_status {
	BCM2835_DMA_OK = 0,
	BCM2835_DMA_BUSY = 1,
	BCM2835_DMA_E_EMPTY = -1,
	BCM2835_DMA_E_RANGE = -2,
	BCM2835_DMA_E_CHAIN = -3,
	BCM2835_DMA_E_NOCHANNEL = -4,
	BCM2835_DMA_E_BUS = -5,
	BCM2835_DMA_E_TIMEOUT = -6,
	BCM2835_DMA_E_HANDLE = -7,
	BCM2835_DMA_E_DESC = -8,
	BCM2835_DMA_E_LENGTH = -9,
};

/* A control block as the engine reads it. */
struct bcm2835_dma_block {
	uint32_t info;
	uint32_t src;
	uint32_t dst;
	uint32_t len;
	uint32_t stride; /* 0: no 2D */
	uint32_t next;	 /* bus address of the next one; 0 in the last */
	uint32_t reserved[2];
};

struct bcm2835_dma_config {
	uintptr_t base;
	uint32_t channels; /* mask of those that the firmware leaves to the ARM */
	uint32_t alias;	   /* added to each address: 0x40000000, 0xC0000000 ... */
	/* Memory for control blocks: uncached, 32-byte aligned; divided evenly among the
	 * channels. Each piece takes one (of more than 64 KiB on a lite channel: several). */
	void *desc_cpu;
	uint32_t desc_phys;
	size_t desc_len;
	void (*drain)(void);	 /* makes every store so far visible on the bus */
	uint32_t (*ticks)(void); /* free-running, 32 bits, counts up */
	uint32_t timeout_ticks;	 /* how long a polled transfer may take */
};

typedef void bcm2835_dma_done(void *arg, int status);

struct bcm2835_dma;
struct bcm2835_dma_channel {
	struct bcm2835_dma *dma;
	unsigned n;	  /* of the engine's channels */
	uint32_t longest; /* bytes of one block */
	bool used;
	uint32_t generation;	/* tells a stale handle from the channel's present user */
	bcm2835_dma_done *done; /* NULL: polled */
	void *arg;
	uint32_t started;
};

struct bcm2835_dma {
	struct bcm2835_dma_config config;
	unsigned count;	    /* channels we have */
	unsigned chain_max; /* blocks of each */
	struct bcm2835_dma_channel channel[BCM2835_DMA_CHANNELS];
};

/* Stops whatever a loader left running on our channels. Returns 0, or E_NOCHANNEL (none is left
 * to us), E_DESC (descriptor memory unusable). Context: boot. */
int bcm2835_dma_init(struct bcm2835_dma *dma, const struct bcm2835_dma_config *config);

/* Bytes of the longest piece that any of our channels takes. */
uint32_t bcm2835_dma_longest(const struct bcm2835_dma *dma);

/* Starts a scatter list, which the caller may then forget; the pieces are copied in order.
 * Returns a handle (0 or more), or E_EMPTY, E_RANGE, E_LENGTH, E_CHAIN, E_NOCHANNEL with nothing
 * started. done(arg, status) is called once, in IRQ context, with OK or E_BUS; the channel is free
 * by then; it may run before this returns. The engine does not interrupt for an error: the waiter
 * has to give up and call bcm2835_dma_stop(). done = NULL: poll for it. Context: any. */
int bcm2835_dma_start(struct bcm2835_dma *dma, const struct dma_seg *segs, unsigned n,
		      bcm2835_dma_done *done, void *arg);

/* BUSY, or once the final status, which ends the handle: OK, E_BUS, E_TIMEOUT (it is stopped).
 * E_HANDLE for a handle that has ended or that reports by done. Context: any. */
int bcm2835_dma_poll(struct bcm2835_dma *dma, int handle);

/* Ends the handle: done is not called any more and the engine no longer touches the memory.
 * Returns 1 if the transfer was complete by then, 0 if it was cut short or had failed, E_HANDLE
 * if the handle had ended before (done has been called). Context: any. */
int bcm2835_dma_stop(struct bcm2835_dma *dma, int handle);

/* A whole copy by busy polling: OK or a negative status. Context: any. */
int bcm2835_dma_copy(struct bcm2835_dma *dma, uint32_t dst, uint32_t src, uint32_t len);

/* The interrupt handler of one channel; arg is its struct bcm2835_dma_channel. Context: IRQ. */
void bcm2835_dma_irq(void *arg);

/* One line of static text. */
const char *bcm2835_dma_error(int status);

#endif
