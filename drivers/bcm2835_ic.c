/* SPDX-License-Identifier: MIT */
/* The BCM2835's interrupt controller: see bcm2835_ic.h. */
#include "drivers/bcm2835_ic.h"
#include "drivers/mmio.h"

#define PENDING_1     0x04
#define FIQ_CONTROL   0x0C
#define ENABLE_1      0x10
#define DISABLE_1     0x1C
#define DISABLE_2     0x20
#define DISABLE_BASIC 0x24

/* "Basic pending" (offset 0) is not read. Its bits 8 and 9 say that a bank has something, but on
 * the chip not for lines 7, 9, 10, 18, 19, 53-57 and 62, which have bits of their own there
 * (10-20): code that looks at bit 9 first never sees the PL011, line 57. QEMU sets both. The two
 * banks have every line (Linux irq-bcm2835.c). */

void bcm2835_ic_init(struct bcm2835_ic *ic, uintptr_t base)
{
	*ic = (struct bcm2835_ic){.base = base};
	mmio_write32(base + FIQ_CONTROL, 0);
	mmio_write32(base + DISABLE_1, ~0u);
	mmio_write32(base + DISABLE_2, ~0u);
	mmio_write32(base + DISABLE_BASIC, 0xFF);
}

/* Only what is ours: compare registers 0 and 2 of the system timer, to name two, ring for the
 * GPU, and the manual does not say that a line must be enabled to show as pending. */
static uint32_t pending(struct bcm2835_ic *ic, unsigned bank)
{
	return mmio_read32(ic->base + PENDING_1 + 4 * bank) & ic->enabled[bank];
}

static void enable(struct bcm2835_ic *ic, unsigned bank, unsigned line)
{
	ic->enabled[bank] |= 1u << line;
	mmio_write32(ic->base + ENABLE_1 + 4 * bank, 1u << line);
}

static void disable(struct bcm2835_ic *ic, unsigned bank, unsigned line)
{
	ic->enabled[bank] &= ~(1u << line);
	mmio_write32(ic->base + DISABLE_1 + 4 * bank, 1u << line);
}

static uint32_t first_pending(void *ctl)
{
	uint32_t lines = pending(ctl, 0);

	/* The highest line, so the table looks there when it has served the others. */
	if (!lines && pending(ctl, 1))
		lines = 1u << BCM2835_IC_CHAIN;
	return lines;
}

static void first_enable(void *ctl, unsigned line)
{
	if (line != BCM2835_IC_CHAIN) /* not a line of the controller */
		enable(ctl, 0, line);
}

static void first_disable(void *ctl, unsigned line)
{
	if (line != BCM2835_IC_CHAIN)
		disable(ctl, 0, line);
}

static uint32_t second_pending(void *ctl)
{
	return pending(ctl, 1);
}

static void second_enable(void *ctl, unsigned line)
{
	enable(ctl, 1, line);
}

static void second_disable(void *ctl, unsigned line)
{
	disable(ctl, 1, line);
}

struct irq_chip bcm2835_ic_first(struct bcm2835_ic *ic)
{
	return (struct irq_chip){ic, first_pending, first_enable, first_disable};
}

struct irq_chip bcm2835_ic_second(struct bcm2835_ic *ic)
{
	return (struct irq_chip){ic, second_pending, second_enable, second_disable};
}
