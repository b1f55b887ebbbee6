/* SPDX-License-Identifier: MIT */
/* The BCM2835's system timer ("BCM2835 ARM Peripherals", chapter 12): a free-running counter at
 * 1 MHz and four registers that it is compared with, two of which are the GPU's.
 *
 * A compare register rings when the counter is *equal* to it, so a value that is already past
 * rings in 71 minutes, and nothing reloads it. */
#ifndef DRIVERS_BCM2835_TIMER_H
#define DRIVERS_BCM2835_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#define BCM2835_TIMER_HZ 1000000u

/* One compare register, with its own interrupt line. */
struct bcm2835_timer {
	uintptr_t base;
	unsigned n;	 /* 1 or 3; 0 and 2 are the GPU's */
	uint32_t due;	 /* the counter's value that is waited for */
	uint32_t period; /* microseconds; 0: once */
	void (*fn)(void *arg);
	void *arg;
};

/* Whatever the loader has set is nobody's any more. Context: boot. */
void bcm2835_timer_init(struct bcm2835_timer *timer, uintptr_t base, unsigned n);

/* In both, fn is called in IRQ context after the interrupt was cleared, so it may start the timer
 * again; a start replaces what the timer did before. Context: any. */

/* fn every 1/hz seconds, rounded to microseconds (at least 1). hz is not 0. Periods that pass
 * unserved are left out, not made up for; those that come stay on the first one's grid. */
void bcm2835_timer_periodic(struct bcm2835_timer *timer, uint32_t hz, void (*fn)(void *),
			    void *arg);
/* fn once, when the counter has moved on by us (0 counts as 1). us is at most 2^31 - 1. */
void bcm2835_timer_oneshot_us(struct bcm2835_timer *timer, uint32_t us, void (*fn)(void *),
			      void *arg);
/* fn is not called any more. The register cannot be switched off: it may still ring, for nobody. */
void bcm2835_timer_cancel(struct bcm2835_timer *timer);

/* The interrupt handler; arg is the struct bcm2835_timer. Context: IRQ. */
void bcm2835_timer_irq(void *arg);

/* The counter. Context: any. */
uint32_t bcm2835_timer_now(uintptr_t base);

#endif
