/* SPDX-License-Identifier: MIT */
/* PL190 vectored interrupt controller (DDI0181E). */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/devices/device.h"
#include "sim/machine.h"

#define SLOTS 16u
#define NONE  17u /* priority when nothing is being served: every request may interrupt */

struct pl190 {
	struct device d;
	uint32_t level, soft, enable, fiq;
	uint32_t vect_addr[SLOTS + 1], vect_cntl[SLOTS];
	uint32_t priority, stacked[NONE + 1]; /* what was interrupted, by level */
	uint32_t protection;
};

/* Requests of the slots above priority p (slot 16 is the default vector: all the rest). */
static uint32_t slot_mask(const struct pl190 *v, uint32_t slot)
{
	if (slot < SLOTS)
		return v->vect_cntl[slot] & 0x20 ? 1u << (v->vect_cntl[slot] & 31) : 0;
	return 0xffffffffu;
}

static uint32_t pending(const struct pl190 *v)
{
	return (v->level | v->soft) & v->enable & ~v->fiq;
}

/* The most urgent slot that requests, or NONE. */
static uint32_t best_slot(const struct pl190 *v)
{
	for (uint32_t s = 0; s <= SLOTS; s++)
		if (pending(v) & slot_mask(v, s))
			return s;
	return NONE;
}

static void update(struct pl190 *v)
{
	bool irq = best_slot(v) < v->priority;
	bool fiq = ((v->level | v->soft) & v->enable & v->fiq) != 0;

	cpu_set_irq(v->d.m->cpu, irq, fiq);
}

static void input(struct device *d, unsigned int pin, bool level)
{
	struct pl190 *v = (struct pl190 *)d;

	v->level = (v->level & ~(1u << pin)) | (level ? 1u << pin : 0);
	update(v);
}

static uint32_t acknowledge(struct pl190 *v)
{
	uint32_t s = best_slot(v);

	if (s == NONE)
		return v->vect_addr[SLOTS];
	if (s < v->priority) {
		v->stacked[s] = v->priority;
		v->priority = s;
		update(v);
	}
	return v->vect_addr[v->priority];
}

static uint32_t rd(struct device *d, uint32_t off)
{
	static const uint8_t id[8] = {0x90, 0x11, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
	struct pl190 *v = (struct pl190 *)d;

	if (off >= 0xfe0 && off < 0x1000)
		return primecell_id(id, off);
	if (off >= 0x100 && off < 0x140)
		return v->vect_addr[(off - 0x100) >> 2];
	if (off >= 0x200 && off < 0x240)
		return v->vect_cntl[(off - 0x200) >> 2];
	switch (off) {
	case 0x00:
		return pending(v);
	case 0x04:
		return (v->level | v->soft) & v->enable & v->fiq;
	case 0x08:
		return v->level | v->soft;
	case 0x0c:
		return v->fiq;
	case 0x10:
	case 0x14:
		return v->enable;
	case 0x18:
	case 0x1c:
		return v->soft;
	case 0x20:
		return v->protection;
	case 0x30:
		return acknowledge(v);
	case 0x34:
		return v->vect_addr[SLOTS];
	default:
		return 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct pl190 *v = (struct pl190 *)d;

	if (off >= 0x100 && off < 0x140)
		v->vect_addr[(off - 0x100) >> 2] = val;
	else if (off >= 0x200 && off < 0x240)
		v->vect_cntl[(off - 0x200) >> 2] = val;
	switch (off) {
	case 0x0c:
		v->fiq = val;
		break;
	case 0x10:
		v->enable |= val;
		break;
	case 0x14:
		v->enable &= ~val;
		break;
	case 0x18:
		v->soft |= val;
		break;
	case 0x1c:
		v->soft &= ~val;
		break;
	case 0x20:
		v->protection = val & 1;
		break;
	case 0x30: /* end of service */
		if (v->priority <= SLOTS)
			v->priority = v->stacked[v->priority];
		break;
	case 0x34:
		v->vect_addr[SLOTS] = val;
		break;
	default:
		break;
	}
	update(v);
}

static void reset(struct device *d)
{
	struct pl190 *v = (struct pl190 *)d;

	memset((char *)v + sizeof v->d, 0, sizeof *v - sizeof v->d);
	v->priority = NONE;
}

const struct dev_ops pl190_ops = {
	.name = "pl190",
	.size = sizeof(struct pl190),
	.reset = reset,
	.read = rd,
	.write = wr,
	.input = input,
};
