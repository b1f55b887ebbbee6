/* SPDX-License-Identifier: MIT */
/* cache/range.c: for every start and end within three lines, which line gets which operation,
 * and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cache/ops.h"

#define BASE  ((uintptr_t)0xC0001000)
#define LINES 5 /* one more on each side, which nobody may touch */

struct done {
	unsigned clean, inv, clean_inv, edge;
};

static struct done lines[LINES];
static unsigned drains;

static void each(uintptr_t start, uintptr_t end, size_t field)
{
	assert_int_equal(start % CACHE_LINE, 0);
	assert_int_equal(end % CACHE_LINE, 0);
	assert_int_equal(drains, 0); /* nothing may follow the drain */
	for (; start < end; start += CACHE_LINE) {
		assert_in_range(start, BASE, BASE + (LINES - 1) * CACHE_LINE);
		++*(unsigned *)((char *)&lines[(start - BASE) / CACHE_LINE] + field);
	}
}

static void clean(uintptr_t start, uintptr_t end)
{
	each(start, end, offsetof(struct done, clean));
}

static void inv(uintptr_t start, uintptr_t end)
{
	each(start, end, offsetof(struct done, inv));
}

static void clean_inv(uintptr_t start, uintptr_t end)
{
	each(start, end, offsetof(struct done, clean_inv));
}

static void edge(uintptr_t start, uintptr_t end)
{
	each(start, end, offsetof(struct done, edge));
}

static void all(void)
{
	fail_msg("the whole cache for a range");
}

static void drain(void)
{
	drains++;
}

static void run(dcache_range_fn fn, uintptr_t va, size_t len)
{
	dcache = (struct dcache_ops){.clean_lines = clean,
				     .inv_lines = inv,
				     .clean_inv_lines = clean_inv,
				     .edge_lines = edge,
				     .clean_inv_all = all,
				     .drain = drain};
	memset(lines, 0, sizeof(lines));
	drains = 0;
	fn(va, len);
	assert_int_equal(drains, 1);
}

/* Bytes of [va, va + len) that lie in a line. */
static unsigned covered(unsigned line, uintptr_t va, size_t len)
{
	unsigned n = 0;

	for (uintptr_t a = va; a < va + len; a++)
		n += (a - BASE) / CACHE_LINE == line;
	return n;
}

/* want: what a line gets that is wholly, partly, or not in the range. */
static void check_all(dcache_range_fn fn, struct done whole, struct done part)
{
	const struct done none = {0};

	for (uintptr_t va = BASE + CACHE_LINE; va <= BASE + 4 * CACHE_LINE; va++)
		for (uintptr_t end = va + 1; end <= BASE + 4 * CACHE_LINE; end++) {
			run(fn, va, end - va);
			for (unsigned l = 0; l < LINES; l++) {
				unsigned bytes = covered(l, va, end - va);
				const struct done *want = bytes == CACHE_LINE ? &whole
							  : bytes	      ? &part
									      : &none;

				if (memcmp(want, &lines[l], sizeof(*want)) != 0)
					fail_msg("[+%lu, +%lu) line %u: clean %u inv %u "
						 "clean_inv %u edge %u",
						 (unsigned long)(va - BASE),
						 (unsigned long)(end - BASE), l, lines[l].clean,
						 lines[l].inv, lines[l].clean_inv, lines[l].edge);
			}
		}
}

static const struct done cleaned = {.clean = 1}, invalidated = {.inv = 1};
static const struct done both = {.clean_inv = 1}, edge_kept = {.edge = 1};

static void test_clean(void **state)
{
	(void)state;
	check_all(dcache_clean_range, cleaned, cleaned);
}

static void test_clean_inv(void **state)
{
	(void)state;
	check_all(dcache_clean_inv_range, both, both);
}

/* A line that is shared with other data is never merely invalidated, and only once touched. */
static void test_inv(void **state)
{
	(void)state;
	check_all(dcache_inv_range, invalidated, edge_kept);
}

/* No bytes, no loss: at a line's start nothing at all; inside a line at most that line, and
 * not invalidated. */
static void test_empty(void **state)
{
	(void)state;
	for (uintptr_t va = BASE + CACHE_LINE; va < BASE + 3 * CACHE_LINE; va++) {
		unsigned at = (va - BASE) / CACHE_LINE;

		run(dcache_inv_range, va, 0);
		for (unsigned l = 0; l < LINES; l++) {
			assert_int_equal(lines[l].inv, 0);
			assert_int_equal(lines[l].clean + lines[l].clean_inv, 0);
			assert_true(lines[l].edge <= (l == at && va % CACHE_LINE));
		}
	}
}

/* The two that ran away or lost a neighbour in Linux, by themselves. */
static void test_inv_without_whole_line(void **state)
{
	(void)state;
	run(dcache_inv_range, BASE + CACHE_LINE + 4, 8); /* start and end in one line */
	assert_int_equal(lines[1].edge, 1);
	assert_int_equal(lines[1].inv, 0);
	run(dcache_inv_range, BASE + CACHE_LINE + 31, 2); /* two lines, no whole one */
	assert_int_equal(lines[1].edge, 1);
	assert_int_equal(lines[2].edge, 1);
	assert_int_equal(lines[1].inv + lines[2].inv, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_clean_inv),
		cmocka_unit_test(test_inv),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_inv_without_whole_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
