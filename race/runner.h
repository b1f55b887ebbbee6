/* SPDX-License-Identifier: MIT */
/* Runs an exhibit once, many times, or at every preemption position, and gives the verdict. */
#ifndef RACE_RUNNER_H
#define RACE_RUNNER_H

#include <stdbool.h>

#include "race/exhibit.h"
#include "race/verdict.h"

struct race_options {
	uint32_t runs, seed;
	enum victim victim;
	struct preempt_plan plan;
	bool sweep;		    /* every position instead of plan; runs is ignored */
	bool list;		    /* print each lost line */
	bool each;		    /* sweep: print a verdict for each position */
	enum verdict_status *strip; /* sweep: NULL, or gets PREEMPT_AT_MAX + 1: each position's */
	bool trace;		    /* record events; the last run's stay in the ring */
};

/* What the parameters say now. */
void race_options_now(struct race_options *opt);

/* NULL, or which two of the parameters cannot go together. */
const char *race_conflict(void);

/* NULL, or why an exhibit cannot be interrupted as asked by the operations in use. */
const char *race_leaf_conflict(void);

/* Sets the exhibit up. NULL, or why it cannot be run here. Context: task; sleeps. */
const char *race_begin(const struct exhibit *e, uint32_t seed);

/* Runs it, fills v; last (may be NULL) gets the outcome of the last run. The exhibit stays set
 * up, for reports and more runs, until exhibit->teardown(). Context: task; sleeps. */
void race_run(const struct exhibit *e, const struct race_options *opt, struct verdict *v,
	      struct race_outcome *last);

/* Runs by the parameters, prints verdicts (and what trace= and list= ask for), tears down.
 * Returns the exit status: EXIT_OK if all came as expected. */
int race_command(const char *exhibit);

#endif
