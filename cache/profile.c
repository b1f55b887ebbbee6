/* SPDX-License-Identifier: MIT */
/* Cores as data. */
#include "cache/profile.h"

#include <stddef.h>

static const struct core_profile profiles[] = {
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
	},
};

const struct core_profile *core_profile_find(uint32_t midr)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if ((midr & profiles[i].mask) == profiles[i].midr)
			return &profiles[i];
	return NULL;
}

const char *core_profile_names(void)
{
	return "arm926ej-s (MIDR 0x4106926x)";
}

bool cache_type_decode(uint32_t ctr, struct cm_config *cfg)
{
	uint32_t d = ctr >> 12 & 0xFFF;
	uint32_t m = d >> 2 & 1;
	struct cm_config c = *cfg;

	c.size = (2 + m) << ((d >> 6 & 0xF) + 8);
	c.ways = (2 + m) << (d >> 3 & 7) >> 1;
	c.line = 8u << (d & 3);
	/* ctype 0 is write-through: no such cache holds the dirty lines that the probe saw. */
	if (!(ctr >> 25 & 0xF) || cm_config_error(&c))
		return false;
	*cfg = c;
	return true;
}
