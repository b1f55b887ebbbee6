/* SPDX-License-Identifier: MIT */
/* The main job: the race, its loss, its cure, and every strategy in a table, for people. */
#include "race/demo.h"

#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "dma/fix.h"
#include "lib/exit.h"
#include "lib/panic.h"
#include "lib/params.h"
#include "lib/run_params.h"
#include "mm/pkmap.h"
#include "race/picture.h"
#include "race/runner.h"
#include "trace/timeline.h"

#define AT    41 /* any line would do */
#define SLOTS 64 /* the most: there are 1,430 runs, each of which goes through all slots */

static uint32_t demo;
static const char *const off_on[] = {"off", "on", NULL};
PARAM_ENUM(demo, PARAM_BOOT, demo, off_on, "show the race, its cure and every strategy, then end");

bool race_demo_wanted(void)
{
	return demo;
}

static const struct exhibit *race;
static bool as_expected = true;

static void heading(const char *text)
{
	printf(picture_colour() ? "\n\033[1m%s\033[0m\n\n" : "\n%s\n\n", text);
}

static void run(const struct race_options *opt, struct verdict *v, struct race_outcome *last)
{
	race_run(race, opt, v, last);
	as_expected &= verdict_expected(v);
}

/* One run as a story. */
static void show(enum dma_fix_id fix)
{
	struct race_options opt = {.runs = 1,
				   .seed = run_seed,
				   .victim = VICTIM_RW,
				   .plan = {.mode = PREEMPT_AT, .at = AT},
				   .trace = true};
	struct race_outcome last;
	struct verdict v;

	dma_fix_select(fix);
	run(&opt, &v, &last);
	timeline_print(race->page_name, race->tell_before);
	printf("\n");
	picture_print(&last);
	account_print_saved(last.cpu_account, "Q");
	printf("\n");
	verdict_print(&v);
}

static void cell(const struct verdict *v, char *buf, size_t len)
{
	enum verdict_status s = verdict_status(v);

	if (s == VERDICT_OK && v->runs > 1 && !v->preempted)
		snprintf(buf, len, "OK (there is no loop)");
	else if (s == VERDICT_OK)
		snprintf(buf, len, "OK");
	else if (v->runs == 1)
		snprintf(buf, len, "%s, %lu lines", verdict_status_name(s),
			 (unsigned long)(v->lost_lines + v->stale_dma));
	else
		snprintf(buf, len, "%s in %lu of %lu, %lu lines", verdict_status_name(s),
			 (unsigned long)v->bad, (unsigned long)v->runs,
			 (unsigned long)(v->lost_lines + v->stale_dma));
}

static void print_cell(const char *text, int width)
{
	bool bad = strncmp(text, "OK", 2) != 0;

	if (picture_colour())
		printf("\033[%sm%-*s\033[0m", bad ? "1;31" : "32", width, text);
	else
		printf("%-*s", width, text);
}

static void row(enum dma_fix_id fix, enum victim victim)
{
	struct race_options off = {.runs = 1, .seed = run_seed, .victim = victim};
	struct race_options all = off;
	char text[40];
	struct verdict v;

	all.sweep = true;
	dma_fix_select(fix);
	run(&off, &v, NULL);
	cell(&v, text, sizeof(text));
	printf("  %-13s", dma_fix->name);
	print_cell(text, 19);
	run(&all, &v, NULL);
	cell(&v, text, sizeof(text));
	print_cell(text, 34);
	printf("%s\n", victim_names[victim]);
}

static void legend(void)
{
	printf("\n");
	for (enum dma_fix_id fix = 0; fix < FIX_AUTO; fix++)
		printf("  fix=%-16s%s\n", dma_fixes[fix].name, dma_fixes[fix].what);
	printf("  victim=rw           the other task reads and writes its page\n"
	       "  victim=w            it only writes: no line was allocated to be lost\n"
	       "  victim=none         it maps one page: nothing wraps or is flushed\n"
	       "\n"
	       "  LOST                dirty cache lines of another page were discarded:\n"
	       "                      what the CPU stored is gone\n"
	       "  STALE               the DMA buffer does not show what the device wrote\n");
}

int race_demo(void)
{
	enum dma_fix_id before = dma_fix - dma_fixes;
	const uint32_t slots = pkmap_slots;
	const char *why = NULL;

	race = exhibit_find("kmap-race");
	as_expected = true;
	printf("dma_map_page(P, FROM_DEVICE) invalidates page P, line by line, at its kmap "
	       "address.\n"
	       "Nothing holds that address: kunmap() has left it in place for the next user.\n");
	if (slots > SLOTS)
		why = pkmap_resize(SLOTS);
	if (!why)
		why = race_begin(race, run_seed);
	if (why) {
		printf("\nIt cannot be shown here: %s\nverdict demo=kmap-race status=ERROR\n", why);
		return EXIT_USAGE;
	}
	heading("1. The bug (fix=none): the loop is interrupted before line 41");
	show(FIX_NONE);
	heading("2. The fix (fix=pin): the same, with the mapping pinned by kmap_high_get()");
	show(FIX_PIN);
	heading("3. Every strategy, not interrupted and interrupted before each line 0..128");
	printf("  %-13s%-19s%-34s%s\n", "fix=", "preempt=off", "preempt=at:0..128", "victim=");
	for (enum dma_fix_id fix = 0; fix < FIX_AUTO; fix++) /* which is one of them */
		row(fix, VICTIM_RW);
	row(FIX_NONE, VICTIM_W);
	/* With few slots its one kmap() would wrap them now and then. */
	why = pkmap_resize(slots);
	row(FIX_ATOMIC, VICTIM_NONE);
	dma_fix_select(before);
	race->teardown();
	if (why)
		panic("demo: %s", why);
	legend();
	printf("\n  Truth: %s (cache %s).\n", verdict_truth(), verdict_cache());
	printf("\nverdict demo=kmap-race truth=%s status=%s\n", verdict_truth(),
	       as_expected ? "OK" : "UNEXPECTED");
	board_verdict(as_expected);
	return as_expected ? EXIT_OK : EXIT_VERDICT;
}
