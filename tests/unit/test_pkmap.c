/* SPDX-License-Identifier: MIT */
/* mm/pkmap.c and mm/kmap_atomic.c: which slot comes first, who is woken, what is flushed and
 * when; and each misuse is caught. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_pkmap.h"

#include "cache/ops.h"
#include "mm/kmap_atomic.h"
#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "sched/task.h"

static void test_first_slots(void **state)
{
	(void)state;
	host_pkmap_start(LAST_PKMAP);
	for (int i = 0; i < 511; i++) {
		assert_ptr_equal(kmap(host_high_page(i)),
				 host_slot_address(i + 1)); /* slot 1 first */
		kunmap(host_high_page(i));
	}
	assert_int_equal(cache_flushes, 0);
	assert_ptr_equal(kmap(host_high_page(3)),
			 host_slot_address(4)); /* mapped: the index stays */
	/* The wrap: slot 0, and all but the pinned page are gone. */
	assert_ptr_equal(kmap(host_high_page(511)), host_slot_address(0));
	assert_int_equal(cache_flushes, 1);
	assert_int_equal(tlb_flushes, 1);
	assert_null(page_address(host_high_page(0)));
	assert_ptr_equal(page_address(host_high_page(3)), host_slot_address(4));
}

/* On a physically tagged cache lines are not found by these addresses: no flush. */
static void test_physically_tagged(void **state)
{
	(void)state;
	host_pkmap_start(2);
	dcache_is_vivt = false;
	kmap(host_high_page(0));
	kunmap(host_high_page(0));
	kmap(host_high_page(1));
	assert_int_equal(cache_flushes, 0);
	assert_int_equal(tlb_flushes, 1);
	assert_null(page_address(host_high_page(0)));
	cleaned_page = 0;
	kunmap_atomic(kmap_atomic(host_high_page(4)));
	assert_int_equal(cleaned_page, 0);
	dcache_is_vivt = true;
}

/* ---- More sleepers than slots that come free. ---- */

static struct task second = {.name = "second", .state = TASK_RUNNABLE, .preempt_count = 1};
static struct task *first;

static void unpin_once(void)
{
	kunmap(host_high_page(0));
	/* Both want the same page: the one that is served may keep it as long as it likes, and
	 * the other one can share it, so it must look too. */
	assert_int_equal(first->state, TASK_RUNNABLE);
	assert_int_equal(second.state, TASK_RUNNABLE);
	assert_null(pkmap_wait.head);
}

static void second_sleeps(void)
{
	struct task *others = current;

	host_others = unpin_once;
	current = &second;
	wait_prepare(&pkmap_wait);
	current = others;
	unpin_once();
}

static void test_all_sleepers_look(void **state)
{
	(void)state;
	host_pkmap_start(2);
	kmap(host_high_page(0));
	kmap(host_high_page(1));
	first = current;
	host_others = second_sleeps;
	assert_non_null(kmap(host_high_page(2)));
	assert_int_equal(host_sleeps, 1);
}

static void call_kunmap(void *page)
{
	kunmap(page);
}

/* fix=kunmapflush: whoever gives a page back flushes it first, at the address it has. */
static void test_kunmap_flushes(void **state)
{
	struct page *page;
	void *va;

	(void)state;
	host_pkmap_start(8);
	kunmap_flushes = true;
	page = host_high_page(2);
	va = kmap(page);
	cleaned_page = 0;
	kunmap(page);
	assert_int_equal(cleaned_page, (uintptr_t)va);
	cleaned_page = 0;
	assert_ptr_equal(kmap_atomic(page), va);
	kunmap_atomic(va);
	assert_int_equal(cleaned_page, (uintptr_t)va);
	cleaned_page = 0;
	kunmap(mem_map); /* lowmem has nothing to give back */
	assert_int_equal(cleaned_page, 0);
	kunmap_flushes = false;
}

/* A page may be freed while a slot still maps it (no user: it goes at the next wrap). On the
 * free list and when it is handed out again, its pins must still be counted at its own slot. */
