/* SPDX-License-Identifier: MIT */
/* What the witness saw of the two pages' lines, told between the events of the timeline. */
#include "race/story.h"

#include <stddef.h>
#include <stdio.h>

#include "cache/modelled.h"
#include "cache/ops.h"
#include "cache/witness.h"

static const struct {
	const char *one, *many;
} words[] = {
	[LINE_DISCARDED] = {"dirty line of page %s is discarded",
			    "dirty lines of page %s are discarded"},
	[LINE_EVICTED] = {"dirty line of page %s is evicted, and so written back",
			  "dirty lines of page %s are evicted, and so written back"},
	[LINE_CLEANED] = {"dirty line of page %s is cleaned: written back",
			  "dirty lines of page %s are cleaned: written back"},
	[LINE_LATE] = {"line of page %s is still on its way to memory",
		       "lines of page %s are still on their way to memory"},
};

static struct {
	const struct ghost *page;
	const char *name;
	uint32_t at; /* next event to tell */
} tale[2] = {{.name = "P"}, {.name = "Q"}};

void story_begin(const struct ghost *p, const struct ghost *q)
{
	tale[0].page = p;
	tale[1].page = q;
	tale[0].at = tale[1].at = 0;
}

/* Events of one kind in a row, as one line. */
struct row {
	enum line_event_kind kind;
	uint32_t n, first, last, halves; /* first and last: the lowest and the highest line */
};

static void tell(const char *name, const struct row *r)
{
	const char *among = r->n == r->last - r->first + 1 ? "lines" : "among lines";

	if (!r->n)
		return;
	printf("  %-10s   ", cache_is_modelled ? "(model)" : "(emulator)");
	if (r->kind == LINE_DEVICE) {
		printf("the device writes to page %s\n", name);
		return;
	}
	printf("%lu ", (unsigned long)r->n);
	printf(r->n == 1 ? words[r->kind].one : words[r->kind].many, name);
	if (r->n == 1)
		printf(" (line %lu", (unsigned long)r->first);
	else
		printf(" (%s %lu to %lu", among, (unsigned long)r->first, (unsigned long)r->last);
	printf(", %lu bytes)\n", (unsigned long)r->halves * CACHE_LINE / 2);
}

/* The model's discards are in the trace already, each with its task, and so is the interrupt by
 * which it learned of a device. */
static bool worth_telling(const struct line_event *e)
{
	if (e->kind == LINE_DISCARDED || e->kind == LINE_DEVICE)
		return !cache_is_modelled;
	return e->halves != 0;
}

static void tell_page(const struct ghost *page, const char *name, uint32_t *at, uint32_t seq)
{
	uint32_t pa = page_to_phys(page->page), count = witness_select(pa);
	struct row r = {.n = 0};

	for (; *at < count; ++*at) {
		struct line_event e;
		uint32_t line;

		witness_event(*at, &e);
		if (e.mark > seq)
			break;
		if (!worth_telling(&e))
			continue;
		line = e.kind == LINE_DEVICE ? 0 : (e.pa - pa) / CACHE_LINE;
		if (r.n && e.kind != r.kind) {
			tell(name, &r);
			r.n = 0;
		}
		if (r.n++ == 0)
			r = (struct row){e.kind, 1, line, line, 0};
		r.first = line < r.first ? line : r.first;
		r.last = line > r.last ? line : r.last;
		r.halves += e.halves == 3 ? 2 : 1;
	}
	tell(name, &r);
}

void story_before(uint32_t seq)
{
	for (unsigned i = 0; i < 2; i++)
		if (tale[i].page && witness_name())
			tell_page(tale[i].page, tale[i].name, &tale[i].at, seq);
}
