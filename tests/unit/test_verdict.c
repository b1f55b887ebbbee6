/* SPDX-License-Identifier: MIT */
/* Verdicts: sums over many runs, what a sum is expected to show, and why data was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "dma/fix.h"
#include "mm/pkmap.h"
#include "race/verdict.h"
#include "race/why.h"

struct machine machine = {.board = "b", .cpu = "c"};
uint32_t pkmap_slots = 8;
static const struct dma_fix fix = {.name = "none"};
const struct dma_fix *dma_fix = &fix;

const char *machine_truth_name(void)
{
	return "host";
}

static bool shown; /* what the board's LED was told */

void board_verdict(bool ok)
{
	shown = ok;
}

static void print_to(const struct verdict *v, char *buf, size_t len)
{
	FILE *saved = stdout, *f = tmpfile();
	size_t n;

	assert_non_null(f);
	stdout = f;
	verdict_print(v);
	stdout = saved;
	rewind(f);
	n = fread(buf, 1, len - 1, f);
	buf[n] = '\0';
	fclose(f);
}

/* runs= may be ten million, each may lose a page. */
static void ten_million_lost_pages_are_counted(void **state)
{
	const struct race_outcome out = {
		.lost_lines = LINES_PER_PAGE, .lost_bytes = PAGE_SIZE, .why = WHY_DISCARDED};
	struct verdict v = {.exhibit = "x", .victim = "rw"};
	char text[600];

	(void)state;
	for (uint32_t i = 0; i < 10000000; i++)
		verdict_add(&v, &out);
	print_to(&v, text, sizeof(text));
	assert_non_null(strstr(text, " runs=10000000 bad=10000000 lost_lines=1280000000 "
				     "lost_bytes=40960000000 "));
	assert_non_null(strstr(text, " saved_lines=? ")); /* nobody saw an eviction */
}

static void a_sum_shows_the_worst_of_its_runs(void **state)
{
	enum { OK = 1 << VERDICT_OK, LOST = 1 << VERDICT_LOST, STALE = 1 << VERDICT_STALE };
	static const unsigned cases[][3] = {
		{OK, OK, OK},
		{OK, LOST, LOST},
		{LOST, STALE, LOST},
		{OK | LOST, OK, OK | LOST},
		{OK | STALE, STALE, STALE},
		{OK | LOST, OK | STALE, OK | LOST | STALE},
		{OK | LOST, STALE, LOST | STALE},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned turn = 0; turn < 2; turn++) {
			struct verdict v = {.expect = 0};

			verdict_expect_add(&v, cases[i][turn]);
			verdict_expect_add(&v, cases[i][!turn]);
			assert_int_equal(v.expect, cases[i][2]);
		}
}

static void only_ok_is_shown_as_ok(void **state)
{
	struct verdict v = {.exhibit = "x", .victim = "rw"};
	char text[600];

	(void)state;
	print_to(&v, text, sizeof(text));
	assert_true(shown);
	v.stale_dma = 1;
	print_to(&v, text, sizeof(text));
	assert_false(shown);
	v.stale_dma = 0;
	v.lost_lines = 1;
	v.expect = 1u << VERDICT_LOST; /* expected or not */
	shown = true;
	print_to(&v, text, sizeof(text));
	assert_false(shown);
}

static struct ghost_check lost_from(uint32_t first)
{
	struct ghost_check c = {.bad_lines = LINES_PER_PAGE - first};

	memset(c.bad + first, 1, LINES_PER_PAGE - first);
	memset(c.old + first, 1, LINES_PER_PAGE - first);
	return c;
}

static void on_a_board_all_signs_must_agree(void **state)
{
	static const struct account nobody;
	struct preempt_seen at41 = {true, true, 41, 0}, at42 = {true, true, 42, 0};
	struct preempt_seen after = {true, true, LINES_PER_PAGE, 0}, none = {.taken = false};
	struct preempt_seen timer = {.taken = true};
	struct ghost_check c = lost_from(41);

	(void)state;
	assert_int_equal(why_lost(&c, &nobody, &at41, true), WHY_DISCARDED);
	assert_int_equal(why_lost(&c, &nobody, &timer, true), WHY_DISCARDED);
	assert_int_equal(why_lost(&c, &nobody, &at41, false), WHY_UNKNOWN);
	assert_int_equal(why_lost(&c, &nobody, &none, true), WHY_UNKNOWN);
	assert_int_equal(why_lost(&c, &nobody, &after, true), WHY_UNKNOWN);
	assert_int_equal(why_lost(&c, &nobody, &at42, true), WHY_DISCARDED | WHY_UNKNOWN);
	c.old[100] = 0; /* something else is there */
	assert_int_equal(why_lost(&c, &nobody, &at41, true), WHY_DISCARDED | WHY_UNKNOWN);
}

static void a_witness_is_believed_before_any_sign(void **state)
{
	struct preempt_seen at41 = {true, true, 41, 0}, none = {.taken = false};
	struct account a = {.witnessed = true, .complete = true};
	struct ghost_check c = lost_from(41);

	(void)state;
	assert_int_equal(why_lost(&c, &a, &at41, true), WHY_UNKNOWN);
	for (uint32_t n = 41; n < LINES_PER_PAGE; n++)
		a.line[n].discarded = true;
	assert_int_equal(why_lost(&c, &a, &none, false), WHY_DISCARDED);
	a.line[77].discarded = false;
	assert_int_equal(why_lost(&c, &a, &at41, true), WHY_DISCARDED | WHY_UNKNOWN);
}

static void why_a_buffer_is_stale(void **state)
{
	struct ghost_check good = {.bad_lines = 0}, bad = lost_from(100);
	struct account nobody = {.witnessed = false}, seen = {.witnessed = true};

	(void)state;
	assert_int_equal(why_stale(&good, &good, &seen), 0);
	assert_int_equal(why_stale(&good, &bad, &seen), WHY_STALE_HIT);
	assert_int_equal(why_stale(&bad, &bad, &nobody), WHY_OVERWRITTEN);
	assert_int_equal(why_stale(&bad, &bad, &seen), WHY_UNKNOWN);
	for (uint32_t n = 100; n < LINES_PER_PAGE; n++)
		seen.line[n].written_over = true;
	assert_int_equal(why_stale(&bad, &bad, &seen), WHY_OVERWRITTEN);
	bad.old[100] = 0;
	assert_int_equal(why_stale(&good, &bad, &seen), WHY_STALE_HIT | WHY_UNKNOWN);
	assert_int_equal(why_stale(&bad, &bad, &nobody), WHY_OVERWRITTEN | WHY_UNKNOWN);
}

static void a_loss_in_anybodys_page_is_a_loss(void **state)
{
	struct verdict v = {.other_lines = 1};

	(void)state;
	assert_int_equal(verdict_status(&v), VERDICT_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_in_anybodys_page_is_a_loss),
		cmocka_unit_test(ten_million_lost_pages_are_counted),
		cmocka_unit_test(a_sum_shows_the_worst_of_its_runs),
		cmocka_unit_test(only_ok_is_shown_as_ok),
		cmocka_unit_test(on_a_board_all_signs_must_agree),
		cmocka_unit_test(a_witness_is_believed_before_any_sign),
		cmocka_unit_test(why_a_buffer_is_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
