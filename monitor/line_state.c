/* SPDX-License-Identifier: MIT */
/* Asks the cache about one line: the model where it stands in for the D-cache, else the emulator.
 */
#include "monitor/line_state.h"

#include <stddef.h>

#include "cache/machine.h"
#include "cache/modelled.h"
#include "cache/simulated.h"
#include "lib/irqflags.h"

#define VALID 1u

struct line_state line_state(uintptr_t va, uint32_t pa)
{
	struct line_state s = {.known = cache_is_modelled};
	unsigned long flags = irq_save(); /* the question takes more than one access */
	uint32_t word = 0;

	if (cache_is_modelled) {
		const struct cm_line *l = cm_peek(&cache_model, va, pa);

		word = l ? VALID | (uint32_t)l->dirty << 1 : 0;
	} else if (machine.truth == TRUTH_SIMULATED) {
		s.known = simulated_line(va, pa, &word);
	}
	irq_restore(flags);
	s.valid = word & VALID;
	s.dirty = word >> 1;
	return s;
}

const char *line_state_text(const struct line_state *s)
{
	if (!s->valid)
		return "not in the cache";
	if (!s->dirty)
		return "clean";
	if (machine.dcache.halves == 1 || s->dirty == 3)
		return "dirty";
	return s->dirty == 1 ? "dirty in its lower half" : "dirty in its upper half";
}

const char *line_state_heading(const struct line_state *s)
{
	return !s->known	   ? ""
	       : cache_is_modelled ? "    the line (the model's word)"
				   : "    the line (the emulator's word)";
}
