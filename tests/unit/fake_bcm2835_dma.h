/* SPDX-License-Identifier: MIT */
/* The BCM2835's DMA engine for one unit test: it moves bytes in its own time, hangs or fails, sees
 * RAM through one bus alias only, and refuses what the chip or QEMU cannot take. As on the chip
 * ACTIVE stays after the end, the block register goes to 0 before the last words have landed, and
 * an error interrupts nobody. */
#ifndef TESTS_UNIT_FAKE_BCM2835_DMA_H
#define TESTS_UNIT_FAKE_BCM2835_DMA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/bcm2835_dma.h"
#include "drivers/mmio.h"

#define RAM	 0x00400000u /* physical address of ram[] */
#define RAM_SIZE 0x00080000u
#define DESC	 0x00A00000u /* physical address of desc[] */
#define NDESC	 128u	     /* a page */

enum mode { MOVES, HANGS, FAILS };

static struct {
	uintptr_t base;	   /* of the engine */
	uint32_t alias;	   /* the only one through which ram[] and desc[] are seen */
	uint32_t firmware; /* channels that are not the driver's */
	uint32_t lite;	   /* mask */
	uint32_t enable;
	struct {
		uint32_t cs, conblk, debug;
		uint32_t late[3]; /* dst, src, len: words still on their way */
		unsigned countdown;
	} ch[15];
	enum mode mode;
	unsigned blocks, resets;
	unsigned patience; /* reads of a CS until the last words have landed */
} hw;

static uint8_t ram[RAM_SIZE];
static struct bcm2835_dma_block desc[NDESC] __attribute__((aligned(32)));
static unsigned drained;

/* The other aliases see what the GPU's cache had: zeros. Writes through them stay there. */
static uint8_t *at(uint32_t bus, uint32_t len)
{
	static uint8_t elsewhere[RAM_SIZE];
	uint32_t phys = bus & 0x3FFFFFFF;
	bool here = (bus & 0xC0000000) == hw.alias;

	assert_in_range(len, 1, RAM_SIZE);
	if (phys >= RAM && phys - RAM + len <= RAM_SIZE)
		return here ? &ram[phys - RAM] : &elsewhere[phys - RAM];
	if (phys >= DESC && phys - DESC + len <= sizeof(desc))
		return here ? (uint8_t *)desc + (phys - DESC) : elsewhere;
	fail_msg("the engine's access at 0x%08x, outside the test's memory", bus);
	return 0;
}

static void land(unsigned c)
{
	uint32_t *late = hw.ch[c].late;

	if (late[2])
		memmove(at(late[0], late[2]), at(late[1], late[2]), late[2]);
	late[2] = 0;
}

static void run(unsigned c)
{
	if (hw.mode == HANGS)
		return;
	if (hw.mode == FAILS) {
		hw.ch[c].cs |= 1u << 8;
		hw.ch[c].debug |= 4;
		return;
	}
	while (hw.ch[c].conblk) {
		struct bcm2835_dma_block b;

		assert_int_equal(hw.ch[c].conblk & 31, 0);
		memcpy(&b, at(hw.ch[c].conblk, sizeof(b)), sizeof(b));
		if ((hw.ch[c].conblk & 0xC0000000) != hw.alias) {
			hw.ch[c].conblk = 0; /* zeros were fetched: a block of nothing, the last */
			return;
		}
		assert_true(drained > 0);
		assert_int_equal(b.info & ~0x119u, 0); /* both addresses count, no 2D, no DREQ */
		assert_int_equal(b.info & 0x110, 0x110);
		assert_int_not_equal(b.len, 0);
		assert_int_equal(b.len % 4, 0); /* QEMU counts down by 4 and never ends */
		if (hw.lite & 1u << c)
			assert_in_range(b.len, 4, 0xFFFC);
		assert_int_equal(b.stride, 0);
		/* At the end, and only there, it waits for the memory's answer. */
		assert_int_equal(!!(b.info & 8), b.next == 0);
		if (b.next)
			assert_int_equal(b.info & 1, 0);
		land(c);
		hw.ch[c].late[0] = b.dst;
		hw.ch[c].late[1] = b.src;
		hw.ch[c].late[2] = b.len;
		hw.blocks++;
		hw.ch[c].conblk = b.next;
		if (!b.next) {
			hw.ch[c].countdown = hw.patience;
			if (b.info & 1)
				hw.ch[c].cs |= 1u << 30; /* (of the fake: INT comes with END) */
		}
	}
}

static void pass(unsigned c)
{
	if (!hw.ch[c].late[2] || hw.ch[c].countdown-- > 0)
		return;
	land(c);
	hw.ch[c].cs |= 1u << 1;
	if (hw.ch[c].cs & 1u << 30)
		hw.ch[c].cs |= 1u << 2;
	hw.ch[c].cs &= ~(1u << 30);
}

static unsigned channel_at(uint32_t offset)
{
	unsigned c = offset / 0x100;

	assert_in_range(c, 0, 14);
	assert_false(hw.firmware & 1u << c);
	assert_true(hw.enable & 1u << c);
	return c;
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	uint32_t offset = (uint32_t)(addr - hw.base);
	unsigned c;

	assert_int_equal(bytes, 4);
	if (offset == 0xFF0)
		return hw.enable;
	c = channel_at(offset);
	switch (offset % 0x100) {
	case 0x00:
		pass(c);
		return hw.ch[c].cs & ~(1u << 30);
	case 0x04:
		return hw.ch[c].conblk;
	case 0x20:
		return hw.ch[c].debug | (hw.lite & 1u << c ? 1u << 28 : 0);
	default:
		fail_msg("read of register 0x%x", offset);
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	uint32_t offset = (uint32_t)(addr - hw.base);
	unsigned c;

	assert_int_equal(bytes, 4);
	if (offset == 0xFF0) {
		hw.enable = value;
		return;
	}
	c = channel_at(offset);
	switch (offset % 0x100) {
	case 0x00:
		hw.ch[c].cs &= ~(value & 6);
		if (value & 1u << 31) {
			memset(&hw.ch[c], 0, sizeof(hw.ch[c]));
			hw.resets++;
			return;
		}
		hw.ch[c].cs = (hw.ch[c].cs & ~1u) | (value & 1);
		if (value & 1) {
			/* END and INT wait for every write's answer. */
			assert_true(value & 1u << 28);
			assert_int_equal(hw.ch[c].cs & 6, 0);
			run(c);
		}
		break;
	case 0x04:
		assert_int_equal(hw.ch[c].conblk, 0);
		hw.ch[c].conblk = value;
		break;
	case 0x20:
		/* Writing 1 clears, and in QEMU it would set. */
		assert_int_equal(value & 7 & ~hw.ch[c].debug, 0);
		hw.ch[c].debug &= ~(value & 7);
		if (!(hw.ch[c].debug & 7))
			hw.ch[c].cs &= ~(1u << 8);
		break;
	default:
		fail_msg("write to register 0x%x", offset);
	}
}

#endif
