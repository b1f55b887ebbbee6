/* SPDX-License-Identifier: MIT */
/* The BCM2835's interrupt controller line for line, and which devices' words are where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/cpu/cpu.h"
#include "sim/machine.h"
#include "sim/options.h"

#define IC 0x2000b200u

static struct options opt;
static char path[32];

static int make_machine(void **state)
{
	const uint32_t stop = 0xeafffffe;
	int fd;

	strcpy(path, "/tmp/murphy-sim-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, &stop, sizeof stop), sizeof stop);
	close(fd);
	opt = (struct options){.board = "raspi",
			       .kernel = path,
			       .serial = "none",
			       .entry = "cold",
			       .check_ignore = "",
			       .alias = 1,
			       .mem = 72u << 20,
			       .seed = 1};
	*state = machine_new(&opt);
	return 0;
}

static int end_machine(void **state)
{
	machine_free(*state);
	return unlink(path);
}

static uint32_t rd(struct machine *m, uint32_t pa)
{
	uint32_t v;

	machine_read(m, pa, &v, 4);
	return v;
}

static void wr(struct machine *m, uint32_t pa, uint32_t v)
{
	machine_write(m, pa, &v, 4);
}

/* Which bit of the basic register a line of the GPU's has ("BCM2835 ARM Peripherals" 7.5). */
static uint32_t basic_of(uint32_t line)
{
	static const uint8_t own[] = {7, 9, 10, 18, 19, 53, 54, 55, 56, 57, 62};

	for (uint32_t n = 0; n < sizeof own; n++)
		if (own[n] == line)
			return 1u << (10 + n);
	return line < 32 ? 0x100 : 0x200;
}

static void test_each_line(void **state)
{
	struct machine *m = *state;
	struct device *ic = m->dev[0];

	for (uint32_t line = 0; line < 64; line++) {
		uint32_t bit = 1u << line % 32, pending = IC + 4 + line / 32 * 4;

		dev_irq_pin(ic, line, true);
		assert_int_equal(rd(m, pending), 0); /* not enabled: not shown */
		assert_false(m->cpu->irq_line);
		wr(m, IC + 0x10 + line / 32 * 4, bit);
		assert_int_equal(rd(m, pending), bit);
		assert_int_equal(rd(m, IC), basic_of(line));
		assert_true(m->cpu->irq_line);
		wr(m, IC + 0x1c + line / 32 * 4, bit);
		assert_int_equal(rd(m, IC), 0);
		assert_false(m->cpu->irq_line);
		dev_irq_pin(ic, line, false);
	}
}

static void test_lines_of_the_arm(void **state)
{
	struct machine *m = *state;

	for (uint32_t n = 0; n < 8; n++) {
		dev_irq_pin(m->dev[0], 64 + n, true);
		wr(m, IC + 0x18, 1u << n);
		assert_int_equal(rd(m, IC), 1u << n);
		assert_int_equal(rd(m, IC + 4) | rd(m, IC + 8), 0);
		wr(m, IC + 0x24, 1u << n);
		dev_irq_pin(m->dev[0], 64 + n, false);
	}
}

/* A line that goes to FIQ need not be enabled, and is no IRQ by that. */
static void test_fiq(void **state)
{
	struct machine *m = *state;

	dev_irq_pin(m->dev[0], 57, true);
	wr(m, IC + 0xc, 0x80 | 57);
	assert_true(m->cpu->fiq_line);
	assert_false(m->cpu->irq_line);
	wr(m, IC + 0xc, 57);
	assert_false(m->cpu->fiq_line);
	wr(m, IC + 0xc, 0x80 | 72); /* no such line */
	assert_false(m->cpu->fiq_line);
	dev_irq_pin(m->dev[0], 57, false);
}

static void test_words_are_in_the_gpio_page(void **state)
{
	struct machine *m = *state;

	assert_int_equal(rd(m, 0x20200ff0), 0x4d555250);
	assert_int_equal(rd(m, 0x20200ff4), 0x4853494d);
	assert_int_equal(rd(m, 0x20200e0c), 1 | 0x40 | 2 << 8); /* VIPT, one counter, halves */
	assert_int_equal(rd(m, 0x20200e10), 32 | 8 << 8);
	assert_int_equal(m->words_pa, 0x20200e00);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_line, make_machine, end_machine),
		cmocka_unit_test_setup_teardown(test_lines_of_the_arm, make_machine, end_machine),
		cmocka_unit_test_setup_teardown(test_fiq, make_machine, end_machine),
		cmocka_unit_test_setup_teardown(test_words_are_in_the_gpio_page, make_machine,
						end_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
