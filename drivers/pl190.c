/* SPDX-License-Identifier: MIT */
/* The PL190 interrupt controller: see pl190.h. Register names are those of ARM DDI0181. */
#include "drivers/mmio.h"
#include "drivers/pl190.h"

#define IRQSTATUS    0x000
#define RAWINTR	     0x008
#define INTSELECT    0x00C
#define INTENABLE    0x010
#define INTENCLEAR   0x014
#define SOFTINT	     0x018
#define SOFTINTCLEAR 0x01C
#define VECTADDR     0x030
#define VECTCNTL     0x200

#define VECTORS 16u

void pl190_init(uintptr_t base)
{
	mmio_write32(base + INTENCLEAR, ~0u);
	mmio_write32(base + SOFTINTCLEAR, ~0u);
	mmio_write32(base + INTSELECT, 0); /* all to IRQ; FIQ stays unused */
	for (unsigned i = 0; i < VECTORS; i++)
		mmio_write32(base + VECTCNTL + 4 * i, 0);
	/* A loader that read VICVECTADDR and never wrote it back left its priority in
	 * service, which blocks every lower one (DDI0181, VICVECTADDR). One write ends one
	 * level; there are as many as vectors, and the default. Silicon only. */
	for (unsigned i = 0; i <= VECTORS; i++)
		mmio_write32(base + VECTADDR, 0);
}

void pl190_enable(uintptr_t base, unsigned line)
{
	mmio_write32(base + INTENABLE, 1u << line);
}

void pl190_disable(uintptr_t base, unsigned line)
{
	mmio_write32(base + INTENCLEAR, 1u << line);
}

uint32_t pl190_pending(uintptr_t base)
{
	return mmio_read32(base + IRQSTATUS);
}

void pl190_soft_set(uintptr_t base, unsigned line)
{
	mmio_write32(base + SOFTINT, 1u << line);
	/* The read cannot pass the write, so when it is back the line is up. Without it a
	 * bus bridge could still hold the write while the CPU runs past the place that was
	 * to be interrupted. */
	(void)mmio_read32(base + RAWINTR);
}

void pl190_soft_clear(uintptr_t base, unsigned line)
{
	mmio_write32(base + SOFTINTCLEAR, 1u << line);
}

static uint32_t chip_pending(void *ctl)
{
	return pl190_pending((uintptr_t)ctl);
}

static void chip_enable(void *ctl, unsigned line)
{
	pl190_enable((uintptr_t)ctl, line);
}

static void chip_disable(void *ctl, unsigned line)
{
	pl190_disable((uintptr_t)ctl, line);
}

struct irq_chip pl190_chip(uintptr_t base)
{
	return (struct irq_chip){
		.ctl = (void *)base,
		.pending = chip_pending,
		.enable = chip_enable,
		.disable = chip_disable,
	};
}
