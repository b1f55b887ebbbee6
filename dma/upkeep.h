/* SPDX-License-Identifier: MIT */
/* The cache work at each change of a buffer's owner, as the core in use wants it. */
#ifndef DMA_UPKEEP_H
#define DMA_UPKEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/ops.h"
#include "cores/profile.h"
#include "cache/upkeep.h"

/* The range operation for each direction; NULL at the way back to the CPU: nothing is done. A
 * test takes one out to see that it is missed (skip=). */
extern dcache_range_fn dma_map_op[3], dma_sync_op[3];	    /* map, sync_for_device */
extern dcache_range_fn dma_unmap_op[3], dma_sync_cpu_op[3]; /* unmap, sync_for_cpu */

/* dma_debug=on: every mapping is recorded and checked (dma/debug.h). */
extern uint32_t dma_debug_on;
void dma_debug_switch(bool on);

/* Somebody has work at unmap or sync_for_cpu: the core, or dma-debug. One word, so that where
 * nobody has, an unmap costs what it did before there were such cores. */
extern bool dma_work_at_return;

/* Fills the tables by the core's rules. Context: task or boot, no mapping under way. */
void dma_upkeep_use(const struct dma_upkeep *rules);

/* The cache has been chosen, or another model has taken its place: upkeep and fix= go by it. The
 * rules are the core's own, unless the cache is a model of another kind than the core's: such a
 * machine stands for one whose core has it. Context: as dma_upkeep_use(). */
void dma_follow_cache(const struct core_profile *core);

#endif
