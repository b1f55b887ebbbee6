/* SPDX-License-Identifier: MIT */
/* The free-running 24 MHz counter: see clock24.h. */
#include "drivers/clock24.h"
#include "drivers/mmio.h"

uint32_t clock24_ticks(uintptr_t reg)
{
	return mmio_read32(reg);
}
