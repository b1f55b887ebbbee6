/* SPDX-License-Identifier: MIT */
/* The mutant "prefetch": a core whose D-cache may fill by itself. */
#ifndef SIM_MEMORY_AHEAD_H
#define SIM_MEMORY_AHEAD_H

#include <stdbool.h>
#include <stdint.h>

#define AHEAD_LINES 256u /* two pages' worth of places that it may come back to */

struct ahead {
	bool on;
	uint32_t rng;
	uint64_t next;		   /* cycle at which it fetches again */
	uint32_t mva[AHEAD_LINES]; /* where lines left the cache, or are to be expected next */
	uint32_t count;		   /* ever entered */
};

struct cpu;

void ahead_begin(struct cpu *c, uint32_t seed);
/* A line of mva left the cache, or one before it came: it may be fetched ahead of its use. */
void ahead_note(struct cpu *c, uint32_t mva);
/* Its time has come: some lines are fetched. */
void ahead_event(struct cpu *c);
/* A device begins to move data: the CPU goes on meanwhile, even where the move takes no time. */
void ahead_meanwhile(struct cpu *c);

#endif
