/* SPDX-License-Identifier: MIT */
/* The BCM2835's clocks as the firmware of 2016 and later sets them, in Hz. */
#ifndef SIM_DEVICES_BCM2835_CLOCKS_H
#define SIM_DEVICES_BCM2835_CLOCKS_H

#define BCM2835_UART_CLOCK 48000000u /* QEMU says 3 MHz, as firmware before 2016 had it */
#define BCM2835_CORE_CLOCK 250000000u
#define BCM2835_ARM_CLOCK  700000000u

#endif
