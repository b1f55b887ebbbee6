/* SPDX-License-Identifier: MIT */
/* The BCM2835's mini UART ("BCM2835 ARM Peripherals", chapter 2, with its errata): a console, and
 * the one interrupt of the chip that software can raise at once.
 *
 * The interrupt controller has no software interrupt. The mini UART's "transmit FIFO is empty" is
 * a level: while the FIFO is empty, enabling it raises line 29, on the chip and in QEMU. The
 * device need not be connected to pins for that. */
#ifndef DRIVERS_BCM2835_AUX_H
#define DRIVERS_BCM2835_AUX_H

#include <stdbool.h>
#include <stdint.h>

#define BCM2835_AUX_RING 256u /* received bytes held for the reader; a power of two */

struct bcm2835_aux {
	uintptr_t base; /* of the AUX block; the UART begins 0x40 above */
	bool sends;	/* it has pins, a rate, and is a console */
	bool stuck;	/* the transmit FIFO has stopped moving */
	bool rx_irq;	/* receiving by interrupt */
	volatile bool forced;
	void (*on_forced)(void);
	void (*on_rx)(void);
	volatile uint32_t in, out; /* ring, free running */
	uint8_t ring[BCM2835_AUX_RING];
};

/* The UART's registers answer, nothing is sent or received, no interrupt. Context: boot. */
void bcm2835_aux_init(struct bcm2835_aux *aux, uintptr_t base);

/* From now on it sends and receives: 8N1 at baud from clock_hz, the core's clock. Context: boot. */
void bcm2835_aux_open(struct bcm2835_aux *aux, uint32_t clock_hz, uint32_t baud);
/* Nothing is sent any more; what was is on the wire. */
void bcm2835_aux_close(struct bcm2835_aux *aux);

/* As pl011_putc(), pl011_getc() and pl011_rx_enable(). */
void bcm2835_aux_putc(struct bcm2835_aux *aux, uint8_t c);
int bcm2835_aux_getc(struct bcm2835_aux *aux);
void bcm2835_aux_rx_enable(struct bcm2835_aux *aux, void (*on_rx)(void));

/* on_forced is called in IRQ context, once for each force (several before it can be taken are
 * one). NULL: nobody, and one that is pending is withdrawn. */
void bcm2835_aux_force_init(struct bcm2835_aux *aux, void (*on_forced)(void));
/* The interrupt is up when this returns; taken by then if IRQs are open. A byte on its way out
 * delays it, so it is waited for. Context: any. */
void bcm2835_aux_force(struct bcm2835_aux *aux);

/* The interrupt handler; arg is the struct bcm2835_aux. Context: IRQ. */
void bcm2835_aux_irq(void *arg);

#endif
