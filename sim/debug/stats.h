/* SPDX-License-Identifier: MIT */
/* Counters of a run. */
#ifndef SIM_DEBUG_STATS_H
#define SIM_DEBUG_STATS_H

#include <stdio.h>

struct machine;

/* One "key=value" line for each part of the machine. */
void stats_print(struct machine *m, FILE *f);

#endif
