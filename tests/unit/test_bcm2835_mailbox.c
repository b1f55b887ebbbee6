/* SPDX-License-Identifier: MIT */
/* Questions to the firmware, which reads its buffer by bus address when it is told, answers late,
 * is silent, or does not know the tag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/bcm2835_mailbox.h"
#include "drivers/mmio.h"

#define BASE	   0x2000B880u
#define BUFFER_BUS 0x40000040u

static struct {
	bool silent, malformed;
	uint32_t others[3]; /* messages that others left in the mailbox */
	unsigned left, late, full;
	uint32_t answer;
	unsigned drained;
} hw;

static uint32_t buffer[PROPERTY_WORDS_MAX + 6] __attribute__((aligned(16)));

static void drain(void)
{
	hw.drained++;
}

/* The firmware: revision and clock rates, nothing else. */
static void firmware(void)
{
	assert_int_equal(buffer[0] % 4, 0);
	assert_true(buffer[0] <= sizeof(buffer));
	assert_int_equal(buffer[1], 0);
	assert_int_equal(buffer[buffer[0] / 4 - 1], 0);
	assert_int_equal(buffer[0], 24 + buffer[3]);
	assert_int_equal(buffer[4], 0);
	buffer[1] = hw.malformed ? 0x80000001 : 0x80000000;
	if (buffer[2] == PROPERTY_BOARD_REVISION) {
		assert_int_equal(buffer[3], 4);
		buffer[4] = 0x80000004;
		buffer[5] = 0x900032;
	} else if (buffer[2] == PROPERTY_CLOCK_RATE) {
		assert_int_equal(buffer[3], 8);
		assert_int_equal(buffer[6], 0);
		buffer[4] = 0x80000008;
		buffer[6] = buffer[5] * 1000000;
	}
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	uint32_t word;

	assert_int_equal(bytes, 4);
	switch (addr - BASE) {
	case 0x00:
		if (hw.left)
			return hw.others[--hw.left];
		word = hw.answer;
		assert_int_not_equal(word, 0); /* read while it is empty */
		hw.answer = 0;
		firmware(); /* not a moment before it says so */
		return word;
	case 0x18:
		if (!hw.left && hw.answer && hw.late && hw.late--)
			return 1u << 30;
		return hw.left || hw.answer ? 0 : 1u << 30;
	case 0x38:
		return hw.full && hw.full-- ? 1u << 31 : 0;
	default:
		fail_msg("read of register 0x%lx", (unsigned long)(addr - BASE));
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	assert_int_equal(bytes, 4);
	assert_int_equal(addr, BASE + 0x20);
	assert_int_equal(value, BUFFER_BUS | 8);
	assert_int_equal(hw.full, 0);
	assert_int_equal(hw.drained, 1); /* else it reads what was there before */
	if (hw.silent)
		return;
	hw.answer = value;
	hw.late = 3;
	if (hw.others[0])
		hw.left = 1; /* an answer on another channel comes first */
}

static const struct bcm2835_mailbox mailbox = {
	.base = BASE, .buffer = buffer, .buffer_bus = BUFFER_BUS, .drain = drain};

static int setup(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	memset(buffer, 0xA5, sizeof(buffer));
	return 0;
}

static void an_answer_comes_back(void **state)
{
	uint32_t v[2] = {PROPERTY_CLOCK_UART, 0};

	(void)state;
	hw.full = 5;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_CLOCK_RATE, v, 2), 0);
	assert_int_equal(v[0], 2);
	assert_int_equal(v[1], 2000000);
	hw.drained = 0;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_BOARD_REVISION, v, 1), 0);
	assert_int_equal(v[0], 0x900032);
}

static void others_messages_are_not_taken_for_it(void **state)
{
	uint32_t v[2] = {PROPERTY_CLOCK_CORE, 0};

	(void)state;
	hw.others[0] = hw.others[1] = hw.others[2] = 0x12345671;
	hw.left = 3;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_CLOCK_RATE, v, 2), 0);
	assert_int_equal(v[1], 4000000);
}

static void what_is_not_answered_is_zero(void **state)
{
	uint32_t v[2] = {7, 8};

	(void)state;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_GPU_MEMORY, v, 2), -1);
	assert_int_equal(v[0] | v[1], 0);
	hw.drained = 0;
	hw.malformed = true;
	v[0] = 2;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_CLOCK_RATE, v, 2), -1);
	assert_int_equal(v[0] | v[1], 0);
}

static void silence_ends(void **state)
{
	uint32_t v[2] = {7, 8};

	(void)state;
	hw.silent = true;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_CLOCK_RATE, v, 2), -1);
	assert_int_equal(v[0] | v[1], 0);
	hw.full = UINT32_MAX; /* and one that takes no question */
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_CLOCK_RATE, v, 2), -1);
}

static void a_question_too_long_is_not_asked(void **state)
{
	uint32_t v[PROPERTY_WORDS_MAX + 1] = {0};

	(void)state;
	assert_int_equal(bcm2835_property(&mailbox, PROPERTY_CLOCK_RATE, v, PROPERTY_WORDS_MAX + 1),
			 -1);
	assert_int_equal(buffer[0], 0xA5A5A5A5);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(an_answer_comes_back),
		T(others_messages_are_not_taken_for_it),
		T(what_is_not_answered_is_zero),
		T(silence_ends),
		T(a_question_too_long_is_not_asked),
	};

	return cmocka_run_group_tests_name("bcm2835_mailbox", tests, NULL, NULL);
}
