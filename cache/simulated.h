/* SPDX-License-Identifier: MIT */
/* What murphy-sim says of its own caches: their shape, and what became of their lines. It is asked
 * by words of the board's registers (sim/README.md) that go past cache and write buffer, so that
 * asking changes nothing. Everything here is for truth=simulated only. */
#ifndef CACHE_SIMULATED_H
#define CACHE_SIMULATED_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/model.h"
#include "cache/witness.h"

/* Fills in the D-cache as the emulator was told to build it. False: it is too old to say. */
bool simulated_shape(struct cm_config *cfg);

/* From now on every event of a line is kept, those before are forgotten; and no more. False:
 * the emulator is too old to keep any. */
bool simulated_record(bool on);
/* Puts the choice of the line to replace where it is after a reset; the lines stay. */
void simulated_reset_replacement(void);
/* Events kept of lines of the page at pa, and the i-th oldest of them. */
uint32_t simulated_select(uint32_t page_pa);
void simulated_event(uint32_t i, struct line_event *e);
/* Events that found no room. */
uint32_t simulated_missed(void);
/* Lines of the page that are dirty now. */
uint32_t simulated_dirty_lines(uint32_t page_pa);
/* The line that an access to va (mapped to pa) would hit now: bit 0 it is there, bits 1 and 2 its
 * lower and upper half are dirty. False: the emulator is too old to say. */
bool simulated_line(uintptr_t va, uint32_t pa, uint32_t *state);

#endif
