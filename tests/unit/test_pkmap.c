/* SPDX-License-Identifier: MIT */
/* mm/pkmap.c and mm/kmap_atomic.c against the rules, slot for slot: after every step the same
 * slots, counts, addresses and descriptors, and the same flushes in the right order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"
#include "host_pkmap_oracle.h"

#include "cache/ops.h"
#include "mm/kmap_atomic.h"
#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "sched/task.h"

#define PAGES_MAX ((int)(HOST_PAGES - HOST_LOW_PAGES))

static struct oracle now, before; /* before: as the step under way found it */
static int pages;		  /* in use by the test: 0..pages-1 */
static int users[HOST_PAGES];	  /* pins of each page that the test holds */
static unsigned cache_flushes, tlb_flushes;
static enum { IDLE, FLUSHED, PUBLISHED } wrap_stage;

/* Pages mapped by kmap_atomic, innermost last. */
static struct {
	int page;
	void *va;
	bool fixmap;
} atomics[KM_SLOTS];
static int atomic_count, fixmap_count;
static uintptr_t cleaned_page;	 /* by clean+invalidate, since the last look */
static uintptr_t fixmap_flushed; /* from the TLB, likewise */

/* ---- The hardware, watching the order of things. ---- */

/* Slots without a user are all still (or none any more) in use as far as hardware can tell. */
static void assert_unused_slots(bool mapped)
{
	for (int s = 0; s < before.slots; s++) {
		if (before.count[s] != 1)
			continue;
		assert_int_equal(pkmap_pte[s] != 0, mapped);
		assert_int_equal(host_high_page(before.page[s])->virtual != NULL, mapped);
	}
}

static void cache_flush_all(void)
{
	cache_flushes++;
	assert_int_equal(kmap_lock.held, 1);
	/* Lines are found by these addresses: too late once they lead nowhere. */
	assert_unused_slots(true);
	wrap_stage = FLUSHED;
}

static void cache_drain(void)
{
}

void host_ptes_published(const uint32_t *pte, uint32_t n)
{
	if (pte < pkmap_pte || pte >= pkmap_pte + LAST_PKMAP || n == 1)
		return; /* a new mapping's */
	assert_true(pte == pkmap_pte && n >= pkmap_slots);
	assert_int_equal(wrap_stage, dcache_is_vivt ? FLUSHED : IDLE);
	assert_unused_slots(false);
	wrap_stage = PUBLISHED;
}

static void cache_clean_inv(uintptr_t start, uintptr_t end)
{
	assert_int_equal(end - start, PAGE_SIZE);
	cleaned_page = start;
}

static void cache_never(uintptr_t start, uintptr_t end)
{
	fail_msg("lines %lx-%lx: kmap has no business with these", (unsigned long)start,
		 (unsigned long)end);
}

static void tlb_flush(uintptr_t start, uintptr_t end)
{
	if (start >= FIXMAP_BASE) {
		assert_int_equal(end - start, PAGE_SIZE);
		assert_int_equal(fixmap_pte[(start - FIXMAP_BASE) >> PAGE_SHIFT], 0);
		/* The lines went while the address still led to the page. */
		assert_int_equal(cleaned_page, dcache_is_vivt ? start : 0);
		fixmap_flushed = start;
		return;
	}
	tlb_flushes++;
	/* The table walk must not find an old entry again; hence after memory has the new. */
	assert_int_equal(wrap_stage, PUBLISHED);
	assert_unused_slots(false);
	assert_int_equal(start, PKMAP_BASE);
	assert_true(end >= PKMAP_BASE + ((uintptr_t)pkmap_slots << PAGE_SHIFT));
	wrap_stage = IDLE;
}

static void start(int slots, int used_pages)
{
	host_mm_reset();
	assert_null(pkmap_resize(slots));
	dcache = (struct dcache_ops){.clean_lines = cache_never,
				     .inv_lines = cache_never,
				     .clean_inv_lines = cache_clean_inv,
				     .edge_lines = cache_never,
				     .clean_inv_all = cache_flush_all,
				     .drain = cache_drain};
	host_on_tlb_flush = tlb_flush;
	memset(&now, 0, sizeof(now));
	now.slots = slots;
	before = now;
	memset(users, 0, sizeof(users));
	pages = used_pages;
	cache_flushes = tlb_flushes = 0;
	atomic_count = fixmap_count = 0;
	wrap_stage = IDLE;
}

/* ---- The comparison. ---- */

static void compare(void)
{
	static void *address[HOST_PAGES];

	memset(address, 0, sizeof(address));
	assert_int_equal(pkmap_last, now.last);
	for (int s = 0; s < LAST_PKMAP; s++) {
		const struct page *page = NULL;

		assert_int_equal(pkmap_count[s], s < now.slots ? now.count[s] : 0);
		if (pkmap_count[s] > 0) {
			page = host_high_page(now.page[s]);
			address[now.page[s]] = (void *)(uintptr_t)(PKMAP_BASE + s * PAGE_SIZE);
			assert_int_equal(pkmap_pte[s], page_to_phys(page) | PTE_CACHED);
		} else {
			assert_int_equal(pkmap_pte[s], 0);
		}
		assert_ptr_equal(pkmap_page(s), page);
	}
	for (int p = 0; p < PAGES_MAX; p++)
		assert_ptr_equal(page_address(host_high_page(p)), address[p]);
	/* A wrap with nothing to unmap ends before the TLB. */
	if (wrap_stage == FLUSHED)
		wrap_stage = IDLE;
	assert_int_equal(wrap_stage, IDLE);
	assert_int_equal(cache_flushes, dcache_is_vivt ? now.cache_flushes : 0);
	assert_int_equal(tlb_flushes, now.tlb_flushes);
	assert_int_equal(pkmap_stats.wraps, now.wraps);
	assert_int_equal(pkmap_stats.sleeps, now.sleeps);
	for (int i = 0; i < FIXMAP_SLOTS; i++)
		assert_int_equal(fixmap_pte[i] != 0, i < fixmap_count);
	assert_int_equal(kmap_lock.held, 0);
	assert_int_equal(host_irq_mask, 0);
	before = now;
}

