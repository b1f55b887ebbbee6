/* SPDX-License-Identifier: MIT */
/* The PL080 and PL081: see pl080.h. Register names are those of ARM DDI0196. */
#include "drivers/mmio.h"
#include "drivers/pl080.h"
#include "lib/irqflags.h"

#define INT_TC_STATUS	 0x004
#define INT_TC_CLEAR	 0x008
#define INT_ERROR_STATUS 0x00C
#define INT_ERR_CLEAR	 0x010
#define RAW_INT_ERROR	 0x018
#define ENBLD_CHNS	 0x01C
#define CONFIGURATION	 0x030
#define SYNC		 0x034
#define PERIPH_ID0	 0xFE0
#define PERIPH_ID1	 0xFE4

#define CHANNEL(c) (0x100u + 0x20u * (c))
#define C_SRC	   0x00
#define C_DST	   0x04
#define C_LLI	   0x08
#define C_CONTROL  0x0C
#define C_CONFIG   0x10

#define CONFIG_E 1u /* on; both masters little-endian */

#define CTRL_BURST_4  (1u << 12 | 1u << 15) /* source and destination: the FIFO's depth */
#define CTRL_WIDTH_32 (2u << 18 | 2u << 21) /* else 8 bits */
#define CTRL_SI	      (1u << 26)
#define CTRL_DI	      (1u << 27)
#define CTRL_I	      (1u << 31)

#define CCFG_E	 (1u << 0) /* flow control 000: memory to memory, the DMAC counts */
#define CCFG_IE	 (1u << 14)
#define CCFG_ITC (1u << 15)
#define CCFG_A	 (1u << 17)
#define CCFG_H	 (1u << 18)

/* Polls for a halted channel's FIFO to run empty: four words. */
#define HALT_PATIENCE 10000u

static uint32_t rd(const struct pl080 *dma, unsigned reg)
{
	return mmio_read32(dma->config.base + reg);
}

static void wr(const struct pl080 *dma, unsigned reg, uint32_t value)
{
	mmio_write32(dma->config.base + reg, value);
}

int pl080_init(struct pl080 *dma, const struct pl080_config *config)
{
	*dma = (struct pl080){.config = *config};
	if ((rd(dma, PERIPH_ID0) & 0xFE) != 0x80 || (rd(dma, PERIPH_ID1) & 0x0F) != 0)
		return PL080_E_ID;
	/* Bit 0 of an LLI address chooses the bus master and bit 1 is reserved; with whole
	 * 16 bytes a descriptor also never straddles a 1 KB boundary, which an AHB burst may
	 * not cross. (Bit 0 set crashes QEMU.) */
	if (((uintptr_t)config->desc_cpu | config->desc_bus) & 15 || config->channels == 0 ||
	    config->channels > PL080_CHANNELS || (!config->desc_cpu && config->desc_len))
		return PL080_E_DESC;
	dma->chain_max = (unsigned)(config->desc_len / sizeof(struct pl080_lli) / config->channels);

	for (unsigned c = 0; c < config->channels; c++)
		wr(dma, CHANNEL(c) + C_CONFIG, 0);
	wr(dma, INT_TC_CLEAR, 0xFF);
	wr(dma, INT_ERR_CLEAR, 0xFF);
	/* On once and left on: switching it off to start a channel would cut the others. */
	wr(dma, CONFIGURATION, CONFIG_E);
	return PL080_OK;
}

uint32_t pl080_longest(const struct pl080 *dma)
{
	return (dma->chain_max + 1) * PL080_MAX_ELEMENTS; /* of a byte each, at the worst */
}

static uint32_t width_of(const struct dma_seg *seg)
{
	return (seg->dst | seg->src | seg->len) & 3 ? 1 : 4;
}

