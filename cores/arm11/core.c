/* SPDX-License-Identifier: MIT */
/* The ARM11 cores as data; their loops are in lines.S. */
#include "cores/profile.h"

void arm11_clean_lines(uintptr_t start, uintptr_t end);
void arm11_inv_lines(uintptr_t start, uintptr_t end);
void arm11_clean_inv_lines(uintptr_t start, uintptr_t end);
void arm11_clean_inv_all(void);
void arm11_drain(void);
void arm1136_clean_block(uintptr_t start, uintptr_t end);
void arm1136_inv_block(uintptr_t start, uintptr_t end);
void arm1136_clean_inv_block(uintptr_t start, uintptr_t end);
void arm1136_clean_inv_all(void);
bool arm1136_dirty(void);

/* MPCore: no block operations and no dirty status. */
static const struct dcache_ops arm11_dcache_ops = {
	.name = "arm11",
	.clean_lines = arm11_clean_lines,
	.inv_lines = arm11_inv_lines,
	.clean_inv_lines = arm11_clean_inv_lines,
	.edge_lines = arm11_clean_inv_lines,
	.clean_inv_all = arm11_clean_inv_all,
	.drain = arm11_drain,
};

static const struct dcache_ops arm1136_dcache_ops = {
	.name = "arm1136",
	.clean_lines = arm11_clean_lines,
	.inv_lines = arm11_inv_lines,
	.clean_inv_lines = arm11_clean_inv_lines,
	.edge_lines = arm11_clean_inv_lines,
	.clean_inv_all = arm1136_clean_inv_all,
	.drain = arm11_drain,
	.dirty = arm1136_dirty,
};

static const struct dcache_ops arm1136_block_ops = {
	.name = "arm1136-block",
	.clean_lines = arm1136_clean_block,
	.inv_lines = arm1136_inv_block,
	.clean_inv_lines = arm1136_clean_inv_block,
	.edge_lines = arm11_clean_inv_lines, /* single lines */
	.clean_inv_all = arm1136_clean_inv_all,
	.drain = arm11_drain,
	.dirty = arm1136_dirty,
	.block = true,
};

/* 4 to 64 KiB by the chip maker's choice; 16 KiB is common (the Raspberry Pi's BCM2835), and the
 * most whose ways do not alias. Allocated on reads only; one counter for all sets: DDI0301H 7.
 * Write buffer of 32 words (Sloss, Symes, Wright: ARM System Developer's Guide, table 12.1); at how
 * many addresses is not said, 8 is what the model has. */
#define ARM1136_DCACHE                                                                       \
	{                                                                                    \
		.index = CM_VIPT, .size = 16 * 1024, .ways = 4, .line = 32, .halves = 2,     \
		.replace = CM_ROUND_ROBIN, .rr_global = true, .wb_words = 32, .wb_addrs = 8, \
		.seed = 1                                                                    \
	}

const struct core_profile core_profiles[] = {
	{
		.name = "arm1176jzf-s",
		.midr = 0x410FB760,
		.mask = 0xFF0FFFF0,
		.ops = &arm1136_dcache_ops,
		.block_ops = &arm1136_block_ops,
		.dcache = ARM1136_DCACHE,
		.upkeep = &upkeep_v6,
	},
	{
		.name = "arm1136jf-s",
		.midr = 0x4107B360,
		.mask = 0xFF0FFFF0,
		.ops = &arm1136_dcache_ops,
		.block_ops = &arm1136_block_ops,
		.dcache = ARM1136_DCACHE,
		.upkeep = &upkeep_v6,
	},
	{
		.name = "arm11mpcore",
		.midr = 0x410FB020,
		.mask = 0xFF0FFFF0,
		.ops = &arm11_dcache_ops,
		/* 16 to 64 KiB; its tags and its index are physical, and it has one dirty bit. */
		.dcache = {.index = CM_PIPT,
			   .size = 32 * 1024,
			   .ways = 4,
			   .line = 32,
			   .halves = 1,
			   .replace = CM_ROUND_ROBIN,
			   .wb_words = 32,
			   .wb_addrs = 8,
			   .seed = 1},
		/* It fills nothing by itself, so Linux does nothing at unmap here. (That the CPU
		 * must own a line before it maintains it is for several CPUs.) */
		.upkeep = &upkeep_v5,
	},
};

const unsigned core_profile_count = sizeof(core_profiles) / sizeof(core_profiles[0]);
