/* SPDX-License-Identifier: MIT */
/* Consistent memory: each step is there and in its place. The zeros are stored, then flushed from
 * the cached linear address, then the pages get their uncached one; at the end the address goes,
 * then the TLB's entry, and only then the pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

/* In place of the host's stand-ins, which have no uncached view of memory. */
#define consistent_alloc real_alloc
#define consistent_free	 real_free
#include "mm/consistent.c"

#define LOW_START 4u /* so that there are blocks of all orders up to 4 */

uint32_t consistent_pte[SLOTS];

static struct {
	uintptr_t start, end;
	unsigned calls;
	bool drained;
} cleaned, flushed;

/* ---- The hardware, watching. ---- */

static uint32_t pa_of(uintptr_t linear)
{
	return HOST_RAM_BASE + (uint32_t)(linear - (uintptr_t)host_ram_at(HOST_RAM_BASE));
}

static bool all_bytes(uint32_t pa, size_t n, uint8_t byte)
{
	for (size_t i = 0; i < n; i++)
		if (*host_ram_at(pa + i) != byte)
			return false;
	return true;
}

static bool is_mapped(uint32_t pa)
{
	for (uint32_t i = 0; i < SLOTS; i++)
		if ((consistent_pte[i] & PAGE_MASK) == (pa & PAGE_MASK))
			return true;
	return false;
}

static void clean_inv(uintptr_t start, uintptr_t end)
{
	cleaned.start = start;
	cleaned.end = end;
	cleaned.calls++;
	cleaned.drained = false;
	/* What the uncached address will show must be in the lines that are written back here;
	 * and nobody stores by that address while lines of the other are still to go. */
	assert_true(all_bytes(pa_of(start), end - start, 0));
	assert_false(is_mapped(pa_of(start)));
}

static void drain(void)
{
	cleaned.drained = true;
}

static void never(uintptr_t start, uintptr_t end)
{
	fail_msg("lines %lx-%lx: neither cleaned alone nor discarded", (unsigned long)start,
		 (unsigned long)end);
}

static struct page *being_freed;
static unsigned order_freed;

static void tlb_flush(uintptr_t start, uintptr_t end)
{
	flushed.start = start;
	flushed.end = end;
	flushed.calls++;
	for (uintptr_t va = start; va < end; va += PAGE_SIZE)
		assert_int_equal(consistent_pte[(va - CONSISTENT_BASE) >> PAGE_SHIFT], 0);
	/* Whoever gets these pages next must not be reached through an old entry. */
	assert_non_null(being_freed);
	assert_int_equal(being_freed->state, PAGE_USED);
	assert_int_equal(being_freed->order, order_freed);
}

static int setup(void **state)
{
	static bool zones_there;

	(void)state;
	if (!zones_there) {
		host_mm_reset();
		zone_add(ZONE_LOWMEM, LOW_START, HOST_LOW_PAGES);
		zones_there = true;
	}
	for (uint32_t i = 0; i < HOST_LOW_PAGES; i++)
		mem_map[i].virtual = host_ram_at(HOST_RAM_BASE + (i << PAGE_SHIFT));
	assert_int_equal(zone_pages_free(ZONE_LOWMEM), HOST_LOW_PAGES - LOW_START);
	dcache = (struct dcache_ops){.clean_lines = never,
				     .inv_lines = never,
				     .clean_inv_lines = clean_inv,
				     .edge_lines = never,
				     .drain = drain};
	host_on_tlb_flush = tlb_flush;
	memset(consistent_pte, 0, sizeof(consistent_pte));
	memset(&cleaned, 0, sizeof(cleaned));
	memset(&flushed, 0, sizeof(flushed));
	return 0;
}

static uint32_t first_pte(const void *va)
{
	return (uint32_t)((uintptr_t)va - CONSISTENT_BASE) >> PAGE_SHIFT;
}

static void free_it(void *va, size_t size, unsigned order)
{
	being_freed = phys_to_page(consistent_pte[first_pte(va)] & PAGE_MASK);
	order_freed = order;
	flushed.calls = 0;
	real_free(va, size);
	assert_int_equal(flushed.calls, 1);
	assert_int_equal(flushed.start, (uintptr_t)va);
	assert_int_equal(flushed.end, (uintptr_t)va + ((uintptr_t)PAGE_SIZE << order));
	assert_true(being_freed->state == PAGE_FREE || being_freed->state == PAGE_FREE_TAIL);
	being_freed = NULL;
}

/* ---- The tests. ---- */

static void zeroed_flushed_and_mapped_in_this_order(void **state)
{
	static const struct {
		size_t size;
		unsigned order;
	} row[] = {{1, 0},    {4095, 0},  {4096, 0},  {4097, 1},  {8192, 1},
		   {8193, 2}, {12288, 2}, {16384, 2}, {16385, 3}, {65536, 4}};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		uint32_t n = 1u << row[i].order, pa = 0;
		void *va = real_alloc(row[i].size, &pa);

		assert_ptr_equal(va, (void *)(uintptr_t)CONSISTENT_BASE);
		assert_true(all_bytes(pa, n * PAGE_SIZE, 0));
		for (uint32_t k = 0; k < SLOTS; k++)
			assert_int_equal(consistent_pte[k],
					 k < n ? (pa + k * PAGE_SIZE) | PTE_UNCACHED : 0);
		assert_int_equal(cleaned.calls, 1);
		assert_int_equal(pa_of(cleaned.start), pa);
		assert_int_equal(cleaned.end - cleaned.start, n * PAGE_SIZE);
		assert_true(cleaned.drained);
		assert_int_equal(phys_to_page(pa)->order, row[i].order);
		memset(host_ram_at(pa), 0x5A, n * PAGE_SIZE);
		free_it(va, row[i].size, row[i].order);
		assert_int_equal(consistent_pte[n - 1], 0);
		assert_true(all_bytes(pa, n * PAGE_SIZE, POISON_FREE));
		cleaned.calls = 0;
	}
}

