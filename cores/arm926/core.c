/* SPDX-License-Identifier: MIT */
/* The ARM926EJ-S as data; its loops are in lines.S. */
#include "cores/profile.h"

void arm926_clean_lines(uintptr_t start, uintptr_t end);
void arm926_inv_lines(uintptr_t start, uintptr_t end);
void arm926_clean_inv_lines(uintptr_t start, uintptr_t end);
void arm926_clean_inv_all(void);
void arm926_drain(void);

static const struct dcache_ops arm926_dcache_ops = {
	.name = "arm926",
	.clean_lines = arm926_clean_lines,
	.inv_lines = arm926_inv_lines,
	.clean_inv_lines = arm926_clean_inv_lines,
	.edge_lines = arm926_clean_inv_lines,
	.clean_inv_all = arm926_clean_inv_all,
	.drain = arm926_drain,
};

const struct core_profile core_profiles[] = {
	{
		.name = "arm926ej-s",
		.midr = 0x41069260,
		.mask = 0xFF0FFFF0,
		.ops = &arm926_dcache_ops,
		/* 4 to 128 KiB by the chip maker's choice; 16 KiB is common (and makes a way
		 * one page). Write buffer of 16 words at 4 addresses: DDI0198D 4.4. */
		.dcache = {.index = CM_VIVT,
			   .size = 16 * 1024,
			   .ways = 4,
			   .line = 32,
			   .halves = 2,
			   .replace = CM_ROUND_ROBIN,
			   .wb_words = 16,
			   .wb_addrs = 4,
			   .seed = 1},
		.upkeep = &upkeep_v5,
	},
};

const unsigned core_profile_count = sizeof(core_profiles) / sizeof(core_profiles[0]);
