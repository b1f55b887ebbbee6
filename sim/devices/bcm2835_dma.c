/* SPDX-License-Identifier: MIT */
/* BCM2835 DMA engine ("BCM2835 ARM Peripherals" 4): channels 0-14, control blocks in memory.
 *
 * A master of its own: it sees DRAM, by bus addresses, and neither the CPU's D-cache nor its write
 * buffer. A block takes its time, a byte an instruction (a lite channel two), and its data moves at
 * the end of it. Writes are posted: without TI.WAIT_RESP (or CS.WAIT_FOR_OUTSTANDING_WRITES) the
 * last of them reach memory some time after END and INT are up, as they may on the chip. */
#include <string.h>

#include "sim/debug/debug.h"
#include "sim/debug/misuse.h"
#include "sim/devices/bcm2835_bus.h"
#include "sim/devices/bcm2835_dma.h"
#include "sim/devices/device.h"
#include "sim/devices/lines.h"
#include "sim/machine.h"

/* Errors stop a channel and interrupt nobody. */
static void fault(struct bcm2835_channel *c, uint32_t bits)
{
	c->debug |= bits;
	c->cs &= ~CS_ACTIVE;
	c->due = NEVER;
}

static void raise_lines(struct bcm2835_dma *s)
{
	uint32_t shared = 0;

	for (uint32_t n = 0; n < CHANNELS; n++) {
		uint32_t up = (s->ch[n].cs & CS_INT) != 0;

		if (n < FIRST_SHARED)
			dev_irq_pin(s->d.irq_to, s->d.pin + n, up);
		else
			shared |= up;
	}
	dev_irq_pin(s->d.irq_to, s->d.pin + FIRST_SHARED, shared);
}

static void schedule(struct bcm2835_dma *s)
{
	uint64_t first = NEVER;

	for (uint32_t n = 0; n < CHANNELS; n++) {
		const struct bcm2835_channel *c = &s->ch[n];

		first = c->due < first ? c->due : first;
		first = c->late_bytes && c->lands < first ? c->lands : first;
	}
	dev_schedule(&s->d, first);
}

/* What was still on its way arrives. */
static void land(struct bcm2835_dma *s, struct bcm2835_channel *c)
{
	uint32_t n = c->late_bytes;

	c->late_bytes = 0;
	if (n)
		bcm2835_bus_write(s->d.m, "a DMA channel's write", c->late_bus, c->late, n);
	if (c->deferred) {
		c->cs |= c->deferred;
		c->deferred = 0;
	}
}

/* Blocks are fetched when the engine comes to them, not when their address is written. */
static void fetch(struct bcm2835_dma *s, struct bcm2835_channel *c)
{
	uint32_t w[8], at = c->conblk & ~(BLOCK_ALIGN - 1), bytes;

	if (at != c->conblk)
		misuse(s->d.m, "the control block at bus address %08x is not aligned to %u bytes",
		       c->conblk, BLOCK_ALIGN);
	if (!bcm2835_bus_read(s->d.m, "a DMA channel's control block", at, w, sizeof w)) {
		fault(c, DEBUG_READ_ERROR);
		return;
	}
	memcpy(&c->ti, w, 6 * sizeof w[0]);
	if (lite(s, c)) {
		c->ti &= ~(TI_2D | TI_SRC_IGNORE | TI_DST_IGNORE);
		c->len &= 0xffff;
		c->stride = 0;
	} else {
		c->len &= 0x3fffffff;
	}
	bytes = block_bytes(c);
	c->due = dev_now(&s->d) + FETCH_CYCLES + (lite(s, c) ? 2ull : 1ull) * bytes;
}

static void begin(struct bcm2835_dma *s, struct bcm2835_channel *c)
{
	c->due = NEVER;
	if (!(c->cs & CS_ACTIVE) || (c->debug & DEBUG_ERRORS))
		return;
	if (!c->conblk)
		c->cs &= ~CS_ACTIVE;
	else if (!(s->enable & 1u << (c - s->ch)))
		misuse(s->d.m, "DMA channel %u is off in the engine's ENABLE register",
		       (unsigned int)(c - s->ch));
	else
		fetch(s, c);
}

static void finish(struct bcm2835_dma *s, struct bcm2835_channel *c)
{
	uint32_t done = CS_END | (c->ti & TI_INTEN ? CS_INT : 0);

	c->due = NEVER;
	debug_acts_for(s->d.m, c->starter);
	if (!bcm2835_dma_copy(s, c)) {
		fault(c, DEBUG_READ_ERROR);
	} else {
		/* With the tally of CS the flags wait for the writes, ACTIVE does not (4.2.1.2) */
		if (c->late_bytes && (c->cs & CS_WAIT_WRITES))
			c->deferred |= done;
		else
			c->cs |= done;
		c->conblk = c->next;
		begin(s, c);
	}
	debug_acts_for(s->d.m, 0);
}

