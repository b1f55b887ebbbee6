/* SPDX-License-Identifier: MIT */
/* selftest=ldst: random loads and stores, each on plain memory and on a trapped window. */
#include <stdio.h>

#include "cache/modelled.h"
#include "cache/trap.h"
#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "selftest/ldst_trial.h"
#include "selftest/selftest.h"

/* LDRT and STRT are checked as user mode's: the plain page needs an address with user access,
 * which lowmem's has not. The last fixmap slot serves. */
#define USER_SLOT (FIXMAP_SLOTS - 1)

static uint8_t *map_for_user(struct page *page)
{
	uintptr_t va = FIXMAP_BASE + (USER_SLOT << PAGE_SHIFT);

	/* The page's poison must not be written back over what is stored at the other address. */
	dcache_clean_inv_range((uintptr_t)page->virtual, PAGE_SIZE);
	set_pte(&fixmap_pte[USER_SLOT], page_to_phys(page) | PTE_CACHED | PTE_AP_USER);
	return (uint8_t *)va;
}

static void unmap_for_user(uint8_t *va)
{
	dcache_clean_inv_range((uintptr_t)va, PAGE_SIZE); /* as kunmap_atomic() does, and why */
	set_pte(&fixmap_pte[USER_SLOT], 0);
	tlb_flush_page((uintptr_t)va);
}

static bool ldst_selftest(uint32_t runs, uint32_t seed)
{
	struct page *plain = page_alloc(ZONE_LOWMEM, 0), *high = page_alloc(ZONE_HIGHMEM, 0);
	struct ldst_trial_fault fault = {0};
	uint32_t n = runs ? runs : 100000, agreed, traps = traps_served;

	if (!cache_is_modelled || !plain || !high) {
		printf("ldst: needs a modelled highmem window (QEMU, cache=auto) and a page of "
		       "each zone\n");
		return false;
	}
	uint8_t *user = map_for_user(plain);

	agreed = ldst_trial_run(n, seed, user, kmap(high), &fault);
	kunmap(high);
	unmap_for_user(user);
	if (agreed != n)
		printf("ldst: instruction %08lx (%s): %s %lu is %08lx, plain memory gives %08lx; "
		       "repeat with seed=%lu runs=%lu\n",
		       (unsigned long)fault.insn, fault.class, fault.what,
		       (unsigned long)fault.where, (unsigned long)fault.got,
		       (unsigned long)fault.want, (unsigned long)fault.seed,
		       (unsigned long)fault.index + 1);
	printf("ldst: %lu of %lu random instructions agree with plain memory (%lu traps, seed "
	       "%lu)\n",
	       (unsigned long)agreed, (unsigned long)n, (unsigned long)(traps_served - traps),
	       (unsigned long)seed);
	page_free(plain, 0);
	page_free(high, 0);
	return agreed == n;
}

SELFTEST(ldst) = {
	.name = "ldst",
	.what = "100,000 random loads and stores: a trapped window behaves as plain memory",
	.run = ldst_selftest,
};
