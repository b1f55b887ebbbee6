/* SPDX-License-Identifier: MIT */
/* Streaming DMA mappings. */
#include "dma/mapping.h"

#include <stdio.h>

#include "dma/debug.h"
#include "dma/fix.h"
#include "mm/consistent.h"
#include "trace/ring.h"

/* op on a range of RAM, page by page: a highmem page has an address of its own or none, and
 * the next page's is another. */
static void maintain(struct page *page, uint32_t offset, size_t size, dcache_range_fn op)
{
	while (size) {
		uint32_t len = PAGE_SIZE - offset;

		if (len > size)
			len = size;
		if (!page_is_highmem(page))
			op((uintptr_t)page->virtual + offset, len);
		else
			dma_fix_maintain(page, len, offset, op);
		page++;
		offset = 0;
		size -= len;
	}
}

static void maintain_phys(dma_addr_t addr, size_t size, dcache_range_fn op)
{
	maintain(phys_to_page(addr), addr & (PAGE_SIZE - 1), size, op);
}

static __attribute__((noinline, cold)) dma_addr_t refuse(const char *call, uint32_t pa, size_t size,
							 int dir)
{
	if (dir != DMA_BIDIRECTIONAL && dir != DMA_TO_DEVICE && dir != DMA_FROM_DEVICE)
		printf("%s: direction %d is none of 0 (BIDIRECTIONAL), 1 (TO_DEVICE), 2 "
		       "(FROM_DEVICE)\n",
		       call, dir);
	else
		printf("%s: %lu bytes at %08lx are not wholly RAM\n", call, (unsigned long)size,
		       (unsigned long)pa);
	return DMA_MAPPING_ERROR;
}

/* Not empty, and RAM from end to end. */
static inline bool range_ok(uint32_t pa, size_t size, unsigned dir)
{
	uint32_t last = pa + (size - 1); /* below pa if it wraps */

	return dir <= DMA_FROM_DEVICE && size && phys_is_ram(pa) && phys_is_ram(last) && last >= pa;
}

static dma_addr_t map(const char *call, struct page *page, size_t offset, size_t size,
		      enum dma_data_direction dir, enum dma_debug_type type, void *where)
{
	uint32_t pa = page_to_phys(page) + offset;
	struct page *first;

	/* An offset so large that the address wraps is as wrong as one beyond RAM. */
	if (__builtin_expect(!range_ok(pa, size, dir) || pa < offset, 0))
		return refuse(call, pa, size, dir);
	first = phys_to_page(pa);
	if (__builtin_expect(dma_debug_on, 0))
		dma_debug_map(pa, size, dir, type, where);
	trace_record(TRACE_MAP_BEGIN, pa, (uintptr_t)first->virtual, dir, size);
	maintain(first, offset & (PAGE_SIZE - 1), size, dma_map_op[dir]);
	trace_record(TRACE_MAP_END, pa, (uintptr_t)first->virtual, dir, size);
	return pa;
}

#define CALLER __builtin_return_address(0)

/* Not empty, and in one page of RAM from end to end. */
static inline bool within_a_page(struct page *page, size_t offset, size_t size)
{
	uint32_t end = offset + size, index = page - mem_map;

	/* An empty range, and one that wraps, end at or before where they begin. */
	return end <= PAGE_SIZE && end > offset && index < mem_map_pages;
}

dma_addr_t dma_map_page(struct page *page, size_t offset, size_t size, enum dma_data_direction dir)
{
	uint32_t pa = page_to_phys(page) + offset;

	/* The plain case, and nobody records: what map() would do, without the questions. */
	if (__builtin_expect(!within_a_page(page, offset, size) || dma_debug_on || trace_on, 0) ||
	    __builtin_expect((unsigned)dir > DMA_FROM_DEVICE, 0))
		return map("dma_map_page", page, offset, size, dir, DMA_DEBUG_PAGE, CALLER);
	if (page_is_highmem(page))
		dma_fix_maintain(page, size, offset, dma_map_op[dir]);
	else
		dma_map_op[dir]((uintptr_t)page->virtual + offset, size);
	return pa;
}

