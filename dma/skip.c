/* SPDX-License-Identifier: MIT */
/* skip=: takes one maintenance call out of the DMA path. */
#include "dma/skip.h"

#include <string.h>

#include "cache/ops.h"
#include "dma/mapping.h"
#include "lib/params.h"

enum skip {
	SKIP_NONE,
	SKIP_MAP_TO,
	SKIP_MAP_FROM,
	SKIP_MAP_BIDI,
	SKIP_SYNC_TO,
	SKIP_SYNC_FROM,
	SKIP_SYNC_BIDI,
	SKIP_EDGE,
	SKIP_DRAIN,
	SKIP_WRAP,
};

static const char *const choices[] = {"none",	 "map-to",    "map-from",  "map-bidi",
				      "sync-to", "sync-from", "sync-bidi", "edge",
				      "drain",	 "wrap",      NULL};
static uint32_t skip;
PARAM_ENUM(skip, PARAM_BOOT, skip, choices,
	   "for tests only: leave one cache maintenance call out, to see data "
	   "damaged");

static struct {
	dcache_range_fn map[3], sync[3];
	struct dcache_ops ops;
} saved;

static void no_range(uintptr_t va, size_t len)
{
	(void)va;
	(void)len;
}

static void no_drain(void)
{
}

void skip_apply(void)
{
	memcpy(saved.map, dma_map_op, sizeof(saved.map));
	memcpy(saved.sync, dma_sync_op, sizeof(saved.sync));
	saved.ops = dcache;
	switch ((enum skip)skip) {
	case SKIP_NONE:
		break;
	case SKIP_MAP_TO:
		dma_map_op[DMA_TO_DEVICE] = no_range;
		break;
	case SKIP_MAP_FROM:
		dma_map_op[DMA_FROM_DEVICE] = no_range;
		break;
	case SKIP_MAP_BIDI:
		dma_map_op[DMA_BIDIRECTIONAL] = no_range;
		break;
	case SKIP_SYNC_TO:
		dma_sync_op[DMA_TO_DEVICE] = no_range;
		break;
	case SKIP_SYNC_FROM:
		dma_sync_op[DMA_FROM_DEVICE] = no_range;
		break;
	case SKIP_SYNC_BIDI:
		dma_sync_op[DMA_BIDIRECTIONAL] = no_range;
		break;
	case SKIP_EDGE:
		dcache.edge_lines = dcache.inv_lines; /* the neighbour's bytes go with the rest */
		break;
	case SKIP_DRAIN:
		dcache.drain = no_drain;
		break;
	case SKIP_WRAP:
		dcache.clean_inv_all = no_drain; /* flush_cache_kmaps() when the slots wrap */
		break;
	}
}

void skip_undo(void)
{
	memcpy(dma_map_op, saved.map, sizeof(saved.map));
	memcpy(dma_sync_op, saved.sync, sizeof(saved.sync));
	dcache = saved.ops;
}
