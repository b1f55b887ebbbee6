/* SPDX-License-Identifier: MIT */
/* The BCM2835's pins: see bcm2835_gpio.h. */
#include "drivers/bcm2835_gpio.h"
#include "drivers/mmio.h"

#define SELECT(pin)	(0x00 + (pin) / 10 * 4) /* three bits a pin, ten pins a register */
#define SET(pin)	(0x1C + (pin) / 32 * 4)
#define CLEAR(pin)	(0x28 + (pin) / 32 * 4)
#define PULL		0x94
#define PULL_CLOCK(pin) (0x98 + (pin) / 32 * 4)

static unsigned shift(unsigned pin)
{
	return pin % 10 * 3;
}

enum bcm2835_gpio_function bcm2835_gpio_function(uintptr_t base, unsigned pin)
{
	return mmio_read32(base + SELECT(pin)) >> shift(pin) & 7;
}

void bcm2835_gpio_select(uintptr_t base, unsigned pin, enum bcm2835_gpio_function function)
{
	uint32_t others = mmio_read32(base + SELECT(pin)) & ~(7u << shift(pin));

	mmio_write32(base + SELECT(pin), others | (uint32_t)function << shift(pin));
}

/* 150 cycles of the core clock must pass between the steps (6.1, GPPUDCLK); a read of a register
 * takes several. */
static void settle(uintptr_t base)
{
	for (unsigned i = 0; i < 150; i++)
		(void)mmio_read32(base + PULL);
}

void bcm2835_gpio_pull_off(uintptr_t base, unsigned pin)
{
	mmio_write32(base + PULL, 0);
	settle(base);
	mmio_write32(base + PULL_CLOCK(pin), 1u << pin % 32);
	settle(base);
	mmio_write32(base + PULL_CLOCK(pin), 0);
}

void bcm2835_gpio_set(uintptr_t base, unsigned pin, bool high)
{
	mmio_write32(base + (high ? SET(pin) : CLEAR(pin)), 1u << pin % 32);
}