int pl080_build(struct pl080_lli *first, volatile struct pl080_lli *chain, uint32_t chain_bus,
		unsigned max, const struct dma_seg *segs, unsigned n)
{
	unsigned total = 0, made = 0;

	if (n == 0)
		return PL080_E_EMPTY;
	for (unsigned i = 0; i < n; i++) {
		const struct dma_seg *seg = &segs[i];
		uint32_t last = seg->len - 1;

		/* A count of 0 is no transfer at all: the channel would stay on for ever. */
		if (seg->len == 0)
			return PL080_E_EMPTY;
		if (seg->dst + last < seg->dst || seg->src + last < seg->src)
			return PL080_E_RANGE;
		total += (seg->len / width_of(seg) + PL080_MAX_ELEMENTS - 1) / PL080_MAX_ELEMENTS;
		if (total > max + 1)
			return PL080_E_CHAIN;
	}

	for (unsigned i = 0; i < n; i++) {
		uint32_t width = width_of(&segs[i]);

		for (uint32_t at = 0; at < segs[i].len; made++) {
			uint32_t left = (segs[i].len - at) / width;
			uint32_t elements = left < PL080_MAX_ELEMENTS ? left : PL080_MAX_ELEMENTS;
			bool more = made + 1 < total;
			struct pl080_lli d = {
				.src = segs[i].src + at,
				.dst = segs[i].dst + at,
				.next = more ? chain_bus + made * (uint32_t)sizeof(d) : 0,
				/* Equal widths always: a mixed pair corrupts in QEMU and buys
				 * nothing on silicon. Protection bits 0, so not bufferable:
				 * the interrupt comes after the data is in memory, not after a
				 * bridge has taken it. */
				.ctrl = elements | CTRL_BURST_4 | CTRL_SI | CTRL_DI |
					(width == 4 ? CTRL_WIDTH_32 : 0) | (more ? 0 : CTRL_I),
			};

			if (made == 0) {
				*first = d;
			} else {
				chain[made - 1].src = d.src;
				chain[made - 1].dst = d.dst;
				chain[made - 1].next = d.next;
				chain[made - 1].ctrl = d.ctrl;
			}
			at += elements * width;
		}
	}
	return (int)total;
}

static int handle_of(const struct pl080 *dma, unsigned c)
{
	return (int)((dma->channel[c].generation * PL080_CHANNELS + c) & 0x7FFFFFFF);
}

/* The channel a live handle names, or NULL. IRQs masked. */
static struct pl080_channel *channel_of(struct pl080 *dma, int handle, unsigned *c)
{
	*c = (unsigned)handle % PL080_CHANNELS;
	if (handle < 0 || *c >= dma->config.channels || !dma->channel[*c].used ||
	    handle_of(dma, *c) != handle)
		return 0;
	return &dma->channel[*c];
}

/* Quiets the channel and gives it back. IRQs masked. */
static void release(struct pl080 *dma, unsigned c)
{
	wr(dma, CHANNEL(c) + C_CONFIG, 0);
	wr(dma, INT_TC_CLEAR, 1u << c);
	wr(dma, INT_ERR_CLEAR, 1u << c);
	dma->channel[c].used = false;
	dma->channel[c].generation++;
}

static int claim(struct pl080 *dma, pl080_done *done, void *arg)
{
	unsigned long flags = irq_save();
	int c = PL080_E_NOCHANNEL;

	for (unsigned i = 0; i < dma->config.channels; i++) {
		if (dma->channel[i].used)
			continue;
		dma->channel[i].used = true;
		dma->channel[i].done = done;
		dma->channel[i].arg = arg;
		c = (int)i;
		break;
	}
	irq_restore(flags);
	return c;
}

int pl080_start(struct pl080 *dma, const struct dma_seg *segs, unsigned n, pl080_done *done,
		void *arg)
{
	int c = claim(dma, done, arg);
	int handle, made;
	struct pl080_lli first;
	size_t offset;

	if (c < 0)
		return c;
	handle = handle_of(dma, (unsigned)c);
	offset = (size_t)c * dma->chain_max * sizeof(first);
	made = pl080_build(&first,
			   (volatile struct pl080_lli *)((uintptr_t)dma->config.desc_cpu + offset),
			   dma->config.desc_bus + (uint32_t)offset, dma->chain_max, segs, n);
	if (made < 0) {
		unsigned long flags = irq_save();

		release(dma, (unsigned)c);
		irq_restore(flags);
		return made;
	}
	dma->config.drain();

	/* The order of DDI0196, "Programming a DMA channel". */
	wr(dma, INT_TC_CLEAR, 1u << c);
	wr(dma, INT_ERR_CLEAR, 1u << c);
	wr(dma, CHANNEL(c) + C_SRC, first.src);
	wr(dma, CHANNEL(c) + C_DST, first.dst);
	wr(dma, CHANNEL(c) + C_LLI, first.next);
	wr(dma, CHANNEL(c) + C_CONTROL, first.ctrl);
	dma->channel[c].started = dma->config.ticks();
	wr(dma, CHANNEL(c) + C_CONFIG, done ? CCFG_E | CCFG_IE | CCFG_ITC : CCFG_E);
	/* QEMU only: it moves all the data inside the write above but leaves the interrupt
	 * line as it was until some other register is written. On silicon this writes back
	 * what is there. */
	wr(dma, SYNC, rd(dma, SYNC));
	return handle;
}

