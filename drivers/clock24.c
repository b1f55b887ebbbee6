/* SPDX-License-Identifier: MIT */
/* The free-running 24 MHz counter: see clock24.h. */
#include "drivers/clock24.h"
#include "drivers/mmio.h"

#define TICKS_PER_US (CLOCK24_HZ / 1000000u)
#define CHUNK_US     1000000u /* far below half a wrap, so a late look cannot miss the end */
#define STANDSTILL   1000000u /* equal readings in a row: no bus is that fast */

uint32_t clock24_ticks(uintptr_t reg)
{
	return mmio_read32(reg);
}

uint32_t clock24_us(uint32_t ticks)
{
	return ticks / TICKS_PER_US;
}

void clock24_delay_us(uintptr_t reg, uint32_t us)
{
	uint32_t same = 0;

	while (us) {
		uint32_t part = us < CHUNK_US ? us : CHUNK_US;
		uint32_t start = clock24_ticks(reg), last = start, now;

		/* One tick more: the first may already have been nearly over. */
		while ((now = clock24_ticks(reg)) - start <= part * TICKS_PER_US) {
			same = now == last ? same + 1 : 0;
			if (same == STANDSTILL)
				return;
			last = now;
		}
		us -= part;
	}
}
