/* SPDX-License-Identifier: MIT */
/* From the banks to zones. */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include <stdint.h>

#include "boot/handover.h"

/* How much RAM from the RAM base there is without a gap, by the loader's banks or the board's
 * default; says what of the banks it leaves out. */
uint32_t memory_size(const struct handover *handover);

/* Splits RAM by lowmem=, maps all lowmem, makes the struct pages and fills the zones. Panics
 * with the figures when there is too little. Boot only, after the parameters. */
void memory_init(uint32_t ram_bytes);

#endif
