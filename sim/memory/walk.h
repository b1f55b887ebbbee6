/* SPDX-License-Identifier: MIT */
/* The table walk. */
#ifndef SIM_MEMORY_WALK_H
#define SIM_MEMORY_WALK_H

#include <stdint.h>

#include "sim/memory/tlb.h"

struct cpu;

/* Reads the tables for mva into *e. Returns 0 or a fault status (5 section, 7 page
 * translation) and sets *domain in either case. No other side effect. */
uint32_t walk_tables(struct cpu *c, uint32_t mva, struct tlb_entry *e, uint32_t *domain);

/* The same for somebody who only looks: hunter mode is not told. */
uint32_t walk_quietly(struct cpu *c, uint32_t mva, struct tlb_entry *e, uint32_t *domain);

#endif