static void *slot_address(int slot)
{
	return (void *)(uintptr_t)(PKMAP_BASE + ((uintptr_t)slot << PAGE_SHIFT));
}

/* ---- Steps: the same on both sides. ---- */

static int expected_slot; /* of the kmap() under way, as the rules have it by now */

static void do_kmap(int page)
{
	void *va;

	expected_slot = oracle_kmap(&now, page);
	va = kmap(host_high_page(page));
	assert_true(expected_slot >= 0);
	assert_ptr_equal(va, slot_address(expected_slot));
	assert_ptr_equal(kmap_to_page((char *)va + 77), host_high_page(page));
	users[page]++;
	compare();
}

static void do_kunmap(int page)
{
	now.count[oracle_slot_of(&now, page)]--;
	users[page]--;
	if (host_random(2))
		kunmap(host_high_page(page));
	else
		kunmap_high(host_high_page(page));
	compare();
}

static void do_kmap_high_get(int page)
{
	int slot = oracle_slot_of(&now, page);
	void *va = kmap_high_get(host_high_page(page));

	if (slot == ORACLE_NONE) {
		assert_null(va);
	} else {
		assert_ptr_equal(va, slot_address(slot));
		now.count[slot]++;
		users[page]++;
	}
	compare();
}

static void do_flush_unused(void)
{
	oracle_flush(&now);
	kmap_flush_unused();
	compare();
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
	compare();
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
		assert_ptr_equal(va, slot_address(slot));
		now.count[slot]++;
	}
	compare();
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
	compare();
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
	compare();
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
	host_seed();
	for (int slots = 2; slots <= LAST_PKMAP; slots *= 2) {
		int steps = slots <= 32 ? 20000 : 6000;

		dcache_is_vivt = true;
		start(slots, slots * 2 + 3 < PAGES_MAX ? slots * 2 + 3 : PAGES_MAX);
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
	host_seed();
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

static void test_first_slots(void **state)
{
	(void)state;
	start(LAST_PKMAP, 600);
	for (int i = 0; i < 511; i++) {
		assert_ptr_equal(kmap(host_high_page(i)), slot_address(i + 1)); /* slot 1 first */
		kunmap(host_high_page(i));
	}
	assert_int_equal(cache_flushes, 0);
	assert_ptr_equal(kmap(host_high_page(3)), slot_address(4)); /* mapped: the index stays */
	/* The wrap: slot 0, and all but the pinned page are gone. */
	before.page[0] = 599;
	assert_ptr_equal(kmap(host_high_page(511)), slot_address(0));
	assert_int_equal(cache_flushes, 1);
	assert_int_equal(tlb_flushes, 1);
	assert_null(page_address(host_high_page(0)));
	assert_ptr_equal(page_address(host_high_page(3)), slot_address(4));
}

/* On a physically tagged cache lines are not found by these addresses: no flush. */
static void test_physically_tagged(void **state)
{
	(void)state;
	start(2, 5);
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
	start(2, 5);
	wrap_stage = IDLE;
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
	start(8, 5);
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
	start(8, 5);
	zone_add(ZONE_HIGHMEM, HOST_LOW_PAGES, HOST_LOW_PAGES + 4);
	for (int i = 0; i < 4; i++) {
		page[i] = page_alloc(ZONE_HIGHMEM, 0);
		assert_ptr_equal(kmap(page[i]), slot_address(i + 1));
		kunmap(page[i]);
	}
	for (int i = 0; i < 4; i += 2)
		page_free(page[i], 0);
	for (int i = 0; i < 2; i++) {
		struct page *again = page_alloc(ZONE_HIGHMEM, 0);
		int slot = again == page[0] ? 1 : 3;

		assert_ptr_equal(kmap_high_get(again), slot_address(slot));
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
	start(2, 5);
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
	start(2, 5);
	kmap(page);
	kmap(page + 1);
	assert_true(host_panics(call_kmap_masked, page + 2)); /* would sleep with IRQs masked */
	assert_non_null(strstr(host_panic_text, "PSR_I"));
	start(2, 5);
	pkmap_pte[1] = 1;
	assert_true(host_panics(call_kmap, page)); /* the free slot is not empty */
}

static void test_atomic_misuse(void **state)
{
	(void)state;
	start(2, 5);
	/* Last: each leaves kmap_atomic's stack as the panic found it. */
	assert_true(host_panics(call_atomic_crossed, host_high_page(0)));
	assert_true(host_panics(call_atomic_deep, host_high_page(0)));
	assert_non_null(strstr(host_panic_text, "slot >= KM_SLOTS"));
}

static void test_resize(void **state)
{
	(void)state;
	start(8, 5);
	do_kmap(0);
	assert_non_null(pkmap_resize(4)); /* somebody still uses a slot */
	assert_int_equal(pkmap_slots, 8);
	kunmap(host_high_page(0));
	before.count[1] = 1;
	assert_null(pkmap_resize(4));
	assert_int_equal(pkmap_slots, 4);
	assert_null(page_address(host_high_page(0)));
	assert_ptr_equal(kmap(host_high_page(0)), slot_address(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_slots),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_sleep),
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
