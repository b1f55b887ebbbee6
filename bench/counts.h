/* SPDX-License-Identifier: MIT */
/* The two ways to measure: by repetition inside, by single step from outside. */
#ifndef BENCH_COUNTS_H
#define BENCH_COUNTS_H

#include "mm/page.h"

/* Pages that the measurements use: one of lowmem, one mapped, one unmapped, and as many as
 * it takes to wrap any table. */
struct bench_pages {
	struct page *low, *mapped, *unmapped;
	struct page *many[LAST_PKMAP + 2];
};

/* Prints "bench NAME pkmap=N insns=X.XX"; the figures are instructions if one instruction takes
 * 1 ns (QEMU -icount shift=0); prints first what an instruction takes. */
void bench_counts(struct bench_pages *pages);

/* Runs each operation once between bench_mark_begin(label) and bench_mark_end(), for
 * tools/irqoff.py, which steps from one to the other. */
void bench_marks(struct bench_pages *pages);

#endif
