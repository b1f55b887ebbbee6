/* SPDX-License-Identifier: MIT */
/* The SP804 driver over a timer that fires when nobody expects it: each half by itself, what a
 * loader left, loads that the chip cannot take, and the order of stopping and clearing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/mmio.h"
#include "drivers/sp804.h"

#define BASE   0x101E2000u
#define ONE_US 1u /* the board's timers count at 1 MHz */

#define ENABLE	 0x80u
#define PERIODIC 0x40u
#define INT	 0x20u
#define SIZE_32	 0x02u
#define ONESHOT	 0x01u

static struct half {
	uint32_t load, control, value;
	bool raw;
	unsigned clears;
} hw[2];
static bool fires_at_once; /* a timer that runs has rung again as soon as it is cleared */

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	unsigned n = (addr - BASE) / 0x20;

	assert_int_equal(bytes, 4);
	assert_in_range(n, 0, 1);
	switch ((addr - BASE) % 0x20) {
	case 0x04:
		return hw[n].value;
	case 0x14:
		return hw[n].raw && hw[n].control & INT;
	default:
		fail_msg("read of register 0x%lx", (unsigned long)addr);
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	unsigned n = (addr - BASE) / 0x20;

	assert_int_equal(bytes, 4);
	assert_in_range(n, 0, 1);
	switch ((addr - BASE) % 0x20) {
	case 0x00:
		/* A running timer would start over with the new value at once. */
		assert_false(hw[n].control & ENABLE);
		/* 0 interrupts at once on silicon and switches QEMU's timer off. */
		assert_int_not_equal(value, 0);
		hw[n].load = hw[n].value = value;
		break;
	case 0x08:
		hw[n].control = value;
		break;
	case 0x0C:
		hw[n].raw = hw[n].control & ENABLE && fires_at_once;
		hw[n].clears++;
		break;
	default:
		fail_msg("write to register 0x%lx", (unsigned long)addr);
	}
}

static struct sp804 timer;
static unsigned calls[2];

static void fn(void *arg)
{
	(*(unsigned *)arg)++;
}

/* Both halves run and ring, as a loader's time-out does. */
static int setup(void **state)
{
	(void)state;
	memset(hw, 0, sizeof(hw));
	for (unsigned n = 0; n < 2; n++)
		hw[n] = (struct half){.load = 5, .control = ENABLE | INT | PERIODIC, .raw = true};
	memset(&timer, 0xAA, sizeof(timer));
	calls[0] = calls[1] = 0;
	fires_at_once = true;
	sp804_init(&timer, BASE, 1000000);
	fires_at_once = false;
	return 0;
}

static void what_a_loader_left_is_stopped_and_cleared(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 2; n++) {
		assert_false(hw[n].control & ENABLE);
		assert_false(hw[n].raw); /* cleared last: it cannot ring any more */
		assert_int_equal(hw[n].clears, 1);
	}
	sp804_irq(&timer); /* nothing rings, nobody is called */
	assert_int_equal(hw[0].clears + hw[1].clears, 2);
}

static void periods_are_rounded_to_the_nearest(void **state)
{
	static const struct {
		uint32_t clock, hz, load;
	} row[] = {{1000000, 100, 10000}, {1000000, 3, 333333},	 {1000000, 6, 166667},
		   {32768, 100, 328},	  {1000000, 3000000, 1}, {0xFFFFFFFF, 1, 0xFFFFFFFF}};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		for (unsigned n = 0; n < 2; n++) {
			sp804_init(&timer, BASE, row[i].clock);
			sp804_periodic(&timer, n, row[i].hz, fn, &calls[n]);
			assert_int_equal(hw[n].load, row[i].load);
			assert_int_equal(hw[n].control, ENABLE | INT | SIZE_32 | PERIODIC);
			assert_false(hw[!n].control & ENABLE);
		}
}

static void a_one_shot_is_never_too_short(void **state)
{
	static const struct {
		uint32_t clock, us, load;
	} row[] = {{1000000, 500, 500 * ONE_US},
		   {1000000, 0, 1},
		   {32768, 1, 1},
		   {32768, 1000, 33},
		   {24000000, 1, 24},
		   {24000000, 0xFFFFFFFF, 0xFFFFFFFF}};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		sp804_init(&timer, BASE, row[i].clock);
		sp804_oneshot_us(&timer, 1, row[i].us, fn, &calls[1]);
		assert_int_equal(hw[1].load, row[i].load);
		assert_int_equal(hw[1].control, ENABLE | INT | SIZE_32 | ONESHOT);
	}
}

