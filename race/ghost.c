/* SPDX-License-Identifier: MIT */
/* The oracle: what every page of an exhibit must hold, and where it does not. */
#include "race/ghost.h"

#include <stdio.h>
#include <string.h>

#include "cache/ops.h"
#include "lib/random.h"
#include "lib/symbol.h"
#include "race/account.h"

#define WORDS_PER_LINE (CACHE_LINE / 4)

void ghost_contents(const struct ghost *g, uint32_t *buf)
{
	uint32_t rng = g->seed | 1; /* never 0 */
	uint32_t sense = g->inverted ? ~0u : 0;

	for (uint32_t i = 0; i < PAGE_SIZE / 4; i++)
		buf[i] = random_next(&rng) ^ sense;
}

static uint32_t differing_bytes(uint32_t a, uint32_t b)
{
	uint32_t x = a ^ b, n = 0;

	for (; x; x >>= 8)
		n += (x & 0xFF) != 0;
	return n;
}

void ghost_compare(const struct ghost *g, const uint32_t *seen, struct ghost_check *check)
{
	uint32_t rng = g->seed | 1;
	uint32_t sense = g->inverted ? ~0u : 0;

	memset(check, 0, sizeof(*check));
	for (uint32_t i = 0; i < PAGE_SIZE / 4; i++) {
		uint32_t want = random_next(&rng) ^ sense, line = i / WORDS_PER_LINE;

		if (seen[i] == want)
			continue;
		check->bad_bytes += differing_bytes(seen[i], want);
		if (seen[i] != ~want)
			check->old[line] = 0;
		if (check->bad[line])
			continue;
		check->bad[line] = 1;
		check->old[line] = seen[i] == ~want;
		check->bad_lines++;
		check->want[line] = want;
		check->got[line] = seen[i];
		check->word[line] = i * 4;
	}
}

void ghost_print_lost(const char *kind, const struct ghost *g, const struct ghost_check *check,
		      uintptr_t va, const struct account *account)
{
	for (uint32_t line = 0; line < LINES_PER_PAGE; line++) {
		uint32_t pa = page_to_phys(g->page) + line * CACHE_LINE;
		const struct account_line *a = account ? &account->line[line] : NULL;

		if (!check->bad[line])
			continue;
		printf("%s page=%s line=%lu va=%08lx pa=%08lx want=%08lx got=%08lx ", kind, g->name,
		       (unsigned long)line, (unsigned long)va + check->word[line],
		       (unsigned long)pa + check->word[line] % CACHE_LINE,
		       (unsigned long)check->want[line], (unsigned long)check->got[line]);
		/* A chip keeps no log of what it discards, and the emulator knows of no tasks. */
		if (a && a->discarded && a->newest.kind == LINE_DISCARDED)
			printf("by=%s pc=%08lx:%s\n", a->newest.who ? a->newest.who : "?",
			       (unsigned long)a->newest.pc, symbol_name(a->newest.pc));
		else
			printf("by=?\n");
	}
}
