/* SPDX-License-Identifier: MIT */
/* What the lines of a DMA buffer need when it changes hands: data of each core. */
#ifndef CACHE_UPKEEP_H
#define CACHE_UPKEEP_H

#include <stdint.h>

enum upkeep {
	UPKEEP_NONE,
	UPKEEP_CLEAN,	  /* memory gets what the CPU stored */
	UPKEEP_INV,	  /* the CPU will read memory again */
	UPKEEP_CLEAN_INV, /* both */
	UPKEEPS,
};

/* By direction, in the order of dma/direction.h: BIDIRECTIONAL, TO_DEVICE, FROM_DEVICE. */
struct dma_upkeep {
	const char *name;
	uint8_t to_device[3]; /* map, sync_for_device */
	uint8_t to_cpu[3];    /* unmap, sync_for_cpu */
};

/* ARM926 and its like fill a line only for the CPU's own loads (and stores): while the device has
 * the buffer nothing comes back into the cache, and at the way back there is nothing to do. */
extern const struct dma_upkeep upkeep_v5;
/* ARMv6 and later may fill lines by themselves, ahead of the program. What came in while the
 * device had the buffer is old: it goes when the CPU gets it back (Linux 2ffe2da3e71, from 2.6.34
 * on). That invalidate also does for BIDIRECTIONAL what map left valid after the clean.
 *
 * An outer cache would be invalidated before this one at the way back, and after it at the way
 * out, so that no level is filled again from an old one. No core of this build has one. */
extern const struct dma_upkeep upkeep_v6;

#endif
