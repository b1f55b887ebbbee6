/* SPDX-License-Identifier: MIT */
/* The end of a run whose input is at its end. */
#ifndef SIM_INPUT_H
#define SIM_INPUT_H

#include <stdbool.h>

struct machine;

/* No input can come any more, and the image does nothing but wait for it. asleep: the CPU
 * sleeps, and nothing but input could wake it. Never true under a debugger, who may yet change
 * what the image does. */
bool input_is_over(const struct machine *m, bool asleep);

#endif
