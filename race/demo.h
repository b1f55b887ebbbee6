/* SPDX-License-Identifier: MIT */
/* The main job: the race, its loss, its cure, and every strategy in a table, for people. */
#ifndef RACE_DEMO_H
#define RACE_DEMO_H

#include <stdbool.h>

/* demo=on */
bool race_demo_wanted(void);

/* Returns the exit status: EXIT_OK if everything ended as expected. Context: task. */
int race_demo(void);

#endif
