/* SPDX-License-Identifier: MIT */
/* copy.c with the maintenance it lacks; -DWITHOUT_CLEAN, _DRAIN or _INVALIDATE leaves one out. */
#include "board.h"

static uint32_t from[WORDS] __attribute__((aligned(32))), to[WORDS] __attribute__((aligned(32)));

/* What the CPU stored must be in memory when the device reads it. */
static void before_the_device_reads(const uint32_t *buffer)
{
#ifndef WITHOUT_CLEAN
	for (uint32_t n = 0; n < WORDS; n += 8)
		CP15("c7, c10, 1", &buffer[n]);
#endif
	(void)buffer;
#ifndef WITHOUT_DRAIN
	CP15("c7, c10, 4", 0); /* else the last lines are still on their way */
#endif
}

/* What the cache holds must not be read any more, nor written over what the device brings. */
static void before_the_device_writes(const uint32_t *buffer)
{
#ifndef WITHOUT_INVALIDATE
	for (uint32_t n = 0; n < WORDS; n += 8)
		CP15("c7, c6, 1", &buffer[n]);
#endif
	(void)buffer;
}

int guest_main(void)
{
	guest_mmu_on();
	for (uint32_t packet = 1; packet <= 2; packet++) {
		for (uint32_t n = 0; n < WORDS; n++)
			from[n] = packet << 16 | n;
		other_work();
		before_the_device_writes(to);
		before_the_device_reads(from);
		dma_copy(to, from);
		other_work();
		for (uint32_t n = 0; n < WORDS; n++)
			if (to[n] != (packet << 16 | n))
				return 1;
	}
	return 0;
}
