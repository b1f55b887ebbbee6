/* SPDX-License-Identifier: MIT */
/* BCM2835 interrupt controller ("BCM2835 ARM Peripherals" 7): 64 lines of the GPU, 8 of the ARM,
 * no priorities, no software interrupt. One line may go to FIQ.
 *
 * Eleven of the GPU's lines have bits of their own in the basic register, and those do not set its
 * "something in pending 1 (2)" bits 8 and 9, although they are in pending 1 (2) as all others
 * (Linux irq-bcm2835.c, "Quirk 1"). QEMU sets both. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/devices/device.h"
#include "sim/machine.h"

#define BASIC_PENDING_1 0x100u
#define BASIC_PENDING_2 0x200u
#define FIQ_ENABLE	0x80u
#define ARM_LINES	0xffu

struct bcm2835_ic {
	struct device d;
	uint32_t level[3], enable[3]; /* of the GPU's lines 0-31 and 32-63; of the ARM's */
	uint32_t fiq;
};

/* The lines that the basic register shows itself, at bit 10 and up. */
static const uint8_t shortcut[] = {7, 9, 10, 18, 19, 53, 54, 55, 56, 57, 62};

static uint32_t pending(const struct bcm2835_ic *s, uint32_t bank)
{
	return s->level[bank] & s->enable[bank];
}

static uint32_t basic(const struct bcm2835_ic *s)
{
	uint32_t v = pending(s, 2), rest[2] = {pending(s, 0), pending(s, 1)};

	for (uint32_t n = 0; n < sizeof shortcut; n++) {
		uint32_t bank = shortcut[n] / 32, bit = 1u << shortcut[n] % 32;

		v |= rest[bank] & bit ? 1u << (10 + n) : 0;
		rest[bank] &= ~bit;
	}
	return v | (rest[0] ? BASIC_PENDING_1 : 0) | (rest[1] ? BASIC_PENDING_2 : 0);
}

static bool fiq_level(const struct bcm2835_ic *s)
{
	uint32_t line = s->fiq & 0x7f;

	return (s->fiq & FIQ_ENABLE) && line < 72 && (s->level[line / 32] & 1u << line % 32);
}

static void update(struct bcm2835_ic *s)
{
	cpu_set_irq(s->d.m->cpu, pending(s, 0) || pending(s, 1) || pending(s, 2), fiq_level(s));
}

static void input(struct device *d, unsigned int pin, bool level)
{
	struct bcm2835_ic *s = (struct bcm2835_ic *)d;
	uint32_t bit = 1u << pin % 32;

	if (level)
		s->level[pin / 32] |= bit;
	else
		s->level[pin / 32] &= ~bit;
	update(s);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct bcm2835_ic *s = (const struct bcm2835_ic *)d;

	switch (off) {
	case 0x00:
		return basic(s);
	case 0x04:
	case 0x08:
		return pending(s, off / 4 - 1);
	case 0x0c:
		return s->fiq;
	case 0x10:
	case 0x14:
	case 0x18:
		return s->enable[(off - 0x10) / 4];
	case 0x1c:
	case 0x20:
	case 0x24:
		return s->enable[(off - 0x1c) / 4];
	default:
		return 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_ic *s = (struct bcm2835_ic *)d;

	switch (off) {
	case 0x0c:
		s->fiq = val & 0xff;
		break;
	case 0x10:
	case 0x14:
	case 0x18:
		s->enable[(off - 0x10) / 4] |= off == 0x18 ? val & ARM_LINES : val;
		break;
	case 0x1c:
	case 0x20:
	case 0x24:
		s->enable[(off - 0x1c) / 4] &= ~val;
		break;
	default:
		break;
	}
	update(s);
}

static void reset(struct device *d)
{
	struct bcm2835_ic *s = (struct bcm2835_ic *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
}

const struct dev_ops bcm2835_ic_ops = {
	.name = "bcm2835-ic",
	.size = sizeof(struct bcm2835_ic),
	.reset = reset,
	.read = rd,
	.write = wr,
	.input = input,
};
