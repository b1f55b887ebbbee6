/* SPDX-License-Identifier: MIT */
/* The PL080 and PL081 DMA controllers (ARM DDI0196, DDI0218): memory to memory.
 *
 * Addresses are bus addresses; the driver knows nothing of caches and never sleeps. */
#ifndef DRIVERS_PL080_H
#define DRIVERS_PL080_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/dma_seg.h"

#define PL080_CHANNELS	   8u
#define PL080_MAX_ELEMENTS 4095u /* of one descriptor */

/* Status of a transfer, and what the functions here return when it is not a handle. */
enum pl080_status {
	PL080_OK = 0,
	PL080_BUSY = 1,
	PL080_E_EMPTY = -1,
	PL080_E_RANGE = -2,
	PL080_E_CHAIN = -3,
	PL080_E_NOCHANNEL = -4,
	PL080_E_BUS = -5,
	PL080_E_TIMEOUT = -6,
	PL080_E_HANDLE = -7,
	PL080_E_DESC = -8,
	PL080_E_ID = -9,
};

/* A chained descriptor as the device reads it (DDI0196, "Linked list items"). */
struct pl080_lli {
	uint32_t src;
	uint32_t dst;
	uint32_t next; /* bus address of the next one; 0 in the last */
	uint32_t ctrl;
};

struct pl080_config {
	uintptr_t base;
	unsigned channels; /* 8, or 2 for the PL081 */
	/* Memory for descriptors: uncached, 16-byte aligned; divided evenly among the channels.
	 * Each transfer needs one less than it has pieces. */
	void *desc_cpu;
	uint32_t desc_bus;
	size_t desc_len;
	/* Makes every store so far visible on the bus. Called between the last descriptor and
	 * the start: the driver knows when, only the caller knows how on this core. Without it
	 * the device can fetch a descriptor that is still in the CPU's write buffer. */
	void (*drain)(void);
	uint32_t (*ticks)(void); /* free-running, 32 bits, counts up */
	uint32_t timeout_ticks;	 /* how long a polled transfer may take */
};

typedef void pl080_done(void *arg, int status);

struct pl080_channel {
	bool used;
	uint32_t generation; /* tells a stale handle from the channel's present user */
	pl080_done *done;    /* NULL: polled */
	void *arg;
	uint32_t started;
};

struct pl080 {
	struct pl080_config config;
	unsigned chain_max; /* descriptors of each channel */
	struct pl080_channel channel[PL080_CHANNELS];
};

/* Stops whatever a loader left running and switches the controller on. Returns 0, or
 * PL080_E_ID (no PL08x there), PL080_E_DESC (descriptor memory unusable). Context: boot. */
int pl080_init(struct pl080 *dma, const struct pl080_config *config);

/* The longest piece that fits in a channel's descriptors, in bytes, at any alignment. */
uint32_t pl080_longest(const struct pl080 *dma);

/* Starts a scatter list, which the caller may then forget; the pieces are copied in order.
 * Returns a handle (0 or more), or E_EMPTY, E_RANGE, E_CHAIN, E_NOCHANNEL with nothing started.
 * done(arg, status) is called once, in IRQ context, with PL080_OK or PL080_E_BUS; the channel
 * is free by then, so it may start the next transfer; it may run before this returns. It is the
 * waiter's to give up: pl080_stop. done = NULL: poll for it. Context: any. */
int pl080_start(struct pl080 *dma, const struct dma_seg *segs, unsigned n, pl080_done *done,
		void *arg);

/* BUSY, or once the final status, which ends the handle: OK, E_BUS, E_TIMEOUT (it is stopped).
 * E_HANDLE for a handle that has ended or that reports by done. Context: any. */
int pl080_poll(struct pl080 *dma, int handle);

/* Ends the handle: done is not called any more and the device no longer touches the memory.
 * Returns 1 if the transfer was complete by then, 0 if it was cut short, E_HANDLE if the
 * handle had ended before (done has been called). Context: any. */
int pl080_stop(struct pl080 *dma, int handle);

/* A whole copy by busy polling: OK or a negative status. Context: any; takes as long as it
 * takes, up to the time-out. */
int pl080_copy(struct pl080 *dma, uint32_t dst, uint32_t src, uint32_t len);

/* The interrupt handler; arg is the struct pl080. Context: IRQ. */
void pl080_irq(void *arg);

/* One line of static text. */
const char *pl080_error(int status);

/* Builds the descriptors of a scatter list: the first goes to the registers, the others to
 * chain[0..max), which the device sees at chain_bus. Returns how many in all, or E_EMPTY,
 * E_RANGE, E_CHAIN with nothing written. Pure; here for the tests. */
int pl080_build(struct pl080_lli *first, volatile struct pl080_lli *chain, uint32_t chain_bus,
		unsigned max, const struct dma_seg *segs, unsigned n);

#endif
