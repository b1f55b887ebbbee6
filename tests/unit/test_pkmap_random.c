/* SPDX-License-Identifier: MIT */
/* Random steps through mm/pkmap.c and mm/kmap_atomic.c, the same in the oracle, with and without
 * tasks that sleep for a slot: after each the same slots, counts, addresses and descriptors. */
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
#include "mm/pkmap.h"
#include "sched/task.h"

static int pages;	      /* in use by the test: 0..pages-1 */
static int users[HOST_PAGES]; /* pins of each page that the test holds */

/* Pages mapped by kmap_atomic, innermost last. */
static struct {
	int page;
	void *va;
	bool fixmap;
} atomics[KM_SLOTS];
static int atomic_count;

static void start(int slots, int used_pages)
{
	host_pkmap_start(slots);
	memset(users, 0, sizeof(users));
	pages = used_pages;
	atomic_count = 0;
}

/* ---- Steps: the same on both sides. ---- */

static int expected_slot; /* of the kmap() under way, as the rules have it by now */

static void do_kmap(int page)
{
	void *va;

	expected_slot = oracle_kmap(&now, page);
	va = kmap(host_high_page(page));
	assert_true(expected_slot >= 0);
	assert_ptr_equal(va, host_slot_address(expected_slot));
	assert_ptr_equal(kmap_to_page((char *)va + 77), host_high_page(page));
	users[page]++;
	host_pkmap_compare();
}

static void do_kunmap(int page)
{
	now.count[oracle_slot_of(&now, page)]--;
	users[page]--;
	if (host_random(2))
		kunmap(host_high_page(page));
	else
		kunmap_high(host_high_page(page));
	host_pkmap_compare();
}

static void do_kmap_high_get(int page)
{
	int slot = oracle_slot_of(&now, page);
	void *va = kmap_high_get(host_high_page(page));

	if (slot == ORACLE_NONE) {
		assert_null(va);
	} else {
		assert_ptr_equal(va, host_slot_address(slot));
		now.count[slot]++;
		users[page]++;
	}
	host_pkmap_compare();
}

static void do_flush_unused(void)
{
	oracle_flush(&now);
	kmap_flush_unused();
	host_pkmap_compare();
}

static void do_lowmem(void)
{
	struct page *page = &mem_map[host_random(HOST_LOW_PAGES)];
	void *linear = page->virtual;

	assert_ptr_equal(kmap(page), linear);
	assert_ptr_equal(kmap_to_page(linear), page);
	kunmap(page);
	assert_ptr_equal(kmap_atomic(page), linear);
	assert_int_equal(current->preempt_count, atomic_count + 2);
	kunmap_atomic(linear);
	host_pkmap_compare();
}

static void do_kmap_atomic(int page, bool own_slot)
{
	int slot = own_slot ? ORACLE_NONE : oracle_slot_of(&now, page);
	struct page *p = host_high_page(page);
	void *va = own_slot ? kmap_atomic_slot(p) : kmap_atomic(p);

	atomics[atomic_count].page = page;
	atomics[atomic_count].va = va;
	atomics[atomic_count++].fixmap = slot == ORACLE_NONE;
	assert_int_equal(current->preempt_count, atomic_count + 1);
	if (slot == ORACLE_NONE) {
		assert_ptr_equal(va, (void *)(uintptr_t)(FIXMAP_BASE + fixmap_count * PAGE_SIZE));
		assert_int_equal(fixmap_pte[fixmap_count], page_to_phys(p) | PTE_CACHED);
		assert_ptr_equal(kmap_to_page(va), p);
		fixmap_count++;
	} else {
		assert_ptr_equal(va, host_slot_address(slot));
		now.count[slot]++;
	}
	host_pkmap_compare();
}

static void do_kunmap_atomic(void)
{
	int i = --atomic_count;

	if (atomics[i].fixmap)
		fixmap_count--;
	else
		now.count[oracle_slot_of(&now, atomics[i].page)]--;
	cleaned_page = fixmap_flushed = 0;
	kunmap_atomic(atomics[i].va);
	assert_int_equal(fixmap_flushed, atomics[i].fixmap ? (uintptr_t)atomics[i].va : 0);
	if (!atomics[i].fixmap)
		assert_int_equal(cleaned_page, 0); /* the lines stay with the pkmap address */
	assert_int_equal(current->preempt_count, atomic_count + 1);
	host_pkmap_compare();
}

