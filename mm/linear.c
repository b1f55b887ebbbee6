/* SPDX-License-Identifier: MIT */
/* Linear addresses of lowmem. */
#include "mm/page.h"
#include "mm/page_alloc.h"

uint32_t virt_to_phys(const void *va)
{
	return (uint32_t)(uintptr_t)va - PAGE_OFFSET + ram_base;
}

void *phys_to_virt(uint32_t pa)
{
	return (void *)(uintptr_t)(pa - ram_base + PAGE_OFFSET);
}

bool virt_is_lowmem(const void *va)
{
	uint32_t pfn = ((uint32_t)(uintptr_t)va - PAGE_OFFSET) >> PAGE_SHIFT;

	return pfn < mem_map_pages && mem_map[pfn].zone == ZONE_LOWMEM;
}
