/* SPDX-License-Identifier: MIT */
/* An instrument: a hook before each line operation and each drain. */
#include "cache/line_step.h"

#include "cache/ops.h"

static struct dcache_ops plain;
static struct line_step_hooks hook;

static void each(uintptr_t start, uintptr_t end, void (*op)(uintptr_t, uintptr_t))
{
	for (; start < end; start += CACHE_LINE) {
		hook.line(start);
		op(start, start + CACHE_LINE);
	}
}

static void step_clean(uintptr_t start, uintptr_t end)
{
	each(start, end, plain.clean_lines);
}

static void step_inv(uintptr_t start, uintptr_t end)
{
	each(start, end, plain.inv_lines);
}

static void step_clean_inv(uintptr_t start, uintptr_t end)
{
	each(start, end, plain.clean_inv_lines);
}

static void step_edge(uintptr_t start, uintptr_t end)
{
	each(start, end, plain.edge_lines);
}

static void step_drain(void)
{
	hook.drain();
	plain.drain();
}

void line_step_install(const struct line_step_hooks *hooks)
{
	hook = *hooks;
	plain = dcache;
	dcache.clean_lines = step_clean;
	dcache.inv_lines = step_inv;
	dcache.clean_inv_lines = step_clean_inv;
	dcache.edge_lines = step_edge;
	dcache.drain = step_drain;
}

void line_step_remove(void)
{
	dcache = plain;
}
