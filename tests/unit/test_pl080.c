/* SPDX-License-Identifier: MIT */
/* The PL080 driver against a controller that moves bytes and refuses what silicon or QEMU
 * cannot take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_seed.h"

#include "drivers/pl080.h"
#include "tests/unit/fake_pl080.h"

static uint8_t want[RAM_SIZE];
static struct pl080 dma;
static uint32_t now;

static void drain(void)
{
	drained++;
}

static uint32_t ticks(void)
{
	return now += 10;
}

static struct pl080_config config(void)
{
	return (struct pl080_config){
		.base = BASE,
		.channels = 8,
		.desc_cpu = desc,
		.desc_bus = DESC,
		.desc_len = sizeof(desc),
		.drain = drain,
		.ticks = ticks,
		.timeout_ticks = 1000,
	};
}

static int setup(void **state)
{
	struct pl080_config c = config();

	(void)state;
	memset(&hw, 0, sizeof(hw));
	hw.id = 0x80;
	hw.reg[5][4] = 0x4001 | 1u << 18; /* the loader's, halted and never finished */
	hw.tc = hw.err = 0xFF;
	memset(desc, 0xA5, sizeof(desc));
	for (unsigned i = 0; i < RAM_SIZE; i++)
		ram[i] = (uint8_t)(i * 7 + (i >> 8) * 13);
	memcpy(want, ram, RAM_SIZE);
	drained = 0;
	now = UINT32_MAX - 50; /* the clock wraps during the tests */
	assert_int_equal(pl080_init(&dma, &c), 0);
	hw.halted = 0;
	return 0;
}

static struct dma_seg seg(uint32_t dst, uint32_t src, uint32_t len)
{
	return (struct dma_seg){.dst = RAM + dst, .src = RAM + src, .len = len};
}

struct result {
	unsigned calls;
	int status;
};

static void done(void *arg, int status)
{
	struct result *r = arg;

	r->calls++;
	r->status = status;
}

/* ---- descriptors ---- */

static void check_build(uint32_t dst, uint32_t src, uint32_t len, unsigned pieces, uint32_t width)
{
	struct dma_seg s = {.dst = dst, .src = src, .len = len};
	struct pl080_lli first, chain[16];
	uint32_t left = len / width;

	assert_int_equal(pl080_build(&first, chain, DESC, 16, &s, 1), pieces);
	for (unsigned i = 0; i < pieces; i++) {
		const struct pl080_lli *d = i ? &chain[i - 1] : &first;
		uint32_t n = left < 4095 ? left : 4095;

		assert_int_equal(d->src, src + (len / width - left) * width);
		assert_int_equal(d->dst, dst + (len / width - left) * width);
		assert_int_equal(d->ctrl & 0xFFF, n);
		assert_int_equal(d->ctrl >> 18 & 0x3F, width == 4 ? 2 | 2 << 3 : 0);
		assert_int_equal(d->next, i + 1 < pieces ? DESC + i * 16 : 0);
		assert_int_equal(d->ctrl >> 31, i + 1 == pieces);
		left -= n;
	}
	assert_int_equal(left, 0);
}

static void descriptors_by_length_and_alignment(void **state)
{
	(void)state;
	check_build(0x1000, 0x2000, 4, 1, 4);
	check_build(0x1000, 0x2000, 4096, 1, 4);
	check_build(0x1000, 0x2000, 4095 * 4, 1, 4);
	check_build(0x1000, 0x2000, 4096 * 4, 2, 4);
	check_build(0x1000, 0x2000, 4095 * 4 * 3 + 4, 4, 4);
	check_build(0x1000, 0x2000, 1, 1, 1);
	check_build(0x1001, 0x2000, 4096, 2, 1);
	check_build(0x1000, 0x2002, 4095, 1, 1);
	check_build(0x1000, 0x2000, 4099, 2, 1);
	check_build(0xFFFFFFFC, 0xFFFFF000, 4, 1, 4); /* up to the very end */
}

static void a_list_mixes_widths_and_marks_only_its_end(void **state)
{
	struct dma_seg s[3] = {{0x1000, 0x5000, 16}, {0x1010, 0x5013, 3}, {0x2000, 0x6000, 32}};
	struct pl080_lli first, chain[2];

	(void)state;
	assert_int_equal(pl080_build(&first, chain, DESC, 2, s, 3), 3);
	assert_int_equal(first.ctrl & 0x803F0FFF, 0x00080004 & 0x803F0FFF);
	assert_int_equal(first.next, DESC);
	assert_int_equal(chain[0].ctrl & 0x80FC0FFF, 3);
	assert_int_equal(chain[0].next, DESC + 16);
	assert_int_equal(chain[1].ctrl & 0x80FC0FFF, 0x80480008);
	assert_int_equal(chain[1].next, 0);
}