static void each_half_calls_its_own(void **state)
{
	(void)state;
	sp804_periodic(&timer, 0, 100, fn, &calls[0]);
	sp804_periodic(&timer, 1, 50, fn, &calls[1]);
	hw[1].raw = true;
	sp804_irq(&timer);
	assert_int_equal(calls[0], 0);
	assert_int_equal(calls[1], 1);
	assert_false(hw[1].raw);
	hw[0].raw = hw[1].raw = true;
	sp804_irq(&timer);
	assert_int_equal(calls[0], 1);
	assert_int_equal(calls[1], 2);
	assert_true(hw[1].control & ENABLE); /* a period goes on */
	hw[0].raw = true;
	assert_true(sp804_ack(&timer, 0));
	assert_false(sp804_ack(&timer, 0));
	sp804_irq(&timer);
	assert_int_equal(calls[0], 1);
}

static void a_one_shot_rings_once(void **state)
{
	(void)state;
	sp804_oneshot_us(&timer, 0, 500, fn, &calls[0]);
	hw[0].raw = true;
	sp804_irq(&timer);
	assert_int_equal(calls[0], 1);
	assert_false(hw[0].control & ENABLE);
	hw[0].control |= INT;
	hw[0].raw = true; /* rings for whatever reason: it is nobody's any more */
	sp804_irq(&timer);
	assert_int_equal(calls[0], 1);
	assert_false(hw[0].raw);
}

static void again(void *arg)
{
	fn(arg);
	sp804_oneshot_us(&timer, 0, 70, again, arg);
}

static void the_function_may_start_its_timer_again(void **state)
{
	(void)state;
	sp804_oneshot_us(&timer, 0, 500, again, &calls[0]);
	for (unsigned i = 1; i <= 3; i++) {
		hw[0].raw = true;
		sp804_irq(&timer);
		assert_int_equal(calls[0], i);
		assert_int_equal(hw[0].load, 70);
		assert_true(hw[0].control & ENABLE);
	}
}

/* Between the two writes of a cancel a running timer could ring: stop first, then clear. */
static void a_cancelled_timer_calls_nobody(void **state)
{
	(void)state;
	sp804_periodic(&timer, 0, 100, fn, &calls[0]);
	sp804_periodic(&timer, 1, 100, fn, &calls[1]);
	hw[0].raw = true;
	fires_at_once = true;
	sp804_cancel(&timer, 0);
	fires_at_once = false;
	assert_false(hw[0].raw);
	assert_true(hw[1].control & ENABLE);
	hw[0].control |= INT; /* should it ring all the same */
	hw[0].raw = true;
	sp804_irq(&timer);
	assert_int_equal(calls[0], 0);
	assert_int_equal(calls[1], 0);
}

/* Starting replaces what the half did before, even while it rings. */
static void a_start_replaces_what_runs(void **state)
{
	(void)state;
	sp804_periodic(&timer, 0, 100, fn, &calls[0]);
	hw[0].raw = true;
	sp804_oneshot_us(&timer, 0, 70, fn, &calls[1]);
	assert_int_equal(hw[0].load, 70);
	sp804_irq(&timer); /* that ring was the old one's */
	assert_int_equal(calls[0] + calls[1], 0);
	hw[0].raw = true;
	sp804_irq(&timer);
	assert_int_equal(calls[0], 0);
	assert_int_equal(calls[1], 1);
}

static void each_half_is_read_at_its_own_place(void **state)
{
	(void)state;
	hw[0].value = 17;
	hw[1].value = 0xFFFFFFF0;
	assert_int_equal(sp804_read(&timer, 0), 17);
	assert_int_equal(sp804_read(&timer, 1), 0xFFFFFFF0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(what_a_loader_left_is_stopped_and_cleared),
		T(periods_are_rounded_to_the_nearest),
		T(a_one_shot_is_never_too_short),
		T(each_half_calls_its_own),
		T(a_one_shot_rings_once),
		T(the_function_may_start_its_timer_again),
		T(a_cancelled_timer_calls_nobody),
		T(a_start_replaces_what_runs),
		T(each_half_is_read_at_its_own_place),
	};

	return cmocka_run_group_tests_name("sp804", tests, NULL, NULL);
}
