/* SPDX-License-Identifier: MIT */
/* The cache work at each change of a buffer's owner, as the core in use wants it. */
#include "dma/upkeep.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "dma/direction.h"
#include "dma/fix.h"
#include "lib/params.h"

_Static_assert(DMA_BIDIRECTIONAL == 0 && DMA_TO_DEVICE == 1 && DMA_FROM_DEVICE == 2,
	       "the order of struct dma_upkeep");

/* The ARM926's from the start: what runs before the cache is chosen maps nothing, and the host's
 * tests do not boot. */
dcache_range_fn dma_map_op[3] = {dcache_clean_inv_range, dcache_clean_range, dcache_inv_range};
dcache_range_fn dma_sync_op[3] = {dcache_clean_inv_range, dcache_clean_range, dcache_inv_range};
dcache_range_fn dma_unmap_op[3], dma_sync_cpu_op[3];
bool dma_work_at_return;

static bool upkeep_at_return;

uint32_t dma_debug_on;

void dma_debug_switch(bool on)
{
	dma_debug_on = on;
	dma_work_at_return = dma_debug_on || upkeep_at_return;
}

static const char *set_dma_debug(const char *text)
{
	bool on = strcmp(text, "on") == 0;

	if (!on && strcmp(text, "off") != 0)
		return "no such choice";
	dma_debug_switch(on);
	return NULL;
}

static void show_dma_debug(char *buf, size_t len)
{
	snprintf(buf, len, "%s", dma_debug_on ? "on" : "off");
}

PARAM_CUSTOM(dma_debug, PARAM_ANY, set_dma_debug, show_dma_debug, "off|on",
	     "record and check every DMA mapping");

void dma_upkeep_use(const struct dma_upkeep *rules)
{
	static const dcache_range_fn ops[UPKEEPS] = {
		[UPKEEP_CLEAN] = dcache_clean_range,
		[UPKEEP_INV] = dcache_inv_range,
		[UPKEEP_CLEAN_INV] = dcache_clean_inv_range,
	};

	upkeep_at_return = false;
	for (unsigned dir = DMA_BIDIRECTIONAL; dir <= DMA_FROM_DEVICE; dir++) {
		dma_map_op[dir] = dma_sync_op[dir] = ops[rules->to_device[dir]];
		dma_unmap_op[dir] = dma_sync_cpu_op[dir] = ops[rules->to_cpu[dir]];
		upkeep_at_return |= rules->to_cpu[dir] != UPKEEP_NONE;
	}
	dma_debug_switch(dma_debug_on);
}

void dma_follow_cache(const struct core_profile *core)
{
	bool as_its_core = dcache_is_vivt == (core->dcache.index == CM_VIVT);

	dma_upkeep_use(as_its_core ? core->upkeep : dcache_is_vivt ? &upkeep_v5 : &upkeep_v6);
	dma_fix_follow_cache();
}
