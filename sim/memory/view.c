/* SPDX-License-Identifier: MIT */
/* Memory as the CPU sees it: TLB, then D-cache, write buffer, memory. No state changes on
 * a read. For the debugger, semihosting and the mutant walk-in-cache. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

/* The byte at pa if the write buffer or the write-back buffer still holds it. */
static bool buffered(const struct cm *d, uint32_t pa, uint8_t *byte)
{
	for (uint32_t n = d->wb_used; n-- > 0;) {
		const struct cm_wb_entry *e = &d->wb[n];
		uint32_t w = (pa - e->pa) >> 2, lane = pa & 3;

		if (pa >= e->pa && w < e->words && (e->bytes[w] & (1u << lane))) {
			*byte = (uint8_t)(e->data[w] >> (8 * lane));
			return true;
		}
	}
	if (d->evict_valid && pa - d->evict_pa < d->cfg.line) {
		uint32_t off = pa - d->evict_pa, half = off / (d->cfg.line / d->cfg.halves);

		if (d->evict_dirty & (1u << half)) {
			*byte = d->evict_data[off];
			return true;
		}
	}
	return false;
}

void view_buffered(struct cpu *c, uint32_t pa, uint8_t *buf, uint32_t len)
{
	if (!c->d.wb_used && !c->d.evict_valid)
		return;
	for (uint32_t n = 0; n < len; n++)
		buffered(&c->d, pa + n, &buf[n]);
}

#define SMALLEST_PAGE 1024u

struct cm_line *view_line_of_pa(struct cpu *c, uint32_t pa, uint32_t *iter)
{
	const struct cm *d = &c->d;
	uint32_t step = SMALLEST_PAGE / d->cfg.line, ways = d->cfg.ways;

	if (step > d->sets)
		step = d->sets;
	for (;;) {
		uint32_t k = (*iter)++,
			 set = ((pa >> d->line_shift) & (step - 1)) + k / ways * step;
		struct cm_line *l;

		if (set >= d->sets)
			return NULL;
		l = &d->lines[set * ways + k % ways];
		if (l->valid && pa - l->pa < d->cfg.line)
			return l;
	}
}

bool machine_peek_cached(struct cpu *c, uint32_t pa, uint32_t *val)
{
	uint32_t iter = 0;
	const struct cm_line *l = view_line_of_pa(c, pa, &iter);
	uint32_t v = machine_walk(c->m, pa);
	bool any = false;

	if (l) {
		memcpy(val, cm_line_data(&c->d, l) + (pa - l->pa), 4);
		return true;
	}
	for (uint32_t n = 0; n < 4; n++) {
		uint8_t b;

		if (buffered(&c->d, pa + n, &b)) {
			v = (v & ~(0xffu << (8 * n))) | (uint32_t)b << (8 * n);
			any = true;
		}
	}
	*val = v;
	return any;
}

bool view_read(struct cpu *c, uint32_t va, void *buf, uint32_t len)
{
	uint8_t *out = buf;

	for (; len; len--, va++, out++) {
		const struct cm_line *l = NULL;
		uint32_t mva, pa, attr;
		uint8_t *p;

		if (!mmu_peek(c, va, &mva, &pa, &attr))
			return false;
		if ((attr & CM_C) && (c->cp.sctlr & SCTLR_C))
			l = cm_peek(&c->d, mva, pa);
		if (l)
			*out = cm_line_data(&c->d, l)[mva & (c->d.cfg.line - 1)];
		else if (buffered(&c->d, pa, out))
			continue;
		else if (machine_ram(c->m, pa, &p, 1))
			*out = *p;
		else
			return false;
	}
	return true;
}

bool view_write(struct cpu *c, uint32_t va, const void *buf, uint32_t len)
{
	const uint8_t *in = buf;

	/* What is still buffered is older than this write */
	cm_drain(&c->d);
	for (; len; len--, va++, in++) {
		const struct cm_line *l;
		uint32_t mva, pa, attr;
		uint8_t *p;

		if (!mmu_peek(c, va, &mva, &pa, &attr) || !machine_ram(c->m, pa, &p, 1))
			return false;
		l = cm_peek(&c->d, mva, pa);
		if (l)
			((uint8_t *)cm_line_data(&c->d, l))[mva & (c->d.cfg.line - 1)] = *in;
		machine_write(c->m, pa, in, 1);
		debug_poked(c, pa, *in);
		/* a breakpoint planted by the debugger must be fetched */
		l = cm_peek(&c->i, mva, pa);
		if (l) {
			((uint8_t *)cm_line_data(&c->i, l))[mva & (c->i.cfg.line - 1)] = *in;
			c->icode[l - c->i.lines].state = CODE_INVALID;
			fetch_reset(c);
		}
	}
	return true;
}
