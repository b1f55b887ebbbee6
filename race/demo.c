/* SPDX-License-Identifier: MIT */
/* The main job: the race, its loss, its cure, and every strategy in a table, for people. */
#include "race/demo.h"

#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "cache/ops.h"
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
static void show(enum dma_fix_id fix, enum preempt_mode mode)
{
	struct race_options opt = {.runs = 1,
				   .seed = run_seed,
				   .victim = VICTIM_RW,
				   .plan = {.mode = mode, .at = AT},
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

/* Both kinds of damage in one sweep, as on physical tags. */
static bool mixed(const struct verdict *v)
{
	return v->lost_lines && v->stale_dma;
}

static void cell(const struct verdict *v, char *buf, size_t len)
{
	enum verdict_status s = verdict_status(v);

	if (s == VERDICT_OK && v->runs > 1 && !v->preempted)
		snprintf(buf, len, "OK (there is no loop)");
	else if (s == VERDICT_OK)
		snprintf(buf, len, "OK");
	else if (mixed(v))
		snprintf(buf, len, "LOST %lu, STALE %lu in %lu of %lu",
			 (unsigned long)v->lost_lines, (unsigned long)v->stale_dma,
			 (unsigned long)v->bad, (unsigned long)v->runs);
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

/* On physical tags an interrupt that comes before the loop does harm as well, and has a column;
 * without one, nothing goes wrong there (and on VIVT nothing with it). */
static const struct columns {
	int off, before, at;
} vivt_columns = {19, 0, 34}, tagged_columns = {6, 18, 36};
static const struct columns *columns;

static void fill_cell(const struct race_options *opt, int width)
{
	char text[48];
	struct verdict v;

	run(opt, &v, NULL);
	cell(&v, text, sizeof(text));
	print_cell(text, width);
}

static void row(enum dma_fix_id fix, enum victim victim)
{
	struct race_options off = {.runs = 1, .seed = run_seed, .victim = victim};
	struct race_options before = off, all = off;

	before.plan.mode = PREEMPT_BEFORE;
	all.sweep = true;
	dma_fix_select(fix);
	printf("  %-13s", dma_fix->name);
	fill_cell(&off, columns->off);
	if (columns->before)
		fill_cell(&before, columns->before);
	fill_cell(&all, columns->at);
	printf("%s\n", victim_names[victim]);
}

static void table_heading(void)
{
	if (columns->before)
		printf("  %-13s%-*s%-*s%s\n", "fix=", columns->off, "off", columns->before,
		       "before", "at:0..128");
	else
		printf("  %-13s%-*s%-*s%s\n", "fix=", columns->off, "preempt=off", columns->at,
		       "preempt=at:0..128", "victim=");
}

static void legend(void)
{
	printf("\n");
	for (enum dma_fix_id fix = 0; fix < FIX_AUTO; fix++)
		printf("  fix=%-16s%s\n", dma_fixes[fix].name, dma_fix_what(&dma_fixes[fix]));
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
	show(FIX_NONE, PREEMPT_AT);
	heading("2. The fix (fix=pin): the same, with the mapping pinned by kmap_high_get()");
	show(FIX_PIN, PREEMPT_AT);
	if (!dcache_is_vivt) {
		heading("3. Tags are physical here: P's lines outlive its address. The interrupt "
			"comes before\n"
			"   dma_map_page(), and a loop that nobody disturbs finds no address "
			"(fix=irqoff)");
		show(FIX_IRQOFF, PREEMPT_BEFORE);
		heading("4. The cure for that (fix=auto): a page without an address gets a "
			"temporary one");
		show(FIX_AUTO, PREEMPT_BEFORE);
	}
	heading(dcache_is_vivt
			? "3. Every strategy, not interrupted and interrupted before each "
			  "line 0..128"
			: "5. Every strategy: undisturbed, before dma_map_page(), before each line "
			  "0..128");
	columns = dcache_is_vivt ? &vivt_columns : &tagged_columns;
	table_heading();
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