/* The first gap that is large enough, and never an address that is another's. */
static void addresses_are_given_first_fit(void **state)
{
	const uintptr_t base = CONSISTENT_BASE;
	uint32_t pa[5];
	void *a = real_alloc(4096, &pa[0]), *b = real_alloc(8192, &pa[1]),
	     *c = real_alloc(4096, &pa[2]), *d, *e;

	(void)state;
	assert_ptr_equal(a, (void *)base);
	assert_ptr_equal(b, (void *)(base + 0x1000));
	assert_ptr_equal(c, (void *)(base + 0x3000));
	free_it(b, 8192, 1);
	d = real_alloc(16384, &pa[3]);
	assert_ptr_equal(d, (void *)(base + 0x4000)); /* the gap has 2 pages, it wants 4 */
	e = real_alloc(8192, &pa[4]);
	assert_ptr_equal(e, (void *)(base + 0x1000));
	assert_int_equal(consistent_pte[0] & PAGE_MASK, pa[0]);
	assert_int_equal(consistent_pte[3] & PAGE_MASK, pa[2]);
	free_it(a, 4096, 0);
	free_it(c, 4096, 0);
	free_it(d, 16384, 2);
	free_it(e, 8192, 1);
}

static void without_an_address_the_pages_come_back(void **state)
{
	uint32_t before = zone_pages_free(ZONE_LOWMEM), pa = 77;
	void *va;

	(void)state;
	for (uint32_t i = 0; i < SLOTS - 2; i++)
		consistent_pte[i] = i % 2 ? 0 : PTE_UNCACHED; /* gaps of one page; 3 at the end */
	assert_null(real_alloc(16384, &pa));
	assert_int_equal(pa, 77);
	assert_int_equal(zone_pages_free(ZONE_LOWMEM), before);
	assert_int_equal(consistent_pte[SLOTS - 1], 0);
	consistent_pte[SLOTS - 3] = PTE_UNCACHED;
	va = real_alloc(8192, &pa); /* up to the very last entry */
	assert_int_equal(first_pte(va), SLOTS - 2);
	free_it(va, 8192, 1);
	consistent_pte[SLOTS - 1] = PTE_UNCACHED;
	assert_null(real_alloc(8192, &pa)); /* not one beyond it */
	assert_int_equal(zone_pages_free(ZONE_LOWMEM), before);
}

static void what_cannot_be_given_is_null(void **state)
{
	uint32_t before = zone_pages_free(ZONE_LOWMEM), pa = 77;

	(void)state;
	assert_null(real_alloc(0, &pa));
	assert_null(real_alloc((PAGE_SIZE << PAGE_ORDER_MAX) + 1, &pa));
	assert_null(real_alloc(~(size_t)0, &pa));
	assert_null(real_alloc(PAGE_SIZE << 6, &pa)); /* more than the zone has in a row */
	assert_int_equal(pa, 77);
	assert_int_equal(cleaned.calls, 0);
	assert_int_equal(zone_pages_free(ZONE_LOWMEM), before);
}

struct free_call {
	uintptr_t va;
	size_t size;
};

static void call_free(void *arg)
{
	const struct free_call *c = arg;

	real_free((void *)c->va, c->size);
}

static void assert_refused(uintptr_t va, size_t size, const char *words)
{
	struct free_call call = {va, size};
	uint32_t before = zone_pages_free(ZONE_LOWMEM);

	flushed.calls = 0;
	assert_true(host_panics(call_free, &call));
	if (!strstr(host_panic_text, words))
		fail_msg("\"%s\" does not say \"%s\"", host_panic_text, words);
	assert_int_equal(zone_pages_free(ZONE_LOWMEM), before);
	assert_int_equal(flushed.calls, 0);
}

static void a_wrong_free_changes_nothing(void **state)
{
	const uintptr_t base = CONSISTENT_BASE;
	uint32_t pa;
	void *va = real_alloc(8192, &pa);

	(void)state;
	assert_refused(base - PAGE_SIZE, 4096, "is not consistent memory");
	assert_refused(base + CONSISTENT_SIZE, 4096, "is not consistent memory");
	assert_refused(base + 0x2000, 4096, "is not consistent memory"); /* nothing there */
	assert_refused(base + 8, 8192, "is not what consistent_alloc() gave");
	assert_refused(base + 0x1000, 4096, "is not what consistent_alloc() gave"); /* its middle */
	assert_refused(base, 4096, "allocated with order 1, freed with 0");
	assert_refused(base, 8193, "allocated with order 1, freed with 2");
	assert_int_equal(consistent_pte[0] & PAGE_MASK, pa);
	assert_int_equal(consistent_pte[1] & PAGE_MASK, pa + PAGE_SIZE);
	free_it(va, 8192, 1);
	assert_refused(base, 8192, "is not consistent memory"); /* a second time */
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(zeroed_flushed_and_mapped_in_this_order),
		T(addresses_are_given_first_fit),
		T(without_an_address_the_pages_come_back),
		T(what_cannot_be_given_is_null),
		T(a_wrong_free_changes_nothing),
	};

	return cmocka_run_group_tests_name("consistent", tests, NULL, NULL);
}
