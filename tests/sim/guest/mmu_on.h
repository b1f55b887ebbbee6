/* SPDX-License-Identifier: MIT */
/* A flat map with 128 MiB of cacheable RAM, MMU and both caches on. */
#ifndef GUEST_MMU_ON_H
#define GUEST_MMU_ON_H

#include <stdint.h>

static uint32_t guest_table[4096] __attribute__((aligned(16384)));

static inline void guest_mmu_on(void)
{
	uint32_t ctl;

	for (uint32_t n = 0; n < 4096; n++)
		guest_table[n] = n << 20 | 0xc12 | (n < 128 ? 0xc : 0);
	asm volatile("mcr p15, 0, %0, c7, c10, 4" ::"r"(0)
		     : "memory"); /* else the walk misses the table */
	asm volatile("mcr p15, 0, %0, c7, c7, 0" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"(guest_table) : "memory");
	asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1) : "memory");
	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"(ctl | 0x1005) : "memory");
}

#endif
