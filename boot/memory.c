/* SPDX-License-Identifier: MIT */
/* From the banks to zones. */
#include "boot/memory.h"

#include <stdio.h>
#include <string.h>

#include "board.h"
#include "boards/board_api.h"
#include "cache/machine.h"
#include "lib/exit.h"
#include "lib/panic.h"
#include "lib/params.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"

static uint32_t lowmem = 16 * 1024 * 1024;
PARAM_SIZE(lowmem, PARAM_BOOT, lowmem, LOWMEM_MIN, LOWMEM_MAX,
	   "RAM with a linear address, a multiple of 1M; the rest is high memory");

extern const char _kernel_end[];

uint32_t memory_size(const struct handover *handover)
{
	uint32_t size = 0;

	if (handover->nbanks == 0)
		size = board_ram_bytes();
	/* Banks in any order: take the one that goes on where RAM ends so far. */
	for (uint32_t i = 0, joined = 0; i < handover->nbanks; i = joined ? 0 : i + 1) {
		joined = handover->banks[i].start == PHYS_RAM_BASE + size;
		if (joined)
			size += handover->banks[i].size;
	}
	for (uint32_t i = 0; i < handover->nbanks; i++)
		if (handover->banks[i].start - PHYS_RAM_BASE >= size)
			printf("memory: bank of %lu KiB at %08lx left out: not joined to RAM at "
			       "%08lx\n",
			       (unsigned long)handover->banks[i].size / 1024,
			       (unsigned long)handover->banks[i].start,
			       (unsigned long)PHYS_RAM_BASE);
	if (size > BOARD_RAM_MAX) {
		printf("memory: %lu MiB announced, the board has room for %lu\n",
		       (unsigned long)size >> 20, (unsigned long)BOARD_RAM_MAX >> 20);
		size = BOARD_RAM_MAX;
	}
	return size & PAGE_MASK;
}

void memory_init(uint32_t ram_bytes)
{
	uint32_t used = (uintptr_t)_kernel_end - PAGE_OFFSET;
	uint32_t map_bytes, low_pages;

	if (ram_bytes < LOWMEM_MIN)
		panic("too little memory: %lu KiB of RAM at %08lx, at least %u KiB are needed",
		      (unsigned long)ram_bytes / 1024, (unsigned long)PHYS_RAM_BASE,
		      LOWMEM_MIN / 1024);
	if (lowmem % SECTION_SIZE) {
		printf("parameter lowmem=%luk: not a multiple of 1M; valid: 4M..256M in steps of "
		       "1M\n"
		       "verdict reason=\"bad parameter\" status=ERROR\n",
		       (unsigned long)lowmem / 1024);
		kernel_exit(EXIT_USAGE);
	}
	if (lowmem > ram_bytes) {
		/* Rounded down to sections: a section that is only partly RAM may not be mapped
		 * cached, or a fill could read what is not there. */
		lowmem = ram_bytes / SECTION_SIZE * SECTION_SIZE;
		printf("memory: all of it is lowmem (lowmem= is more than there is)\n");
	}
	paging_map_lowmem(lowmem);
	ram_base = PHYS_RAM_BASE;
	mem_map_pages = ram_bytes >> PAGE_SHIFT;
	low_pages = lowmem >> PAGE_SHIFT;
	mem_map = (struct page *)(PAGE_OFFSET + ((used + PAGE_SIZE - 1) & PAGE_MASK));
	map_bytes = (mem_map_pages * sizeof(struct page) + PAGE_SIZE - 1) & PAGE_MASK;
	used = (uintptr_t)mem_map + map_bytes - PAGE_OFFSET;
	if (used >= lowmem)
		panic("too little memory: lowmem is %lu KiB, kernel and struct pages take %lu",
		      (unsigned long)lowmem / 1024, (unsigned long)used / 1024);
	memset(mem_map, 0, map_bytes);
	for (uint32_t i = 0; i < mem_map_pages; i++) {
		mem_map[i].zone = i < low_pages ? ZONE_LOWMEM : ZONE_HIGHMEM;
		mem_map[i].state = PAGE_RESERVED;
		if (i < low_pages)
			mem_map[i].virtual = (void *)(PAGE_OFFSET + (i << PAGE_SHIFT));
	}
	zone_add(ZONE_LOWMEM, used >> PAGE_SHIFT, low_pages);
	zone_add(ZONE_HIGHMEM, low_pages, mem_map_pages);
	machine.ram_bytes = ram_bytes;
	machine.lowmem_bytes = lowmem;
}
