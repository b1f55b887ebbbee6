/* SPDX-License-Identifier: MIT */
/* The oracle: it knows each page by its own words, notices one wrong bit in any byte of any line,
 * says which and who, and takes no page for another or for its own past. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/symbol.h"
#include "race/account.h"
#include "race/ghost.h"

#define WORDS	 (PAGE_SIZE / 4)
#define PER_LINE (WORDS / LINES_PER_PAGE)

static struct page frames[8];
struct page *mem_map = frames;
uint32_t mem_map_pages = 8;
uint32_t ram_base = 0x30000000;

static uint32_t seen[WORDS];
static struct ghost_check check;
static const struct ghost ghost = {&frames[3], "Q", 12345, false};

static struct account account;

const char *symbol_name(uintptr_t address)
{
	assert_int_equal(address, 0xC0001234);
	return "the_loop";
}

static int setup(void **state)
{
	(void)state;
	ghost_contents(&ghost, seen);
	memset(&check, 0xAA, sizeof(check));
	return 0;
}

static void a_page_as_it_should_be(void **state)
{
	(void)state;
	ghost_compare(&ghost, seen, &check);
	assert_int_equal(check.bad_lines, 0);
	assert_int_equal(check.bad_bytes, 0);
	for (uint32_t line = 0; line < LINES_PER_PAGE; line++)
		assert_int_equal(check.bad[line], 0);
}

/* Each bit of the page alone: one bad byte, in one bad line, at that word. */
static void one_wrong_bit_anywhere(void **state)
{
	(void)state;
	for (uint32_t bit = 0; bit < WORDS * 32; bit += 7) {
		uint32_t word = bit / 32, line = word / PER_LINE, was = seen[word];

		seen[word] ^= 1u << bit % 32;
		ghost_compare(&ghost, seen, &check);
		assert_int_equal(check.bad_lines, 1);
		assert_int_equal(check.bad_bytes, 1);
		assert_int_equal(check.bad[line], 1);
		assert_int_equal(check.want[line], was);
		assert_int_equal(check.got[line], seen[word]);
		assert_int_equal(check.word[line], word * 4);
		seen[word] = was;
	}
}

/* The bytes of a word that differ, and no others: halves, single ones, all of them. */
static void parts_of_a_word_are_counted_by_byte(void **state)
{
	static const struct {
		uint32_t mask, bytes;
	} row[] = {{0x000000FF, 1}, {0xFF000000, 1}, {0xFFFF0000, 2}, {0x0000FFFF, 2},
		   {0x00FFFF00, 2}, {0x80000001, 2}, {0xFF00FF00, 2}, {0x01010101, 4},
		   {0xFFFFFF00, 3}, {0xFFFFFFFF, 4}};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		seen[700] ^= row[i].mask;
		ghost_compare(&ghost, seen, &check);
		assert_int_equal(check.bad_bytes, row[i].bytes);
		assert_int_equal(check.bad_lines, 1);
		seen[700] ^= row[i].mask;
	}
}

/* A line whose upper half alone is lost is a bad line, of 16 bytes, from its fifth word on. */
static void a_half_line_is_a_bad_line(void **state)
{
	(void)state;
	for (uint32_t line = 0; line < LINES_PER_PAGE; line += LINES_PER_PAGE - 1) {
		for (uint32_t half = 0; half < 2; half++) {
			uint32_t first = line * PER_LINE + half * PER_LINE / 2;

			setup(NULL);
			for (uint32_t i = 0; i < PER_LINE / 2; i++)
				seen[first + i] = ~seen[first + i];
			ghost_compare(&ghost, seen, &check);
			assert_int_equal(check.bad_lines, 1);
			assert_int_equal(check.bad_bytes, 16);
			assert_int_equal(check.word[line], first * 4);
		}
	}
}

static void a_page_of_before_is_wrong_in_every_byte(void **state)
{
	struct ghost before = ghost;

	(void)state;
	before.inverted = true;
	ghost_contents(&before, seen);
	ghost_compare(&ghost, seen, &check);
	assert_int_equal(check.bad_lines, LINES_PER_PAGE);
	assert_int_equal(check.bad_bytes, PAGE_SIZE);
	ghost_compare(&before, seen, &check);
	assert_int_equal(check.bad_lines, 0);
}

/* Other seeds, other words: no line of one page, moved or not, passes for another's. */
static void no_page_passes_for_another(void **state)
{
	static uint32_t other[WORDS];
	struct ghost g = ghost;

	(void)state;
	for (uint32_t seed = 12347; seed < 12407; seed += 2) {
		g.seed = seed;
		ghost_contents(&g, other);
		ghost_compare(&ghost, other, &check);
		assert_int_equal(check.bad_lines, LINES_PER_PAGE);
	}
	for (uint32_t line = 1; line < LINES_PER_PAGE;
	     line++) /* nor for its neighbour in the page */
		assert_memory_not_equal(seen, seen + line * PER_LINE, PER_LINE * 4);
	g.seed = 0; /* a seed like any other */
	ghost_contents(&g, other);
	assert_memory_not_equal(other, other + PER_LINE, PER_LINE * 4);
}

static void a_lost_line_is_listed_with_who_did_it(void **state)
{
	FILE *real_stdout = stdout;
	char *text = NULL, want[200];
	size_t len;

	(void)state;
	seen[5 * PER_LINE + 3] ^= 0x00FF0000;
	seen[9 * PER_LINE] ^= 1;
	ghost_compare(&ghost, seen, &check);
	account.line[5].discarded = true;
	account.line[5].newest =
		(struct line_event){.kind = LINE_DISCARDED, .who = "driver", .pc = 0xC0001234};
	stdout = open_memstream(&text, &len);
	ghost_print_lost("lost", &ghost, &check, 0xBFE01000, &account);
	fclose(stdout);
	stdout = real_stdout;
	snprintf(want, sizeof(want),
		 "lost page=Q line=5 va=bfe010ac pa=300030ac want=%08x got=%08x by=driver "
		 "pc=c0001234:the_loop\n"
		 "lost page=Q line=9 va=bfe01120 pa=30003120 want=%08x got=%08x by=?\n",
		 check.want[5], check.got[5], check.want[9], check.got[9]);
	assert_string_equal(text, want);
	free(text);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(a_page_as_it_should_be),
		T(one_wrong_bit_anywhere),
		T(parts_of_a_word_are_counted_by_byte),
		T(a_half_line_is_a_bad_line),
		T(a_page_of_before_is_wrong_in_every_byte),
		T(no_page_passes_for_another),
		T(a_lost_line_is_listed_with_who_did_it),
	};

	return cmocka_run_group_tests_name("ghost", tests, NULL, NULL);
}
