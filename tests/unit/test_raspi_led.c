/* SPDX-License-Identifier: MIT */
/* The ACT LED of each model, from its revision to the level at the pin; the pins' registers; and
 * the restart, which is a password away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "boards/board_api.h"
#include "boards/raspi/board.h"
#include "boards/raspi/raspi.h"
#include "drivers/bcm2835_barrier.h"
#include "drivers/bcm2835_gpio.h"
#include "drivers/bcm2835_pm.h"
#include "drivers/mmio.h"
#include "lib/exit.h"

#define GPIO  IO_VA(GPIO_PA)
#define TIMER IO_VA(TIMER_PA)
#define PM    IO_VA(PM_PA)

void (*exit_idle)(void);
int exit_code;

static struct {
	uint32_t select[6], level[2], pull, clock[2], pulled[2];
	unsigned reads;
	uint32_t now;
	uint32_t wdog, rstc;
	bool restarts;
} hw;

void bcm2835_barrier(void)
{
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	assert_int_equal(bytes, 4);
	hw.reads++;
	if (addr == (uintptr_t)TIMER + 4)
		return hw.now;
	if (addr == (uintptr_t)PM + 0x1C)
		return hw.rstc;
	if (addr == (uintptr_t)GPIO + 0x94)
		return hw.pull;
	assert_in_range(addr, GPIO, GPIO + 0x14);
	return hw.select[(addr - GPIO) / 4];
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	uint32_t offset = (uint32_t)(addr - GPIO);

	assert_int_equal(bytes, 4);
	if (addr - PM < 0x100) {
		if (value >> 24 != 0x5A)
			return; /* as the chip does */
		if (addr == (uintptr_t)PM + 0x24)
			hw.wdog = value & 0xFFFFF;
		else
			hw.rstc = value & 0xFFFFFF;
		hw.restarts = (hw.rstc & 0x30) == 0x20;
		return;
	}
	if (offset <= 0x14)
		hw.select[offset / 4] = value;
	else if (offset == 0x1C || offset == 0x20)
		hw.level[(offset - 0x1C) / 4] |= value;
	else if (offset == 0x28 || offset == 0x2C)
		hw.level[(offset - 0x28) / 4] &= ~value;
	else if (offset == 0x94)
		hw.pull = value;
	else if (offset == 0x98 || offset == 0x9C) {
		assert_int_equal(hw.pull, 0);
		assert_true(hw.reads >= 150); /* the time between the steps */
		hw.pulled[(offset - 0x98) / 4] |= value;
		hw.reads = 0;
	} else
		fail_msg("write to register 0x%x", offset);
}

static int setup(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	exit_code = 0;
	exit_idle = NULL;
	return 0;
}

static bool high(unsigned pin)
{
	return hw.level[pin / 32] >> pin % 32 & 1;
}

/* Changes of the pin in ten seconds of ticks at 100 Hz. */
static unsigned changes(unsigned pin, void (*step)(void))
{
	unsigned n = 0;
	bool before = high(pin);

	for (unsigned i = 0; i < 1000; i++, before = high(pin)) {
		hw.now += 10000;
		step();
		n += high(pin) != before;
	}
	return n;
}

static const struct model {
	uint32_t revision;
	const char *name;
	unsigned pin;
	bool on; /* level */
	bool unsure;
} models[] = {
	{0x000002, "B", 16, false, false},	 {0x00000E, "B", 16, false, false},
	{0x1000008, "A", 16, false, false},	 {0x000010, "B+", 47, true, false},
	{0x000012, "A+", 47, true, false},	 {0x900021, "A+", 47, true, false},
	{0x900032, "B+", 47, true, false},	 {0x900092, "Zero", 47, true, true},
	{0x920092, "Zero", 47, true, true},	 {0x9000C1, "Zero W", 47, true, true},
	{0x900061, "CM", 47, true, false},	 {0xA020D3, "of unknown model", 47, true, true},
	{0, "of unknown model", 47, true, true},
};

static void each_model_has_its_led(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		const struct model *m = &models[i];

		setup(state);
		exit_idle = NULL;
		raspi_led_init(m->revision);
		assert_string_equal(raspi_model(m->revision), m->name);
		assert_int_equal(hw.select[m->pin / 10] >> m->pin % 10 * 3 & 7, GPIO_OUTPUT);
		/* no verdict yet: dark */
		assert_int_equal(high(m->pin), !m->on);
		assert_int_equal(changes(m->pin, raspi_led_tick), 0);
		board_verdict(false);
		assert_in_range(changes(m->pin, raspi_led_tick), 95, 105);
		board_verdict(true);
		if (m->unsure) {
			assert_in_range(changes(m->pin, raspi_led_tick), 9, 11);
		} else {
			assert_int_equal(changes(m->pin, raspi_led_tick), 0);
			assert_int_equal(high(m->pin), m->on);
		}
	}
}

/* Halted, with IRQs masked, only the loop of kernel_exit() is left to blink. */
static void the_end_is_shown_too(void **state)
{
	(void)state;
	raspi_led_init(0x900032);
	assert_non_null(exit_idle);
	exit_idle(); /* ended without a verdict */
	assert_in_range(changes(47, exit_idle), 95, 105);
	board_verdict(true);
	assert_int_equal(changes(47, exit_idle), 0);
	assert_true(high(47));
	exit_code = EXIT_PANIC; /* whatever was good before it */
	assert_in_range(changes(47, exit_idle), 95, 105);
}

static void pins_are_chosen_one_at_a_time(void **state)
{
	(void)state;
	for (unsigned pin = 0; pin < BCM2835_GPIO_PINS; pin++) {
		memset(hw.select, 0xFF, sizeof(hw.select));
		bcm2835_gpio_select(GPIO, pin, GPIO_ALT0);
		for (unsigned p = 0; p < BCM2835_GPIO_PINS; p++)
			assert_int_equal(bcm2835_gpio_function(GPIO, p), p == pin ? 4 : 7);
	}
	bcm2835_gpio_pull_off(GPIO, 14);
	bcm2835_gpio_pull_off(GPIO, 33);
	assert_int_equal(hw.pulled[0], 1u << 14);
	assert_int_equal(hw.pulled[1], 1u << 1);
}

static void the_watchdog_restarts(void **state)
{
	(void)state;
	hw.rstc = 0x102;
	bcm2835_pm_restart(PM);
	assert_true(hw.restarts);
	assert_in_range(hw.wdog, 1, 1000);
	assert_int_equal(hw.rstc & 0xFFFFCF, 0x102); /* the rest as it was */
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(each_model_has_its_led),
		T(the_end_is_shown_too),
		T(pins_are_chosen_one_at_a_time),
		T(the_watchdog_restarts),
	};

	return cmocka_run_group_tests_name("raspi_led", tests, NULL, NULL);
}
