/* SPDX-License-Identifier: MIT */
/* The one line that everything which judges prints. */
#ifndef RACE_VERDICT_H
#define RACE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#define PREEMPT_TEXT_LEN 16

enum verdict_status { VERDICT_OK, VERDICT_LOST, VERDICT_STALE, VERDICT_ERROR };

struct verdict {
	const char *exhibit;
	char preempt[PREEMPT_TEXT_LEN];
	const char *victim;
	uint32_t seed;
	uint32_t runs, bad;
	uint32_t lost_lines;  /* CPU data of other pages that did not survive... */
	uint64_t lost_bytes;  /* ...32 bits hold a million runs of a page, runs= may be ten */
	uint32_t stale_dma;   /* lines of the DMA buffer in which the device's data is not seen */
	uint32_t detected;    /* by fix=recheck and percheck */
	uint32_t preempted;   /* runs in which the interrupt came inside the maintenance */
	uint32_t other_lines; /* wrong lines in pages that no thread had to do with */
	uint32_t unexpected;  /* runs of a sweep that did not end as expected there */
	uint32_t saved_lines; /* that an eviction took to memory before they could be lost */
	bool witnessed;	      /* else nobody knows saved_lines */
	unsigned why;	      /* bits of WHY_* (race/exhibit.h) */
	unsigned
		expect; /* bit a status: what this configuration is expected to show; 0: none yet */
};

struct race_outcome;

/* Counts one run in. */
void verdict_add(struct verdict *v, const struct race_outcome *out);
/* The same for what it was expected to show: a sum shows the worst of its runs. */
void verdict_expect_add(struct verdict *v, unsigned expect);
/* Forgets the runs counted so far. */
void verdict_clear(struct verdict *v);

enum verdict_status verdict_status(const struct verdict *v);
const char *verdict_status_name(enum verdict_status s);

/* True if the status is among the expected ones. */
bool verdict_expected(const struct verdict *v);

/* verdict exhibit=... status=... */
void verdict_print(const struct verdict *v);

/* What truth a verdict has here: "measured", "simulated", "modelled". */
const char *verdict_truth(void);
/* "vivt,16k,4way,32b" */
const char *verdict_cache(void);

#endif
