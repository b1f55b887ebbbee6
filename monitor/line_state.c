/* SPDX-License-Identifier: MIT */
/* Asks the cache about one line: the model, where it stands in for the D-cache. */
#include "monitor/line_state.h"

#include <stddef.h>

#include "cache/modelled.h"
#include "lib/irqflags.h"

struct line_state line_state(uintptr_t va, uint32_t pa)
{
	const struct cm_line *l;
	struct line_state s = {.known = cache_is_modelled};
	unsigned long flags;

	if (!s.known)
		return s;
	flags = irq_save();
	l = cm_peek(&cache_model, va, pa);
	s.valid = l != NULL;
	s.dirty = l ? l->dirty : 0;
	s.halves = cache_model.cfg.halves;
	irq_restore(flags);
	return s;
}

const char *line_state_text(const struct line_state *s)
{
	if (!s->valid)
		return "not in the cache";
	if (!s->dirty)
		return "clean";
	if (s->halves == 1 || s->dirty == 3)
		return "dirty";
	return s->dirty == 1 ? "dirty in its lower half" : "dirty in its upper half";
}

const char *line_state_heading(void)
{
	return cache_is_modelled ? "    the line (the model's word)" : "";
}
