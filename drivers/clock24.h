/* SPDX-License-Identifier: MIT */
/* The free-running 24 MHz counter of ARM's boards: 32 bits, counts up, wraps in 179 s. */
#ifndef DRIVERS_CLOCK24_H
#define DRIVERS_CLOCK24_H

#include <stdint.h>

#define CLOCK24_HZ 24000000u

/* reg is the address of the counter itself. All below: any context. */

uint32_t clock24_ticks(uintptr_t reg);
/* Whole microseconds in a difference of two readings less than 179 s apart. */
uint32_t clock24_us(uint32_t ticks);
/* Busy-waits at least us microseconds. If the counter turns out to stand still it returns
 * early, since waiting for it would take for ever. */
void clock24_delay_us(uintptr_t reg, uint32_t us);

#endif
