/* SPDX-License-Identifier: MIT */
/* Interrupt dispatch, over the real PL190 and SIC drivers and a register file that behaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/irq.h"
#include "drivers/mmio.h"
#include "drivers/pl190.h"
#include "drivers/sic.h"

#define VIC 0x10140000u
#define SIC 0x10003000u

static struct {
	uint32_t level, soft, enable;	       /* primary */
	uint32_t level2, soft2, enable2, pass; /* secondary */
} hw;

static char order[32]; /* names of the devices served */
static char reports[16][128];
static unsigned reported;

static uint32_t vic_raw(void)
{
	uint32_t chained = (hw.level2 | hw.soft2) & hw.enable2 ? 1u << 31 : 0;

	return hw.level | hw.soft | chained | (hw.level2 & hw.pass);
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	assert_int_equal(bytes, 4);
	switch (addr) {
	case VIC + 0x00:
		return vic_raw() & hw.enable;
	case VIC + 0x08:
		return vic_raw();
	case SIC + 0x00:
		return (hw.level2 | hw.soft2) & hw.enable2;
	default:
		fail_msg("read of register 0x%lx, which is not there", (unsigned long)addr);
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	assert_int_equal(bytes, 4);
	switch (addr) {
	case VIC + 0x0C: /* to FIQ: must stay empty */
		assert_int_equal(value, 0);
		break;
	case VIC + 0x10:
		hw.enable |= value;
		break;
	case VIC + 0x14:
		hw.enable &= ~value;
		break;
	case VIC + 0x18:
		hw.soft |= value;
		break;
	case VIC + 0x1C:
		hw.soft &= ~value;
		break;
	case SIC + 0x08:
		hw.enable2 |= value;
		break;
	case SIC + 0x0C:
		hw.enable2 &= ~value;
		break;
	case SIC + 0x14:
		hw.soft2 &= ~value;
		break;
	case SIC + 0x24:
		hw.pass &= ~value;
		break;
	default:
		if (addr == VIC + 0x30 || (addr >= VIC + 0x200 && addr < VIC + 0x240))
			break;
		fail_msg("write to register 0x%lx, which is not there", (unsigned long)addr);
	}
}

static void report(const char *line)
{
	assert_true(reported < 16);
	snprintf(reports[reported++], sizeof(reports[0]), "%s", line);
}

/* A loader that left everything on. */
static int setup(void **state)
{
	struct irq_chip vic = pl190_chip(VIC), sic = sic_chip(SIC);

	(void)state;
	memset(&hw, 0xFF, sizeof(hw));
	hw.level = hw.level2 = 0;
	reported = 0;
	order[0] = 0;
	pl190_init(VIC);
	sic_init(SIC);
	irq_init(&vic, report);
	irq_chain(&sic, 31);
	return 0;
}

/* ---- handlers ---- */

struct device {
	uint32_t *level;
	unsigned bit;
	char name;
	unsigned calls;
};

static void quiet(void *arg)
{
	struct device *d = arg;

	d->calls++;
	*d->level &= ~(1u << d->bit);
	if (strlen(order) + 1 < sizeof(order))
		strncat(order, &d->name, 1);
}

static void deaf(void *arg)
{
	((struct device *)arg)->calls++;
}

static void deaf_and_loud(void *arg)
{
	deaf(arg);
	hw.level |= 1u << 2;
}

static void ping_pong(void *arg)
{
	quiet(arg);
	hw.level |= 3u << 2 & ~(1u << ((struct device *)arg)->bit);
}

static void raise_another(void *arg)
{
	quiet(arg);
	hw.level |= 1u << 2;
}

/* ---- tests ---- */

static void init_turns_the_loaders_leftovers_off(void **state)
{
	(void)state;
	assert_int_equal(hw.enable, 1u << 31); /* the chain only */
	assert_int_equal(hw.soft, 0);
	assert_int_equal(hw.soft2, 0);
	assert_int_equal(hw.enable2, 0);
	assert_int_equal(hw.pass, 0);
}

static void serves_both_controllers_until_nothing_is_pending(void **state)
{
	struct device a = {&hw.level, 5, 'a', 0}, b = {&hw.level, 0, 'b', 0};
	struct device c = {&hw.level2, 6, 'c', 0}, d = {&hw.level2, 31, 'd', 0};

	(void)state;
	assert_int_equal(irq_register(5, quiet, &a), 0);
	assert_int_equal(irq_register(0, quiet, &b), 0);
	assert_int_equal(irq_register(38, quiet, &c), 0);
	assert_int_equal(irq_register(63, quiet, &d), 0);
	hw.level = 1u << 5 | 1u << 0;
	hw.level2 = 1u << 6 | 1u << 31;
	irq_dispatch();
	assert_string_equal(order, "bacd");
	assert_int_equal(irq_count(5), 1);
	assert_int_equal(irq_count(38), 1);
	assert_int_equal(irq_count(31), 0);
	assert_int_equal(irq_count(64), 0);
	assert_int_equal(irq_spurious(), 0);
	assert_int_equal(reported, 0);
}

static void a_line_raised_by_a_handler_is_served_in_the_same_call(void **state)
{
	struct device a = {&hw.level, 9, 'a', 0}, b = {&hw.level, 2, 'b', 0};

	(void)state;
	irq_register(9, raise_another, &a);
	irq_register(2, quiet, &b);
	hw.level = 1u << 9;
	irq_dispatch();
	assert_string_equal(order, "ab");
}

static void a_masked_line_is_not_served(void **state)
{
	struct device a = {&hw.level, 5, 'a', 0};

	(void)state;
	irq_register(5, quiet, &a);
	irq_unregister(5);
	hw.level = 1u << 5;
	irq_dispatch();
	assert_int_equal(a.calls, 0);
	assert_int_equal(irq_spurious(), 1); /* nothing enabled was pending */
	assert_int_equal(irq_register(5, quiet, &a), 0);
	irq_dispatch();
	assert_int_equal(a.calls, 1);
}

static void an_unregistered_line_is_masked_and_named_once(void **state)
{
	(void)state;
	pl190_enable(VIC, 7);
	sic_enable(SIC, 3);
	hw.level = 1u << 7;
	hw.level2 = 1u << 3;
	irq_dispatch();
	assert_int_equal(hw.enable, 1u << 31);
	assert_int_equal(hw.enable2, 0);
	assert_int_equal(reported, 2);
	assert_string_equal(reports[0], "irq: line 7 has no handler; masked");
	assert_string_equal(reports[1], "irq: line 35 has no handler; masked");
	irq_dispatch();
	assert_int_equal(reported, 3); /* only: spurious */
}

static void spurious_is_counted_and_named_once(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		irq_dispatch();
	assert_int_equal(irq_spurious(), 3);
	assert_int_equal(reported, 1);
	assert_non_null(strstr(reports[0], "spurious"));
}

static void a_handler_that_does_not_quiet_its_device_costs_only_its_own_line(void **state)
{
	struct device bad = {&hw.level, 4, 'x', 0}, good = {&hw.level, 12, 'g', 0};

	(void)state;
	irq_register(4, deaf, &bad);
	irq_register(12, quiet, &good);
	hw.level = 1u << 4 | 1u << 12;
	irq_dispatch();
	assert_true(bad.calls > 100);
	assert_int_equal(good.calls, 1);
	assert_int_equal(hw.enable, 1u << 31 | 1u << 12);
	assert_int_equal(reported, 1);
	assert_string_equal(reports[0],
			    "irq: line 4 stays pending, its handler does not quiet it; masked");
}

static void the_line_that_is_never_quiet_is_to_blame_not_its_neighbour(void **state)
{
	struct device bad = {&hw.level, 4, 'x', 0}, good = {&hw.level, 2, 'g', 0};

	(void)state;
	irq_register(4, deaf_and_loud, &bad);
	irq_register(2, quiet, &good);
	hw.level = 1u << 4;
	irq_dispatch();
	assert_int_equal(hw.enable, 1u << 31 | 1u << 2);
	assert_int_equal(reported, 1);
	assert_non_null(strstr(reports[0], "line 4 stays pending"));
}

static void handlers_that_raise_one_another_for_ever_are_ended(void **state)
{
	struct device a = {&hw.level, 2, 'a', 0}, b = {&hw.level, 3, 'b', 0};

	(void)state;
	irq_register(2, ping_pong, &a);
	irq_register(3, ping_pong, &b);
	hw.level = 1u << 2;
	irq_dispatch();
	assert_true(reported >= 1 && reported <= 2);
	assert_int_not_equal(hw.enable, 1u << 31 | 3u << 2);
}

static void bad_registrations_are_refused_by_name(void **state)
{
	struct device a = {&hw.level, 5, 'a', 0};

	(void)state;
	assert_int_equal(irq_register(64, quiet, &a), -1);
	assert_non_null(strstr(reports[0], "no line 64"));
	assert_int_equal(irq_register(31, quiet, &a), -1);
	assert_non_null(strstr(reports[1], "line 31 is the secondary"));
	assert_int_equal(irq_register(5, NULL, &a), -1);
	assert_non_null(strstr(reports[2], "line 5 needs a handler"));
	assert_int_equal(irq_register(5, quiet, &a), 0);
	assert_int_equal(irq_register(5, deaf, &a), -1);
	assert_non_null(strstr(reports[3], "line 5 has a handler already"));
	irq_unregister(31); /* the chain must survive this */
	irq_unregister(64);
	assert_int_equal(hw.enable, 1u << 31 | 1u << 5);
}

static void without_a_secondary_there_are_32_lines(void **state)
{
	struct irq_chip vic = pl190_chip(VIC);
	struct device a = {&hw.level, 31, 'a', 0};

	(void)state;
	irq_init(&vic, report);
	assert_int_equal(irq_register(32, quiet, &a), -1);
	assert_int_equal(irq_register(31, quiet, &a), 0);
	hw.level = 1u << 31;
	irq_dispatch();
	assert_int_equal(a.calls, 1);
}

static void soft_quiet(void *arg)
{
	(*(unsigned *)arg)++;
	pl190_soft_clear(VIC, 1);
}

static void a_software_interrupt_is_served_until_cleared(void **state)
{
	unsigned calls = 0;

	(void)state;
	irq_register(1, soft_quiet, &calls);
	pl190_soft_set(VIC, 1);
	irq_dispatch();
	assert_int_equal(calls, 1);
	assert_int_equal(hw.soft, 0);
}

/* The secondary's output is up and it names no line: nobody can quiet that. */
static void a_stuck_secondary_is_masked_and_named(void **state)
{
	(void)state;
	hw.level = 1u << 31;
	irq_dispatch();
	assert_false(hw.enable & 1u << 31);
	assert_int_equal(reported, 1);
	assert_non_null(strstr(reports[0], "line 31 stays pending"));
	assert_int_equal(irq_spurious(), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(init_turns_the_loaders_leftovers_off),
		T(serves_both_controllers_until_nothing_is_pending),
		T(a_line_raised_by_a_handler_is_served_in_the_same_call),
		T(a_masked_line_is_not_served),
		T(an_unregistered_line_is_masked_and_named_once),
		T(spurious_is_counted_and_named_once),
		T(a_handler_that_does_not_quiet_its_device_costs_only_its_own_line),
		T(the_line_that_is_never_quiet_is_to_blame_not_its_neighbour),
		T(handlers_that_raise_one_another_for_ever_are_ended),
		T(bad_registrations_are_refused_by_name),
		T(without_a_secondary_there_are_32_lines),
		T(a_software_interrupt_is_served_until_cleared),
		T(a_stuck_secondary_is_masked_and_named),
	};

	return cmocka_run_group_tests_name("irq", tests, NULL, NULL);
}
