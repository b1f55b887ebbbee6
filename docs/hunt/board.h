/* SPDX-License-Identifier: MIT */
/* What the examples of docs/hunt.md use of the board: MMU and caches, the DMA controller. */
#ifndef HUNT_BOARD_H
#define HUNT_BOARD_H

#include "mmu_on.h" /* tests/sim/guest: RAM cacheable, devices not; guest_mmu_on() */

#define WORDS	      64
#define CP15(op, val) asm volatile("mcr p15, 0, %0, " op ::"r"(val) : "memory")
#define PL080	      ((volatile uint32_t *)0x10130000)

/* WORDS words by channel 0; the last store starts it, and it has ended when that returns. */
static inline void dma_copy(uint32_t *to, const uint32_t *from)
{
	PL080[0x30 / 4] = 1;
	PL080[0x100 / 4] = (uint32_t)from;
	PL080[0x104 / 4] = (uint32_t)to;
	PL080[0x10c / 4] = WORDS | 2 << 18 | 2 << 21 | 3 << 26;
	PL080[0x110 / 4] = 1;
	asm volatile("" ::: "memory"); /* the compiler must not read `to` earlier */
}

/* With -DBUSY the rest of the firmware reads so much that every other line leaves the cache. */
static inline void other_work(void)
{
#ifdef BUSY
	static uint32_t table[16384];

	for (uint32_t n = 0; n < 16384; n += 8)
		(void)*(volatile uint32_t *)&table[n];
#endif
}

#endif
