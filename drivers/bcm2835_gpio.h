/* SPDX-License-Identifier: MIT */
/* The BCM2835's pins ("BCM2835 ARM Peripherals", chapter 6): which device has them, and levels. */
#ifndef DRIVERS_BCM2835_GPIO_H
#define DRIVERS_BCM2835_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#define BCM2835_GPIO_PINS 54u

/* As GPFSEL has them. */
enum bcm2835_gpio_function {
	GPIO_INPUT = 0,
	GPIO_OUTPUT = 1,
	GPIO_ALT0 = 4,
	GPIO_ALT1 = 5,
	GPIO_ALT2 = 6,
	GPIO_ALT3 = 7,
	GPIO_ALT4 = 3,
	GPIO_ALT5 = 2,
};

/* pin is 0..53 in all of them. Context: boot, or one caller for each ten pins. */
enum bcm2835_gpio_function bcm2835_gpio_function(uintptr_t base, unsigned pin);
void bcm2835_gpio_select(uintptr_t base, unsigned pin, enum bcm2835_gpio_function function);
/* No pull-up or pull-down. */
void bcm2835_gpio_pull_off(uintptr_t base, unsigned pin);
/* The level of an output. Context: any. */
void bcm2835_gpio_set(uintptr_t base, unsigned pin, bool high);

#endif
