/* SPDX-License-Identifier: MIT */
/* BCM2835 system timer ("BCM2835 ARM Peripherals" 12): a counter of 1 MHz and four compares.
 *
 * A compare matches when the counter arrives at its value, and only then: a value that is past, or
 * is now, waits until the counter has gone round, 71 minutes. Nothing reloads. Compares 0 and 2 are
 * the GPU's own: what the ARM writes there disturbs the firmware, and it never sees them match. */
#include <string.h>

#include "sim/debug/misuse.h"
#include "sim/devices/device.h"
#include "sim/machine.h"

#define COMPARES 4u
#define GPUS	 0x5u /* compares 0 and 2 */

struct bcm2835_systimer {
	struct device d;
	uint32_t match;		    /* CS */
	uint32_t compare[COMPARES]; /* low words */
	uint64_t at[COMPARES];	    /* count at which each matches next */
};

static uint64_t count(const struct device *d)
{
	return dev_now(d) / CYCLES_PER_US;
}

/* The first count after now whose low word is the compare's. */
static uint64_t next_match(uint64_t now, uint32_t compare)
{
	uint32_t ahead = compare - (uint32_t)now;

	return now + (ahead ? ahead : 1ull << 32);
}

static void schedule(struct bcm2835_systimer *s)
{
	uint64_t first = UINT64_MAX;

	for (uint32_t n = 0; n < COMPARES; n++)
		if (!(GPUS & 1u << n) && s->at[n] < first)
			first = s->at[n];
	dev_schedule(&s->d, first * CYCLES_PER_US);
}

static void lines(struct bcm2835_systimer *s)
{
	for (uint32_t n = 0; n < COMPARES; n++)
		dev_irq_pin(s->d.irq_to, s->d.pin + n, s->match & 1u << n);
}

static void event(struct device *d)
{
	struct bcm2835_systimer *s = (struct bcm2835_systimer *)d;
	uint64_t now = count(d);

	for (uint32_t n = 0; n < COMPARES; n++)
		if (s->at[n] <= now) {
			s->match |= GPUS & 1u << n ? 0 : 1u << n;
			s->at[n] = next_match(s->at[n], s->compare[n]);
		}
	lines(s);
	schedule(s);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct bcm2835_systimer *s = (const struct bcm2835_systimer *)d;

	switch (off) {
	case 0x00:
		return s->match;
	case 0x04:
		return (uint32_t)count(d);
	case 0x08:
		return (uint32_t)(count(d) >> 32);
	case 0x0c:
	case 0x10:
	case 0x14:
	case 0x18:
		return s->compare[(off - 0x0c) / 4];
	default:
		return 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_systimer *s = (struct bcm2835_systimer *)d;
	uint32_t n = (off - 0x0c) / 4;

	if (off == 0) {
		s->match &= ~val;
		lines(s);
	} else if (off >= 0x0c && off <= 0x18) {
		if (GPUS & 1u << n)
			misuse(d->m,
			       "compare %u of the system timer is the GPU's: 1 and 3 are free", n);
		s->compare[n] = val;
		s->at[n] = next_match(count(d), val);
		schedule(s);
	}
}

static void reset(struct device *d)
{
	struct bcm2835_systimer *s = (struct bcm2835_systimer *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	for (uint32_t n = 0; n < COMPARES; n++)
		s->at[n] = 1ull << 32;
	schedule(s);
}

const struct dev_ops bcm2835_systimer_ops = {
	.name = "bcm2835-systimer",
	.size = sizeof(struct bcm2835_systimer),
	.reset = reset,
	.read = rd,
	.write = wr,
	.event = event,
};