/* The CPU gets the buffer back: what the core in use wants for that (dma/upkeep.h). */
static void to_cpu(const char *call, dma_addr_t addr, size_t size, enum dma_data_direction dir,
		   const dcache_range_fn *ops)
{
	if (!range_ok(addr, size, dir)) {
		refuse(call, addr, size, dir);
		return;
	}
	if (!ops[dir])
		return;
	trace_record(TRACE_RETURN_BEGIN, addr, (uintptr_t)phys_to_page(addr)->virtual, dir,
		     (uintptr_t)call);
	maintain_phys(addr, size, ops[dir]);
	trace_record(TRACE_RETURN_END, addr, (uintptr_t)phys_to_page(addr)->virtual, dir,
		     (uintptr_t)call);
}

static __attribute__((noinline)) void unmap(const char *call, dma_addr_t addr, size_t size,
					    enum dma_data_direction dir, enum dma_debug_type type,
					    void *where)
{
	if (dma_debug_on)
		dma_debug_unmap(addr, size, dir, type, where);
	to_cpu(call, addr, size, dir, dma_unmap_op);
}

void dma_unmap_page(dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	if (dma_work_at_return)
		unmap("dma_unmap_page", addr, size, dir, DMA_DEBUG_PAGE, CALLER);
}

dma_addr_t dma_map_single(void *cpu, size_t size, enum dma_data_direction dir)
{
	if (!virt_is_lowmem(cpu)) {
		printf("dma_map_single: %p is not a lowmem address; use dma_map_page for highmem\n",
		       cpu);
		return DMA_MAPPING_ERROR;
	}
	return map("dma_map_single", virt_to_page(cpu), (uintptr_t)cpu & (PAGE_SIZE - 1), size, dir,
		   DMA_DEBUG_SINGLE, CALLER);
}

void dma_unmap_single(dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	if (dma_work_at_return)
		unmap("dma_unmap_single", addr, size, dir, DMA_DEBUG_SINGLE, CALLER);
}

void dma_sync_single_for_cpu(dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	if (!dma_work_at_return)
		return;
	if (dma_debug_on)
		dma_debug_sync(addr, size, dir, DMA_DEBUG_FOR_CPU, CALLER);
	to_cpu("dma_sync_single_for_cpu", addr, size, dir, dma_sync_cpu_op);
}

void dma_sync_single_for_device(dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	if (!range_ok(addr, size, dir)) {
		refuse("dma_sync_single_for_device", addr, size, dir);
		return;
	}
	if (dma_debug_on)
		dma_debug_sync(addr, size, dir, DMA_DEBUG_FOR_DEVICE, CALLER);
	maintain_phys(addr, size, dma_sync_op[dir]);
}

int dma_map_sg(struct scatterlist *sg, int n, enum dma_data_direction dir)
{
	for (int i = 0; i < n; i++) {
		sg[i].dma_address = map("dma_map_sg", sg[i].page, sg[i].offset, sg[i].length, dir,
					DMA_DEBUG_SG, CALLER);
		if (sg[i].dma_address == DMA_MAPPING_ERROR) {
			dma_unmap_sg(sg, i, dir);
			return 0;
		}
	}
	return n;
}

void dma_unmap_sg(struct scatterlist *sg, int n, enum dma_data_direction dir)
{
	for (int i = 0; dma_work_at_return && i < n; i++)
		unmap("dma_unmap_sg", sg[i].dma_address, sg[i].length, dir, DMA_DEBUG_SG, CALLER);
}

void dma_sync_sg_for_cpu(struct scatterlist *sg, int n, enum dma_data_direction dir)
{
	for (int i = 0; i < n; i++)
		dma_sync_single_for_cpu(sg[i].dma_address, sg[i].length, dir);
}

void dma_sync_sg_for_device(struct scatterlist *sg, int n, enum dma_data_direction dir)
{
	for (int i = 0; i < n; i++)
		dma_sync_single_for_device(sg[i].dma_address, sg[i].length, dir);
}

void *dma_alloc_coherent(size_t size, dma_addr_t *addr)
{
	void *cpu = consistent_alloc(size, addr);

	if (cpu && dma_debug_on)
		dma_debug_map(*addr, size, DMA_BIDIRECTIONAL, DMA_DEBUG_COHERENT, CALLER);
	return cpu;
}

void dma_free_coherent(size_t size, void *cpu, dma_addr_t addr)
{
	if (dma_debug_on)
		dma_debug_unmap(addr, size, DMA_BIDIRECTIONAL, DMA_DEBUG_COHERENT, CALLER);
	consistent_free(cpu, size);
}
