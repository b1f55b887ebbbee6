/* SPDX-License-Identifier: MIT */
/* Page tables: sections and coarse tables with small pages, in the core's own format (core.h), and
 * the software view of the highmem windows. */
#ifndef MM_PGTABLE_H
#define MM_PGTABLE_H

#include <stdint.h>

#include "cache/pte.h"
#include "core.h"
#include "lib/memory_map.h"

/* Small pages of the kernel: data, code, and data past the caches. */
#define PTE_CACHED   (CORE_PTE_AP_KERNEL | PTE_C | PTE_B | CORE_PTE_PAGE)
#define PTE_CODE     (CORE_PTE_AP_KERNEL | PTE_C | PTE_B | CORE_PTE_CODE)
#define PTE_UNCACHED (CORE_PTE_AP_KERNEL | CORE_PTE_PAGE)
#define PTE_AP_USER  CORE_PTE_AP_USER /* added to one of them: user mode as well */
/* Type 0 is a fault to the MMU, which then ignores all other bits: a descriptor that only
 * the trap handler can read. Used for highmem while the cache model stands in. */
#define PTE_TRAPPED (CORE_PTE_AP_KERNEL | PTE_C | PTE_B)

/* Writes a level-2 descriptor and makes it visible to the table walk. Says nothing to the
 * TLB: a new mapping over an empty entry needs no flush, since a fault is never cached in the TLB.
 * Context: any. */
static inline void set_pte(uint32_t *pte, uint32_t value);

/* For descriptors that are written directly, many at a time: after the last of a line, the line
 * is cleaned; after the last line, ptes_publish() makes them all visible to the table walk.
 * Context: any. */
#define PTES_A_LINE 8u
static inline void ptes_clean_line(const uint32_t *first);
static inline void ptes_publish(void);

/* Removes the boot identity map; maps the devices, the vectors and the (still empty) pkmap,
 * fixmap and consistent windows. Boot only. */
void paging_init(void);

/* Maps lowmem beyond what head.S mapped. bytes: a multiple of SECTION_SIZE. Boot only. */
void paging_map_lowmem(uint32_t bytes);

/* Maps all RAM uncached at BUS_BASE. Boot only. */
void paging_map_bus(uint32_t ram_bytes);

/* The level-2 entries of the windows. */
extern uint32_t pkmap_pte[LAST_PKMAP];
extern uint32_t consistent_pte[CONSISTENT_SIZE / PAGE_SIZE];
extern uint32_t fixmap_pte[256]; /* 0xFFF00000-0xFFFFFFFF: fixmap and vectors */

/* What a highmem page is mapped with: PTE_CACHED, or PTE_TRAPPED in modelled mode. */
extern uint32_t highmem_prot;

void tlb_flush_page(uintptr_t va);
/* Every page of [start, end). */
void tlb_flush_range(uintptr_t start, uintptr_t end);

#ifdef MURPHY_HOST
static inline void set_pte(uint32_t *pte, uint32_t value)
{
	*pte = value;
}
void host_pte_line_cleaned(const uint32_t *first) __attribute__((weak));
static inline void ptes_clean_line(const uint32_t *first)
{
	if (host_pte_line_cleaned)
		host_pte_line_cleaned(first);
}
void host_ptes_published(void) __attribute__((weak));
static inline void ptes_publish(void)
{
	if (host_ptes_published)
		host_ptes_published();
}
#else
#include "cache/cp15.h"
static inline void set_pte(uint32_t *pte, uint32_t value)
{
	*(volatile uint32_t *)pte = value;
	/* The walk reads memory, not the D-cache and not the write buffer (on an ARM9 always, on
	 * an ARM11 as TTBR0 says): without the clean and the drain it finds the old entry. */
	cp15_dcache_clean_mva((uint32_t)pte);
	cp15_drain();
}

/* Both together are what set_pte() does, for the same reason. */
static inline void ptes_clean_line(const uint32_t *first)
{
	cp15_dcache_clean_mva((uint32_t)first);
}

static inline void ptes_publish(void)
{
	cp15_drain();
}
#endif

#endif
