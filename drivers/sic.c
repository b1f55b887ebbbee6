/* SPDX-License-Identifier: MIT */
/* The Versatile's secondary interrupt controller: see sic.h. Names as in ARM DUI0225. */
#include "drivers/mmio.h"
#include "drivers/sic.h"

#define SIC_STATUS     0x00
#define SIC_ENSET      0x08
#define SIC_ENCLR      0x0C
#define SIC_SOFTINTCLR 0x14
#define SIC_PICENCLR   0x24

void sic_init(uintptr_t base)
{
	mmio_write32(base + SIC_ENCLR, ~0u);
	mmio_write32(base + SIC_SOFTINTCLR, ~0u);
	/* A line that is passed through would show up on 21..30 of the primary as well, where
	 * nobody has registered it. */
	mmio_write32(base + SIC_PICENCLR, ~0u);
}

void sic_enable(uintptr_t base, unsigned line)
{
	mmio_write32(base + SIC_ENSET, 1u << line);
}

void sic_disable(uintptr_t base, unsigned line)
{
	mmio_write32(base + SIC_ENCLR, 1u << line);
}

uint32_t sic_pending(uintptr_t base)
{
	return mmio_read32(base + SIC_STATUS);
}

static uint32_t chip_pending(void *ctl)
{
	return sic_pending((uintptr_t)ctl);
}

static void chip_enable(void *ctl, unsigned line)
{
	sic_enable((uintptr_t)ctl, line);
}

static void chip_disable(void *ctl, unsigned line)
{
	sic_disable((uintptr_t)ctl, line);
}

struct irq_chip sic_chip(uintptr_t base)
{
	return (struct irq_chip){
		.ctl = (void *)base,
		.pending = chip_pending,
		.enable = chip_enable,
		.disable = chip_disable,
	};
}
