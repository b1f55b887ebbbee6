/* SPDX-License-Identifier: MIT */
/* Writes 100,000 lines to the UART, with caches on and their lines coming and going. */
#include <stdint.h>

#include "devices.h"
#include "mmu_on.h"

static uint32_t area[1 << 16];

int guest_main(void)
{
	guest_mmu_on();
	for (uint32_t n = 0; n < 100000; n++) {
		area[n * 8 % (sizeof area / 4)] += n;
		for (const char *s = "a line of the image\n"; *s; s++)
			REG(UART, 0) = (uint8_t)*s;
	}
	return 0;
}