static int pick_used(void)
{
	int first = host_random(pages);

	for (int i = 0; i < pages; i++)
		if (users[(first + i) % pages])
			return (first + i) % pages;
	return ORACLE_NONE;
}

static void random_step(void)
{
	int page = host_random(pages), used = pick_used();

	switch (host_random(12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		if (oracle_has_room(&now, page))
			do_kmap(page);
		break;
	case 4:
	case 5:
	case 6:
		if (used != ORACLE_NONE)
			do_kunmap(used);
		break;
	case 7:
		do_kmap_high_get(page);
		break;
	case 8:
		if (atomic_count < KM_SLOTS)
			do_kmap_atomic(page, host_random(4) == 0);
		break;
	case 9:
		if (atomic_count)
			do_kunmap_atomic();
		break;
	case 10:
		do_lowmem();
		break;
	case 11:
		if (host_random(8) == 0)
			do_flush_unused();
		break;
	}
}

/* ---- While the task sleeps for a slot: others go on until it is awake. ---- */

static int wanted_page;
static unsigned slept_again, found_mapped;

static void others_unpin(void)
{
	struct task *sleeper = pkmap_wait.head;
	int wanted = wanted_page;

	assert_int_equal(expected_slot, ORACLE_SLEEP); /* it sleeps when the rules say so */
	host_pkmap_compare();
	for (int i = 0; sleeper->state == TASK_WAITING || host_random(3); i++) {
		int used;

		assert_in_range(i, 0, 1000);
		if (host_random(3) && (used = pick_used()) != ORACLE_NONE)
			do_kunmap(used);
		else if (oracle_has_room(&now, wanted) && host_random(4) == 0)
			do_kmap(wanted); /* somebody else maps the very page */
		else
			random_step();
		while (atomic_count) /* those of the other task end with it */
			do_kunmap_atomic();
	}
	found_mapped += oracle_slot_of(&now, wanted) != ORACLE_NONE;
	expected_slot = oracle_kmap(&now, wanted);
	slept_again += expected_slot == ORACLE_SLEEP;
}

static void test_random(void **state)
{
	(void)state;
	host_random_start();
	for (int slots = 2; slots <= LAST_PKMAP; slots *= 2) {
		int steps = slots <= 32 ? 20000 : 6000;

		dcache_is_vivt = true;
		start(slots, slots * 2 + 3 < HOST_HIGH_PAGES ? slots * 2 + 3 : HOST_HIGH_PAGES);
		for (int i = 0; i < steps; i++) {
			/* In turn many pins and few. */
			if (i / 1000 % 3 == 2 && pick_used() != ORACLE_NONE)
				do_kunmap(pick_used());
			random_step();
		}
		while (atomic_count)
			do_kunmap_atomic();
		assert_true(now.wraps > 2);
		print_message("%3d slots: %u mapped, %u wraps, %u unmapped\n", slots, now.mapped,
			      now.wraps, now.unmapped);
	}
}

/* Every slot pinned again and again, so that kmap() sleeps: the protocol of the wake-up. */
static void test_random_sleep(void **state)
{
	(void)state;
	host_random_start();
	slept_again = found_mapped = 0;
	for (int slots = 2; slots <= 16; slots *= 2) {
		start(slots, slots * 2 + 3);
		host_others = others_unpin;
		for (int i = 0; i < 1500; i++) {
			wanted_page = host_random(pages);
			do_kmap(wanted_page);
		}
		assert_true(now.sleeps > 20);
		print_message("%3d slots: slept %u times in 1500 kmaps\n", slots, now.sleeps);
	}
	assert_true(slept_again > 0);
	assert_true(found_mapped > 0);
	print_message("woken in vain %u times, found the page mapped %u times\n", slept_again,
		      found_mapped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