static void test_freed_while_mapped(void **state)
{
	struct page *page[4];

	(void)state;
	host_pkmap_start(8);
	zone_add(ZONE_HIGHMEM, HOST_LOW_PAGES, HOST_LOW_PAGES + 4);
	for (int i = 0; i < 4; i++) {
		page[i] = page_alloc(ZONE_HIGHMEM, 0);
		assert_ptr_equal(kmap(page[i]), host_slot_address(i + 1));
		kunmap(page[i]);
	}
	for (int i = 0; i < 4; i += 2)
		page_free(page[i], 0);
	for (int i = 0; i < 2; i++) {
		struct page *again = page_alloc(ZONE_HIGHMEM, 0);
		int slot = again == page[0] ? 1 : 3;

		assert_ptr_equal(kmap_high_get(again), host_slot_address(slot));
		assert_int_equal(pkmap_count[slot], 2);
		kunmap_high(again);
	}
	for (int s = 1; s <= 4; s++)
		assert_int_equal(pkmap_count[s], 1);
	for (int i = 0; i < 4; i++)
		page_free(page[i], 0);
}

/* ---- Each misuse is caught. ---- */

static void call_kmap(void *page)
{
	kmap(page);
}

static void call_kmap_masked(void *page)
{
	irq_save();
	kmap(page);
}

static void call_kmap_high_get(void *page)
{
	kmap_high_get(page);
}

static void call_atomic_deep(void *page)
{
	for (int i = 0; i <= KM_SLOTS; i++)
		kmap_atomic(page);
}

static void call_atomic_crossed(void *page)
{
	void *a = kmap_atomic(page), *b = kmap_atomic((struct page *)page + 1);

	(void)b;
	kunmap_atomic(a);
}

static void test_misuse(void **state)
{
	struct page *page;

	(void)state;
	host_pkmap_start(2);
	page = host_high_page(0);
	kmap(page);
	kunmap(page);
	assert_true(host_panics(call_kunmap, page)); /* one too many */
	page[4].virtual = NULL;
	page[4].pkmap_count = &pkmap_count[1]; /* as the wrap leaves it: another page's by now */
	pkmap_count[1] = 5;
	assert_true(host_panics(call_kunmap, page + 4));
	assert_non_null(strstr(host_panic_text, "not mapped"));
	assert_int_equal(pkmap_count[1], 5);
	pkmap_count[1] = 0;
	pkmap_count[1] = 0;
	assert_true(host_panics(call_kmap_high_get, page)); /* an address without a count */
	host_pkmap_start(2);
	kmap(page);
	kmap(page + 1);
	assert_true(host_panics(call_kmap_masked, page + 2)); /* would sleep with IRQs masked */
	assert_non_null(strstr(host_panic_text, "PSR_I"));
	host_pkmap_start(2);
	pkmap_pte[1] = 1;
	assert_true(host_panics(call_kmap, page)); /* the free slot is not empty */
}

static void test_atomic_misuse(void **state)
{
	(void)state;
	host_pkmap_start(2);
	/* Last: each leaves kmap_atomic's stack as the panic found it. */
	assert_true(host_panics(call_atomic_crossed, host_high_page(0)));
	assert_true(host_panics(call_atomic_deep, host_high_page(0)));
	assert_non_null(strstr(host_panic_text, "slot >= KM_SLOTS"));
}

static void test_resize(void **state)
{
	(void)state;
	host_pkmap_start(8);
	oracle_kmap(&now, 0);
	kmap(host_high_page(0));
	host_pkmap_compare();
	assert_non_null(pkmap_resize(4)); /* somebody still uses a slot */
	oracle_flush(&now);
	host_pkmap_compare();
	assert_int_equal(pkmap_slots, 8);
	kunmap(host_high_page(0));
	now.count[1]--;
	host_pkmap_compare();
	assert_null(pkmap_resize(4));
	assert_int_equal(pkmap_slots, 4);
	assert_null(page_address(host_high_page(0)));
	assert_ptr_equal(kmap(host_high_page(0)), host_slot_address(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_slots),
		cmocka_unit_test(test_physically_tagged),
		cmocka_unit_test(test_all_sleepers_look),
		cmocka_unit_test(test_kunmap_flushes),
		cmocka_unit_test(test_freed_while_mapped),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_atomic_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
