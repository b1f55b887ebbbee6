/* SPDX-License-Identifier: MIT */
/* The system timer's driver over a counter that goes on while the code runs and rings, as the
 * chip's does, only when it is equal to a compare register. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/bcm2835_timer.h"
#include "drivers/mmio.h"

#define BASE 0x20003000u

static struct {
	uint32_t cs, clo, compare[4];
	uint32_t pace; /* microseconds that each access takes */
	unsigned writes;
} hw;

static void pass(uint32_t us)
{
	while (us--) {
		hw.clo++;
		for (unsigned n = 0; n < 4; n++)
			if (hw.compare[n] == hw.clo)
				hw.cs |= 1u << n;
	}
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	uint32_t value;

	assert_int_equal(bytes, 4);
	assert_true(addr == BASE || addr == BASE + 4);
	value = addr == BASE ? hw.cs : hw.clo;
	pass(hw.pace);
	return value;
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	unsigned n = (addr - BASE - 0x0C) / 4;

	assert_int_equal(bytes, 4);
	if (addr == BASE) {
		hw.cs &= ~value;
		assert_int_equal(value & 5, 0); /* the GPU's */
	} else {
		assert_true(n == 1 || n == 3);
		hw.compare[n] = value;
		hw.writes++;
	}
	pass(hw.pace);
}

static struct bcm2835_timer timer, other;
static unsigned calls[2];

static void fn(void *arg)
{
	(*(unsigned *)arg)++;
}

static int setup(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	hw.cs = 0xF;
	hw.clo = 0xFFFFFF00; /* it wraps during the tests */
	memset(&timer, 0xAA, sizeof(timer));
	memset(&other, 0xAA, sizeof(other));
	calls[0] = calls[1] = 0;
	bcm2835_timer_init(&timer, BASE, 3);
	bcm2835_timer_init(&other, BASE, 1);
	assert_int_equal(hw.cs, 5);
	return 0;
}

/* Time passes, and the interrupt is taken when it comes. */
static void run(uint32_t us)
{
	while (us--) {
		pass(1);
		if (hw.cs & 8)
			bcm2835_timer_irq(&timer);
		if (hw.cs & 2)
			bcm2835_timer_irq(&other);
	}
}

static void a_one_shot_rings_once_and_in_time(void **state)
{
	(void)state;
	bcm2835_timer_oneshot_us(&timer, 500, fn, &calls[0]);
	run(499);
	assert_int_equal(calls[0], 0);
	run(1);
	assert_int_equal(calls[0], 1);
	run(5000);
	assert_int_equal(calls[0], 1);
}

/* However short the time and however slow the code: it must not have to wait 71 minutes. */
static void a_time_that_is_past_when_it_is_set_still_rings(void **state)
{
	(void)state;
	for (hw.pace = 0; hw.pace < 40; hw.pace++)
		for (uint32_t us = 0; us < 40; us++) {
			unsigned before = calls[0];

			bcm2835_timer_oneshot_us(&timer, us, fn, &calls[0]);
			run(1000);
			assert_int_equal(calls[0], before + 1);
		}
}

/* QEMU has no such rule; a value set twice must still be one interrupt. */
static void a_match_that_was_given_up_calls_nobody(void **state)
{
	(void)state;
	bcm2835_timer_oneshot_us(&timer, 100, fn, &calls[0]);
	pass(100); /* rings, not yet taken */
	bcm2835_timer_oneshot_us(&timer, 300, fn, &calls[1]);
	bcm2835_timer_irq(&timer); /* that one had been on its way */
	assert_int_equal(calls[0] + calls[1], 0);
	run(299);
	assert_int_equal(calls[0] + calls[1], 0);
	run(1);
	assert_int_equal(calls[0], 0);
	assert_int_equal(calls[1], 1);
}

static void a_cancelled_one_calls_nobody(void **state)
{
	(void)state;
	bcm2835_timer_oneshot_us(&timer, 100, fn, &calls[0]);
	pass(100);
	bcm2835_timer_cancel(&timer);
	assert_int_equal(hw.cs & 8, 0);
	run(1000);
	bcm2835_timer_oneshot_us(&timer, 100, fn, &calls[0]);
	bcm2835_timer_cancel(&timer);
	run(1000); /* the register cannot be switched off and rings */
	assert_int_equal(calls[0], 0);
}

static void periods_are_rounded_to_the_nearest(void **state)
{
	static const struct {
		uint32_t hz, us;
	} row[] = {{100, 10000}, {3, 333333}, {6, 166667}, {3000000, 1}, {10000, 100}};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		uint32_t now = hw.clo;

		bcm2835_timer_periodic(&timer, row[i].hz, fn, &calls[0]);
		assert_int_equal(hw.compare[3] - now, row[i].us);
	}
}

static void periods_stay_on_their_grid(void **state)
{
	(void)state;
	hw.pace = 3; /* what the code takes is not added up */
	bcm2835_timer_periodic(&timer, 10000, fn, &calls[0]);
	bcm2835_timer_periodic(&other, 1000, fn, &calls[1]);
	hw.pace = 0;
	run(10000);
	assert_int_equal(calls[0], 100);
	assert_int_equal(calls[1], 10);
}

/* Interrupts were masked for five and a half periods. */
static void lost_periods_are_left_out(void **state)
{
	uint32_t due;

	(void)state;
	bcm2835_timer_periodic(&timer, 10000, fn, &calls[0]);
	due = timer.due;
	pass(100 + 550);
	bcm2835_timer_irq(&timer);
	assert_int_equal(calls[0], 1);
	assert_int_equal(timer.due - due, 600); /* still on the grid */
	run(50);
	assert_int_equal(calls[0], 2);
	run(100);
	assert_int_equal(calls[0], 3);
}

static void again(void *arg)
{
	fn(arg);
	bcm2835_timer_oneshot_us(&timer, 70, again, arg);
}

static void the_function_may_start_its_timer_again(void **state)
{
	(void)state;
	bcm2835_timer_oneshot_us(&timer, 500, again, &calls[0]);
	run(500 + 3 * 70);
	assert_int_equal(calls[0], 4);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(a_one_shot_rings_once_and_in_time),
		T(a_time_that_is_past_when_it_is_set_still_rings),
		T(a_match_that_was_given_up_calls_nobody),
		T(a_cancelled_one_calls_nobody),
		T(periods_are_rounded_to_the_nearest),
		T(periods_stay_on_their_grid),
		T(lost_periods_are_left_out),
		T(the_function_may_start_its_timer_again),
	};

	return cmocka_run_group_tests_name("bcm2835_timer", tests, NULL, NULL);
}
