/* SPDX-License-Identifier: MIT */
/* page_free() of pages that somebody has mapped: one user is enough to refuse it, in any page of
 * a block, and a mapping without a user is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

#include "mm/page_alloc.h"
#include "mm/pkmap.h"

static struct page *block;

static int setup(void **state)
{
	(void)state;
	host_mm_reset();
	zone_add(ZONE_HIGHMEM, HOST_LOW_PAGES, HOST_LOW_PAGES + 4);
	block = page_alloc(ZONE_HIGHMEM, 2);
	assert_non_null(block);
	return 0;
}

static void call_free(void *arg)
{
	page_free(arg, 2);
}

static void assert_held(struct page *page, int count)
{
	char words[80];

	snprintf(words, sizeof(words), "frame %d is still mapped by kmap() (pkmap_count %d)",
		 (int)(page - mem_map), count);
	assert_true(host_panics(call_free, block));
	if (!strstr(host_panic_text, words))
		fail_msg("\"%s\" does not say \"%s\"", host_panic_text, words);
	assert_int_equal(block->state, PAGE_USED);
	assert_int_equal(zone_pages_free(ZONE_HIGHMEM), 0);
}

static void one_user_is_enough(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		kmap(block + i);
		assert_held(block + i, 2);
		assert_non_null(kmap_high_get(block + i)); /* a pin counts like a user */
		kunmap(block + i);
		assert_held(block + i, 2);
		kmap(block + i);
		kmap(block + i);
		assert_held(block + i, 4);
		kunmap(block + i);
		kunmap(block + i);
		kunmap_high(block + i);
	}
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pkmap_count[i + 1], 1); /* mapped, used by nobody */
	page_free(block, 2);
	assert_int_equal(zone_pages_free(ZONE_HIGHMEM), 4);
	for (unsigned i = 0; i < PAGE_SIZE; i += 4095)
		assert_int_equal(*host_ram_at(page_to_phys(block + 3) + i), POISON_FREE);
}

/* And the next owner's pins are counted at each page's own slot, mapped as they still are. */
static void a_block_is_handed_out_mapped_as_it_is(void **state)
{
	static const unsigned order_of_free[4] = {0, 2, 1, 3};

	(void)state;
	/* On the free lists one by one, where the links lie over the pointers to the counts. */
	for (unsigned i = 0; i < 4; i++)
		assert_non_null(page_alloc(ZONE_HIGHMEM, 0));
	for (unsigned i = 0; i < 4; i++)
		page_free(mem_map + HOST_LOW_PAGES + order_of_free[i], 0);
	block = page_alloc(ZONE_HIGHMEM, 2);
	assert_non_null(block);
	for (unsigned i = 0; i < 4; i++) {
		assert_non_null(kmap_high_get(block + i));
		assert_int_equal(pkmap_count[i + 1], 2);
	}
	for (unsigned i = 0; i < 4; i++)
		kunmap_high(block + i);
	page_free(block, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_user_is_enough, setup),
		cmocka_unit_test(a_block_is_handed_out_mapped_as_it_is), /* with what that left */
	};

	return cmocka_run_group_tests_name("page_in_use", tests, NULL, NULL);
}
