/* SPDX-License-Identifier: MIT */
/* The SP804 dual timer: see sp804.h. Register and bit names are those of ARM DDI0271. */
#include "drivers/mmio.h"
#include "drivers/sp804.h"

#define LOAD	0x00
#define VALUE	0x04
#define CONTROL 0x08
#define INTCLR	0x0C
#define MIS	0x14
#define SECOND	0x20 /* offset of the second timer */

#define CTRL_ONESHOT  (1u << 0)
#define CTRL_32BIT    (1u << 1)
#define CTRL_INT      (1u << 5)
#define CTRL_PERIODIC (1u << 6)
#define CTRL_ENABLE   (1u << 7)

static uintptr_t reg(const struct sp804 *timer, unsigned n, unsigned offset)
{
	return timer->base + n * SECOND + offset;
}

void sp804_cancel(struct sp804 *timer, unsigned n)
{
	mmio_write32(reg(timer, n, CONTROL), 0);
	/* Stopped first, then cleared: the other way round it could fire in between, and fn
	 * would be called after the cancel. */
	mmio_write32(reg(timer, n, INTCLR), 1);
	timer->half[n].fn = 0;
}

void sp804_init(struct sp804 *timer, uintptr_t base, uint32_t clock_hz)
{
	*timer = (struct sp804){.base = base, .clock_hz = clock_hz};
	sp804_cancel(timer, 0);
	sp804_cancel(timer, 1);
}

static void start(struct sp804 *timer, unsigned n, uint64_t ticks, uint32_t mode,
		  void (*fn)(void *), void *arg)
{
	sp804_cancel(timer, n);
	timer->half[n] = (struct sp804_half){
		.fn = fn,
		.arg = arg,
		.oneshot = mode == CTRL_ONESHOT,
	};
	/* A load of 0 interrupts at once on silicon and switches QEMU's timer off. */
	if (ticks == 0)
		ticks = 1;
	if (ticks > UINT32_MAX)
		ticks = UINT32_MAX;
	mmio_write32(reg(timer, n, LOAD), (uint32_t)ticks);
	mmio_write32(reg(timer, n, CONTROL), CTRL_ENABLE | CTRL_INT | CTRL_32BIT | mode);
}

void sp804_periodic(struct sp804 *timer, unsigned n, uint32_t hz, void (*fn)(void *), void *arg)
{
	start(timer, n, (timer->clock_hz + hz / 2) / hz, CTRL_PERIODIC, fn, arg);
}

void sp804_oneshot_us(struct sp804 *timer, unsigned n, uint32_t us, void (*fn)(void *), void *arg)
{
	uint64_t ticks = ((uint64_t)us * timer->clock_hz + 999999) / 1000000;

	start(timer, n, ticks, CTRL_ONESHOT, fn, arg);
}

uint32_t sp804_read(const struct sp804 *timer, unsigned n)
{
	return mmio_read32(reg(timer, n, VALUE));
}

bool sp804_ack(struct sp804 *timer, unsigned n)
{
	if (!(mmio_read32(reg(timer, n, MIS)) & 1))
		return false;
	mmio_write32(reg(timer, n, INTCLR), 1);
	return true;
}

void sp804_irq(void *arg)
{
	struct sp804 *timer = arg;

	for (unsigned n = 0; n < 2; n++) {
		struct sp804_half now = timer->half[n];

		if (!sp804_ack(timer, n))
			continue;
		/* Before the call, so that fn can start the timer again. */
		if (now.oneshot)
			sp804_cancel(timer, n);
		if (now.fn)
			now.fn(now.arg);
	}
}
