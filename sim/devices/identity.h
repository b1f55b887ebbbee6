/* SPDX-License-Identifier: MIT */
/* What this emulator says of itself, in offsets of the system registers that the Versatile
 * leaves reserved. */
#ifndef SIM_DEVICES_IDENTITY_H
#define SIM_DEVICES_IDENTITY_H

#include <stdint.h>

struct machine;

/* Offsets in the system registers: the words lie in [IDENTITY_FIRST, IDENTITY_END), those of
 * each cache in 0x20 bytes. */
#define IDENTITY_FIRST	0xe00u
#define IDENTITY_DCACHE 0xe00u
#define IDENTITY_ICACHE 0xe20u
#define IDENTITY_END	0x1000u

/* The word at off; 0 where none is defined. Changes nothing. */
uint32_t identity_word(const struct machine *m, uint32_t off);

#endif
