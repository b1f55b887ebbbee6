/* SPDX-License-Identifier: MIT */
/* Why data was lost: only what was seen to happen, by the witness where there is one. */
#ifndef RACE_WHY_H
#define RACE_WHY_H

#include <stdbool.h>
#include <stdint.h>

#include "race/exhibit.h"

/* A page that the CPU wrote is not as it was written. WHY_DISCARDED for lines that an invalidate
 * was seen to throw away. On a board nobody can see that; there it is said if all that can be seen
 * agrees: the interrupt came inside the loop, the page had the address that was under the loop,
 * the line lay before the loop, and it has what memory had before. */
unsigned why_lost(const struct ghost_check *check, const struct account *account,
		  const struct preempt_seen *seen, bool same_address);

/* A page that the device wrote is not as it was written: memory, as another master reads it, and
 * cpu, as the CPU does afterwards. */
unsigned why_stale(const struct ghost_check *memory, const struct ghost_check *cpu,
		   const struct account *account);

#endif
