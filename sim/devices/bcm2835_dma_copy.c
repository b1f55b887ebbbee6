/* SPDX-License-Identifier: MIT */
/* What a control block of the BCM2835's DMA engine moves: rows of bytes, each side stepping or
 * staying, either side left out. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/devices/bcm2835_bus.h"
#include "sim/devices/bcm2835_dma.h"
#include "sim/devices/lines.h"
#include "sim/machine.h"

#define PIECE 64u /* bytes: divides a cache line's multiple and a page */

/* A block in 2D mode has YLENGTH + 1 rows of XLENGTH bytes (errata to 4.2.1.2). */
static uint32_t rows(const struct bcm2835_channel *c)
{
	return c->ti & TI_2D ? (c->len >> 16) + 1 : 1;
}

static uint32_t row_bytes(const struct bcm2835_channel *c)
{
	return c->ti & TI_2D ? c->len & 0xffff : c->len;
}

uint32_t block_bytes(const struct bcm2835_channel *c)
{
	uint64_t n = (uint64_t)rows(c) * row_bytes(c);

	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* Bytes from at that can be moved in one go: not beyond a piece's end, and to or from a register
 * that stays as many as are read at once. */
static uint32_t step(uint32_t at, uint32_t left, bool moves, bool wide)
{
	uint32_t n = moves ? PIECE - at % PIECE : wide ? 16 : 4;

	return n < left ? n : left;
}

static bool source(struct bcm2835_dma *s, struct bcm2835_channel *c, uint8_t *buf, uint32_t n)
{
	if (c->ti & TI_SRC_IGNORE) {
		memset(buf, 0, n);
		return true;
	}
	if (!bcm2835_bus_read(s->d.m, "a DMA channel's read", c->src, buf, n))
		return false;
	c->src += c->ti & TI_SRC_INC ? n : 0;
	return true;
}

/* The write goes out; the one before it has arrived by then, unless it is among the last of a block
 * that does not wait for answers. */
static void destination(struct bcm2835_dma *s, struct bcm2835_channel *c, const uint8_t *buf,
			uint32_t n, bool last)
{
	if (c->ti & TI_DST_IGNORE)
		return;
	if (last && !(c->ti & TI_WAIT_RESP)) {
		memcpy(c->late, buf, n);
		c->late_bus = c->dst;
		c->late_bytes = n;
		c->lands = dev_now(&s->d) + LATE_CYCLES;
	} else {
		bcm2835_bus_write(s->d.m, "a DMA channel's write", c->dst, buf, n);
	}
	c->dst += c->ti & TI_DST_INC ? n : 0;
}

static bool row(struct bcm2835_dma *s, struct bcm2835_channel *c, uint32_t left, bool last_row)
{
	uint8_t buf[PIECE];

	while (left) {
		uint32_t n = step(c->src, left, c->ti & TI_SRC_INC, c->ti & TI_SRC_WIDE), to;

		to = step(c->dst, left, c->ti & TI_DST_INC, c->ti & TI_DST_WIDE);
		n = to < n ? to : n;
		if (!source(s, c, buf, n))
			return false;
		left -= n;
		destination(s, c, buf, n, last_row && !left);
	}
	return true;
}

/* What is to be logged: where the block reads and writes RAM, by the ARM's addresses. */
static void log_copy(struct bcm2835_dma *s, const struct bcm2835_channel *c)
{
	uint32_t from, to, n = block_bytes(c);

	if ((c->ti & (TI_SRC_IGNORE | TI_DST_IGNORE)) || !n)
		return;
	bcm2835_bus(s->d.m, c->src, n, &from);
	if (bcm2835_bus(s->d.m, c->dst, n, &to) == BUS_OTHER_VIEW)
		return; /* the ARM's memory does not change */
	events_copy(s->d.m->cpu, from, to, n);
	lines_copy(s->d.m, from, to, n);
}

bool bcm2835_dma_copy(struct bcm2835_dma *s, struct bcm2835_channel *c)
{
	uint32_t y = rows(c), x = row_bytes(c);
	int16_t over_src = (int16_t)(c->stride & 0xffff), over_dst = (int16_t)(c->stride >> 16);

	/* A block's writes push those of the block before out */
	if (c->late_bytes) {
		bcm2835_bus_write(s->d.m, "a DMA channel's write", c->late_bus, c->late,
				  c->late_bytes);
		c->late_bytes = 0;
		c->cs |= c->deferred;
		c->deferred = 0;
	}
	ahead_meanwhile(s->d.m->cpu);
	log_copy(s, c);
	while (y--) {
		if (!row(s, c, x, !y))
			return false;
		c->src += (uint32_t)(int32_t)over_src;
		c->dst += (uint32_t)(int32_t)over_dst;
	}
	c->len = 0;
	return true;
}
