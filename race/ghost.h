/* SPDX-License-Identifier: MIT */
/* The oracle: what every page of an exhibit must hold, and where it does not.
 *
 * A ghost is a page's contents as a rule: words drawn from a seed, all inverted or not. Each
 * write of a whole page turns the sense, so that old and new contents differ in every byte
 * and a lost line is lost in all of its 32 bytes. */
#ifndef RACE_GHOST_H
#define RACE_GHOST_H

#include <stdbool.h>
#include <stdint.h>

#include "mm/page.h"

#define LINES_PER_PAGE (PAGE_SIZE / 32)

struct ghost {
	struct page *page;
	const char *name;
	uint32_t seed;
	bool inverted;
};

/* The contents as they must be, into a page-aligned lowmem buffer. */
void ghost_contents(const struct ghost *g, uint32_t *buf);

struct ghost_check {
	uint32_t bad_lines, bad_bytes;
	uint8_t bad[LINES_PER_PAGE]; /* 1: the line differs */
	uint8_t old[LINES_PER_PAGE]; /* 1: where it differs it has what was there before */
	uint32_t want[LINES_PER_PAGE], got[LINES_PER_PAGE]; /* first differing word */
	uint32_t word[LINES_PER_PAGE];			    /* its offset in the page, bytes */
};

/* Compares a copy of the page, as the CPU reads it, with the ghost. */
void ghost_compare(const struct ghost *g, const uint32_t *seen, struct ghost_check *check);

struct account;

/* One printed line a bad line: page, line, va, pa, want, got, and who destroyed it, if account
 * (may be NULL) knows. va: where the page was mapped when it was written. */
void ghost_print_lost(const char *kind, const struct ghost *g, const struct ghost_check *check,
		      uintptr_t va, const struct account *account);

#endif
