/* SPDX-License-Identifier: MIT */
/* The UART loader on a Raspberry Pi: the PL011 on pins 14 and 15, wherever the firmware has put it.
 */
#include "board.h"
#include "drivers/bcm2835_gpio.h"

#define TXD 14
#define RXD 15

uint32_t uartboot_pins(void);

/* As boards/raspi/console.c does it, with the MMU off. Returns the UART's clock, which counts only
 * if the firmware has set no rate. */
uint32_t uartboot_pins(void)
{
	for (unsigned pin = 32; pin <= 33; pin++) /* a Zero W: taken back from Bluetooth */
		if (bcm2835_gpio_function(GPIO_PA, pin) == GPIO_ALT3)
			bcm2835_gpio_select(GPIO_PA, pin, GPIO_INPUT);
	for (unsigned pin = TXD; pin <= RXD; pin++) {
		bcm2835_gpio_pull_off(GPIO_PA, pin);
		bcm2835_gpio_select(GPIO_PA, pin, GPIO_ALT0);
	}
	return UART_CLOCK_HZ;
}
