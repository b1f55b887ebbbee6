/* SPDX-License-Identifier: MIT */
/* The event log (--events): what the D-cache did to whole lines, and who caused it; devices'
 * copies and the image's output between. */
#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"
#include "sim/debug/symbols.h"

static const char *const kinds[] = {
	[CM_EV_FILL] = "fill",
	[CM_EV_EVICT] = "evict",
	[CM_EV_WRITEBACK] = "writeback",
	[CM_EV_DISCARD] = "discard",
};

static const char *const ops[] = {
	[CM_OP_LOAD] = "load",
	[CM_OP_STORE] = "store",
	[CM_OP_INV_MVA] = "inv-mva",
	[CM_OP_CLEAN_MVA] = "clean-mva",
	[CM_OP_CLEAN_INV_MVA] = "clean-inv-mva",
	[CM_OP_INV_SETWAY] = "inv-setway",
	[CM_OP_CLEAN_SETWAY] = "clean-setway",
	[CM_OP_CLEAN_INV_SETWAY] = "clean-inv-setway",
	[CM_OP_INV_ALL] = "inv-all",
	[CM_OP_TEST_CLEAN] = "test-clean",
	[CM_OP_TEST_CLEAN_INV] = "test-clean-inv",
	[CM_OP_DRAIN] = "drain",
};

static void on_event(void *cpu, const struct cm_event *ev)
{
	struct cpu *c = cpu;
	struct debug *g = c->m->dbg;
	uint32_t pc = debug_here(c);

	if (g->events)
		fprintf(g->events, "%llu %s op=%s va=%08x pa=%08x dirty=%u pc=%08x in=%s\n",
			(unsigned long long)cpu_now(c), kinds[ev->kind], ops[ev->op], ev->va,
			ev->pa, ev->dirty, pc, symbols_name(c->m->syms, pc));
	if (g->shadow)
		check_event(cpu, ev);
}

void events_console(struct cpu *c, uint8_t byte)
{
	struct debug *g = c->m->dbg;

	if (!g->events)
		return;
	if (byte == '\n') {
		fprintf(g->events, "%llu console %.*s\n", (unsigned long long)cpu_now(c),
			(int)g->console_len, g->console);
		g->console_len = 0;
	} else if (byte >= ' ' && g->console_len < sizeof g->console) {
		g->console[g->console_len++] = (char)byte;
	}
}

void events_copy(struct cpu *c, uint32_t from, uint32_t to, uint32_t bytes)
{
	if (c->m->dbg->events)
		fprintf(c->m->dbg->events, "%llu dma from=%08x to=%08x bytes=%u\n",
			(unsigned long long)cpu_now(c), from, to, bytes);
}

void events_pin(struct cpu *c, uint32_t pin, bool high)
{
	if (c->m->dbg && c->m->dbg->events)
		fprintf(c->m->dbg->events, "%llu pin gpio=%u level=%u pc=%08x in=%s\n",
			(unsigned long long)cpu_now(c), pin, high, debug_here(c),
			symbols_name(c->m->syms, debug_here(c)));
}

void events_init(struct cpu *c)
{
	c->d.event_mask = CM_EV_BIT(CM_EV_WRITEBACK); /* what hunter mode looks at */
	if (c->m->dbg->events)
		c->d.event_mask |=
			CM_EV_BIT(CM_EV_DISCARD) | CM_EV_BIT(CM_EV_FILL) | CM_EV_BIT(CM_EV_EVICT);
	c->d.on_event = on_event;
	c->d.event_ctx = c;
}
