/* SPDX-License-Identifier: MIT */
/* A page's 128 lines, and a sweep's 129 positions, as pictures for people. */
#ifndef RACE_PICTURE_H
#define RACE_PICTURE_H

#include <stdbool.h>

#include "race/exhibit.h"
#include "race/verdict.h"

/* color=: ANSI colours, else plain letters only. */
bool picture_colour(void);

/* The CPU's page and the device's page after a run. */
void picture_print(const struct race_outcome *out);

/* A cell a position of a sweep: what the run that was interrupted there ended with. */
void strip_print(const enum verdict_status *status, uint32_t n);

#endif
