/* SPDX-License-Identifier: MIT */
/* The ACT LED says the verdict to who has no serial line.
 *
 *     dark        no verdict yet: it runs, or hangs
 *     on          the last verdict was OK
 *     blinking    it was another one (LOST, STALE, FAULT ...), or the kernel has halted without
 *                 an OK
 *
 * On the Zeros sources disagree about the polarity, so that "on" could be dark: there OK is a slow
 * blink, a second on and a second off, and everything else the fast one. */
#include "boards/board_api.h"
#include "boards/raspi/raspi.h"

#include <string.h>

#include "boards/raspi/board.h"

#include "drivers/bcm2835_gpio.h"
#include "drivers/bcm2835_timer.h"
#include "lib/exit.h"

#define FAST_US 100000u	 /* half a period */
#define SLOW_US 1000000u /* likewise */

static struct {
	unsigned pin;
	bool low_is_on, unsure;
	enum { NO_VERDICT, GOOD, BAD } verdict;
} led;

/* A, B: GPIO 16, low (schematics; Linux bcm2835-rpi-a.dts, -b.dts). A+, B+, CM: GPIO 47, high.
 * Zeros: 47 as well, but zero.dts and zero-w.dts differ in how. */
static void choose(uint32_t revision)
{
	const char *model = raspi_model(revision);
	bool old = strcmp(model, "A") == 0 || strcmp(model, "B") == 0;

	led.pin = old ? 16 : 47;
	led.low_is_on = old;
	led.unsure = strcmp(model, "A+") != 0 && strcmp(model, "B+") != 0 &&
		     strcmp(model, "CM") != 0 && !old;
}

static void show(bool on)
{
	bcm2835_gpio_set(IO_VA(GPIO_PA), led.pin, on != led.low_is_on);
}

static bool wave(uint32_t half_period)
{
	return bcm2835_timer_now(IO_VA(TIMER_PA)) / half_period & 1;
}

void raspi_led_tick(void)
{
	if (led.verdict == BAD)
		show(wave(FAST_US));
	else if (led.verdict == GOOD)
		show(!led.unsure || wave(SLOW_US));
}

/* In place of the core's wait for an interrupt: none comes, they are masked. */
static void halted(void)
{
	if (exit_code != EXIT_OK || led.verdict == NO_VERDICT)
		led.verdict = BAD;
	raspi_led_tick();
}

void raspi_led_init(uint32_t revision)
{
	choose(revision);
	led.verdict = NO_VERDICT;
	show(false);
	bcm2835_gpio_select(IO_VA(GPIO_PA), led.pin, GPIO_OUTPUT);
	exit_idle = halted;
}

const char *raspi_led_name(void)
{
	return led.unsure      ? "GPIO 47, fast blink = not OK, slow = OK"
	       : led.low_is_on ? "GPIO 16, blinks = not OK, on = OK"
			       : "GPIO 47, blinks = not OK, on = OK";
}

void board_verdict(bool ok)
{
	led.verdict = ok ? GOOD : BAD;
	raspi_led_tick();
}
