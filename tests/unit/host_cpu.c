/* SPDX-License-Identifier: MIT */
/* A tiny CPU on the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_cpu.h"
#include "host_mm.h"

#include "cache/ops.h"
#include "mm/pkmap.h"

struct cm host_cache;

static bool translate(uintptr_t va, uint32_t *pa)
{
	uint32_t pte = 0;

	if (virt_is_lowmem((void *)va)) {
		*pa = virt_to_phys((void *)va);
		return true;
	}
	if (is_pkmap_address((void *)va))
		pte = pkmap_pte[pkmap_slot((void *)va)];
	else if (va >= FIXMAP_BASE && va < FIXMAP_BASE + FIXMAP_SLOTS * PAGE_SIZE)
		pte = fixmap_pte[(va - FIXMAP_BASE) >> PAGE_SHIFT];
	*pa = (pte & PAGE_MASK) | (va & ~PAGE_MASK);
	return pte != 0;
}

static uint32_t must_translate(uintptr_t va)
{
	uint32_t pa;

	if (!translate(va, &pa))
		fail_msg("page fault at %lx", (unsigned long)va);
	return pa;
}

uint32_t host_load(uintptr_t va, uint32_t size)
{
	return cm_load(&host_cache, va, must_translate(va), size, CM_C | CM_B);
}

void host_store(uintptr_t va, uint32_t size, uint32_t value)
{
	cm_store(&host_cache, va, must_translate(va), size, value, CM_C | CM_B);
}

static void bus_read(void *ctx, uint32_t pa, void *buf, uint32_t len)
{
	(void)ctx;
	memcpy(buf, host_ram_at(pa), len);
}

static void bus_write(void *ctx, uint32_t pa, const void *buf, uint32_t len)
{
	(void)ctx;
	memcpy(host_ram_at(pa), buf, len);
}

static void each_line(uintptr_t start, uintptr_t end, void (*op)(struct cm *, uint32_t, uint32_t))
{
	for (; start < end; start += CACHE_LINE) {
		uint32_t pa;

		/* By virtual tags a line is found without its translation; by physical ones not. */
		if (!translate(start, &pa))
			pa = dcache_is_vivt ? start : must_translate(start);
		op(&host_cache, start, pa);
	}
}

static void clean(uintptr_t start, uintptr_t end)
{
	each_line(start, end, cm_clean_mva);
}

static void inv(uintptr_t start, uintptr_t end)
{
	each_line(start, end, cm_inv_mva);
}

static void clean_inv(uintptr_t start, uintptr_t end)
{
	each_line(start, end, cm_clean_inv_mva);
}

static void drain(void)
{
	cm_drain(&host_cache);
}

static void clean_inv_all(void)
{
	while (!cm_test_clean_inv(&host_cache))
		;
	drain();
}

void host_cpu_start(const char *shape)
{
	static uint64_t storage[64 * 1024 / sizeof(uint64_t)];
	const struct cm_bus bus = {.read = bus_read, .write = bus_write};
	struct cm_config cfg = {.halves = 2, .wb_words = 16, .wb_addrs = 4, .seed = 1};

	assert_null(cm_config_parse(&cfg, shape));
	assert_in_range(cm_storage_size(&cfg), 1, sizeof(storage));
	cm_init(&host_cache, &cfg, &bus, storage);
	dcache_is_vivt = cfg.index == CM_VIVT;
	dcache = (struct dcache_ops){.name = "host",
				     .clean_lines = clean,
				     .inv_lines = inv,
				     .clean_inv_lines = clean_inv,
				     .edge_lines = clean_inv,
				     .clean_inv_all = clean_inv_all,
				     .drain = drain};
}
