/* SPDX-License-Identifier: MIT */
/* The BCM2835's interrupt controller, the ARM's half ("BCM2835 ARM Peripherals", chapter 7): 64
 * lines of the peripherals. It has no priorities and no interrupt that software can raise.
 *
 * For drivers/irq.h it is two chips: lines 0-31, and 32-63 chained on BCM2835_IC_CHAIN. */
#ifndef DRIVERS_BCM2835_IC_H
#define DRIVERS_BCM2835_IC_H

#include <stdint.h>

#include "drivers/irq.h"

/* No peripheral has this line: it is "something in the second bank" for the table's sake. */
#define BCM2835_IC_CHAIN 31u

struct bcm2835_ic {
	uintptr_t base;
	uint32_t enabled[2]; /* what was enabled through the chips below */
};

/* All of the ARM's lines and its FIQ off, whatever the loader had on. Context: boot. */
void bcm2835_ic_init(struct bcm2835_ic *ic, uintptr_t base);

/* The two chips. ic stays in use. */
struct irq_chip bcm2835_ic_first(struct bcm2835_ic *ic);
struct irq_chip bcm2835_ic_second(struct bcm2835_ic *ic);

#endif
