/* SPDX-License-Identifier: MIT */
/* The build's table of cores, asked. */
#include "cores/profile.h"

#include <stddef.h>
#include <stdio.h>

const struct core_profile *core_profile_find(uint32_t midr)
{
	for (unsigned i = 0; i < core_profile_count; i++)
		if ((midr & core_profiles[i].mask) == core_profiles[i].midr)
			return &core_profiles[i];
	return NULL;
}

const char *core_profile_names(void)
{
	static char names[160];
	size_t at = 0;

	for (unsigned i = 0; i < core_profile_count && at < sizeof(names); i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s (MIDR 0x%07lxx)",
				       i ? ", " : "", core_profiles[i].name,
				       (unsigned long)core_profiles[i].midr >> 4);
	return names;
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
