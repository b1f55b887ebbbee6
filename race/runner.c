/* SPDX-License-Identifier: MIT */
/* Runs an exhibit once, many times, or at every preemption position, and gives the verdict. */
#include "race/runner.h"

#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "cache/ops.h"
#include "dma/fix.h"
#include "lib/exit.h"
#include "lib/params.h"
#include "lib/random.h"
#include "lib/run_params.h"
#include "race/picture.h"
#include "trace/timeline.h"

enum { TRACE_AUTO, TRACE_ALWAYS, TRACE_NEVER };
static uint32_t victim = VICTIM_RW, sweep, list, trace = TRACE_AUTO;
static const char *const trace_choices[] = {"auto", "on", "off", NULL};
static const char *const sweep_choices[] = {"off", "at", NULL};
enum { LIST_OFF, LIST_VERDICTS, LIST_ON };
static const char *const list_choices[] = {"off", "verdicts", "on", NULL};
const char *const victim_names[] = {"rw", "w", "r", "none", NULL};

PARAM_ENUM(victim, PARAM_ANY, victim, victim_names,
	   "what T2 does with the victim page: read and write all of it, only write, only read; "
	   "none: it maps one page and no more, so the slots do not wrap");
PARAM_ENUM(sweep, PARAM_ANY, sweep, sweep_choices,
	   "at: every preemption position 0..128, in one strip and one verdict");
PARAM_ENUM(list, PARAM_ANY, list, list_choices,
	   "on: print each lost or stale line, and of a sweep each position's verdict; verdicts: "
	   "these only");
PARAM_ENUM(trace, PARAM_ANY, trace, trace_choices,
	   "print the timeline of a single run: if it went wrong, always, never");

const struct exhibit *exhibit_find(const char *name)
{
	exhibit_for_each (e)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

void race_options_now(struct race_options *opt)
{
	*opt = (struct race_options){.runs = runs_or(1),
				     .seed = run_seed,
				     .victim = victim,
				     .plan = preempt_plan,
				     .sweep = sweep,
				     .list = list == LIST_ON,
				     .each = sweep && list != LIST_OFF,
				     .trace = trace != TRACE_NEVER && runs_or(1) == 1 && !sweep};
}

const char *race_leaf_conflict(void)
{
	if (dcache.block && (sweep || preempt_plan.mode == PREEMPT_AT))
		return "a block operation is one instruction, so there is no line N to stop "
		       "before; "
		       "use preempt=irq or preempt=off, or leaf=line";
	return NULL;
}

const char *race_conflict(void)
{
	if (sweep && run_count > 1)
		return "sweep=at runs once at each position, so runs= cannot go with it; leave one "
		       "out (sweep=off or runs=0)";
	return NULL;
}

static void list_lines(const struct race_outcome *out)
{
	ghost_print_lost("lost", out->cpu_page, out->cpu_check, out->cpu_va, out->cpu_account);
	ghost_print_lost("stale", out->dma_page, out->dma_check, out->dma_va, out->dma_account);
}

static void plan_text(const struct preempt_plan *plan, char *buf)
{
	struct preempt_plan saved = preempt_plan;

	preempt_plan = *plan;
	preempt_show(buf, PREEMPT_TEXT_LEN);
	preempt_plan = saved;
}

static void run_random(const struct exhibit *e, const struct race_options *opt, struct verdict *v,
		       struct race_outcome *out)
{
	uint32_t rng = opt->seed * 2654435761u | 1, window = e->window_us();

	for (uint32_t i = 0; i < opt->runs; i++) {
		struct race_run r = {random_next(&rng), opt->plan, opt->victim};

		r.plan.us = 1 + random_below(&rng, window);
		if (dcache.block)
			r.plan.spent = random_below(&rng, board_clock_hz() / 1000000 + 1);
		verdict_expect_add(v, e->expect(&r));
		trace_clear();
		trace_on = opt->trace;
		e->run(&r, out);
		trace_on = false;
		verdict_add(v, out);
		if (opt->list)
			list_lines(out);
	}
}

static void run_sweep(const struct exhibit *e, const struct race_options *opt, struct verdict *v,
		      struct race_outcome *out)
{
	uint32_t rng = opt->seed * 2654435761u | 1;

	for (uint32_t at = 0; at <= PREEMPT_AT_MAX; at++) {
		struct race_run r = {
			random_next(&rng), {.mode = PREEMPT_AT, .at = at}, opt->victim};
		struct verdict one = *v;

		verdict_clear(&one);
		one.unexpected = 0;
		one.expect = e->expect(&r);
		e->run(&r, out);
		plan_text(&r.plan, one.preempt);
		verdict_add(&one, out);
		verdict_add(v, out);
		verdict_expect_add(v, one.expect);
		if (!verdict_expected(&one))
			v->unexpected++;
		if (opt->strip)
			opt->strip[at] = verdict_status(&one);
		if (opt->list)
			list_lines(out);
		if (opt->each)
			verdict_print(&one);
	}
}

const char *race_begin(const struct exhibit *e, uint32_t seed)
{
	if (machine.truth == TRUTH_NONE)
		return "the D-cache holds nothing and cache=native keeps the model off: no verdict "
		       "is "
		       "possible; valid: cache=auto or a geometry";
	return e->setup(seed);
}

void race_run(const struct exhibit *e, const struct race_options *opt, struct verdict *v,
	      struct race_outcome *last)
{
	static struct race_outcome out;

	*v = (struct verdict){
		.exhibit = e->name, .victim = victim_names[opt->victim], .seed = opt->seed};
	plan_text(&opt->plan, v->preempt);
	if (opt->sweep)
		strcpy(v->preempt, "at:0..128");
	(opt->sweep ? run_sweep : run_random)(e, opt, v, &out);
	v->other_lines = e->check_all();
	if (last)
		*last = out;
}

int race_command(const char *name)
{
	const struct exhibit *e = exhibit_find(name);
	static enum verdict_status strip[PREEMPT_AT_MAX + 1];
	struct race_options opt;
	struct race_outcome last;
	struct verdict v;
	const char *why;

	if (!e) {
		printf("exhibit %s is not known; valid:", name);
		exhibit_for_each (known)
			printf(" %s", known->name);
		printf("\n");
		return EXIT_USAGE;
	}
	dma_fix_default(FIX_NONE); /* it is here to show the bug */
	race_options_now(&opt);
	why = race_begin(e, opt.seed);
	if (why) {
		dma_fix_default(FIX_AUTO);
		printf("exhibit %s: %s\n", e->name, why);
		printf("verdict exhibit=%s reason=\"cannot be run here\" status=ERROR\n", e->name);
		return EXIT_USAGE;
	}
	opt.strip = opt.sweep ? strip : NULL;
	race_run(e, &opt, &v, &last);
	if (opt.strip)
		strip_print(strip, PREEMPT_AT_MAX + 1);
	if (opt.trace && (trace == TRACE_ALWAYS || v.bad)) {
		timeline_print(e->page_name, e->tell_before);
		picture_print(&last);
		account_print_saved(last.cpu_account, "Q");
	}
	verdict_print(&v);
	e->teardown();
	dma_fix_default(FIX_AUTO);
	return verdict_expected(&v) ? EXIT_OK : EXIT_VERDICT;
}
