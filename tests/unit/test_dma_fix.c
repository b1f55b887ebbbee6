/* SPDX-License-Identifier: MIT */
/* The race on the host (truth=host): mm/, dma/ and cache/range.c as they are, on the cache
 * model. Every strategy at every preemption position ends exactly as in the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_cpu.h"
#include "host_mm.h"

#include "cache/line_step.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "mm/pkmap.h"
#include "sched/task.h"

#define LINES	  (PAGE_SIZE / CACHE_LINE)
#define AT_NEVER  1000u
#define AT_BEFORE 1001u /* before dma_map_page() */
#define SLOTS	  8u
#define FILLERS	  (SLOTS + 2)
#define VIVT	  "vivt,16k,4way,32b"
#define VIPT	  "vipt,16k,4way,32b"
#define PIPT	  "pipt,16k,4way,32b"

/* What a word of a page must hold: another in each page, at each place, in each generation. */
static uint32_t pattern(const struct page *page, uint32_t offset, uint32_t generation)
{
	return (page_to_phys(page) + offset) * 2654435761u ^ generation * 40503u;
}

static void cpu_read_page(uintptr_t va)
{
	for (uint32_t i = 0; i < PAGE_SIZE; i += 4)
		host_load(va + i, 4);
}

static void cpu_write_page(struct page *page, uintptr_t va, uint32_t generation)
{
	for (uint32_t i = 0; i < PAGE_SIZE; i += 4)
		host_store(va + i, 4, pattern(page, i, generation));
}

static uint32_t cpu_bad_lines(struct page *page, uint32_t generation)
{
	uintptr_t va = (uintptr_t)kmap(page);
	uint32_t bad = 0;

	for (uint32_t line = 0; line < LINES; line++) {
		uint32_t wrong = 0;

		for (uint32_t i = line * CACHE_LINE; i < (line + 1) * CACHE_LINE; i += 4)
			wrong += host_load(va + i, 4) != pattern(page, i, generation);
		bad += wrong != 0;
	}
	kunmap(page);
	return bad;
}

static void device_writes_page(struct page *page, uint32_t generation)
{
	for (uint32_t i = 0; i < PAGE_SIZE; i += 4) {
		uint32_t word = pattern(page, i, generation);

		memcpy(host_ram_at(page_to_phys(page) + i), &word, 4);
	}
}

/* ---- The race: the steps of race/kmap_race.c, by script. ---- */

static struct {
	uint32_t at, lines;
	bool fired, in_writer, only_writes;
	uintptr_t dma_va;
	struct page *victim;
	uint32_t next_filler;
} now;

struct outcome {
	uint32_t lost, stale, detected;
};

static void writer(void)
{
	uintptr_t va = 0;

	now.in_writer = true;
	for (uint32_t i = 0; i < 2 * SLOTS + 2 && va != now.dma_va; i++) {
		if (va)
			kunmap(now.victim);
		now.victim = host_high_page(1 + now.next_filler++ % FILLERS);
		va = (uintptr_t)kmap(now.victim);
	}
	if (!now.only_writes)
		cpu_read_page(va);
	cpu_write_page(now.victim, va, 2);
	kunmap(now.victim);
	now.in_writer = false;
}

static void fire_at(uint32_t line)
{
	if (now.in_writer || now.fired || line != now.at)
		return;
	now.fired = true;
	host_interrupt();
}

static void before_line(uintptr_t va)
{
	(void)va;
	fire_at(now.lines);
	now.lines += !now.in_writer;
}

static void before_drain(void)
{
	if (now.lines == LINES)
		fire_at(LINES);
}

static struct outcome race(const char *shape, enum dma_fix_id fix, uint32_t at, bool only_writes)
{
	static const struct line_step_hooks hooks = {before_line, before_drain};
	struct page *target = host_high_page(0);
	struct outcome out;
	uintptr_t va;

	host_mm_reset();
	assert_null(pkmap_resize(SLOTS));
	host_cpu_start(shape);
	dma_upkeep_use(dcache_is_vivt ? &upkeep_v5 : &upkeep_v6);
	dma_fix_select(fix);
	memset(&now, 0, sizeof(now));
	now.at = at;
	now.only_writes = only_writes;
	dma_fix_detected = 0;
	host_preempted = writer;
	for (uint32_t i = 0; i <= FILLERS; i++) {
		cpu_write_page(host_high_page(i), (uintptr_t)kmap(host_high_page(i)), 1);
		kunmap(host_high_page(i));
	}

