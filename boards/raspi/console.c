/* SPDX-License-Identifier: MIT */
/* The console: the PL011, or with uart=mini the mini UART, on the same two pins (14 and 15). */
#include "boards/board_api.h"
#include "boards/raspi/raspi.h"

#include <stdio.h>
#include <string.h>

#include "boards/raspi/board.h"

#include "drivers/bcm2835_aux.h"
#include "drivers/bcm2835_gpio.h"
#include "drivers/irq.h"
#include "drivers/pl011.h"
#include "lib/params.h"

#define TXD	      14
#define RXD	      15
#define BLUETOOTH_TXD 32
#define BLUETOOTH_RXD 33

struct bcm2835_aux raspi_aux;
static struct pl011 uart0;
static bool mini;

static void pins(enum bcm2835_gpio_function function)
{
	bcm2835_gpio_select(IO_VA(GPIO_PA), TXD, function);
	bcm2835_gpio_select(IO_VA(GPIO_PA), RXD, function);
}

/* On a Zero W the firmware gives the PL011 to Bluetooth, on pins of its own. Two pairs of pins
 * would both receive, so it is taken back; elsewhere these pins are not ALT3. */
static void take_back_from_bluetooth(void)
{
	for (unsigned pin = BLUETOOTH_TXD; pin <= BLUETOOTH_RXD; pin++)
		if (bcm2835_gpio_function(IO_VA(GPIO_PA), pin) == GPIO_ALT3)
			bcm2835_gpio_select(IO_VA(GPIO_PA), pin, GPIO_INPUT);
}

void board_console_early(void)
{
	raspi_firmware_read();
	raspi_led_init(raspi_firmware.revision);
	bcm2835_aux_init(&raspi_aux, IO_VA(AUX_PA)); /* before its pins are another's */
	take_back_from_bluetooth();
	bcm2835_gpio_pull_off(IO_VA(GPIO_PA), TXD);
	bcm2835_gpio_pull_off(IO_VA(GPIO_PA), RXD);
	pl011_init(&uart0, IO_VA(UART0_PA), raspi_firmware.uart_hz, UART_BAUD);
	pins(GPIO_ALT0);
}

static const char *set_uart(const char *text)
{
	bool want = strcmp(text, "mini") == 0;

	if (!want && strcmp(text, "pl011") != 0)
		return "no such UART";
	if (want == mini)
		return NULL;
	fflush(stdout);
	if (want) {
		pl011_flush(&uart0);
		bcm2835_aux_open(&raspi_aux, raspi_firmware.core_hz, UART_BAUD);
		pins(GPIO_ALT5);
	} else {
		bcm2835_aux_close(&raspi_aux);
		pins(GPIO_ALT0);
	}
	mini = want;
	return NULL;
}

static void show_uart(char *buf, size_t len)
{
	snprintf(buf, len, "%s", mini ? "mini" : "pl011");
}

PARAM_CUSTOM(uart, PARAM_BOOT, set_uart, show_uart, "pl011|mini",
	     "the UART of the console, from this word on");

void board_putc(char c)
{
	if (mini)
		bcm2835_aux_putc(&raspi_aux, (uint8_t)c);
	else
		pl011_putc(&uart0, (uint8_t)c);
}

int board_getc(void)
{
	return mini ? bcm2835_aux_getc(&raspi_aux) : pl011_getc(&uart0);
}

void board_console_irq(void (*on_rx)(void))
{
	if (mini) {
		bcm2835_aux_rx_enable(&raspi_aux, on_rx); /* its line serves the softirq already */
	} else {
		pl011_rx_enable(&uart0, on_rx);
		irq_register(IRQ_UART0, pl011_irq, &uart0);
	}
}
