/* SPDX-License-Identifier: MIT */
/* What boot found out about the machine; constant afterwards. */
#ifndef CACHE_MACHINE_H
#define CACHE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/model.h"

enum truth {
	TRUTH_NONE, /* the D-cache holds nothing and the model is off: no verdict is worth anything
		     */
	TRUTH_MODELLED,	 /* the model, behind trapped windows */
	TRUTH_SIMULATED, /* the D-cache of an emulated core */
	TRUTH_MEASURED,	 /* the D-cache of a chip */
};

struct machine {
	const char *board, *cpu;
	uint32_t midr;
	uint32_t ram_bytes, lowmem_bytes;
	bool dcache_real;	 /* what the probe saw */
	struct cm_config dcache; /* the geometry that verdicts are about */
	bool dcache_known;	 /* else dcache is only what such a core often has */
	enum truth truth;
};
extern struct machine machine;

const char *machine_truth_name(void);

#endif