static void what_cannot_be_built_is_refused_untouched(void **state)
{
	struct dma_seg s[2] = {{0x1000, 0x2000, 8}, {0x1000, 0x2000, 0}};
	struct dma_seg big = {0x1000, 0x2000, 4095 * 4 * 3 + 4};
	struct pl080_lli first = {1, 2, 3, 4}, chain[4];

	(void)state;
	memset(chain, 0x5A, sizeof(chain));
	assert_int_equal(pl080_build(&first, chain, DESC, 4, s, 0), PL080_E_EMPTY);
	assert_int_equal(pl080_build(&first, chain, DESC, 4, s, 2), PL080_E_EMPTY);
	s[1] = (struct dma_seg){0xFFFFFFFC, 0x2000, 8};
	assert_int_equal(pl080_build(&first, chain, DESC, 4, s, 2), PL080_E_RANGE);
	s[1] = (struct dma_seg){0x2000, 0xFFFFFFFF, 2};
	assert_int_equal(pl080_build(&first, chain, DESC, 4, s, 2), PL080_E_RANGE);
	assert_int_equal(pl080_build(&first, chain, DESC, 2, &big, 1), PL080_E_CHAIN);
	assert_int_equal(pl080_build(&first, chain, DESC, 0, s, 2), PL080_E_RANGE);
	big.len = 0xFFFFDFFF; /* a million pieces */
	assert_int_equal(pl080_build(&first, chain, DESC, 4, &big, 1), PL080_E_CHAIN);
	assert_int_equal(first.ctrl, 4);
	for (unsigned i = 0; i < sizeof(chain); i++)
		assert_int_equal(((uint8_t *)chain)[i], 0x5A);
}

/* ---- transfers ---- */

static void init_checks_the_device_and_the_memory(void **state)
{
	struct pl080_config c = config();

	(void)state;
	assert_int_equal(hw.reg[5][4], 0);
	assert_int_equal(hw.tc | hw.err, 0);
	assert_int_equal(hw.config, 1);
	hw.id = 0x11;
	assert_int_equal(pl080_init(&dma, &c), PL080_E_ID);
	hw.id = 0x81; /* PL081 */
	c.channels = 2;
	assert_int_equal(pl080_init(&dma, &c), 0);
	c.desc_bus += 4;
	assert_int_equal(pl080_init(&dma, &c), PL080_E_DESC);
	c = config();
	c.desc_cpu = (char *)desc + 8;
	assert_int_equal(pl080_init(&dma, &c), PL080_E_DESC);
	c = config();
	c.channels = 9;
	assert_int_equal(pl080_init(&dma, &c), PL080_E_DESC);
}

static void polled_copies(void **state)
{
	static const uint32_t len[] = {1, 3, 4, 4095, 4096, 16380, 16384, 32760};

	(void)state;
	for (unsigned i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
		for (uint32_t d = 0; d < 4; d++) {
			memcpy(want + 0x40000 + d, want + 5, len[i]);
			assert_int_equal(pl080_copy(&dma, RAM + 0x40000 + d, RAM + 5, len[i]), 0);
			assert_memory_equal(ram, want, RAM_SIZE);
		}
	}
	assert_false(hw.irq);
	assert_int_equal(pl080_copy(&dma, RAM, RAM + 4, 0), PL080_E_EMPTY);
	assert_int_equal(pl080_copy(&dma, RAM + 1, RAM, 9 * 4095 + 1), PL080_E_CHAIN);
}

static void random_lists(void **state)
{
	(void)state;
	srand(host_seed());
	for (unsigned i = 0; i < 300; i++) {
		struct result r = {0, 1};
		struct dma_seg s[4];
		unsigned n = 1 + (unsigned)rand() % 4;

		for (unsigned k = 0; k < n; k++) {
			uint32_t a = rand() % 2 ? 0 : (uint32_t)rand() % 64;
			uint32_t step = rand() % 2 ? 4 : 1;
			uint32_t len = (1 + (uint32_t)rand() % (8000 / step)) * step;

			s[k] = seg(0x60000 + k * 0x2000 + a, (uint32_t)rand() % 0x10000 * 4, len);
			memcpy(want + s[k].dst - RAM, want + s[k].src - RAM, len);
		}
		assert_true(pl080_start(&dma, s, n, done, &r) >= 0);
		assert_true(hw.irq);
		pl080_irq(&dma);
		assert_int_equal(r.calls, 1);
		assert_int_equal(r.status, 0);
		assert_memory_equal(ram, want, RAM_SIZE);
	}
}

static void completion_by_interrupt_on_all_channels(void **state)
{
	struct result r[8] = {{0}};
	struct dma_seg s = seg(0x40000, 0, 40000);
	int h[8];

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		drained = 0;
		h[i] = pl080_start(&dma, &s, 1, done, &r[i]);
		assert_true(h[i] >= 0);
		assert_int_equal(drained, 1);
		assert_int_equal(r[i].calls, 0);
	}
	assert_int_equal(pl080_start(&dma, &s, 1, done, NULL), PL080_E_NOCHANNEL);
	assert_true(hw.irq);
	pl080_irq(&dma);
	assert_false(hw.irq);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(r[i].calls, 1);
		assert_int_equal(r[i].status, 0);
		assert_int_equal(pl080_poll(&dma, h[i]), PL080_E_HANDLE);
		assert_int_equal(pl080_stop(&dma, h[i]), PL080_E_HANDLE);
	}
	pl080_irq(&dma);
	assert_int_equal(r[0].calls, 1);
}

