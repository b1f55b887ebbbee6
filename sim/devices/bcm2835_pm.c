/* SPDX-License-Identifier: MIT */
/* BCM2835 power manager, as far as its watchdog resets the board. The manual has none of it; after
 * Linux's bcm2835_wdt.c. Writes without the password 0x5A in the upper byte are not taken. */
#include <string.h>

#include "sim/devices/device.h"
#include "sim/machine.h"

#define PASSWORD	0x5a000000u
#define RSTC_RESET	0x00000102u /* as the chip starts: no watchdog */
#define RSTC_CONFIG	0x00000030u
#define RSTC_FULL_RESET 0x00000020u
#define WDOG_TICKS	0x000fffffu
#define TICK_CYCLES	(CYCLES_PER_US * 1000000ull / 65536) /* the watchdog counts at 2^16 Hz */

struct bcm2835_pm {
	struct device d;
	uint32_t rstc, rsts;
	uint64_t ends;	/* cycle at which the watchdog, if it is on, resets the board */
	uint32_t ticks; /* as last written, while it is off */
};

static bool on(const struct bcm2835_pm *s)
{
	return (s->rstc & RSTC_CONFIG) == RSTC_FULL_RESET;
}

static void start(struct bcm2835_pm *s)
{
	s->ends = dev_now(&s->d) + s->ticks * TICK_CYCLES;
	dev_schedule(&s->d, on(s) ? s->ends : NEVER);
}

static void event(struct device *d)
{
	d->next = NEVER;
	machine_stop(d->m, STOP_RESET, 0);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct bcm2835_pm *s = (const struct bcm2835_pm *)d;

	switch (off) {
	case 0x1c:
		return s->rstc;
	case 0x20:
		return s->rsts;
	case 0x24:
		if (!on(s))
			return s->ticks;
		return s->ends > dev_now(d) ? (uint32_t)((s->ends - dev_now(d)) / TICK_CYCLES) : 0;
	default:
		return 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_pm *s = (struct bcm2835_pm *)d;

	if ((val & 0xff000000u) != PASSWORD)
		return;
	val &= 0x00ffffffu;
	switch (off) {
	case 0x1c:
		s->rstc = val;
		start(s);
		break;
	case 0x20:
		s->rsts = val;
		break;
	case 0x24:
		s->ticks = val & WDOG_TICKS;
		start(s);
		break;
	default:
		break;
	}
}

static void reset(struct device *d)
{
	struct bcm2835_pm *s = (struct bcm2835_pm *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	s->rstc = RSTC_RESET;
	s->rsts = 0x1000; /* power-on */
	d->next = NEVER;
}

const struct dev_ops bcm2835_pm_ops = {
	.name = "bcm2835-pm",
	.size = sizeof(struct bcm2835_pm),
	.reset = reset,
	.read = rd,
	.write = wr,
	.event = event,
};
