/* SPDX-License-Identifier: MIT */
/* The secondary interrupt controller of the Versatile boards (ARM DUI0225). */
#ifndef DRIVERS_SIC_H
#define DRIVERS_SIC_H

#include <stdint.h>

#include "drivers/irq.h"

/* Everything masked and nothing passed through to the primary's own lines, so that all
 * comes in on the one chained line. Context: boot, IRQs masked. */
void sic_init(uintptr_t base);

/* Lines 0..31. Any context: each is a single register write. */
void sic_enable(uintptr_t base, unsigned line);
void sic_disable(uintptr_t base, unsigned line);
/* Lines that are asserted and enabled. */
uint32_t sic_pending(uintptr_t base);

/* For irq_chain(). */
struct irq_chip sic_chip(uintptr_t base);

#endif
