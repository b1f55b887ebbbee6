/* SPDX-License-Identifier: MIT */
/* What the cache says of one line, where it can be asked. */
#ifndef MONITOR_LINE_STATE_H
#define MONITOR_LINE_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct line_state {
	bool known, valid;
	uint32_t dirty; /* bit a half */
};

/* The line that an access to va (mapped to pa) would hit now. Touches nothing in the cache.
 * known is false on a chip: no core of the profile table lets its tags be read. Context: any. */
struct line_state line_state(uintptr_t va, uint32_t pa);
/* "clean", "dirty in its lower half" and so on; of a known state only. */
const char *line_state_text(const struct line_state *s);
/* The heading over such texts, which says who was asked; "" of a state that is not known. */
const char *line_state_heading(const struct line_state *s);

#endif
