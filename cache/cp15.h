/* SPDX-License-Identifier: MIT */
/* All CP15 access, one line a register, of those that all cores have: DDI0198D chapter 2.
 * Each has a "memory" clobber: the compiler may not move loads and stores across it. */
#ifndef CACHE_CP15_H
#define CACHE_CP15_H

#include <stdint.h>

#define CP15_READ(name, crn, crm, op2)                                       \
	static inline uint32_t name(void)                                    \
	{                                                                    \
		uint32_t v;                                                  \
		__asm__ volatile("mrc p15, 0, %0, " #crn ", " #crm ", " #op2 \
				 : "=r"(v)                                   \
				 :                                           \
				 : "memory");                                \
		return v;                                                    \
	}
#define CP15_WRITE(name, crn, crm, op2)                                      \
	static inline void name(uint32_t v)                                  \
	{                                                                    \
		__asm__ volatile("mcr p15, 0, %0, " #crn ", " #crm ", " #op2 \
				 :                                           \
				 : "r"(v)                                    \
				 : "memory");                                \
	}

CP15_READ(cp15_midr, c0, c0, 0)
CP15_READ(cp15_cache_type, c0, c0, 1)
CP15_READ(cp15_sctlr, c1, c0, 0)
CP15_WRITE(cp15_set_sctlr, c1, c0, 0)
CP15_READ(cp15_ttbr, c2, c0, 0)
CP15_READ(cp15_dacr, c3, c0, 0)
CP15_READ(cp15_fcse, c13, c0, 0)
CP15_READ(cp15_dfsr, c5, c0, 0)
CP15_READ(cp15_ifsr, c5, c0, 1)
CP15_READ(cp15_far, c6, c0, 0)

CP15_WRITE(cp15_dcache_clean_mva, c7, c10, 1)
CP15_WRITE(cp15_dcache_inv_mva, c7, c6, 1)
CP15_WRITE(cp15_icache_inv_mva, c7, c5, 1)
CP15_WRITE(cp15_drain_, c7, c10, 4)
CP15_WRITE(cp15_wfi_, c7, c0, 4)
CP15_WRITE(cp15_tlb_inv_all_, c8, c7, 0)
CP15_WRITE(cp15_tlb_inv_mva, c8, c7, 1)

/* Write buffer to memory: what was stored before is seen by devices and table walks after. */
static inline void cp15_drain(void)
{
	cp15_drain_(0);
}

static inline void cp15_tlb_inv_all(void)
{
	cp15_tlb_inv_all_(0);
}

/* Sleeps until an interrupt is pending, masked or not (DDI0198D 2.3.9). */
static inline void cp15_wfi(void)
{
	cp15_wfi_(0);
}

#define SCTLR_M 0x0001u
#define SCTLR_A 0x0002u
#define SCTLR_C 0x0004u
#define SCTLR_W 0x0008u
#define SCTLR_I 0x1000u
#define SCTLR_V 0x2000u

#endif