static void event(struct device *d)
{
	struct bcm2835_dma *s = (struct bcm2835_dma *)d;
	uint64_t now = dev_now(d);

	for (uint32_t n = 0; n < CHANNELS; n++) {
		struct bcm2835_channel *c = &s->ch[n];

		if (c->late_bytes && c->lands <= now)
			land(s, c);
		if (c->due <= now)
			finish(s, c);
	}
	raise_lines(s);
	schedule(s);
}

static void channel_reset(struct bcm2835_channel *c)
{
	uint32_t late = c->late_bytes, bus = c->late_bus;
	uint64_t lands = c->lands;
	uint8_t bytes[POSTED_BYTES];

	/* Writes that have left it are not called back */
	memcpy(bytes, c->late, sizeof bytes);
	memset(c, 0, sizeof *c);
	memcpy(c->late, bytes, sizeof bytes);
	c->late_bytes = late;
	c->late_bus = bus;
	c->lands = lands;
	c->due = NEVER;
}

static void wr_cs(struct bcm2835_dma *s, struct bcm2835_channel *c, uint32_t val)
{
	bool ran = c->due != NEVER;

	if (val & CS_RESET) {
		channel_reset(c);
		return;
	}
	c->cs &= ~(val & (CS_END | CS_INT));
	c->cs = (c->cs & ~CS_KEEPS) | (val & CS_KEEPS);
	if (val & CS_ABORT) { /* this block is over; the next one is tried */
		c->conblk = ran ? c->next : 0;
		begin(s, c);
		return;
	}
	if ((c->cs & CS_ACTIVE) && !ran) {
		c->starter = debug_here(s->d.m->cpu);
		begin(s, c);
	} else if (!(c->cs & CS_ACTIVE)) {
		c->due = NEVER; /* paused: the block begins again when it goes on */
	}
}

static void wr_channel(struct bcm2835_dma *s, uint32_t n, uint32_t off, uint32_t val)
{
	struct bcm2835_channel *c = &s->ch[n];

	if (!(ARMS_CHANNELS & 1u << n)) {
		misuse(s->d.m,
		       "DMA channel %u belongs to the firmware: the ARM's are those of mask 0x%x "
		       "(dma.dmachans=, mailbox tag 0x60001)",
		       n, ARMS_CHANNELS);
		return;
	}
	switch (off) {
	case 0x00:
		wr_cs(s, c, val);
		break;
	case 0x04:
		if (c->cs & CS_ACTIVE)
			misuse(s->d.m, "CONBLK_AD of DMA channel %u is written while it is active",
			       n);
		else
			c->conblk = val;
		break;
	case 0x1c: /* a paused channel's next block: how a chain is made longer */
		c->next = val;
		break;
	case 0x20:
		c->debug &= ~(val & DEBUG_ERRORS);
		break;
	default:
		break;
	}
}

static uint32_t rd_channel(const struct bcm2835_dma *s, uint32_t n, uint32_t off)
{
	const struct bcm2835_channel *c = &s->ch[n];
	uint32_t posted = c->late_bytes ? (c->late_bytes + 7) / 8 : 0;

	switch (off) {
	case 0x00:
		return c->cs | (c->cs & CS_ACTIVE ? 0 : CS_PAUSED) |
		       (c->late_bytes ? CS_WAITING : 0) | (c->debug & DEBUG_ERRORS ? CS_ERROR : 0);
	case 0x04:
		return c->conblk;
	case 0x08:
		return c->ti;
	case 0x0c:
		return c->src;
	case 0x10:
		return c->dst;
	case 0x14:
		return c->len;
	case 0x18:
		return c->stride;
	case 0x1c:
		return c->next;
	case 0x20:
		return c->debug | posted << 4 | n << 8 | DEBUG_VERSION |
		       (n >= FIRST_LITE ? DEBUG_LITE : 0);
	default:
		return 0;
	}
}

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct bcm2835_dma *s = (const struct bcm2835_dma *)d;
	uint32_t status = 0;

	if (off < 0x100 * CHANNELS)
		return rd_channel(s, off >> 8, off & 0xff);
	for (uint32_t n = 0; n < CHANNELS; n++)
		status |= s->ch[n].cs & CS_INT ? 1u << n : 0;
	return off == 0xfe0 ? status : off == 0xff0 ? s->enable : 0;
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_dma *s = (struct bcm2835_dma *)d;

	if (off < 0x100 * CHANNELS)
		wr_channel(s, off >> 8, off & 0xff, val);
	else if (off == 0xff0)
		s->enable = val & 0x7fff;
	raise_lines(s);
	schedule(s);
}

static void reset(struct device *d)
{
	struct bcm2835_dma *s = (struct bcm2835_dma *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	for (uint32_t n = 0; n < CHANNELS; n++)
		s->ch[n].due = NEVER;
	s->enable = 0x7fff;
}

const struct dev_ops bcm2835_dma_ops = {
	.name = "bcm2835-dma",
	.size = sizeof(struct bcm2835_dma),
	.reset = reset,
	.read = rd,
	.write = wr,
	.event = event,
};
