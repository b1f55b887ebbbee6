/* SPDX-License-Identifier: MIT */
/* The DMA driver of the BCM2835 against an engine that moves bytes late and refuses what the chip
 * or QEMU cannot take. */
#include "tests/unit/fake_bcm2835_dma.h"

#include <stdio.h>
#include <stdlib.h>

#include "host_seed.h"

#define BASE  0x20007000u
#define QEMUS 0x34u /* 2, 4, 5 */

static uint8_t want[RAM_SIZE];
static struct bcm2835_dma dma;
static uint32_t now;

static void drain(void)
{
	drained++;
}

static uint32_t ticks(void)
{
	return now += 10;
}

static struct bcm2835_dma_config config(uint32_t channels)
{
	return (struct bcm2835_dma_config){
		.base = BASE,
		.channels = channels,
		.alias = 0x40000000,
		.desc_cpu = desc,
		.desc_phys = DESC,
		.desc_len = sizeof(desc),
		.drain = drain,
		.ticks = ticks,
		.timeout_ticks = 1000,
	};
}

static int start_with(uint32_t channels, uint32_t lite)
{
	struct bcm2835_dma_config c = config(channels);

	memset(&hw, 0, sizeof(hw));
	hw.base = BASE;
	hw.alias = 0x40000000;
	hw.firmware = ~channels;
	hw.lite = lite;
	hw.patience = 3;
	for (unsigned i = 0; i < 15; i++)
		hw.ch[i].cs = 0x6; /* some loader's last one */
	hw.ch[4].conblk = 0x12340; /* and one that hangs */
	hw.ch[4].cs = 1;
	memset(desc, 0xA5, sizeof(desc));
	for (unsigned i = 0; i < RAM_SIZE; i++)
		ram[i] = (uint8_t)(i * 7 + (i >> 8) * 13);
	memcpy(want, ram, RAM_SIZE);
	drained = 0;
	now = UINT32_MAX - 50; /* the clock wraps during the tests */
	return bcm2835_dma_init(&dma, &c);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(start_with(QEMUS, 0), 0);
	assert_int_equal(hw.resets, 1);
	assert_int_equal(hw.ch[4].conblk, 0);
	for (unsigned i = 0; i < 15; i++)
		if (QEMUS & 1u << i)
			assert_int_equal(hw.ch[i].cs & 6, 0);
	return 0;
}