	va = now.dma_va = (uintptr_t)kmap(target);
	cpu_read_page(va);
	cpu_write_page(target, va, 2);
	kunmap(target);
	line_step_install(&hooks);
	preempt_enable();
	if (at == AT_BEFORE)
		fire_at(AT_BEFORE);
	assert_int_equal(dma_map_page(target, 0, PAGE_SIZE, DMA_FROM_DEVICE), page_to_phys(target));
	preempt_disable();
	line_step_remove();
	device_writes_page(target, 3);
	if (!now.fired) /* the others run while the device is at work; it has written by then */
		writer();
	dma_unmap_page(page_to_phys(target), PAGE_SIZE, DMA_FROM_DEVICE);
	out.stale = cpu_bad_lines(target, 3);
	out.lost = cpu_bad_lines(now.victim, 2);
	out.detected = dma_fix_detected;
	for (uint32_t i = 1; i <= FILLERS; i++)
		if (host_high_page(i) != now.victim)
			assert_int_equal(cpu_bad_lines(host_high_page(i), 1), 0);
	return out;
}

/* What each strategy does when the address is recycled before line operation `at`. */
static struct outcome expected(bool vivt, enum dma_fix_id fix, uint32_t at, bool only_writes)
{
	uint32_t left = at < LINES ? LINES - at : 0; /* operations that hit the wrong page */
	uint32_t seen = at <= LINES;
	struct outcome out = {0};

	/* The target has no address then. On physical tags its lines are there all the same. */
	if (at == AT_BEFORE) {
		bool looks = fix == FIX_PIN || fix == FIX_AUTO || fix == FIX_ATOMIC ||
			     fix == FIX_KUNMAPFLUSH;

		out.stale = vivt || looks ? 0 : LINES;
		return out;
	}
	switch (fix) {
	case FIX_NONE:
	case FIX_RECHECK:
	case FIX_PERCHECK:
		out.lost = fix == FIX_PERCHECK ? left > 0 : left;
		out.detected = fix == FIX_NONE ? 0 : seen;
		/* The target's lines lie under physical tags still; on VIVT the wrap flushed them.
		 */
		out.stale = vivt ? 0 : left;
		break;
	case FIX_CLEANINV:
		out.stale = vivt ? 0 : left;
		break;
	case FIX_ATOMIC:
		/* On VIVT it does not find the dirty lines. A wrap during the loop flushes them;
		 * one that comes later writes them over what the device brought. */
		out.stale = vivt && !seen ? LINES : 0;
		break;
	default:
		break;
	}
	if (only_writes) /* a write miss allocates no line, so there is none to lose */
		out.lost = 0;
	return out;
}

/* step: of the positions 0..128 every so many; the last ones always. */
static void check_strategies(const char *shape, bool only_writes, uint32_t step)
{
	bool vivt = strcmp(shape, VIVT) == 0;

	for (enum dma_fix_id fix = 0; fix < FIXES; fix++)
		for (uint32_t i = 0; i <= LINES + 2; i += i < LINES - step ? step : 1) {
			uint32_t at = i <= LINES ? i : i == LINES + 1 ? AT_NEVER : AT_BEFORE;
			struct outcome got = race(shape, fix, at, only_writes);
			struct outcome want = expected(vivt, fix, at, only_writes);

			if (memcmp(&got, &want, sizeof(got)) != 0)
				fail_msg("%s fix=%s at:%u: lost %u stale %u detected %u; expected "
					 "%u %u %u",
					 shape, dma_fixes[fix].name, at, got.lost, got.stale,
					 got.detected, want.lost, want.stale, want.detected);
			/* kunmapflush leaves nothing to do, the locks hold the others off. */
			if (fix == FIX_NONE || fix == FIX_PIN)
				assert_int_equal(now.fired, at != AT_NEVER);
		}
}

static void test_vivt(void **state)
{
	(void)state;
	check_strategies(VIVT, false, 1);
}

static void test_vivt_only_writes(void **state)
{
	(void)state;
	check_strategies(VIVT, true, 9);
}

static void test_vipt(void **state)
{
	(void)state;
	check_strategies(VIPT, false, 7);
}

static void test_pipt(void **state)
{
	(void)state;
	check_strategies(PIPT, false, 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vivt),
		cmocka_unit_test(test_vivt_only_writes),
		cmocka_unit_test(test_vipt),
		cmocka_unit_test(test_pipt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