static void a_refused_list_gives_its_channel_back(void **state)
{
	struct dma_seg empty = seg(0, 16, 0);
	struct result r = {0};

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(pl080_start(&dma, &empty, 1, done, &r), PL080_E_EMPTY);
	assert_int_equal(r.calls, 0);
	assert_int_equal(hw.run, 0);
}

static void a_bus_error_is_told_from_success(void **state)
{
	struct dma_seg s = seg(0x40000, 0, 64);
	struct result r = {0};

	(void)state;
	hw.mode = FAILS;
	assert_int_equal(pl080_copy(&dma, s.dst, s.src, s.len), PL080_E_BUS);
	assert_int_equal(hw.err, 0);
	assert_true(pl080_start(&dma, &s, 1, done, &r) >= 0);
	assert_true(hw.irq);
	pl080_irq(&dma);
	assert_int_equal(r.calls, 1);
	assert_int_equal(r.status, PL080_E_BUS);
	assert_false(hw.irq);
	/* Stopped after it: the data is not there. */
	assert_int_equal(pl080_stop(&dma, pl080_start(&dma, &s, 1, done, &r)), 0);
	hw.mode = MOVES;
	assert_int_equal(pl080_copy(&dma, s.dst, s.src, s.len), 0);
}

static void a_hanging_device_times_out_and_is_halted(void **state)
{
	struct dma_seg s = seg(0x40000, 0, 64);
	struct result r = {0};
	uint32_t start = now;
	int h;

	(void)state;
	hw.mode = HANGS;
	assert_int_equal(pl080_copy(&dma, s.dst, s.src, s.len), PL080_E_TIMEOUT);
	assert_in_range(now - start, 1000, 1100); /* across the clock's wrap */
	assert_int_equal(hw.halted, 1);
	assert_int_equal(hw.reg[0][4], 0);

	h = pl080_start(&dma, &s, 1, done, &r);
	assert_int_equal(pl080_poll(&dma, h), PL080_E_HANDLE); /* it reports by done */
	assert_int_equal(pl080_stop(&dma, h), 0);
	assert_int_equal(hw.halted, 2);
	assert_int_equal(pl080_stop(&dma, h), PL080_E_HANDLE);
	hw.mode = MOVES;
	assert_true(pl080_start(&dma, &s, 1, done, &r) != h); /* a stale handle stays stale */
	assert_int_equal(pl080_stop(&dma, h), PL080_E_HANDLE);
	pl080_irq(&dma);
	assert_int_equal(r.calls, 1);
}

static void stop_after_the_end_says_the_data_is_there(void **state)
{
	struct dma_seg s = seg(0x40000, 0, 64);
	struct result r = {0};
	int h = pl080_start(&dma, &s, 1, done, &r);

	(void)state;
	assert_true(hw.irq);
	assert_int_equal(pl080_stop(&dma, h), 1);
	assert_false(hw.irq);
	pl080_irq(&dma);
	assert_int_equal(r.calls, 0);
	assert_int_equal(hw.halted, 0);
}

static struct dma_seg again;
static unsigned rounds;

static void done_again(void *arg, int status)
{
	assert_int_equal(status, 0);
	if (++rounds < 20)
		assert_true(pl080_start(&dma, &again, 1, done_again, arg) >= 0);
}

static void done_may_start_the_next_transfer(void **state)
{
	(void)state;
	again = seg(0x40000, 0, 40000);
	rounds = 0;
	assert_true(pl080_start(&dma, &again, 1, done_again, NULL) >= 0);
	for (unsigned i = 1; i <= 20; i++) {
		assert_true(hw.irq);
		pl080_irq(&dma);
		assert_int_equal(rounds, i);
	}
	assert_false(hw.irq);
}

static void each_status_has_its_own_words(void **state)
{
	(void)state;
	for (int a = PL080_E_ID; a <= PL080_BUSY; a++)
		for (int b = PL080_E_ID - 1; b < a; b++)
			assert_string_not_equal(pl080_error(a), pl080_error(b));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(descriptors_by_length_and_alignment),
		T(a_list_mixes_widths_and_marks_only_its_end),
		T(what_cannot_be_built_is_refused_untouched),
		T(init_checks_the_device_and_the_memory),
		T(polled_copies),
		T(random_lists),
		T(completion_by_interrupt_on_all_channels),
		T(a_refused_list_gives_its_channel_back),
		T(a_bus_error_is_told_from_success),
		T(a_hanging_device_times_out_and_is_halted),
		T(stop_after_the_end_says_the_data_is_there),
		T(done_may_start_the_next_transfer),
		T(each_status_has_its_own_words),
	};

	return cmocka_run_group_tests_name("pl080", tests, NULL, NULL);
}
