/* SPDX-License-Identifier: MIT */
/* The SP804 dual timer (ARM DDI0271): two 32-bit down-counters that share one interrupt. */
#ifndef DRIVERS_SP804_H
#define DRIVERS_SP804_H

#include <stdbool.h>
#include <stdint.h>

struct sp804_half {
	void (*fn)(void *arg);
	void *arg;
	bool oneshot;
};

struct sp804 {
	uintptr_t base;
	uint32_t clock_hz;
	struct sp804_half half[2];
};

/* Both timers stopped, interrupts cleared. clock_hz is what TIMCLK really is. */
void sp804_init(struct sp804 *timer, uintptr_t base, uint32_t clock_hz);

/* In all below, n is 0 or 1, and fn is called in IRQ context after the interrupt was cleared.
 * Starting a timer replaces what it did before. Context: any. */

/* fn every 1/hz seconds (rounded to the clock; at least one tick). hz is not 0. */
void sp804_periodic(struct sp804 *timer, unsigned n, uint32_t hz, void (*fn)(void *), void *arg);
/* fn once, no earlier than us microseconds from now; as far as 32 bits of clock go. */
void sp804_oneshot_us(struct sp804 *timer, unsigned n, uint32_t us, void (*fn)(void *), void *arg);
/* Stops it; a pending interrupt is withdrawn. */
void sp804_cancel(struct sp804 *timer, unsigned n);
/* Ticks left until the next interrupt. */
uint32_t sp804_read(const struct sp804 *timer, unsigned n);
/* Withdraws its interrupt and tells whether there was one. */
bool sp804_ack(struct sp804 *timer, unsigned n);

/* The interrupt handler for both; arg is the struct sp804. Context: IRQ. */
void sp804_irq(void *arg);

#endif
