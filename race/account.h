/* SPDX-License-Identifier: MIT */
/* The account of a run: what became of each line of a page, in the witness's words, and which
 * lines an eviction saved. */
#ifndef RACE_ACCOUNT_H
#define RACE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/witness.h"
#include "race/ghost.h"

struct account {
	const struct ghost *page;
	bool witnessed; /* somebody saw it: what is not noted below did not happen */
	bool complete;	/* nothing was dropped */
	struct account_line {
		bool discarded;		  /* dirty bytes of it were thrown away */
		bool saved;		  /* see account_mark_saved() */
		bool written_over;	  /* went to memory after a device had written there */
		struct line_event newest; /* kind 0: nothing happened to it */
	} line[LINES_PER_PAGE];
	uint32_t saved;
};

/* Takes the events of the page's lines. After the run. */
void account_take(struct account *a, const struct ghost *g);

/* Lines first to last were to be discarded. Marks those that an eviction took out of the cache
 * before that: what had been stored was in memory then, or went there from then on. */
void account_mark_saved(struct account *a, uint32_t first, uint32_t last);

/* Each saved line with what evicted it, for people; nothing if there is none. */
void account_print_saved(const struct account *a, const char *page);

#endif
