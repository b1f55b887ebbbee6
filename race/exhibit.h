/* SPDX-License-Identifier: MIT */
/* Exhibits: scenarios with named threads, a knob between broken and fixed, and an oracle. The
 * linker gathers them (section murphy_exhibits). */
#ifndef RACE_EXHIBIT_H
#define RACE_EXHIBIT_H

#include <stdbool.h>
#include <stdint.h>

#include "race/account.h"
#include "race/ghost.h"
#include "race/preempt.h"

/* What T2 does with the victim page. */
enum victim { VICTIM_RW, VICTIM_W, VICTIM_R, VICTIM_NONE };
extern const char *const victim_names[];

/* One run: what it is asked to do... */
struct race_run {
	uint32_t seed;
	struct preempt_plan plan;
	enum victim victim;
};

/* By which mechanism data was lost: each only if it was seen (race/why.h). */
#define WHY_DISCARDED	1u /* an invalidate threw away another page's dirty lines */
#define WHY_OVERWRITTEN 2u /* old dirty lines were written over the device's data in memory */
#define WHY_STALE_HIT	4u /* memory has the device's data, but the CPU hits old lines */
#define WHY_UNKNOWN	8u /* none of these was seen to happen */

/* ...and what the oracle found after it. */
struct race_outcome {
	uint32_t lost_lines, lost_bytes, stale_dma;
	uint32_t detected;
	unsigned why; /* bits of WHY_* */
	bool preempted;
	uint32_t saved_lines; /* that an eviction had taken to memory before the loop came */
	bool witnessed;	      /* else saved_lines is not known */
	/* For reports; belong to the exhibit, good until the next run. */
	const struct ghost *cpu_page, *dma_page;
	const struct ghost_check *cpu_check, *dma_check;
	uintptr_t cpu_va, dma_va; /* where they were mapped when it happened */
	const struct account *cpu_account, *dma_account;
};

struct exhibit {
	const char *name;
	const char *what; /* one line */
	/* Takes pages. NULL, or why it cannot be run here (may be in a static buffer). */
	const char *(*setup)(uint32_t seed);
	/* Context: task; sleeps. */
	void (*run)(const struct race_run *run, struct race_outcome *out);
	/* The longest delay, in us, after which a timer still hits the maintenance loop. */
	uint32_t (*window_us)(void);
	/* Lines of any page that do not hold what they must; looks at every page. */
	uint32_t (*check_all)(void);
	void (*teardown)(void);
	/* The statuses (bits) that the run is expected to end with if it comes next. */
	unsigned (*expect)(const struct race_run *run);
	/* A short name for the page at pa, or NULL. */
	const char *(*page_name)(uint32_t pa);
	/* For the timeline of the last run: tells what the witness saw before event seq. */
	void (*tell_before)(uint32_t seq);
};

#define EXHIBIT(ident)                              \
	static const struct exhibit exhibit_##ident \
		__attribute__((used, section("murphy_exhibits"), aligned(sizeof(void *))))

extern const struct exhibit __start_murphy_exhibits[], __stop_murphy_exhibits[];
/* The bounds are two symbols of the linker's, not two ends of one array: compared as numbers. */
#define exhibit_for_each(e)                                     \
	for (const struct exhibit *e = __start_murphy_exhibits; \
	     (uintptr_t)e < (uintptr_t)__stop_murphy_exhibits; e++)

const struct exhibit *exhibit_find(const char *name);

#endif
