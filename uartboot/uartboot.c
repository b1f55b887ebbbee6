/* SPDX-License-Identifier: MIT */
/* The receiver: takes an image over the UART and starts it in the firmware's place.
 *
 * The protocol is that of raspbootin and of the Rust tutorials' minipush: the loader sends 03 03
 * 03; the host a length, four bytes, least first; the loader "OK" or "SE" (size error); the host
 * the bytes. It has no check: the image has its own (boot/image_check.h). Between the last 03 and
 * "OK" nothing else may be sent, since hosts read exactly two bytes there. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "drivers/pl011.h"

/* Looks at an empty receiver before the line counts as silent, and rounds of waiting between two.
 * There is no timer that all boards have: a look takes 1 to 3 microseconds, by machine and
 * emulator. */
#define UNTIL_NEXT_ASKING 1000000u
#define UNTIL_GIVEN_UP	  5000000u
#define PAUSE		  100u

extern uint8_t _uartboot_start[];

/* Where a board must do something before its UART reaches its pins: boards/<name>/uartboot/. */
__attribute__((weak)) uint32_t uartboot_pins(void);

static struct pl011 uart;

static void say(const char *text)
{
	while (*text)
		pl011_putc(&uart, (uint8_t)*text++);
}

static void say_number(uint32_t n)
{
	char digits[11];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	say(digits + at);
}

/* Between two looks. An emulator's other thread, which brings the bytes, waits for the one that
 * looks; on a board the FIFO takes a millisecond to fill. */
static void pause_a_little(void)
{
	for (uint32_t n = 0; n < PAUSE; n++)
		__asm__ volatile("");
}

/* The next byte; -1 when the line has been silent for long. */
static int next_byte(uint32_t patience)
{
	for (; patience > 0; patience--) {
		int c = pl011_getc(&uart);

		if (c >= 0)
			return c;
		pause_a_little();
	}
	return -1;
}

static bool next_bytes(uint8_t *to, uint32_t n, uint32_t *got, uint32_t patience)
{
	for (*got = 0; *got < n; ++*got) {
		int c = next_byte(patience);

		if (c < 0)
			return false;
		to[*got] = (uint8_t)c;
	}
	return true;
}

/* Asks until a host answers with a length that can be taken. A host that comes later has not heard
 * the first time. */
static uint32_t ask(uint32_t most)
{
	for (;;) {
		uint8_t b[4];
		uint32_t got, length;

		while (pl011_getc(&uart) >= 0)
			; /* what was typed before is no answer */
		say("\x03\x03\x03");
		if (!next_bytes(b, sizeof(b), &got, UNTIL_NEXT_ASKING))
			continue;
		length = (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
		if (length > 0 && length <= most) {
			say("OK");
			return length;
		}
		say("SE");
		say("\r\nuartboot: an image has 1 to ");
		say_number(most);
		say(" bytes here\r\n");
	}
}

/* handover: the firmware's r2, which points to a list that the image will want. Returns the image's
 * place, with the image there. */
uint8_t *uartboot(uint32_t handover)
{
	uint8_t *place = (uint8_t *)(uintptr_t)UARTBOOT_IMAGE_PA;
	uint32_t most = (uintptr_t)_uartboot_start - UARTBOOT_IMAGE_PA, length, got;

	if (handover >= UARTBOOT_IMAGE_PA && handover - UARTBOOT_IMAGE_PA < most)
		most = handover - UARTBOOT_IMAGE_PA;
	pl011_init(&uart, BOARD_EARLY_UART_PA, uartboot_pins ? uartboot_pins() : UART_CLOCK_HZ,
		   UART_BAUD);
	say("\r\nuartboot on " BOARD_NAME
	    ": send an image (tools/uart_boot, raspbootcom, minipush)\r\n");
	for (;;) {
		length = ask(most);
		if (next_bytes(place, length, &got, UNTIL_GIVEN_UP))
			break;
		say("\r\nuartboot: the line fell silent after ");
		say_number(got);
		say(" of ");
		say_number(length);
		say(" bytes; once more\r\n");
	}
	say("\r\nuartboot: ");
	say_number(length);
	say(uart.overruns ? " bytes, some lost on the way; booting\r\n" : " bytes; booting\r\n");
	return place;
}