static struct dma_seg seg(uint32_t dst, uint32_t src, uint32_t len)
{
	memmove(want + dst, want + src, len);
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

/* Every channel's interrupt, as long as it is up. */
static void interrupts(void)
{
	for (unsigned round = 0; round < 10; round++)
		for (unsigned i = 0; i < dma.count; i++) {
			pass(dma.channel[i].n);
			if (hw.ch[dma.channel[i].n].cs & 4)
				bcm2835_dma_irq(&dma.channel[i]);
		}
}

static void only_channels_that_are_ours(void **state)
{
	(void)state;
	assert_int_equal(dma.count, 3);
	assert_int_equal(dma.channel[0].n, 2);
	assert_int_equal(dma.channel[2].n, 5);
	assert_int_equal(start_with(0x7F35, 0x780), 0);
	assert_int_equal(dma.count, 7); /* 0 2 4 5 8 9 10: those above share a line */
	assert_int_equal(start_with(0x7800, 0), BCM2835_DMA_E_NOCHANNEL);
	assert_int_equal(start_with(0, 0), BCM2835_DMA_E_NOCHANNEL);
}

static void descriptor_memory_must_fit(void **state)
{
	struct bcm2835_dma_config c = config(QEMUS);

	(void)state;
	c.desc_phys += 16;
	assert_int_equal(bcm2835_dma_init(&dma, &c), BCM2835_DMA_E_DESC);
	c = config(QEMUS);
	c.desc_cpu = (uint8_t *)desc + 16;
	assert_int_equal(bcm2835_dma_init(&dma, &c), BCM2835_DMA_E_DESC);
	c = config(QEMUS);
	c.desc_len = 64; /* for three channels */
	assert_int_equal(bcm2835_dma_init(&dma, &c), BCM2835_DMA_E_DESC);
}

/* The data is there when the end is told, not when the engine has read its last block. */
static void the_end_is_told_when_the_data_has_landed(void **state)
{
	struct dma_seg s[3] = {seg(0x100, 0x2000, 64), seg(0x5001, 0x100, 4), seg(0x300, 0, 4096)};
	struct result r = {0, -99};
	int handle;

	(void)state;
	handle = bcm2835_dma_start(&dma, s, 3, 0, 0);
	assert_true(handle >= 0);
	assert_int_equal(bcm2835_dma_poll(&dma, handle), BCM2835_DMA_BUSY);
	assert_memory_not_equal(ram, want, RAM_SIZE);
	while (bcm2835_dma_poll(&dma, handle) == BCM2835_DMA_BUSY)
		;
	assert_memory_equal(ram, want, RAM_SIZE);
	assert_int_equal(bcm2835_dma_poll(&dma, handle), BCM2835_DMA_E_HANDLE);
	s[0] = seg(0x7000, 0x300, 128);
	handle = bcm2835_dma_start(&dma, s, 1, done, &r);
	assert_true(handle >= 0);
	assert_int_equal(r.calls, 0);
	assert_int_equal(bcm2835_dma_poll(&dma, handle), BCM2835_DMA_E_HANDLE);
	interrupts();
	assert_int_equal(r.calls, 1);
	assert_int_equal(r.status, 0);
	assert_memory_equal(ram, want, RAM_SIZE);
}

static void lists_that_cannot_be(void **state)
{
	struct dma_seg s[64] = {{0}}, ok = {RAM, RAM + 4096, 8};
	static const struct {
		struct dma_seg seg;
		int status;
	} row[] = {
		{{RAM, RAM, 0}, BCM2835_DMA_E_EMPTY},
		{{RAM, RAM, 1}, BCM2835_DMA_E_LENGTH},
		{{RAM, RAM, 6}, BCM2835_DMA_E_LENGTH},
		{{0x3FFFFFFC, RAM, 8}, BCM2835_DMA_E_RANGE},
		{{RAM, 0x40000000, 4}, BCM2835_DMA_E_RANGE},
		{{RAM, 0xFFFFFFFC, 8}, BCM2835_DMA_E_RANGE},
	};

	(void)state;
	assert_int_equal(bcm2835_dma_start(&dma, s, 0, 0, 0), BCM2835_DMA_E_EMPTY);
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		s[0] = ok;
		s[1] = row[i].seg;
		assert_int_equal(bcm2835_dma_start(&dma, s, 2, 0, 0), row[i].status);
	}
	for (unsigned i = 0; i < 64; i++)
		s[i] = ok;
	assert_int_equal(bcm2835_dma_start(&dma, s, 128 / 3 + 1, 0, 0), BCM2835_DMA_E_CHAIN);
	assert_int_equal(hw.blocks, 0);
	memcpy(want, ram, RAM_SIZE);
	assert_true(bcm2835_dma_start(&dma, s, 128 / 3, 0, 0) >= 0);
	assert_int_equal(hw.blocks, 42);
}

static void long_pieces_of_a_lite_channel_are_several_blocks(void **state)
{
	struct dma_seg s;

	(void)state;
	assert_int_equal(start_with(1u << 8, 1u << 8), 0);
	assert_int_equal(bcm2835_dma_longest(&dma), 128 * 0xFFFC);
	s = seg(0x40000, 0, 0x30000);
	assert_int_equal(bcm2835_dma_copy(&dma, s.dst, s.src, s.len), 0);
	assert_int_equal(hw.blocks, 4);
	assert_memory_equal(ram, want, RAM_SIZE);
	assert_int_equal(start_with(1u << 2, 0), 0);
	s = seg(0x40000, 0, 0x30000);
	assert_int_equal(bcm2835_dma_copy(&dma, s.dst, s.src, s.len), 0);
	assert_int_equal(hw.blocks, 1);
	assert_int_equal(bcm2835_dma_longest(&dma), 0x3FFFFFFC);
}

static void channels_are_taken_in_turn_and_given_back(void **state)
{
	struct dma_seg s = {RAM, RAM + 4096, 8};
	struct result r = {0, -99};
	int handle[3];

	(void)state;
	hw.patience = 1000000;
	for (unsigned i = 0; i < 3; i++) {
		handle[i] = bcm2835_dma_start(&dma, &s, 1, i == 1 ? done : 0, &r);
		assert_true(handle[i] >= 0);
	}
	assert_int_equal(bcm2835_dma_start(&dma, &s, 1, 0, 0), BCM2835_DMA_E_NOCHANNEL);
	assert_int_equal(bcm2835_dma_stop(&dma, handle[1]), 0);
	assert_int_equal(bcm2835_dma_stop(&dma, handle[1]), BCM2835_DMA_E_HANDLE);
	hw.patience = 0;
	assert_true(bcm2835_dma_start(&dma, &s, 1, done, &r) >= 0);
	interrupts();
	assert_int_equal(r.calls, 1);
	assert_int_equal(bcm2835_dma_stop(&dma, handle[1]), BCM2835_DMA_E_HANDLE);
}

