/* SPDX-License-Identifier: MIT */
/* fix=kunmapflush: a page that is held has lines and is maintained at its mapping; the change of
 * the strategy at run time leaves no line of before; and between a page's flush and the end of its
 * pin nobody can take it away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_cpu.h"
#include "host_mm.h"

#include "cache/line_step.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "lib/params.h"
#include "mm/kmap_atomic.h"
#include "mm/pkmap.h"

#define VIVT  "vivt,16k,4way,32b"
#define LINES (PAGE_SIZE / CACHE_LINE)

static struct page *page;

static int setup(void **state)
{
	(void)state;
	host_mm_reset();
	assert_null(pkmap_resize(8));
	host_cpu_start(VIVT);
	dma_fix_select(FIX_NONE);
	page = host_high_page(3);
	return 0;
}

static void set_fix_to(const char *assignment)
{
	char error[100];

	if (!param_set(assignment, PARAM_ANY, error, sizeof(error)))
		fail_msg("%s", error);
}

/* Leaves all of the page's lines in the cache, dirty. */
static void dirty(uintptr_t va)
{
	for (uint32_t i = 0; i < PAGE_SIZE; i += 4) {
		host_load(va + i, 4);
		host_store(va + i, 4, ~i);
	}
}

static void device_writes(void)
{
	for (uint32_t i = 0; i < PAGE_SIZE; i += 4)
		memcpy(host_ram_at(page_to_phys(page) + i), &i, 4);
}

/* Lines in which the CPU does not see what the device wrote. */
static uint32_t bad_lines(void)
{
	uintptr_t va = (uintptr_t)kmap(page);
	uint32_t bad = 0;

	for (uint32_t line = 0; line < LINES; line++)
		for (uint32_t i = line * CACHE_LINE; i < (line + 1) * CACHE_LINE; i += 4)
			if (host_load(va + i, 4) != i) {
				bad++;
				break;
			}
	kunmap(page);
	return bad;
}

static void a_held_page_is_maintained_at_its_mapping(void **state)
{
	uintptr_t va;

	(void)state;
	set_fix_to("fix=kunmapflush");
	va = (uintptr_t)kmap(page);
	dirty(va);
	dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE); /* its user keeps it meanwhile */
	device_writes();
	dma_unmap_page(page_to_phys(page), PAGE_SIZE, DMA_FROM_DEVICE);
	assert_int_equal(pkmap_count[pkmap_slot((void *)va)], 2);
	assert_int_equal(bad_lines(), 0);
	kunmap(page);
}

static unsigned line_operations, least_count;

static void count_line(uintptr_t va)
{
	unsigned count = (unsigned)pkmap_count[pkmap_slot((void *)va)];

	line_operations++;
	if (count < least_count)
		least_count = count;
}

static void no_drain(void)
{
}

static const struct line_step_hooks counting = {count_line, no_drain};

static unsigned map_and_count(void)
{
	line_operations = 0;
	least_count = ~0u;
	line_step_install(&counting);
	dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	line_step_remove();
	return line_operations;
}

static void a_page_without_a_user_has_no_lines_to_maintain(void **state)
{
	uintptr_t va;

	(void)state;
	set_fix_to("fix=kunmapflush");
	assert_int_equal(map_and_count(), 0); /* not mapped at all */
	va = (uintptr_t)kmap(page);
	assert_int_equal(map_and_count(), LINES);
	assert_int_equal(least_count, 3); /* the user's pin and the strategy's own */
	dirty(va);
	kunmap(page);
	assert_int_equal(map_and_count(), 0);
	device_writes();
	assert_int_equal(bad_lines(), 0);
	assert_int_equal(pkmap_count[pkmap_slot((void *)va)], 1);
}

/* ---- Chosen at run time, by `set fix=`. ---- */

static unsigned whole_flushes;
static bool rule_in_force;
static void (*flush_all)(void);

static void watched_flush_all(void)
{
	whole_flushes++;
	rule_in_force = kunmap_flushes;
	flush_all();
}

