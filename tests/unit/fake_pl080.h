/* SPDX-License-Identifier: MIT */
/* A PL080 for one unit test: it moves bytes, hangs or fails, and refuses what silicon or QEMU
 * cannot take. Like QEMU it forgets its interrupt line when a channel is started. */
#ifndef TESTS_UNIT_FAKE_PL080_H
#define TESTS_UNIT_FAKE_PL080_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/mmio.h"
#include "drivers/pl080.h"

#define BASE	 0x10130000u
#define RAM	 0x00400000u /* bus address of ram[] */
#define RAM_SIZE 0x00080000u
#define DESC	 0x00A00000u /* bus address of desc[] */
#define NDESC	 64u	     /* 8 for each channel */

enum mode { MOVES, HANGS, FAILS };

static struct {
	uint32_t reg[8][8]; /* src dst lli ctrl cfg, and three that are not there */
	uint32_t tc, err, config, sync;
	bool irq;     /* the output line, which QEMU forgets to update after a Cfg write */
	unsigned run; /* descriptors executed */
	unsigned halted;
	enum mode mode;
	uint8_t id;
} hw;

static uint8_t ram[RAM_SIZE];
static struct pl080_lli desc[NDESC] __attribute__((aligned(16)));
static unsigned drained;

static uint8_t *at(uint32_t bus, uint32_t len)
{
	if (bus < RAM || bus - RAM + len > RAM_SIZE)
		fail_msg("device access at 0x%08x, outside the test's memory", bus);
	return &ram[bus - RAM];
}

static void move(const uint32_t *r)
{
	uint32_t size = r[3] & 0xFFF, sw = r[3] >> 18 & 7, dw = r[3] >> 21 & 7;

	assert_int_not_equal(size, 0);
	assert_int_equal(sw, dw);
	assert_true(sw == 0 || sw == 2);
	assert_int_equal(r[3] & (3u << 26), 3u << 26); /* both addresses count up */
	assert_int_equal(r[0] & ((1u << sw) - 1), 0);
	assert_int_equal(r[1] & ((1u << sw) - 1), 0);
	memmove(at(r[1], size << sw), at(r[0], size << sw), size << sw);
	hw.run++;
}

static void run(unsigned c)
{
	uint32_t *r = hw.reg[c];

	if (!(hw.config & 1) || !(r[4] & 1) || r[4] & 1u << 18 || hw.mode == HANGS)
		return;
	assert_int_equal(r[4] >> 11 & 7, 0);
	if (hw.mode == FAILS) {
		r[4] &= ~1u;
		hw.err |= 1u << c;
		return;
	}
	for (;;) {
		uint32_t next = r[2];

		move(r);
		assert_int_equal(!!(r[3] & 1u << 31), next == 0);
		if (!next)
			break;
		assert_int_equal(next & 3, 0);
		assert_true(next >= DESC && next < DESC + sizeof(desc));
		assert_true(drained > 0);
		memcpy(r, &desc[(next - DESC) / 16], 16);
	}
	hw.tc |= 1u << c;
	r[4] &= ~1u;
}

static uint32_t masked(unsigned bit, uint32_t raw)
{
	uint32_t mask = 0;

	for (unsigned c = 0; c < 8; c++)
		mask |= (hw.reg[c][4] >> bit & 1) << c;
	return raw & mask;
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	uint32_t enabled = 0;

	assert_int_equal(bytes, 4);
	for (unsigned c = 0; c < 8; c++)
		enabled |= (hw.reg[c][4] & 1) << c;
	switch (addr - BASE) {
	case 0x04:
		return masked(15, hw.tc);
	case 0x0C:
		return masked(14, hw.err);
	case 0x18:
		return hw.err;
	case 0x1C:
		return enabled;
	case 0x34:
		return hw.sync;
	case 0xFE0:
		return hw.id;
	case 0xFE4:
		return 0x10;
	default:
		assert_true(addr - BASE >= 0x100 && addr - BASE < 0x200);
		assert_int_equal(addr % 32, 0x10);
		return hw.reg[(addr - BASE - 0x100) / 32][4];
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	uint32_t offset = (uint32_t)addr - BASE;

	assert_int_equal(bytes, 4);
	if (offset >= 0x100 && offset < 0x200) {
		unsigned c = (offset - 0x100) / 32, r = offset % 32 / 4;

		assert_true(r < 5);
		if (r < 4) /* the manual forbids it while the channel is on */
			assert_int_equal(hw.reg[c][4] & 1, 0);
		hw.reg[c][r] = value;
		if (r == 4 && value & 1u << 18)
			hw.halted++;
		if (r == 4)
			run(c);
		return; /* and the interrupt line stays as it was */
	}
	switch (offset) {
	case 0x08:
		hw.tc &= ~value;
		break;
	case 0x10:
		hw.err &= ~value;
		break;
	case 0x30:
		hw.config = value;
		break;
	case 0x34:
		hw.sync = value;
		break;
	default:
		fail_msg("write to register 0x%x, which is not there", offset);
	}
	hw.irq = masked(15, hw.tc) || masked(14, hw.err);
}

#endif
