/* SPDX-License-Identifier: MIT */
/* Instruction counts of the paths that matter. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>

/* bench=counts or bench=marks */
bool bench_wanted(void);

/* Prints one line a figure; returns the exit status. Context: task. */
int bench_run(void);

#endif