static void the_change_leaves_no_line_of_before(void **state)
{
	(void)state;
	flush_all = dcache.clean_inv_all;
	dcache.clean_inv_all = watched_flush_all;
	whole_flushes = 0;
	dirty((uintptr_t)kmap(page));
	kunmap(page); /* by the old rule: its lines stay */
	set_fix_to("fix=kunmapflush");
	assert_int_equal(whole_flushes, 1);
	/* First the rule: who calls kunmap() between the flush and the rule leaves lines. */
	assert_true(rule_in_force);
	dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	device_writes();
	assert_int_equal(bad_lines(), 0);
	set_fix_to("fix=kunmapflush"); /* no change, no flush */
	assert_int_equal(whole_flushes, 1);
}

static void and_back_again(void **state)
{
	uintptr_t va;

	(void)state;
	set_fix_to("fix=kunmapflush");
	set_fix_to("fix=pin");
	assert_false(kunmap_flushes);
	assert_ptr_equal(dma_fix, &dma_fixes[FIX_PIN]);
	va = (uintptr_t)kmap(page);
	dirty(va);
	kunmap(page);
	assert_true(cm_peek(&host_cache, va, page_to_phys(page))); /* nothing is flushed now */
	assert_int_equal(map_and_count(), LINES);
	device_writes();
	assert_int_equal(bad_lines(), 0);
}

/* A page that is held through the change: what its user dirties after it goes at the kunmap. */
static void held_through_the_change(void **state)
{
	uintptr_t va = (uintptr_t)kmap(page);

	(void)state;
	dirty(va);
	set_fix_to("fix=kunmapflush");
	dirty(va);
	kunmap(page);
	assert_int_equal(map_and_count(), 0);
	device_writes();
	assert_int_equal(bad_lines(), 0);
}

/* ---- Interrupted in the middle of giving back. ---- */

static uint32_t at, line;
static bool fired;

/* An interrupt: the page goes to a device, which has written at once. */
static void interrupt(void)
{
	fired = true;
	dma_map_page(page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	device_writes();
	dma_unmap_page(page_to_phys(page), PAGE_SIZE, DMA_FROM_DEVICE);
}

static void before_line(uintptr_t va)
{
	(void)va;
	if (!fired && line++ == at)
		interrupt();
}

static void before_drain(void)
{
	if (!fired && line == LINES && at == LINES)
		interrupt();
}

/* Until its lines are gone the page has a user, and the strategy therefore maintains it: with the
 * pin given up first, the rest of the flush would write old lines over the device's data. */
static void interrupted_at_each_line(bool atomic)
{
	static const struct line_step_hooks stepping = {before_line, before_drain};

	for (at = 0; at <= LINES; at += at < 3 || at > LINES - 3 ? 1 : 5) {
		void *va;

		setup(NULL);
		set_fix_to("fix=kunmapflush");
		va = kmap(page);
		if (atomic) {
			kunmap(page);
			assert_ptr_equal(kmap_atomic(page), va);
		}
		dirty((uintptr_t)va);
		line = 0;
		fired = false;
		line_step_install(&stepping);
		if (atomic)
			kunmap_atomic(va);
		else
			kunmap(page);
		line_step_remove();
		assert_true(fired);
		if (bad_lines())
			fail_msg("interrupted before line %u: old lines over the device's data",
				 at);
	}
}

static void a_kunmap_interrupted_at_each_line(void **state)
{
	(void)state;
	interrupted_at_each_line(false);
}

static void a_kunmap_atomic_interrupted_at_each_line(void **state)
{
	(void)state;
	interrupted_at_each_line(true);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(a_held_page_is_maintained_at_its_mapping),
		T(a_page_without_a_user_has_no_lines_to_maintain),
		T(the_change_leaves_no_line_of_before),
		T(and_back_again),
		T(held_through_the_change),
		T(a_kunmap_interrupted_at_each_line),
		T(a_kunmap_atomic_interrupted_at_each_line),
	};

	return cmocka_run_group_tests_name("kunmapflush", tests, NULL, NULL);
}
