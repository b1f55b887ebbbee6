/* SPDX-License-Identifier: MIT */
/* Prints each line that it gets as "line: ..."; "quit" ends it with status 5. While there is no
 * byte it sleeps between the ticks of a timer (TICK) or looks at the flags (POLL). OTHER: it asks
 * for bytes, but has its own work: 70 s of it, then "done" and status 6. */
#include <string.h>

#include "devices.h"

#define TIMER 0x101e2000u

static void put(const char *s)
{
	for (; *s; s++)
		REG(UART, 0) = (uint8_t)*s;
}

static void start(void)
{
	REG(UART, 0x2c) = 0x70; /* FIFO on */
	REG(UART, 0x30) = 0x301;
#ifndef POLL
	REG(UART, 0x38) = 0x50;	  /* receive and its timeout */
	REG(TIMER, 0x00) = 10000; /* 1 MHz: every 10 ms */
	REG(TIMER, 0x08) = 0xe2;  /* on, periodic, interrupt, 32 bits */
	VIC_EN = 1u << 12 | 1u << 4;
#endif
}

/* IRQs stay masked: the wait ends when one is pending. */
static void wait(void)
{
#ifndef POLL
	asm volatile("mcr p15, 0, %0, c7, c0, 4" ::"r"(0));
	REG(TIMER, 0x0c) = 1; /* the tick is served */
#endif
}

#ifdef OTHER
int guest_main(void)
{
	start();
	for (int tick = 0; tick < 7000; tick++) {
		for (volatile int n = 0; n < 600; n++)
			;
		wait();
	}
	put("done\n");
	return 6;
}
#else
int guest_main(void)
{
	static char line[80];
	uint32_t len = 0;

	start();
	for (;;) {
		char c;

		while (REG(UART, 0x18) & 0x10)
			wait();
		c = (char)REG(UART, 0);
		if (c == '\r')
			continue;
		if (c != '\n') {
			line[len++ % (sizeof line - 1)] = c;
			continue;
		}
		line[len] = 0;
		len = 0;
		if (!strcmp(line, "quit"))
			return 5;
		put("line: ");
		put(line);
		put("\n");
	}
}
#endif
