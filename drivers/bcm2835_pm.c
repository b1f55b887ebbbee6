/* SPDX-License-Identifier: MIT */
/* The BCM2835's power manager: see bcm2835_pm.h. */
#include "drivers/bcm2835_pm.h"
#include "drivers/mmio.h"

#define RSTC 0x1C
#define WDOG 0x24

#define PASSWORD	0x5A000000u /* in the high byte of each write, else it is ignored */
#define WDOG_TICKS	10u	    /* of 16 us */
#define RSTC_CONFIG	0x30u	    /* what the watchdog does at its end */
#define RSTC_FULL_RESET 0x20u

void bcm2835_pm_restart(uintptr_t base)
{
	/* The time first: with an old one of 0 the second write restarts at once, which would do,
	 * but a full count of 16 s would not. */
	mmio_write32(base + WDOG, PASSWORD | WDOG_TICKS);
	mmio_write32(base + RSTC, PASSWORD | (mmio_read32(base + RSTC) & 0xFFFFFFu & ~RSTC_CONFIG) |
					  RSTC_FULL_RESET);
}
