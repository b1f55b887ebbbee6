/* SPDX-License-Identifier: MIT */
/* Firmware that copies two packets by DMA and forgets all cache maintenance: docs/hunt.md. */
#include "board.h"

static uint32_t from[WORDS] __attribute__((aligned(32))), to[WORDS] __attribute__((aligned(32)));

int guest_main(void)
{
	guest_mmu_on(); /* and the caches */
	for (uint32_t packet = 1; packet <= 2; packet++) {
		for (uint32_t n = 0; n < WORDS; n++)
			from[n] = packet << 16 | n;
		other_work();
		dma_copy(to, from);
		other_work();
		for (uint32_t n = 0; n < WORDS; n++)
			if (to[n] != (packet << 16 | n))
				return 1;
	}
	return 0;
}
