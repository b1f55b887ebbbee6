/* SPDX-License-Identifier: MIT */
/* Hunter mode: what would go wrong on a board, said while it happens. One line a finding;
 * the same finding at the same place is printed once. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/serial.h"
#include "sim/debug/symbols.h"

#define SEEN_MAX 512u

struct seen {
	const char *what;
	uint32_t pc, page;
};
static struct seen seen[SEEN_MAX];
static unsigned int nseen;

static uint32_t here(const struct cpu *c)
{
	return c->cur ? insn_pc(c, c->cur) : c->pc;
}

/* Findings in these functions are meant: a probe provokes what it looks for. */
static bool ignored(const struct cpu *c, uint32_t pc)
{
	const char *list = c->m->opt->check_ignore, *name = symbols_name(c->m->syms, pc);
	size_t len = strcspn(name, "+"), n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == len && !strncmp(list, name, n))
			return true;
	}
	return false;
}

static void report(struct cpu *c, const char *what, uint32_t pc, uint32_t va, uint32_t pa)
{
	struct seen s = {what, pc, pa >> 12};

	if (ignored(c, pc))
		return;
	c->m->dbg->findings++;
	for (unsigned int n = 0; n < nseen; n++)
		if (seen[n].what == what && seen[n].pc == pc && seen[n].page == s.page)
			return;
	if (nseen < SEEN_MAX)
		seen[nseen++] = s;
	serial_flush(c->m->serial);
	fprintf(stderr, "check %s pc=%08x in=%s va=%08x pa=%08x line=%u\n", what, pc,
		symbols_name(c->m->syms, pc), va, pa, (pa & 0xfff) / c->d.cfg.line);
}

static uint32_t index_of(const struct cpu *c, const struct cm_line *l)
{
	return (uint32_t)(l - c->d.lines);
}

/* A device or the CPU reads: bytes that were thrown away before? */
static void check_lost(struct cpu *c, uint32_t pa, uint32_t len)
{
	uint32_t pc, va;

	if (!lost_read(pa, len, &pc, &va) || ignored(c, here(c)))
		return;
	report(c, "discard: an invalidate threw these dirty bytes away", pc, va, pa);
}

void check_data(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr)
{
	const struct cm_line *l = attr & CM_C ? cm_peek(&c->d, mva, pa) : NULL;

	if ((kind & ACC_KIND) == ACC_STORE)
		lost_written(pa, size);
	else
		check_lost(c, pa, size);
	if (l && (kind & ACC_KIND) == ACC_LOAD && c->m->dbg->behind[index_of(c, l)])
		report(c, "stale-read: the line is older than what a device wrote", here(c), mva,
		       pa);
	if (l && ((l->pa ^ pa) & ~(c->d.cfg.line - 1)))
		report(c, "wrong-page: the line belongs to another physical page", here(c), mva,
		       pa);
	if (!(attr & CM_C))
		for (uint32_t n = 0; (l = view_line_of_pa(c, pa, &n));)
			if (l->dirty)
				report(c,
				       "uncached-alias: a dirty line covers this uncached access",
				       here(c), mva, pa);
}

void check_stored(struct cpu *c, uint32_t mva, uint32_t pa)
{
	const struct cm_line *mine = cm_peek(&c->d, mva, pa), *l;

	if (!mine || !mine->dirty || c->d.cfg.index == CM_PIPT)
		return;
	for (uint32_t n = 0; (l = view_line_of_pa(c, pa, &n));)
		if (l != mine && l->dirty)
			report(c, "dirty-aliases: two dirty lines for one physical line", here(c),
			       mva, pa);
}

/* Does the write buffer, or the line on its way out, still hold part of this? */
static bool on_the_way(const struct cpu *c, uint32_t pa, uint32_t len)
{
	const struct cm *d = &c->d;

	for (uint32_t n = 0; n < d->wb_used; n++)
		if (pa + len > d->wb[n].pa && pa < d->wb[n].pa + 4 * d->wb[n].words)
			return true;
	return d->evict_valid && pa + len > d->evict_pa && pa < d->evict_pa + d->cfg.line;
}

void check_fetch(struct cpu *c, const struct cm_line *l, const uint8_t *data)
{
	uint8_t *ram;
	uint32_t v, n = 0;

	if (!machine_ram(c->m, l->pa, &ram, CODE_BYTES))
		return;
	/* The usual case at once: as in memory, and nothing newer on the way there */
	if (!memcmp(ram, data, CODE_BYTES) && !on_the_way(c, l->pa, CODE_BYTES) &&
	    !view_line_of_pa(c, l->pa, &n))
		return;
	for (n = 0; n < CODE_BYTES; n += 4) {
		uint32_t have;

		memcpy(&have, data + n, 4);
		machine_peek_cached(c, l->pa + n, &v);
		if (v != have) {
			report(c, "stale-code: the fetched line differs from memory", c->pc, c->pc,
			       l->pa + n);
			return;
		}
	}
}

void check_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write)
{
	struct debug *g = c->m->dbg;
	const struct cm_line *l;

	if (write)
		lost_written(pa, len);
	else
		check_lost(c, pa, len);
	/* len is a bus transfer: no longer than a line, and aligned to itself */
	for (uint32_t n = 0; (l = view_line_of_pa(c, pa, &n));) {
		if (write)
			g->behind[index_of(c, l)] = 1;
		if (l->dirty)
			report(c,
			       write ? "dma-under-dirty: a device writes memory under a dirty line"
				     : "dma-reads-stale: a device reads memory that a dirty line "
				       "covers",
			       here(c), l->va, pa);
	}
	if (!write && on_the_way(c, pa, len))
		report(c, "dma-reads-undrained: the write buffer still holds this", here(c), 0, pa);
}

void check_event(void *cpu, const struct cm_event *ev)
{
	struct cpu *c = cpu;

	c->m->dbg->behind[ev->set * c->d.cfg.ways + ev->way] = 0;
	if (ev->kind == CM_EV_DISCARD)
		lost_note(c, ev, here(c));
}
