/* SPDX-License-Identifier: MIT */
/* What the witness saw of the two pages' lines, told between the events of the timeline. */
#ifndef RACE_STORY_H
#define RACE_STORY_H

#include <stdint.h>

#include "race/ghost.h"

/* Starts a telling about these pages (either may be NULL). */
void story_begin(const struct ghost *p, const struct ghost *q);

/* Tells what happened before trace event seq and was not told yet, marked as the witness's word. */
void story_before(uint32_t seq);

#endif
