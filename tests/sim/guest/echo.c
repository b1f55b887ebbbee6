/* SPDX-License-Identifier: MIT */
/* Prints "ready", then each byte from the UART in hex, a line each; "q" is the last. Sleeps
 * while there is none. */
#include "devices.h"

static void put(char c)
{
	REG(UART, 0) = (uint8_t)c;
}

int guest_main(void)
{
	uint32_t c = 0;

	vectors_install();
	REG(UART, 0x2c) = 0x70; /* FIFO on */
	REG(UART, 0x30) = 0x301;
	REG(UART, 0x38) = 0x50; /* receive and its timeout */
	VIC_EN = 1u << 12;
	for (const char *s = "ready\n"; *s; s++)
		put(*s);
	while (c != 'q') {
		while (REG(UART, 0x18) & 0x10)
			asm volatile("mcr p15, 0, %0, c7, c0, 4" ::"r"(0)); /* IRQs stay masked */
		c = REG(UART, 0) & 0xff;
		put("0123456789abcdef"[c >> 4]);
		put("0123456789abcdef"[c & 15]);
		put('\n');
	}
	return 3;
}
