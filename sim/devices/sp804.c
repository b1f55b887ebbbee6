/* SPDX-License-Identifier: MIT */
/* SP804 dual timer (DDI0271D), clocked at 1 MHz. */
#include <string.h>

#include "sim/devices/device.h"
#include "sim/machine.h"

#define ONE_SHOT 0x01u
#define WIDE	 0x02u
#define INT_EN	 0x20u
#define PERIODIC 0x40u
#define ENABLE	 0x80u

struct half {
	uint32_t load, ctrl, value; /* value: the count at `since`, of 32 bits in either mode */
	uint64_t since;		    /* cycle; running timers only */
	bool ris;
	bool halted; /* a one-shot that ran out; ENABLE stays set (DDI0271D 2.1) */
};

struct sp804 {
	struct device d;
	struct half t[2];
};

static uint32_t mask_of(const struct half *t)
{
	return t->ctrl & WIDE ? 0xffffffffu : 0xffffu;
}

static uint64_t tick_cycles(const struct half *t)
{
	static const uint32_t scale[4] = {1, 16, 256, 256};

	return (uint64_t)CYCLES_PER_US * scale[(t->ctrl >> 2) & 3];
}

static bool runs(const struct half *t)
{
	return (t->ctrl & ENABLE) && !t->halted;
}

static uint32_t count_now(const struct sp804 *s, const struct half *t)
{
	uint32_t value = t->value & mask_of(t);
	uint64_t ticks;

	if (!runs(t))
		return value;
	ticks = (dev_now(&s->d) - t->since) / tick_cycles(t);
	/* event() moves `since` at each wrap, so the count passes 0 only by being late */
	return ticks >= value ? 0 : (uint32_t)(value - ticks);
}

static uint64_t wrap_at(const struct half *t)
{
	uint64_t value = t->value & mask_of(t);

	if (!runs(t))
		return NEVER;
	return t->since + (value ? value : 1) * tick_cycles(t);
}

static void update(struct sp804 *s)
{
	uint64_t a = wrap_at(&s->t[0]), b = wrap_at(&s->t[1]);

	dev_irq(&s->d, (s->t[0].ris && (s->t[0].ctrl & INT_EN)) ||
			       (s->t[1].ris && (s->t[1].ctrl & INT_EN)));
	dev_schedule(&s->d, a < b ? a : b);
}

static void event(struct device *d)
{
	struct sp804 *s = (struct sp804 *)d;

	for (unsigned int n = 0; n < 2; n++) {
		struct half *t = &s->t[n];

		if (wrap_at(t) > dev_now(d))
			continue;
		t->ris = true;
		t->since = wrap_at(t);
		if (t->ctrl & ONE_SHOT) {
			t->halted = true;
			t->value = 0;
		} else if (t->ctrl & PERIODIC) {
			t->value = t->load;
		} else { /* free running */
			t->value = mask_of(t);
		}
	}
	update(s);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	static const uint8_t id[8] = {0x04, 0x18, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
	struct sp804 *s = (struct sp804 *)d;
	struct half *t = &s->t[(off >> 5) & 1];

	if (off >= 0xfe0 && off < 0x1000)
		return primecell_id(id, off);
	if (off >= 0x40)
		return 0;
	switch (off & 0x1f) {
	case 0x00:
	case 0x18:
		return t->load;
	case 0x04:
		return count_now(s, t);
	case 0x08:
		return t->ctrl;
	case 0x10:
		return t->ris;
	case 0x14:
		return t->ris && (t->ctrl & INT_EN);
	default:
		return 0;
	}
}

static void control(struct sp804 *s, struct half *t, uint32_t val)
{
	bool started = !(t->ctrl & ENABLE) && (val & ENABLE);

	if (runs(t))
		t->value = count_now(s, t);
	t->since = dev_now(&s->d);
	t->ctrl = val;
	if (started || !(val & ONE_SHOT))
		t->halted = false;
	/* Starting a timer that ran out counts from the load value */
	if (runs(t) && (t->value & mask_of(t)) == 0)
		t->value = val & (PERIODIC | ONE_SHOT) ? t->load : mask_of(t);
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct sp804 *s = (struct sp804 *)d;
	struct half *t = &s->t[(off >> 5) & 1];

	if (off >= 0x40)
		return;
	switch (off & 0x1f) {
	case 0x00:
		t->load = val;
		t->value = val;
		t->since = dev_now(d);
		t->halted = false;
		break;
	case 0x08:
		control(s, t, val & 0xff);
		break;
	case 0x0c:
		t->ris = false;
		break;
	case 0x18:
		t->load = val;
		break;
	default:
		break;
	}
	update(s);
}

static void reset(struct device *d)
{
	struct sp804 *s = (struct sp804 *)d;

	memset(s->t, 0, sizeof s->t);
	for (unsigned int n = 0; n < 2; n++) {
		s->t[n].ctrl = INT_EN;
		s->t[n].value = 0xffffffffu;
	}
	d->next = NEVER;
}

const struct dev_ops sp804_ops = {
	.name = "sp804",
	.size = sizeof(struct sp804),
	.reset = reset,
	.read = rd,
	.write = wr,
	.event = event,
};
