/* SPDX-License-Identifier: MIT */
/* A page's 128 lines as a picture, for people. */
#ifndef RACE_PICTURE_H
#define RACE_PICTURE_H

#include <stdbool.h>

#include "race/exhibit.h"

/* color=: ANSI colours, else plain letters only. */
bool picture_colour(void);

/* The CPU's page and the device's page after a run. */
void picture_print(const struct race_outcome *out);

#endif
