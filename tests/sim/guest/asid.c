/* SPDX-License-Identifier: MIT */
/* Flushing one page of another address space: the ASID comes with the address. Exit status 0
 * if the entry of that ASID went, and the one of the other ASID stayed where a TLB is real. */
#include <stdint.h>

#include "mmu_on.h"

#define VA	  0x40000000u
#define CP(op, v) asm volatile("mcr p15, 0, %0, " op ::"r"(v) : "memory")

static uint32_t coarse[256] __attribute__((aligned(1024)));
static uint32_t frames[3][1024] __attribute__((aligned(4096)));

static void map(uint32_t frame)
{
	coarse[0] = (uint32_t)frames[frame] | 0x832; /* nG, RW, uncached: strongly ordered */
	CP("c7, c10, 1", &coarse[0]);
	CP("c7, c10, 4", 0);
}

static uint32_t look(uint32_t asid)
{
	CP("c13, c0, 1", asid);
	return *(volatile uint32_t *)VA;
}

int guest_main(void)
{
	uint32_t ctl, bad = 0;

	guest_mmu_on();
	for (uint32_t n = 0; n < 4096; n++)
		guest_table[n] &= ~0x10u; /* with XP this bit of a section is XN */
	guest_table[VA >> 20] = (uint32_t)coarse | 1;
	for (uint32_t n = 0; n < 3; n++)
		frames[n][0] = n;
	CP("c7, c14, 0", 0);
	CP("c7, c10, 4", 0);
	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	CP("c1, c0, 0", ctl | 1u << 23);
	CP("c8, c7, 0", 0);
	map(1);
	bad |= look(5) != 1;
	map(2);
	bad |= (look(6) != 2) << 1;
	map(0);
	CP("c8, c7, 1", VA | 5); /* from ASID 6: that of 5 goes */
	bad |= (look(5) != 0) << 2;
#ifdef REAL_TLB
	bad |= (look(6) != 2) << 3; /* QEMU drops it whatever the ASID */
#endif
	return (int)bad;
}
