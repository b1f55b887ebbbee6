/* SPDX-License-Identifier: MIT */
/* The parameters that everything which runs tests shares. */
#ifndef LIB_RUN_PARAMS_H
#define LIB_RUN_PARAMS_H

#include <stdint.h>

extern uint32_t run_count; /* 0: as many as the thing that runs does by default */
extern uint32_t run_seed;  /* 1.. */

static inline uint32_t runs_or(uint32_t usual)
{
	return run_count ? run_count : usual;
}

#endif
