/* SPDX-License-Identifier: MIT */
/* Hunter mode: bytes that an invalidate threw away. That alone is no fault: a buffer about
 * to be filled by a device is invalidated with its dirty lines on purpose. It is one when
 * somebody reads those bytes before they were written anew. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"
#include "sim/debug/symbols.h"

#define SLOTS 8192u
#define LINE  32u

struct lost {
	uint32_t pa, mask; /* bit a byte */
	uint32_t pc, va;   /* of the invalidate */
	uint8_t data[LINE];
};

static struct lost table[SLOTS];

static struct lost *slot(uint32_t pa)
{
	return &table[(pa / LINE) % SLOTS];
}

void lost_note(struct cpu *c, const struct cm_event *ev, uint32_t pc)
{
	uint32_t half = c->d.cfg.line / c->d.cfg.halves;

	for (uint32_t off = 0; off < c->d.cfg.line; off += LINE) {
		struct lost *l = slot(ev->pa + off);
		uint8_t *ram;

		if (!machine_ram(c->m, ev->pa + off, &ram,
				 c->d.cfg.line < LINE ? c->d.cfg.line : LINE))
			return;
		if (l->pa != (ev->pa + off) / LINE * LINE)
			*l = (struct lost){.pa = (ev->pa + off) / LINE * LINE};
		l->pc = pc;
		l->va = ev->va;
		for (uint32_t n = 0; n < LINE && off + n < c->d.cfg.line; n++) {
			uint32_t at = (ev->pa + off + n) % LINE;

			if (!(ev->dirty & (1u << ((off + n) / half))))
				continue;
			l->data[at] = ev->data[off + n];
			if (ram[n] != ev->data[off + n])
				l->mask |= 1u << at;
			else
				l->mask &= ~(1u << at);
		}
	}
}

static uint32_t bytes_of(uint32_t pa, uint32_t len)
{
	uint32_t at = pa % LINE;

	if (len > LINE - at)
		len = LINE - at;
	return (len == LINE ? 0xffffffffu : (1u << len) - 1) << at;
}

void lost_written(uint32_t pa, uint32_t len)
{
	struct lost *l = slot(pa);

	if (l->pa == pa / LINE * LINE)
		l->mask &= ~bytes_of(pa, len);
}

bool lost_read(uint32_t pa, uint32_t len, uint32_t *pc, uint32_t *va)
{
	struct lost *l = slot(pa);

	if (l->pa != pa / LINE * LINE || !(l->mask & bytes_of(pa, len)))
		return false;
	l->mask = 0; /* said once */
	*pc = l->pc;
	*va = l->va;
	return true;
}
