/* SPDX-License-Identifier: MIT */
/* The table of core profiles. */
#include "sim/cpu/core.h"

#include <stdio.h>
#include <string.h>

#define CACHE(idx, sz, w, h, g, wbw, wba)                                                          \
	{                                                                                          \
		.index = (idx), .size = (sz), .ways = (w), .line = 32, .halves = (h),              \
		.replace = CM_ROUND_ROBIN, .rr_global = (g), .wb_words = (wbw), .wb_addrs = (wba), \
		.seed = 1                                                                          \
	}

/* ARM1136 and ARM1176: one round-robin counter for all sets, the lowest invalid way first (DDI0301H
 * 7.3), a write buffer of 32 words (Sloss, Symes, Wright: ARM System Developer's Guide, table
 * 12.1). MPCore: the cache type register has P for the I-cache alone, so the D-cache behaves as one
 * with a physical index. The I-caches have no write buffer and never hold a dirty line. The cache
 * type register of the 926 is computed from its geometry (cp15.c), because sizes are a choice
 * there. */
static const struct core cores[] = {
	{
		.name = "arm926",
		.full_name = "arm926ej-s",
		.arch = ARCH_V5TE,
		.midr = 0x41069265,
		.sctlr_reset = 0x00050078, /* DDI0198D 2.3.2: bits 18, 16 and [6:3] read as 1 */
		.sctlr_writable = 0x0000f387,
		.test_clean = true,
		.rotate = true,
		.tlb_size = 64,
		.d = CACHE(CM_VIVT, 16384, 4, 2, false, 16, 4),
		.i = CACHE(CM_VIVT, 16384, 4, 1, false, 0, 0),
	},
	{
		.name = "arm1136",
		.full_name = "arm1136jf-s",
		.arch = ARCH_V6K, /* from r1p0 on (DDI0211H); the MIDR says r1p3 */
		.midr = 0x4117b363,
		.sctlr_reset = 0x00050078,
		.sctlr_writable = 0x33c0ff87 | 0x800,
		.block_ops = true,
		.v6_mmu = true,
		.rotate = true,
		.tlb_size = 64,
		.d = CACHE(CM_VIPT, 16384, 4, 2, true, 32, 8),
		.i = CACHE(CM_VIPT, 16384, 4, 1, true, 0, 0),
	},
	{
		.name = "arm1176",
		.full_name = "arm1176jzf-s",
		.arch = ARCH_V6K,
		.midr = 0x410fb767,
		.sctlr_reset = 0x00050078,
		.sctlr_writable = 0x33c0ff87 | 0x800,
		.block_ops = true,
		.v6_mmu = true,
		.rotate = true,
		.tlb_size = 64,
		.d = CACHE(CM_VIPT, 16384, 4, 2, true, 32, 8),
		.i = CACHE(CM_VIPT, 16384, 4, 1, true, 0, 0),
	},
	{
		.name = "arm11mpcore",
		.full_name = "arm11mpcore",
		.arch = ARCH_V6K,
		.midr = 0x410fb022,
		.sctlr_reset = 0x00050078,
		.sctlr_writable = 0x33c0ff87 | 0x800,
		.v6_mmu = true,
		.rotate = true,
		.tlb_size = 64,
		.d = CACHE(CM_PIPT, 32768, 4, 1, false, 32, 8),
		.i = CACHE(CM_VIPT, 32768, 4, 1, false, 0, 0),
	},
};

#define NCORES (sizeof cores / sizeof cores[0])

const struct core *core_find(const char *name)
{
	for (unsigned int n = 0; n < NCORES; n++) {
		if (!strcmp(cores[n].name, name) || !strcmp(cores[n].full_name, name))
			return &cores[n];
	}
	return NULL;
}

void core_names(char *buf, uint32_t len)
{
	uint32_t at = 0;

	buf[0] = 0;
	for (unsigned int n = 0; n < NCORES && at < len; n++)
		at += (uint32_t)snprintf(buf + at, len - at, "%s%s", n ? " " : "", cores[n].name);
}
