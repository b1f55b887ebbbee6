/* SPDX-License-Identifier: MIT */
/* skip=: takes one maintenance call out of the DMA path. */
#include "dma/skip.h"

#include <stdio.h>
#include <string.h>

#include "cache/ops.h"
#include "dma/upkeep.h"
#include "dma/direction.h"
#include "lib/params.h"

enum skip {
	SKIP_NONE,
	SKIP_MAP_TO,
	SKIP_MAP_FROM,
	SKIP_MAP_BIDI,
	SKIP_SYNC_TO,
	SKIP_SYNC_FROM,
	SKIP_SYNC_BIDI,
	SKIP_UNMAP_FROM,
	SKIP_UNMAP_BIDI,
	SKIP_SYNC_CPU_FROM,
	SKIP_SYNC_CPU_BIDI,
	SKIP_EDGE,
	SKIP_DRAIN,
	SKIP_WRAP,
};

static const char *const choices[] = {
	"none",		 "map-to",    "map-from",   "map-bidi",	  "sync-to",
	"sync-from",	 "sync-bidi", "unmap-from", "unmap-bidi", "sync-cpu-from",
	"sync-cpu-bidi", "edge",      "drain",	    "wrap",	  NULL};
static uint32_t skip;
PARAM_ENUM(skip, PARAM_BOOT, skip, choices,
	   "for tests only: leave one cache maintenance call out, to see data "
	   "damaged");

static struct {
	dcache_range_fn map[3], sync[3], unmap[3], sync_cpu[3];
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

/* A call at the way back to the CPU, which only some cores need. */
static void leave_out(dcache_range_fn *op)
{
	if (!*op)
		printf("skip=%s: this core has nothing to leave out there\n", choices[skip]);
	*op = NULL;
}

void skip_apply(void)
{
	memcpy(saved.map, dma_map_op, sizeof(saved.map));
	memcpy(saved.sync, dma_sync_op, sizeof(saved.sync));
	memcpy(saved.unmap, dma_unmap_op, sizeof(saved.unmap));
	memcpy(saved.sync_cpu, dma_sync_cpu_op, sizeof(saved.sync_cpu));
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
	case SKIP_UNMAP_FROM:
		leave_out(&dma_unmap_op[DMA_FROM_DEVICE]);
		break;
	case SKIP_UNMAP_BIDI:
		leave_out(&dma_unmap_op[DMA_BIDIRECTIONAL]);
		break;
	case SKIP_SYNC_CPU_FROM:
		leave_out(&dma_sync_cpu_op[DMA_FROM_DEVICE]);
		break;
	case SKIP_SYNC_CPU_BIDI:
		leave_out(&dma_sync_cpu_op[DMA_BIDIRECTIONAL]);
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
	memcpy(dma_unmap_op, saved.unmap, sizeof(saved.unmap));
	memcpy(dma_sync_cpu_op, saved.sync_cpu, sizeof(saved.sync_cpu));
	dcache = saved.ops;
}