static void a_complete_one_is_not_cut_short(void **state)
{
	struct dma_seg s = seg(0x100, 0x2000, 64);
	struct result r = {0, -99};
	int handle;

	(void)state;
	hw.patience = 0;
	handle = bcm2835_dma_start(&dma, &s, 1, done, &r);
	assert_int_equal(bcm2835_dma_stop(&dma, handle), 1); /* its interrupt was not taken */
	interrupts();
	assert_int_equal(r.calls, 0);
	assert_memory_equal(ram, want, RAM_SIZE);
}

/* An error makes no interrupt: the waiter gives up, and the engine lets go of the memory. */
static void errors_and_hangs_end(void **state)
{
	struct dma_seg s = {RAM, RAM + 4096, 8};
	struct result r = {0, -99};
	int handle;

	(void)state;
	hw.mode = FAILS;
	assert_int_equal(bcm2835_dma_copy(&dma, s.dst, s.src, 8), BCM2835_DMA_E_BUS);
	assert_int_equal(hw.ch[2].conblk, 0);
	handle = bcm2835_dma_start(&dma, &s, 1, done, &r);
	interrupts();
	assert_int_equal(r.calls, 0);
	assert_int_equal(bcm2835_dma_stop(&dma, handle), 0);
	hw.mode = HANGS;
	assert_int_equal(bcm2835_dma_copy(&dma, s.dst, s.src, 8), BCM2835_DMA_E_TIMEOUT);
	assert_int_equal(hw.ch[2].conblk, 0);
	assert_int_equal(hw.resets, 4);
	hw.mode = MOVES;
	s = seg(0, 4096, 8);
	assert_int_equal(bcm2835_dma_copy(&dma, s.dst, s.src, 8), 0);
	assert_memory_equal(ram, want, RAM_SIZE);
}

static void an_end_with_an_error_is_an_error(void **state)
{
	struct dma_seg s = {RAM, RAM + 4096, 8};
	struct result r = {0, -99};

	(void)state;
	hw.patience = 0;
	bcm2835_dma_start(&dma, &s, 1, done, &r);
	pass(2);
	hw.ch[2].debug |= 1;
	interrupts();
	assert_int_equal(r.calls, 1);
	assert_int_equal(r.status, BCM2835_DMA_E_BUS);
	assert_int_equal(hw.ch[2].debug & 7, 0);
}

static void random_lists_arrive(void **state)
{
	(void)state;
	srand(host_seed());
	for (unsigned round = 0; round < 500; round++) {
		struct dma_seg s[8];
		struct result r = {0, -99};
		unsigned n = 1 + rand() % 8;

		hw.patience = rand() % 5;
		for (unsigned i = 0; i < n; i++) {
			uint32_t len = 4 * (1 + rand() % 1000);
			/* apart, so that the order within a piece does not matter */
			uint32_t a = rand() % (RAM_SIZE / 2 - len);
			uint32_t b = RAM_SIZE / 2 + rand() % (RAM_SIZE / 2 - len);

			s[i] = rand() % 2 ? seg(a, b, len) : seg(b, a, len);
		}
		assert_true(bcm2835_dma_start(&dma, s, n, done, &r) >= 0);
		interrupts();
		assert_int_equal(r.calls, 1);
		assert_int_equal(r.status, 0);
		assert_memory_equal(ram, want, RAM_SIZE);
	}
}

static void every_status_has_its_words(void **state)
{
	(void)state;
	for (int s = BCM2835_DMA_E_LENGTH; s <= BCM2835_DMA_BUSY; s++)
		for (int t = s + 1; t <= BCM2835_DMA_BUSY + 1; t++)
			assert_string_not_equal(bcm2835_dma_error(s), bcm2835_dma_error(t));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(only_channels_that_are_ours),
		T(descriptor_memory_must_fit),
		T(the_end_is_told_when_the_data_has_landed),
		T(lists_that_cannot_be),
		T(long_pieces_of_a_lite_channel_are_several_blocks),
		T(channels_are_taken_in_turn_and_given_back),
		T(a_complete_one_is_not_cut_short),
		T(errors_and_hangs_end),
		T(an_end_with_an_error_is_an_error),
		T(random_lists_arrive),
		T(every_status_has_its_words),
	};

	return cmocka_run_group_tests_name("bcm2835_dma", tests, NULL, NULL);
}
