/* SPDX-License-Identifier: MIT */
/* Cores as data: what a MIDR means, and the D-cache the model takes when the core's own
 * holds nothing. The cache type register is asked only where the probe found that the cache
 * holds data: QEMU reports nonsense in it. */
#ifndef CORES_PROFILE_H
#define CORES_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/model.h"
#include "cache/ops.h"
#include "cache/upkeep.h"

struct core_profile {
	const char *name;
	uint32_t midr, mask;
	const struct dcache_ops *ops;
	const struct dcache_ops *block_ops; /* leaf=block; NULL: the core has none */
	struct cm_config dcache;
	const struct dma_upkeep *upkeep; /* what a DMA buffer's lines need */
};

/* The cores of this build: cores/<core>/core.c. The first one's operations serve until it is known
 * which of them runs. */
extern const struct core_profile core_profiles[];
extern const unsigned core_profile_count;

/* The profile of a core, or NULL if this build has none. */
const struct core_profile *core_profile_find(uint32_t midr);

/* The cores this build knows, for a message: static text. */
const char *core_profile_names(void);

/* The D-cache that the cache type register describes (DDI0198D 2.3.2): fills size, ways and line.
 * False, with cfg as it was, if there is no such write-back cache. */
bool cache_type_decode(uint32_t ctr, struct cm_config *cfg);

#endif
