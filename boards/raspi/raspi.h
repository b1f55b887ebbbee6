/* SPDX-License-Identifier: MIT */
/* What the files of this board share. */
#ifndef BOARDS_RASPI_RASPI_H
#define BOARDS_RASPI_RASPI_H

#include <stdbool.h>
#include <stdint.h>

/* What the firmware says of the machine; read once, when the console starts. */
struct raspi_firmware {
	bool answers;	   /* else all below are this board's guesses, or 0 */
	uint32_t revision; /* of the board, as printed by raspberrypi.com's tables */
	uint32_t arm_bytes, gpu_bytes;
	uint32_t uart_hz, core_hz;
	uint32_t dma_channels; /* mask of those that are the ARM's */
};
extern struct raspi_firmware raspi_firmware;

void raspi_firmware_read(void);
/* "Zero", "A+" ...; "unknown model". */
const char *raspi_model(uint32_t revision);

/* The mini UART, of which one interrupt is the software's; ready from board_console_early() on. */
extern struct bcm2835_aux raspi_aux;

/* The ACT LED. */
void raspi_led_init(uint32_t revision);
void raspi_led_tick(void); /* some times a tenth of a second. Context: any */
/* What is said of it at boot. */
const char *raspi_led_name(void);

#endif
