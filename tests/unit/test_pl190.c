/* SPDX-License-Identifier: MIT */
/* The PL190 driver over a controller that a loader left in the middle of an interrupt: priorities
 * in service block the IRQ output, vectors and FIQ lines are live (DDI0181). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/mmio.h"
#include "drivers/pl190.h"

#define VIC	0x10140000u
#define VECTORS 16u
#define DEFAULT VECTORS /* the priority of a line without a vector */

static struct {
	uint32_t level, soft, enable, select, vectcntl[VECTORS];
	unsigned in_service[VECTORS + 1], depth;
	bool written_soft; /* a write to SOFTINT may still be on its way over a bridge */
} hw;

static uint32_t raw(void)
{
	return hw.level | hw.soft;
}

static unsigned priority_of(unsigned line)
{
	for (unsigned v = 0; v < VECTORS; v++)
		if (hw.vectcntl[v] == (1u << 5 | line))
			return v;
	return DEFAULT;
}

/* The most urgent line that the CPU is interrupted for, or 32. */
static unsigned irq_line(void)
{
	unsigned limit = hw.depth ? hw.in_service[hw.depth - 1] : DEFAULT + 1, best = 32;

	for (unsigned line = 0; line < 32; line++)
		if ((raw() & hw.enable & ~hw.select) >> line & 1 && priority_of(line) < limit) {
			limit = priority_of(line);
			best = line;
		}
	return best;
}

static bool fiq(void)
{
	return raw() & hw.enable & hw.select;
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	assert_int_equal(bytes, 4);
	switch (addr - VIC) {
	case 0x000:
		return raw() & hw.enable & ~hw.select;
	case 0x008:
		hw.written_soft = false; /* reads do not pass writes */
		return raw();
	default:
		fail_msg("read of register 0x%lx", (unsigned long)addr);
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	assert_int_equal(bytes, 4);
	switch (addr - VIC) {
	case 0x00C:
		/* A line that is on would become an IRQ here, in the middle of it all. */
		assert_int_equal(hw.enable, 0);
		hw.select = value;
		break;
	case 0x010:
		hw.enable |= value;
		break;
	case 0x014:
		hw.enable &= ~value;
		break;
	case 0x018:
		hw.soft |= value;
		hw.written_soft = true;
		break;
	case 0x01C:
		hw.soft &= ~value;
		break;
	case 0x030:
		hw.depth -= hw.depth > 0;
		break;
	default:
		if (addr - VIC < 0x200 || addr - VIC >= 0x240 || addr & 3)
			fail_msg("write to register 0x%lx", (unsigned long)addr);
		hw.vectcntl[(addr - VIC - 0x200) / 4] = value;
	}
}

/* A loader that handles all lines, line 31 - n by vector n, the odd ones as FIQ. */
static int setup(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	hw.enable = hw.soft = ~0u;
	hw.select = 0xAAAAAAAA;
	for (unsigned v = 0; v < VECTORS; v++)
		hw.vectcntl[v] = 1u << 5 | (31 - v);
	return 0;
}

/* Each level that can be in service: the default's, then each vector's. */
static void nothing_stays_in_service(void **state)
{
	(void)state;
	for (unsigned levels = 0; levels <= VECTORS + 1; levels++) {
		setup(NULL);
		for (unsigned i = 0; i < levels; i++)
			hw.in_service[hw.depth++] = DEFAULT - i;
		pl190_init(VIC);
		assert_int_equal(hw.depth, 0);
		assert_int_equal(irq_line(), 32);
		hw.level = 1u << 12;
		pl190_enable(VIC, 12);
		assert_int_equal(irq_line(), 12); /* nothing blocks the least urgent */
	}
}

static void no_line_is_left_on_or_raised_or_fiq(void **state)
{
	(void)state;
	pl190_init(VIC);
	assert_int_equal(hw.enable, 0);
	assert_int_equal(hw.soft, 0);
	hw.level = ~0u;
	for (unsigned line = 0; line < 32; line++) {
		pl190_enable(VIC, line);
		assert_false(fiq());
		assert_int_equal(pl190_pending(VIC), 1u << line);
		pl190_disable(VIC, line);
		assert_int_equal(pl190_pending(VIC), 0);
	}
}

/* A line of a loader's vector would be above the others, and block them while in service. */
static void no_vector_of_the_loader_is_left(void **state)
{
	(void)state;
	pl190_init(VIC);
	for (unsigned v = 0; v < VECTORS; v++)
		assert_int_equal(hw.vectcntl[v], 0);
}

static void a_soft_interrupt_is_up_when_the_call_returns(void **state)
{
	(void)state;
	pl190_init(VIC);
	for (unsigned line = 0; line < 32; line += 31) {
		pl190_enable(VIC, line);
		pl190_soft_set(VIC, line);
		assert_false(hw.written_soft); /* the write has reached the controller */
		assert_int_equal(irq_line(), line);
		pl190_soft_clear(VIC, line);
		assert_int_equal(irq_line(), 32);
	}
}

static void the_chip_is_the_same_by_its_table(void **state)
{
	struct irq_chip chip = pl190_chip(VIC);

	(void)state;
	pl190_init(VIC);
	hw.level = 1u << 7 | 1u << 9;
	chip.enable(chip.ctl, 7);
	assert_int_equal(chip.pending(chip.ctl), 1u << 7);
	chip.enable(chip.ctl, 9);
	chip.disable(chip.ctl, 7);
	assert_int_equal(chip.pending(chip.ctl), 1u << 9);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(nothing_stays_in_service),
		T(no_line_is_left_on_or_raised_or_fiq),
		T(no_vector_of_the_loader_is_left),
		T(a_soft_interrupt_is_up_when_the_call_returns),
		T(the_chip_is_the_same_by_its_table),
	};

	return cmocka_run_group_tests_name("pl190", tests, NULL, NULL);
}
