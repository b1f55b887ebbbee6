/* SPDX-License-Identifier: MIT */
/* What really happened to D-cache lines, for an image that asks: a window of words in the system
 * registers. An image that never asks is not touched by any of it. Layout: sim/README.md. */
#ifndef SIM_DEVICES_LINES_H
#define SIM_DEVICES_LINES_H

#include <stdint.h>

struct machine;

/* Offsets in the system registers: the window is [LINES_FIRST, LINES_END). */
#define LINES_FIRST 0xf00u
#define LINES_END   0xff0u

uint32_t lines_read(struct machine *m, uint32_t off);
void lines_write(struct machine *m, uint32_t off, uint32_t val);

/* A device copies bytes from from to to. */
void lines_copy(struct machine *m, uint32_t from, uint32_t to, uint32_t bytes);

void lines_free(struct machine *m);

#endif
