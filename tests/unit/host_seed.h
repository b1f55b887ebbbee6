/* SPDX-License-Identifier: MIT */
/* The seed of a random test: another one in each run unless SEED= gives it; always printed. */
#ifndef TEST_HOST_SEED_H
#define TEST_HOST_SEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Never 0. To stderr, since a test may have stdout under its eyes. */
static inline uint32_t host_seed(void)
{
	const char *given = getenv("SEED");
	uint32_t seed = given ? (uint32_t)strtoul(given, NULL, 0) : 0;
	struct timespec now;

	if (!given) {
		/* Programs that start together in the same second differ too. */
		clock_gettime(CLOCK_REALTIME, &now);
		seed = (uint32_t)now.tv_sec * 1000003u ^ (uint32_t)now.tv_nsec ^
		       (uint32_t)getpid() << 16;
	}
	if (!seed)
		seed = 1;
	fprintf(stderr, "seed %u (SEED=%u repeats)\n", seed, seed);
	return seed;
}

#endif
