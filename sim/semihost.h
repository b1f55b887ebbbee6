/* SPDX-License-Identifier: MIT */
/* ARM semihosting: the calls newlib's rdimon makes, and the exit of Murphy's kernel. */
#ifndef SIM_SEMIHOST_H
#define SIM_SEMIHOST_H

#include <stdbool.h>

struct cpu;

/* Serves the call in r0, r1; false if semihosting is off (then it is a plain SVC). */
bool semihost_call(struct cpu *c);

#endif
