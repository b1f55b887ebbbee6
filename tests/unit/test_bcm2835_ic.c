/* SPDX-License-Identifier: MIT */
/* The BCM2835's interrupt controller under the table of handlers, over one that shows in "basic
 * pending" what the chip shows there, and the GPU's lines as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/bcm2835_ic.h"
#include "drivers/mmio.h"

#define BASE 0x2000B200u

static struct {
	uint32_t level[2];   /* lines that devices hold up, the GPU's among them */
	uint32_t enabled[2]; /* as the chip has it */
	uint32_t fiq, basic;
	unsigned basic_reads;
} hw;

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	assert_int_equal(bytes, 4);
	switch (addr - BASE) {
	case 0x04:
		return hw.level[0];
	case 0x08:
		return hw.level[1];
	default:
		/* Among others "basic": lines 53 to 57 do not set its bit 9 on the chip. */
		fail_msg("read of register 0x%lx", (unsigned long)(addr - BASE));
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	uint32_t offset = (uint32_t)addr - BASE;

	assert_int_equal(bytes, 4);
	if (offset == 0x0C)
		hw.fiq = value;
	else if (offset == 0x10 || offset == 0x14)
		hw.enabled[(offset - 0x10) / 4] |= value;
	else if (offset == 0x1C || offset == 0x20)
		hw.enabled[(offset - 0x1C) / 4] &= ~value;
	else if (offset == 0x24)
		hw.basic &= ~value;
	else
		fail_msg("write to register 0x%x", offset);
}

static struct bcm2835_ic ic;
static unsigned order[8], served;
static char said[200];

static void report(const char *line)
{
	strncat(said, line, sizeof(said) - strlen(said) - 1);
}

static void serve(void *arg)
{
	unsigned irq = (unsigned)(uintptr_t)arg;

	assert_in_range(served, 0, 7);
	order[served++] = irq;
	hw.level[irq / 32] &= ~(1u << irq % 32);
}

static int setup(void **state)
{
	struct irq_chip first, second;

	(void)state;
	memset(&hw, 0xFF, sizeof(hw)); /* as bad a loader as can be */
	hw.level[0] = hw.level[1] = 0;
	memset(&ic, 0xAA, sizeof(ic));
	served = 0;
	said[0] = '\0';
	bcm2835_ic_init(&ic, BASE);
	first = bcm2835_ic_first(&ic);
	second = bcm2835_ic_second(&ic);
	irq_init(&first, report);
	irq_chain(&second, BCM2835_IC_CHAIN);
	return 0;
}

static void take(unsigned irq)
{
	assert_int_equal(irq_register(irq, serve, (void *)(uintptr_t)irq), 0);
}

static void everything_is_off_at_first(void **state)
{
	(void)state;
	assert_int_equal(hw.enabled[0], 0);
	assert_int_equal(hw.enabled[1], 0);
	assert_int_equal(hw.basic & 0xFF, 0);
	assert_int_equal(hw.fiq, 0);
}

static void lines_of_both_banks_are_served_lowest_first(void **state)
{
	(void)state;
	take(1);
	take(29);
	take(32);
	take(57);
	assert_int_equal(hw.enabled[0], 1u << 1 | 1u << 29);
	assert_int_equal(hw.enabled[1], 1u << 0 | 1u << 25);
	hw.level[0] = 1u << 1 | 1u << 29;
	hw.level[1] = 1u << 0 | 1u << 25;
	irq_dispatch();
	assert_int_equal(served, 4);
	assert_int_equal(order[0], 1);
	assert_int_equal(order[1], 29);
	assert_int_equal(order[2], 32);
	assert_int_equal(order[3], 57);
	assert_string_equal(said, "");
}

/* The GPU's timers ring in the same registers. */
static void what_is_not_ours_is_left_alone(void **state)
{
	(void)state;
	take(3);
	hw.level[0] = 1u << 0 | 1u << 2 | 1u << 3 | 1u << BCM2835_IC_CHAIN;
	hw.level[1] = 0xFFFFFFFF;
	irq_dispatch();
	assert_int_equal(served, 1);
	assert_int_equal(order[0], 3);
	assert_string_equal(said, "");
}

static void a_line_given_back_is_off(void **state)
{
	(void)state;
	take(16);
	take(62);
	irq_unregister(16);
	irq_unregister(62);
	assert_int_equal(hw.enabled[0] | hw.enabled[1], 0);
	hw.level[0] = 1u << 16;
	hw.level[1] = 1u << 30;
	irq_dispatch();
	assert_int_equal(served, 0);
	assert_int_equal(irq_spurious(), 1);
}

/* It stands for the second bank in the table, but is no line of the chip. */
static void the_chain_is_not_a_line(void **state)
{
	struct irq_chip first = bcm2835_ic_first(&ic);

	(void)state;
	first.enable(first.ctl, BCM2835_IC_CHAIN);
	assert_int_equal(hw.enabled[0], 0);
	hw.enabled[0] = 1u << BCM2835_IC_CHAIN;
	first.disable(first.ctl, BCM2835_IC_CHAIN);
	assert_int_equal(hw.enabled[0], 1u << BCM2835_IC_CHAIN);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(everything_is_off_at_first),	   T(lines_of_both_banks_are_served_lowest_first),
		T(what_is_not_ours_is_left_alone), T(a_line_given_back_is_off),
		T(the_chain_is_not_a_line),
	};

	return cmocka_run_group_tests_name("bcm2835_ic", tests, NULL, NULL);
}
