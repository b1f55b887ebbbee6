/* SPDX-License-Identifier: MIT */
/* The random numbers of runs and ghosts: xorshift32 (Marsaglia, "Xorshift RNGs", 2003). The
 * same on every machine, so that a seed tells the whole story. */
#ifndef LIB_RANDOM_H
#define LIB_RANDOM_H

#include <stdint.h>

/* *state is never 0 and never becomes it. */
static inline uint32_t random_next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

/* 0..n-1; n small against 2^32. */
static inline uint32_t random_below(uint32_t *state, uint32_t n)
{
	return random_next(state) % n;
}

#endif
