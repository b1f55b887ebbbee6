/* SPDX-License-Identifier: MIT */
/* The Versatile's secondary interrupt controller (DUI0225D 4.12). */
#include "sim/devices/device.h"

#define PASS_MASK 0x7fe00000u /* inputs 21..30 can go straight to the primary controller */

struct sic {
	struct device d;
	uint32_t level, soft, enable, pass;
};

static void update(struct sic *s)
{
	dev_irq(&s->d, ((s->level | s->soft) & s->enable) != 0);
	for (uint32_t n = 21; n <= 30 && s->d.irq_to; n++)
		if (s->pass & (1u << n))
			dev_irq_pin(s->d.irq_to, n, s->level & (1u << n));
}

static void input(struct device *d, unsigned int pin, bool level)
{
	struct sic *s = (struct sic *)d;

	s->level = (s->level & ~(1u << pin)) | (level ? 1u << pin : 0);
	update(s);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct sic *s = (const struct sic *)d;

	switch (off) {
	case 0x00:
		return (s->level | s->soft) & s->enable;
	case 0x04:
		return s->level | s->soft;
	case 0x08:
		return s->enable;
	case 0x10:
		return s->soft;
	case 0x20:
		return s->pass;
	default:
		return 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct sic *s = (struct sic *)d;

	switch (off) {
	case 0x08:
		s->enable |= val;
		break;
	case 0x0c:
		s->enable &= ~val;
		break;
	case 0x10:
		s->soft |= val;
		break;
	case 0x14:
		s->soft &= ~val;
		break;
	case 0x20:
		s->pass |= val & PASS_MASK;
		break;
	case 0x24:
		s->pass &= ~val;
		for (uint32_t n = 21; n <= 30 && d->irq_to; n++)
			if (val & (1u << n))
				dev_irq_pin(d->irq_to, n, false);
		break;
	default:
		break;
	}
	update(s);
}

static void reset(struct device *d)
{
	struct sic *s = (struct sic *)d;

	s->level = s->soft = s->enable = s->pass = 0;
}

const struct dev_ops sic_ops = {
	.name = "sic",
	.size = sizeof(struct sic),
	.reset = reset,
	.read = rd,
	.write = wr,
	.input = input,
};
