/* SPDX-License-Identifier: MIT */
/* The free-running 24 MHz counter of ARM's boards: 32 bits, counts up, wraps in 179 s. */
#ifndef DRIVERS_CLOCK24_H
#define DRIVERS_CLOCK24_H

#include <stdint.h>

#define CLOCK24_HZ 24000000u

/* reg is the address of the counter itself. Context: any. */
uint32_t clock24_ticks(uintptr_t reg);

#endif
