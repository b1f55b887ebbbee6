/* SPDX-License-Identifier: MIT */
/* The board's look at boot through which alias the engine sees RAM as the ARM does. */
#include "tests/unit/fake_bcm2835_dma.h"

#include <stdio.h>

#include "boards/board_api.h"
#include "boards/raspi/board.h"
#include "boards/raspi/raspi.h"
#include "drivers/irq.h"

struct raspi_firmware raspi_firmware;
static unsigned lines; /* registered; mask of 16 + channel, from bit 0 */

int irq_register(unsigned irq, irq_fn *fn, void *arg)
{
	(void)fn;
	(void)arg;
	assert_int_equal(lines & 1u << (irq - 16), 0);
	lines |= 1u << (irq - 16);
	return 0;
}

void irq_unregister(unsigned irq)
{
	lines &= ~(1u << (irq - 16));
}

uint32_t bcm2835_timer_now(uintptr_t base)
{
	static uint32_t now = 0x12345;

	assert_int_equal(base, IO_VA(TIMER_PA));
	return now += 100;
}

static void drain(void)
{
	drained++;
}

static char said[200];

static int init(uint32_t alias, uint32_t channels)
{
	FILE *saved = stdout, *f = tmpfile();
	int status;

	assert_non_null(f);
	memset(&hw, 0, sizeof(hw));
	hw.base = IO_VA(DMA_PA);
	hw.alias = alias;
	raspi_firmware.dma_channels = channels;
	stdout = f;
	status = board_dma_init(desc, DESC, 4096, drain);
	stdout = saved;
	rewind(f);
	said[fread(said, 1, sizeof(said) - 1, f)] = '\0';
	fclose(f);
	return status;
}

static void the_boards_alias_is_tried_and_told(void **state)
{
	(void)state;
	assert_int_equal(init(BOARD_DMA_ALIAS, 0x34), 0);
	assert_string_equal(said, "DMA: channel 2 4 5, bus alias 0x40000000: a copy is seen "
				  "through it\n");
	assert_int_equal(lines, 0x34);
	assert_int_equal(board_dma_copy_poll(RAM, RAM + 4096, 64), 0);
	assert_memory_equal(ram, ram + 4096, 64);
	assert_int_equal(init(BOARD_DMA_ALIAS, 0x300), 0); /* again, with others */
	assert_int_equal(lines, 0x300);
}

static void another_alias_is_named_and_not_used(void **state)
{
	static const struct {
		uint32_t alias;
		const char *name;
	} row[] = {
		{0xC0000000, "0xc0000000 is"}, {0x80000000, "0x80000000 is"}, {0, "0x00000000 is"}};
	struct dma_seg s = {RAM, RAM + 4096, 64};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		int status = init(row[i].alias, 0x34);

		assert_true(status < 0);
		assert_string_equal(said, "");
		assert_non_null(strstr(board_dma_error(status), "0x40000000 is not seen"));
		assert_non_null(strstr(board_dma_error(status), row[i].name));
		assert_int_equal(board_dma_start(&s, 1, 0, 0), status);
		assert_int_equal(board_dma_copy_poll(RAM, RAM + 4096, 64), status);
	}
}

static void no_alias_at_all_is_told(void **state)
{
	int status;

	(void)state;
	hw.mode = FAILS;
	memset(&hw, 0, sizeof(hw));
	status = init(0x20000000, 0x34); /* none of the four */
	assert_true(status < 0);
	assert_non_null(strstr(board_dma_error(status), "any bus alias"));
}

static void limits_are_the_engines(void **state)
{
	struct board_dma_limits l;

	(void)state;
	assert_int_equal(init(BOARD_DMA_ALIAS, 0x34), 0);
	l = board_dma_limits();
	assert_int_equal(l.multiple, 4);
	assert_int_equal(l.least, 4);
	assert_int_equal(l.align, 1);
	assert_int_equal(l.longest, 0x3FFFFFFC);
	assert_true(board_dma_copy_poll(RAM, RAM + 4096, 6) < 0);
	assert_int_equal(board_dma_init(desc, DESC, 4096, drain), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_boards_alias_is_tried_and_told),
		cmocka_unit_test(another_alias_is_named_and_not_used),
		cmocka_unit_test(no_alias_at_all_is_told),
		cmocka_unit_test(limits_are_the_engines),
	};

	return cmocka_run_group_tests_name("raspi_dma", tests, NULL, NULL);
}
