/* SPDX-License-Identifier: MIT */
/* MMU and caches of the ARM1176 on, in ARMv6 descriptors. */
#ifndef GUEST_PI_MMU_H
#define GUEST_PI_MMU_H

#include "pi.h"

#define CP15(op, val) asm volatile("mcr p15, 0, %0, " op ::"r"(val) : "memory")
#define XP	      0x00800000u
#define SECTION	      0x402u /* privileged */
#define NO_CODE	      0x10u
#define WRITE_BACK    0xcu

static uint32_t pi_table[4096] __attribute__((aligned(16384)));

/* A flat map: RAM write-back, the rest strongly ordered and not code. */
static inline void pi_caches_on(void)
{
	uint32_t ctl;

	for (uint32_t n = 0; n < 4096; n++)
		pi_table[n] = n << 20 | SECTION | (n < 512 ? WRITE_BACK : NO_CODE);
	CP15("c7, c14, 0", 0); /* they may be on already */
	CP15("c7, c10, 4", 0);
	CP15("c7, c5, 0", 0);
	CP15("c8, c7, 0", 0);
	CP15("c2, c0, 2", 0);
	CP15("c2, c0, 0", pi_table);
	CP15("c3, c0, 0", 1);
	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	CP15("c1, c0, 0", ctl | XP | 0x1005);
}

/* The megabyte at va becomes that of pa, with these attribute bits. */
static inline void pi_map(uint32_t va, uint32_t pa, uint32_t bits)
{
	pi_table[va >> 20] = (pa & 0xfff00000) | SECTION | bits;
	CP15("c7, c10, 1", &pi_table[va >> 20]);
	CP15("c7, c10, 4", 0);
	CP15("c8, c7, 0", 0);
}

#endif