static bool complete(const struct pl080 *dma, unsigned c)
{
	return !(rd(dma, ENBLD_CHNS) & 1u << c);
}

/* Halt, let the FIFO run empty, then disable: DDI0196, "Disabling a DMA channel
 * without losing data". Cleared E alone drops what was read but not yet written. QEMU is
 * never active here. */
static void halt(struct pl080 *dma, unsigned c)
{
	unsigned polls = HALT_PATIENCE;

	wr(dma, CHANNEL(c) + C_CONFIG, CCFG_E | CCFG_H);
	while (rd(dma, CHANNEL(c) + C_CONFIG) & CCFG_A && --polls)
		;
}

int pl080_poll(struct pl080 *dma, int handle)
{
	unsigned long flags = irq_save();
	int status = PL080_BUSY;
	unsigned c;
	struct pl080_channel *channel = channel_of(dma, handle, &c);

	if (!channel || channel->done) {
		irq_restore(flags);
		return PL080_E_HANDLE;
	}
	/* The error first: it switches the channel off as well. */
	if (complete(dma, c)) {
		status = rd(dma, RAW_INT_ERROR) & 1u << c ? PL080_E_BUS : PL080_OK;
	} else if (dma->config.ticks() - channel->started > dma->config.timeout_ticks) {
		halt(dma, c);
		status = PL080_E_TIMEOUT;
	}
	if (status != PL080_BUSY)
		release(dma, c);
	irq_restore(flags);
	return status;
}

int pl080_stop(struct pl080 *dma, int handle)
{
	unsigned long flags = irq_save();
	unsigned c;
	int result = PL080_E_HANDLE;

	if (channel_of(dma, handle, &c)) {
		result = complete(dma, c) && !(rd(dma, RAW_INT_ERROR) & 1u << c);
		if (!result)
			halt(dma, c);
		release(dma, c);
	}
	irq_restore(flags);
	return result;
}

int pl080_copy(struct pl080 *dma, uint32_t dst, uint32_t src, uint32_t len)
{
	struct dma_seg seg = {.dst = dst, .src = src, .len = len};
	int handle = pl080_start(dma, &seg, 1, 0, 0);
	int status;

	if (handle < 0)
		return handle;
	do
		status = pl080_poll(dma, handle);
	while (status == PL080_BUSY);
	return status;
}

void pl080_irq(void *arg)
{
	struct pl080 *dma = arg;
	uint32_t error = rd(dma, INT_ERROR_STATUS);
	uint32_t ended = rd(dma, INT_TC_STATUS) | error;

	for (unsigned c = 0; c < dma->config.channels; c++) {
		struct pl080_channel was = dma->channel[c];

		if (!(ended & 1u << c))
			continue;
		release(dma, c);
		if (was.used && was.done)
			was.done(was.arg, error & 1u << c ? PL080_E_BUS : PL080_OK);
	}
}

const char *pl080_error(int status)
{
	switch (status) {
	case PL080_OK:
		return "the DMA transfer is complete";
	case PL080_BUSY:
		return "the DMA transfer is under way";
	case PL080_E_EMPTY:
		return "nothing to copy: a DMA list needs a piece, and a piece a byte, at least";
	case PL080_E_RANGE:
		return "a DMA piece runs past the end of the 32-bit address space";
	case PL080_E_CHAIN:
		return "a DMA list needs more descriptors than a channel has; split it";
	case PL080_E_NOCHANNEL:
		return "all DMA channels are in use; try again when a transfer has ended";
	case PL080_E_BUS:
		return "the DMA controller met a bus error; is every address memory?";
	case PL080_E_TIMEOUT:
		return "the DMA transfer took too long and was stopped";
	case PL080_E_HANDLE:
		return "this DMA handle has ended, or reports by its callback";
	case PL080_E_DESC:
		return "DMA descriptor memory must be 16-byte aligned, channels 1 to 8";
	case PL080_E_ID:
		return "there is no PL080 or PL081 at this address";
	default:
		return "not a DMA status";
	}
}
