/* SPDX-License-Identifier: MIT */
/* The Versatile's system registers (DUI0225D 4.2) with the 24 MHz counter. */
#include <string.h>

#include "sim/devices/device.h"
#include "sim/devices/identity.h"
#include "sim/devices/lines.h"
#include "sim/machine.h"

#define LOCK_KEY 0xa05fu

struct sysctl {
	struct device d;
	uint32_t leds, lock, flags, nvflags, resetctl, osc[5];
};

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct sysctl *s = (const struct sysctl *)d;

	switch (off) {
	case 0x00:
		return 0x41007004;
	case 0x08:
		return s->leds;
	case 0x0c:
	case 0x10:
	case 0x14:
	case 0x18:
	case 0x1c:
		return s->osc[(off - 0x0c) >> 2];
	case 0x20:
		return s->lock;
	case 0x24: /* 100 Hz */
		return (uint32_t)(dev_now(d) / (CYCLES_PER_US * 10000ull));
	case 0x30:
		return s->flags;
	case 0x38:
		return s->nvflags;
	case 0x40:
		return s->resetctl;
	case 0x5c: /* 24 MHz */
		return (uint32_t)(dev_now(d) * 24 / CYCLES_PER_US);
	case 0x84:
		return 0x02000000;
	default:
		if (off >= LINES_FIRST && off < LINES_END)
			return lines_read(d->m, off);
		return off >= IDENTITY_FIRST ? identity_word(d->m, off) : 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct sysctl *s = (struct sysctl *)d;
	bool locked = (s->lock & 0xffff) != LOCK_KEY;

	switch (off) {
	case 0x08:
		s->leds = val & 0xff;
		break;
	case 0x0c:
	case 0x10:
	case 0x14:
	case 0x18:
	case 0x1c:
		if (!locked)
			s->osc[(off - 0x0c) >> 2] = val;
		break;
	case 0x20:
		s->lock = (val & 0xffff) == LOCK_KEY ? val & 0xffff : val & 0x7fff;
		break;
	case 0x30:
		s->flags |= val;
		break;
	case 0x34:
		s->flags &= ~val;
		break;
	case 0x38:
		s->nvflags |= val;
		break;
	case 0x3c:
		s->nvflags &= ~val;
		break;
	case 0x40:
		if (locked)
			break;
		s->resetctl = val;
		if (val & 0x100)
			machine_stop(d->m, STOP_RESET, 0);
		break;
	default:
		if (off >= LINES_FIRST && off < LINES_END)
			lines_write(d->m, off, val);
		break;
	}
}

static void reset(struct device *d)
{
	struct sysctl *s = (struct sysctl *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	d->m->words_pa = d->base + IDENTITY_FIRST;
	d->m->words_bytes = IDENTITY_END - IDENTITY_FIRST;
}

const struct dev_ops sysctl_ops = {
	.name = "sysctl",
	.size = sizeof(struct sysctl),
	.reset = reset,
	.read = rd,
	.write = wr,
};
