/* SPDX-License-Identifier: MIT */
/* The PL011 UART (ARM DDI0183): a polled console that can also receive by interrupt. */
#ifndef DRIVERS_PL011_H
#define DRIVERS_PL011_H

#include <stdbool.h>
#include <stdint.h>

#define PL011_RING 256u /* received bytes held for the reader; a power of two */

struct pl011 {
	uintptr_t base;
	bool rx_irq;		    /* receiving by interrupt */
	bool stuck;		    /* the transmit FIFO has stopped moving */
	void (*on_rx)(void);	    /* called in IRQ context when bytes have arrived */
	volatile uint32_t in, out;  /* ring: written by the pump, read by getc; free running */
	volatile uint32_t overruns; /* bytes the hardware lost because nobody read in time */
	uint8_t ring[PL011_RING];
};

/* 8N1, FIFOs on, interrupts off. A baud rate the loader has set up is kept, since its idea of
 * the UART's clock is better than ours; else baud is programmed from clock_hz.
 * Waits (bounded) for the loader's last byte. Context: boot, once for each UART. */
void pl011_init(struct pl011 *uart, uintptr_t base, uint32_t clock_hz, uint32_t baud);

/* Sends one byte, unchanged. Waits for room while the UART moves; once it has not moved for
 * far longer than a byte takes, the byte is dropped, and so are later ones at once until
 * there is room. Context: any; two contexts at once may interleave, nothing worse. */
void pl011_putc(struct pl011 *uart, uint8_t c);

/* Waits (bounded) until all that was sent is on the wire. */
void pl011_flush(struct pl011 *uart);

/* The next byte received, or -1. Never waits. Context: any, one reader at a time. */
int pl011_getc(struct pl011 *uart);

/* Starts receiving by interrupt into the ring; on_rx (may be NULL) is called from pl011_irq.
 * When the ring is full the receive interrupt rests until getc has made room. */
void pl011_rx_enable(struct pl011 *uart, void (*on_rx)(void));

/* The interrupt handler; arg is the struct pl011. Context: IRQ. */
void pl011_irq(void *arg);

#endif
