/* SPDX-License-Identifier: MIT */
/* The parameters that everything which runs tests shares. */
#include "lib/run_params.h"

#include "lib/params.h"

uint32_t run_count;
uint32_t run_seed = 1;

PARAM_UINT(runs, PARAM_ANY, run_count, 0, 10000000,
	   "how often, each time with new random data; 0: as the exhibit or test does by default");
PARAM_UINT(seed, PARAM_ANY, run_seed, 1, 0xFFFFFFFF, "where the random numbers start");
