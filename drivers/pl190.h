/* SPDX-License-Identifier: MIT */
/* The PL190 vectored interrupt controller (ARM DDI0181), used without its vectors. */
#ifndef DRIVERS_PL190_H
#define DRIVERS_PL190_H

#include <stdint.h>

#include "drivers/irq.h"

/* Everything masked, nothing routed to FIQ, no software interrupt, no vector in service:
 * whatever a loader left on is off. Context: boot, IRQs masked. */
void pl190_init(uintptr_t base);

/* Lines 0..31. Any context: each is a single register write. */
void pl190_enable(uintptr_t base, unsigned line);
void pl190_disable(uintptr_t base, unsigned line);
/* Lines that are asserted and enabled. */
uint32_t pl190_pending(uintptr_t base);
/* Asserts a line by software, on top of its device, until cleared. When set returns, the
 * controller has taken the write. */
void pl190_soft_set(uintptr_t base, unsigned line);
void pl190_soft_clear(uintptr_t base, unsigned line);

/* For irq_init(). */
struct irq_chip pl190_chip(uintptr_t base);

#endif
