/* SPDX-License-Identifier: MIT */
/* What each strategy is expected to show in kmap-race: the table of docs/strategies.md as code. */
#ifndef RACE_KMAP_RACE_EXPECT_H
#define RACE_KMAP_RACE_EXPECT_H

#include <stdbool.h>

#include "race/exhibit.h"

/* Bits of enum verdict_status for the strategy and cache in use. wraps: the other task's kmap()s
 * wrap the slots. */
unsigned kmap_race_expect(const struct race_run *run, bool wraps);

#endif
