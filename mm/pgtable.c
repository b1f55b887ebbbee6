/* SPDX-License-Identifier: MIT */
/* Page tables: sections for lowmem, devices and the bus window; coarse tables for the rest. */
#include "mm/pgtable.h"

#include <stddef.h>

#include "board.h"
#include "boards/board_api.h"
#include "cache/ops.h"

#define COARSE_ENTRIES 256

#define PAGETABLE __attribute__((section(".bss.pagetable"), aligned(1024)))
uint32_t pkmap_pte[LAST_PKMAP] PAGETABLE;
uint32_t consistent_pte[CONSISTENT_SIZE / PAGE_SIZE] PAGETABLE;
uint32_t fixmap_pte[COARSE_ENTRIES] PAGETABLE;

uint32_t highmem_prot = PTE_CACHED;

extern const char _vectors_page[];

static uint32_t *const level1 = (uint32_t *)(PAGE_OFFSET + L1_TABLE_OFF);

static uint32_t linear_phys(const void *va)
{
	return (uint32_t)va - PAGE_OFFSET + PHYS_RAM_BASE;
}

static void map_sections(uint32_t va, uint32_t pa, uint32_t bytes, uint32_t attributes)
{
	for (uint32_t off = 0; off < bytes; off += SECTION_SIZE)
		level1[(va + off) >> SECTION_SHIFT] = (pa + off) | attributes;
}

static void map_coarse(uint32_t va, const uint32_t *table, uint32_t entries)
{
	for (uint32_t i = 0; i < entries; i += COARSE_ENTRIES)
		level1[(va >> SECTION_SHIFT) + i / COARSE_ENTRIES] =
			linear_phys(table + i) | CORE_COARSE;
}

/* The level-1 table as a whole, once per change at boot. */
static void level1_publish(void)
{
	dcache_clean_range((uintptr_t)level1, 0x4000); /* walks do not look into the D-cache */
	cp15_tlb_inv_all(); /* the entries of the identity map would go on being used */
	core_tlb_barrier();
}

void paging_init(void)
{
	level1[PHYS_RAM_BASE >> SECTION_SHIFT] = 0; /* a NULL pointer faults from now on */
	for (unsigned i = 0; i < board_io_count; i++)
		map_sections(board_io_map[i].va, board_io_map[i].pa, board_io_map[i].size,
			     CORE_SECTION_DEVICE);
	map_coarse(PKMAP_BASE, pkmap_pte, LAST_PKMAP);
	map_coarse(CONSISTENT_BASE, consistent_pte, CONSISTENT_SIZE / PAGE_SIZE);
	map_coarse(FIXMAP_BASE, fixmap_pte, COARSE_ENTRIES);
	set_pte(&fixmap_pte[(VECTORS_BASE >> PAGE_SHIFT) & 0xFF],
		linear_phys(_vectors_page) | PTE_CODE);
	/* .bss was zeroed with the MMU off, but the tables may have been touched since. */
	dcache_clean_range((uintptr_t)pkmap_pte, sizeof(pkmap_pte));
	dcache_clean_range((uintptr_t)consistent_pte, sizeof(consistent_pte));
	dcache_clean_range((uintptr_t)fixmap_pte, sizeof(fixmap_pte));
	level1_publish();
}

void paging_map_lowmem(uint32_t bytes)
{
	map_sections(PAGE_OFFSET, PHYS_RAM_BASE, bytes, CORE_SECTION_CACHED);
	level1_publish();
}

void paging_map_bus(uint32_t ram_bytes)
{
	map_sections(BUS_BASE, PHYS_RAM_BASE, ram_bytes, CORE_SECTION_BUS);
	level1_publish();
}

void tlb_flush_page(uintptr_t va)
{
	cp15_tlb_inv_mva(va);
	core_tlb_barrier();
}

void tlb_flush_range(uintptr_t start, uintptr_t end)
{
	if (end - start >= CORE_TLB_ENTRIES * PAGE_SIZE) {
		cp15_tlb_inv_all();
	} else {
		for (; start < end; start += PAGE_SIZE)
			cp15_tlb_inv_mva(start);
	}
	core_tlb_barrier();
}
