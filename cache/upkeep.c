/* SPDX-License-Identifier: MIT */
/* What the lines of a DMA buffer need when it changes hands: data of each core. */
#include "cache/upkeep.h"

enum { BIDIRECTIONAL, TO_DEVICE, FROM_DEVICE }; /* dma/direction.h */

const struct dma_upkeep upkeep_v5 = {
	.name = "v5",
	.to_device = {[BIDIRECTIONAL] = UPKEEP_CLEAN_INV,
		      [TO_DEVICE] = UPKEEP_CLEAN,
		      [FROM_DEVICE] = UPKEEP_INV},
};

const struct dma_upkeep upkeep_v6 = {
	.name = "v6",
	.to_device = {[BIDIRECTIONAL] = UPKEEP_CLEAN,
		      [TO_DEVICE] = UPKEEP_CLEAN,
		      [FROM_DEVICE] = UPKEEP_INV},
	.to_cpu = {[BIDIRECTIONAL] = UPKEEP_INV, [FROM_DEVICE] = UPKEEP_INV},
};
