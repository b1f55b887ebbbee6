/* SPDX-License-Identifier: MIT */
/* The BCM2835's power manager: restart by its watchdog (Linux bcm2835_wdt.c). */
#ifndef DRIVERS_BCM2835_PM_H
#define DRIVERS_BCM2835_PM_H

#include <stdint.h>

/* Restarts the chip within a millisecond or so of this call. Context: any. */
void bcm2835_pm_restart(uintptr_t base);

#endif
