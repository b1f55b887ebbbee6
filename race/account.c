/* SPDX-License-Identifier: MIT */
/* The account of a run: what became of each line of a page, in the witness's words, and which
 * lines an eviction saved. */
#include "race/account.h"

#include <stdio.h>
#include <string.h>

#include "cache/ops.h"
#include "lib/symbol.h"

void account_take(struct account *a, const struct ghost *g)
{
	uint32_t pa = page_to_phys(g->page), n = witness_select(pa);
	bool device_wrote[LINES_PER_PAGE] = {false};

	memset(a, 0, sizeof(*a));
	a->page = g;
	a->witnessed = witness_name() != NULL;
	a->complete = a->witnessed && !witness_missed();
	for (uint32_t i = 0; i < n; i++) {
		struct line_event e;
		uint32_t line;

		witness_event(i, &e);
		if (e.kind == LINE_DEVICE) {
			for (line = 0; line < LINES_PER_PAGE; line++)
				if (pa + line * CACHE_LINE - e.pa < e.va)
					device_wrote[line] = true;
			continue;
		}
		line = (e.pa - pa) / CACHE_LINE;
		if (line >= LINES_PER_PAGE)
			continue;
		a->line[line].newest = e;
		a->line[line].discarded |= e.kind == LINE_DISCARDED;
		a->line[line].written_over |=
			e.kind != LINE_DISCARDED && e.halves && device_wrote[line];
	}
}

void account_mark_saved(struct account *a, uint32_t first, uint32_t last)
{
	for (uint32_t n = first; n <= last && n < LINES_PER_PAGE; n++)
		if (a->line[n].newest.kind == LINE_EVICTED && !a->line[n].discarded) {
			a->line[n].saved = true;
			a->saved++;
		}
}

void account_print_saved(const struct account *a, const char *page)
{
	if (!a->saved)
		return;
	printf("  Saved: %lu line%s of page %s had been evicted when the loop came (the word of "
	       "%s):\n",
	       (unsigned long)a->saved, a->saved == 1 ? "" : "s", page, witness_name());
	for (uint32_t n = 0; n < LINES_PER_PAGE; n++) {
		const struct line_event *e = &a->line[n].newest;

		if (a->line[n].saved)
			printf("    line %3lu  %s, for the line at %08lx (pc %08lx, %s)\n",
			       (unsigned long)n,
			       e->halves ? "written back" : "clean then, stored to memory later",
			       (unsigned long)e->by, (unsigned long)e->pc, symbol_name(e->pc));
	}
}
