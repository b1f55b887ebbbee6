/* SPDX-License-Identifier: MIT */
/* The BCM2835's system timer: see bcm2835_timer.h. */
#include "drivers/bcm2835_timer.h"
#include "drivers/mmio.h"
#include "lib/irqflags.h"

#define CS	   0x00 /* a bit for each compare register: it has matched; written 1 clears */
#define CLO	   0x04
#define COMPARE(n) (0x0C + 4 * (n))

uint32_t bcm2835_timer_now(uintptr_t base)
{
	return mmio_read32(base + CLO);
}

static bool reached(const struct bcm2835_timer *timer, uint32_t value)
{
	return (int32_t)(bcm2835_timer_now(timer->base) - value) >= 0;
}

static bool rings(const struct bcm2835_timer *timer)
{
	return mmio_read32(timer->base + CS) & 1u << timer->n;
}

static void clear(const struct bcm2835_timer *timer)
{
	mmio_write32(timer->base + CS, 1u << timer->n);
}

/* Sets the compare register to due or, when the counter has gone past that before the register
 * was written, to a little later: further away each time, so that it is reached in the end
 * however slow this code runs. IRQs masked. */
static void arm(struct bcm2835_timer *timer)
{
	uint32_t value = timer->due;

	for (uint32_t ahead = 2;; ahead *= 2) {
		mmio_write32(timer->base + COMPARE(timer->n), value);
		/* Still to come, or it has come in time. */
		if (!reached(timer, value) || rings(timer))
			return;
		value = bcm2835_timer_now(timer->base) + ahead;
	}
}

static void forget(struct bcm2835_timer *timer)
{
	timer->fn = 0;
	clear(timer);
}

void bcm2835_timer_init(struct bcm2835_timer *timer, uintptr_t base, unsigned n)
{
	*timer = (struct bcm2835_timer){.base = base, .n = n};
	clear(timer);
}

static void start(struct bcm2835_timer *timer, uint32_t us, uint32_t period, void (*fn)(void *),
		  void *arg)
{
	unsigned long flags = irq_save();

	forget(timer);
	timer->fn = fn;
	timer->arg = arg;
	timer->period = period;
	timer->due = bcm2835_timer_now(timer->base) + us;
	arm(timer);
	irq_restore(flags);
}

void bcm2835_timer_periodic(struct bcm2835_timer *timer, uint32_t hz, void (*fn)(void *), void *arg)
{
	uint32_t us = (BCM2835_TIMER_HZ + hz / 2) / hz;

	if (us == 0)
		us = 1;
	start(timer, us, us, fn, arg);
}

void bcm2835_timer_oneshot_us(struct bcm2835_timer *timer, uint32_t us, void (*fn)(void *),
			      void *arg)
{
	start(timer, us ? us : 1, 0, fn, arg);
}

void bcm2835_timer_cancel(struct bcm2835_timer *timer)
{
	unsigned long flags = irq_save();

	forget(timer);
	irq_restore(flags);
}

void bcm2835_timer_irq(void *arg)
{
	struct bcm2835_timer *timer = arg;
	void (*fn)(void *) = timer->fn;

	clear(timer);
	/* A match that was given up: of a cancelled start, or of one that arm() thought missed. */
	if (!fn || !reached(timer, timer->due))
		return;
	if (timer->period) {
		uint32_t late = bcm2835_timer_now(timer->base) - timer->due;

		timer->due += (late / timer->period + 1) * timer->period;
		arm(timer);
	} else {
		timer->fn = 0; /* before the call, so that fn can start the timer again */
	}
	fn(timer->arg);
}
