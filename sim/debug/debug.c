/* SPDX-License-Identifier: MIT */
/* The hooks: trace lines, breakpoints, watchpoints; hunter mode's are passed on (check.h). */
#include "sim/debug/debug.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/shadow.h"
#include "sim/debug/source.h"
#include "sim/fail.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/output.h"

void debug_init(struct machine *m)
{
	struct debug *g = calloc(1, sizeof *g);
	struct cpu *c = m->cpu;

	if (!g)
		fail("out of memory");
	m->dbg = g;
	g->skip_break = 1;
	if (m->opt->trace) {
		g->trace = fopen(m->opt->trace, "w");
		if (!g->trace)
			fail("--trace %s: %s", m->opt->trace, strerror(errno));
	}
	if (m->opt->check) {
		if (c->d.cfg.line != UNIT)
			fail("--check: the D-cache must have 32-byte lines, not %u", c->d.cfg.line);
		g->shadow = shadow_new(c);
		if (!g->shadow)
			debug_no_memory();
	}
	if (m->opt->events) {
		g->events = fopen(m->opt->events, "w");
		if (!g->events)
			fail("--events %s: %s", m->opt->events, strerror(errno));
	}
	if (g->shadow || g->events)
		events_init(c);
	debug_update(c);
}

void debug_check_outputs(struct machine *m)
{
	output_check(m->dbg->trace, "--trace");
	output_check(m->dbg->events, "--events");
}

void debug_close_outputs(struct machine *m)
{
	output_close(m->dbg->trace, "--trace");
	output_close(m->dbg->events, "--events");
	m->dbg->trace = m->dbg->events = NULL;
}

void debug_free(struct machine *m)
{
	if (m->dbg->shadow) {
		check_summary(m);
		source_end();
	}
	shadow_free(m->dbg->shadow);
	free(m->dbg);
}

void debug_update(struct cpu *c)
{
	const struct debug *g = c->m->dbg;
	bool step = g->trace || g->nbreaks || g->stop_next || g->nwatch;

	c->attn = (c->attn & ~ATTN_STEP) | (step ? ATTN_STEP : 0);
	c->no_fast = g->nwatch;
	c->hooked = g->shadow || g->nwatch;
	if (c->hooked)
		shadow_hints_forget_all(c);
	mmu_flush_fast(c);
}

bool debug_before(struct cpu *c, const struct insn *i)
{
	struct debug *g = c->m->dbg;
	uint32_t pc = insn_pc(c, i);

	for (unsigned int n = 0; n < g->nbreaks; n++)
		if (g->breaks[n] == pc && g->skip_break != pc) {
			g->stopped = true;
			c->attn |= ATTN_STOP;
			return false;
		}
	g->skip_break = 1;
	if (g->trace) {
		memcpy(g->trace_regs, c->r, sizeof g->trace_regs);
		fprintf(g->trace, "%llu %08x %c", (unsigned long long)c->insns, pc,
			cpu_thumb(c) ? 't' : 'a');
	}
	return true;
}

void debug_after(struct cpu *c)
{
	struct debug *g = c->m->dbg;

	if (g->trace) {
		for (unsigned int n = 0; n < 15; n++)
			if (c->r[n] != g->trace_regs[n])
				fprintf(g->trace, " r%u=%08x", n, c->r[n]);
		fprintf(g->trace, " cpsr=%08x\n", cpu_cpsr(c));
	}
	g->skip_watch = false;
	if (g->hit_watch) { /* the instruction did not happen */
		c->insns--;
		c->cycles--;
	}
	if (g->stop_next || g->hit_watch) {
		g->stopped = true;
		c->attn |= ATTN_STOP;
	}
}

bool debug_data(struct cpu *c, uint32_t va, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr)
{
	struct debug *g = c->m->dbg;

	for (unsigned int n = 0; n < g->nwatch && !g->skip_watch; n++) {
		const struct watch *w = &g->watch[n];

		if ((w->kinds & (1u << (kind & ACC_KIND))) && va < w->va + w->len &&
		    w->va < va + size) {
			g->hit_watch = true;
			g->watch_hit = va;
			g->watch_kind = w->kinds;
			c->pc = insn_pc(c, c->cur);
			return false;
		}
	}
	if (g->shadow)
		check_data(c, mva, pa, size, kind, attr);
	return true;
}

uint32_t debug_permits(struct cpu *c, uint32_t mva, uint32_t pa)
{
	if (!c->m->dbg->shadow)
		return DEBUG_LOADS | DEBUG_STORES; /* no_fast decides */
	return shadow_permits(shadow_at(c, pa, false), c->d_phys ? pa : mva);
}

void debug_mapped(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t attr)
{
	if (c->m->dbg->shadow && (attr & CM_C))
		shadow_map(c, mva, pa);
}

void debug_cache_op(struct cpu *c, uint32_t op, uint32_t mva, uint32_t pa)
{
	if (c->m->dbg->shadow)
		check_cache_op(c, op, mva, pa);
}

void debug_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write)
{
	if (c->m->dbg->shadow)
		check_dma(c, pa, len, write);
}

void debug_walk(struct cpu *c, uint32_t pa)
{
	if (c->m->dbg->shadow)
		check_walk(c, pa);
}

bool debug_code(struct cpu *c, uint32_t pa, bool cached)
{
	return c->m->dbg->shadow && check_code(c, pa, cached);
}

void debug_executes(struct cpu *c, uint32_t va, uint32_t pa, uint32_t len, const uint8_t *raw)
{
	if (c->m->dbg->shadow)
		check_executes(c, va, pa, len, raw);
}

void debug_poked(struct cpu *c, uint32_t pa, uint8_t byte)
{
	if (c->m->dbg->shadow)
		check_poked(c, pa, byte);
}

void debug_acts_for(struct machine *m, uint32_t pc)
{
	m->dbg->acts_for = pc;
}

uint32_t debug_here(const struct cpu *c)
{
	if (c->m->dbg->acts_for)
		return c->m->dbg->acts_for;
	return c->cur ? insn_pc(c, c->cur) : c->pc;
}

void debug_no_memory(void)
{
	fail("--check: out of memory for what it must remember");
}
