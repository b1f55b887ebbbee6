/* SPDX-License-Identifier: MIT */
/* The BCM2835's DMA engine: see bcm2835_dma.h. */
#include "drivers/bcm2835_dma.h"
#include "drivers/mmio.h"
#include "lib/irqflags.h"

#define CHANNEL(c) (0x100u * (c))
#define CS	   0x00
#define CONBLK_AD  0x04
#define DEBUG	   0x20
#define ENABLE	   0xFF0 /* of the engine, a bit for each channel */

#define CS_ACTIVE	      (1u << 0)
#define CS_END		      (1u << 1) /* written 1 clears */
#define CS_INT		      (1u << 2) /* likewise */
#define CS_WAITING_FOR_WRITES (1u << 6)
#define CS_ERROR	      (1u << 8)
/* END and INT wait for the response to each write of the whole chain, not only to the last
 * block's: the data is in RAM when they come. */
#define CS_WAIT_FOR_WRITES (1u << 28)
#define CS_RESET	   (1u << 31)

#define DEBUG_ERRORS 7u /* read, FIFO, read-last-not-set; written 1 clears */
#define DEBUG_LITE   (1u << 28)

#define TI_INTEN     (1u << 0)
#define TI_WAIT_RESP (1u << 3)
#define TI_DEST_INC  (1u << 4)
#define TI_SRC_INC   (1u << 8)

/* Polls for the responses to a paused channel's last writes (Linux bcm2835_dma_abort()). */
#define PAUSE_PATIENCE 10000u

static uintptr_t reg(const struct bcm2835_dma_channel *ch, unsigned offset)
{
	return ch->dma->config.base + CHANNEL(ch->n) + offset;
}

static uint32_t rd(const struct bcm2835_dma_channel *ch, unsigned offset)
{
	return mmio_read32(reg(ch, offset));
}

static void wr(const struct bcm2835_dma_channel *ch, unsigned offset, uint32_t value)
{
	mmio_write32(reg(ch, offset), value);
}

/* ACTIVE is no sign of it (Linux bcm2835-dma.c): a channel has work as long as it has a block. */
static bool idle(const struct bcm2835_dma_channel *ch)
{
	return rd(ch, CONBLK_AD) == 0;
}

static bool failed(const struct bcm2835_dma_channel *ch)
{
	return rd(ch, CS) & CS_ERROR || rd(ch, DEBUG) & DEBUG_ERRORS;
}

/* The block register goes to 0 while the last writes are still on their way; END waits. */
static bool complete(const struct bcm2835_dma_channel *ch)
{
	return idle(ch) && rd(ch, CS) & CS_END;
}

/* Paused, so that no write of its is under way, then reset. */
static void halt(struct bcm2835_dma_channel *ch)
{
	unsigned polls = PAUSE_PATIENCE;

	wr(ch, CS, 0);
	while (rd(ch, CS) & CS_WAITING_FOR_WRITES && --polls)
		;
	wr(ch, CS, CS_RESET);
}

static void quiet(struct bcm2835_dma_channel *ch)
{
	wr(ch, CS, CS_END | CS_INT);
	/* Only what is set: QEMU's DEBUG is plain memory, in which a 1 written is an error. */
	wr(ch, DEBUG, rd(ch, DEBUG) & DEBUG_ERRORS);
}

int bcm2835_dma_init(struct bcm2835_dma *dma, const struct bcm2835_dma_config *config)
{
	uint32_t ours = config->channels & ((1u << BCM2835_DMA_CHANNELS) - 1);

	*dma = (struct bcm2835_dma){.config = *config};
	if (!ours)
		return BCM2835_DMA_E_NOCHANNEL;
	/* The engine reads a block as eight words from an address whose low five bits it takes
	 * for 0. */
	if (((uintptr_t)config->desc_cpu | config->desc_phys) & 31 || !config->desc_cpu)
		return BCM2835_DMA_E_DESC;
	for (unsigned n = 0; n < BCM2835_DMA_CHANNELS; n++)
		if (ours & 1u << n)
			dma->channel[dma->count++] =
				(struct bcm2835_dma_channel){.dma = dma, .n = n};
	dma->chain_max =
		(unsigned)(config->desc_len / sizeof(struct bcm2835_dma_block) / dma->count);
	if (dma->chain_max == 0)
		return BCM2835_DMA_E_DESC;
	mmio_write32(config->base + ENABLE, mmio_read32(config->base + ENABLE) | ours);
	for (unsigned i = 0; i < dma->count; i++) {
		struct bcm2835_dma_channel *ch = &dma->channel[i];

		if (!idle(ch))
			halt(ch);
		quiet(ch);
		ch->longest =
			rd(ch, DEBUG) & DEBUG_LITE ? BCM2835_DMA_LITE_MAX : BCM2835_DMA_FULL_MAX;
	}
	return BCM2835_DMA_OK;
}

uint32_t bcm2835_dma_longest(const struct bcm2835_dma *dma)
{
	uint32_t longest = BCM2835_DMA_FULL_MAX;

	for (unsigned i = 0; i < dma->count; i++) {
		uint64_t chain = (uint64_t)dma->channel[i].longest * dma->chain_max;

		if (chain < longest)
			longest = (uint32_t)chain;
	}
	return longest;
}

static int check(const struct bcm2835_dma_channel *ch, const struct dma_seg *segs, unsigned n)
{
	unsigned total = 0;

	if (n == 0)
		return BCM2835_DMA_E_EMPTY;
	for (unsigned i = 0; i < n; i++) {
		uint32_t last = segs[i].len - 1;

		if (segs[i].len == 0)
			return BCM2835_DMA_E_EMPTY;
		if (segs[i].len % BCM2835_DMA_MULTIPLE)
			return BCM2835_DMA_E_LENGTH;
		/* Above 1 GiB the alias's bits begin. */
		if (segs[i].dst + last < segs[i].dst || segs[i].src + last < segs[i].src ||
		    (segs[i].dst + last) >> 30 || (segs[i].src + last) >> 30)
			return BCM2835_DMA_E_RANGE;
		total += last / ch->longest + 1;
		if (total > ch->dma->chain_max)
			return BCM2835_DMA_E_CHAIN;
	}
	return BCM2835_DMA_OK;
}

/* The blocks of a list that check() has taken; returns the first one's bus address. */
static uint32_t build(const struct bcm2835_dma_channel *ch, const struct dma_seg *segs, unsigned n)
{
	const struct bcm2835_dma_config *config = &ch->dma->config;
	size_t offset = (size_t)(ch - ch->dma->channel) * ch->dma->chain_max *
			sizeof(struct bcm2835_dma_block);
	volatile struct bcm2835_dma_block *block =
		(volatile struct bcm2835_dma_block *)((uintptr_t)config->desc_cpu + offset);
	uint32_t first = (config->desc_phys + (uint32_t)offset) + config->alias, bus = first;

	for (unsigned i = 0; i < n; i++) {
		for (uint32_t at = 0, len; at < segs[i].len; at += len, block++) {
			bool last;

			len = segs[i].len - at < ch->longest ? segs[i].len - at : ch->longest;
			last = i + 1 == n && at + len == segs[i].len;
			bus += sizeof(*block);
			/* Without WAIT_RESP the end can be told while the last words are on
			 * their way: who is woken reads what was there before. */
			block->info = TI_SRC_INC | TI_DEST_INC | (last ? TI_WAIT_RESP : 0) |
				      (last && ch->done ? TI_INTEN : 0);
			block->src = segs[i].src + at + config->alias;
			block->dst = segs[i].dst + at + config->alias;
			block->len = len;
			block->stride = 0;
			block->next = last ? 0 : bus;
			block->reserved[0] = block->reserved[1] = 0;
		}
	}
	return first;
}

static int handle_of(const struct bcm2835_dma *dma, unsigned i)
{
	return (int)((dma->channel[i].generation * BCM2835_DMA_CHANNELS + i) & 0x7FFFFFFF);
}

/* The channel a live handle names, or NULL. IRQs masked. */
static struct bcm2835_dma_channel *channel_of(struct bcm2835_dma *dma, int handle)
{
	for (unsigned i = 0; i < dma->count; i++)
		if (dma->channel[i].used && handle_of(dma, i) == handle)
			return &dma->channel[i];
	return 0;
}

/* Quiets the channel and gives it back. IRQs masked. */
static void release(struct bcm2835_dma_channel *ch)
{
	if (!idle(ch)) /* stopped by an error, or to be stopped */
		halt(ch);
	quiet(ch);
	ch->used = false;
	ch->generation++;
}

static struct bcm2835_dma_channel *claim(struct bcm2835_dma *dma, bcm2835_dma_done *done, void *arg)
{
	unsigned long flags = irq_save();
	struct bcm2835_dma_channel *ch = 0;

	for (unsigned i = 0; i < dma->count && !ch; i++)
		if (!dma->channel[i].used)
			ch = &dma->channel[i];
	if (ch) {
		ch->used = true;
		ch->done = done;
		ch->arg = arg;
	}
	irq_restore(flags);
	return ch;
}

int bcm2835_dma_start(struct bcm2835_dma *dma, const struct dma_seg *segs, unsigned n,
		      bcm2835_dma_done *done, void *arg)
{
	struct bcm2835_dma_channel *ch = claim(dma, done, arg);
	int handle, status;
	uint32_t first;

	if (!ch)
		return BCM2835_DMA_E_NOCHANNEL;
	handle = handle_of(dma, (unsigned)(ch - dma->channel));
	status = check(ch, segs, n);
	if (status) {
		ch->used = false;
		return status;
	}
	first = build(ch, segs, n);
	dma->config.drain();
	quiet(ch);
	wr(ch, CONBLK_AD, first);
	ch->started = dma->config.ticks();
	wr(ch, CS, CS_WAIT_FOR_WRITES | CS_ACTIVE);
	return handle;
}

int bcm2835_dma_poll(struct bcm2835_dma *dma, int handle)
{
	unsigned long flags = irq_save();
	struct bcm2835_dma_channel *ch = channel_of(dma, handle);
	int status = BCM2835_DMA_BUSY;

	if (!ch || ch->done)
		status = BCM2835_DMA_E_HANDLE;
	else if (failed(ch))
		status = BCM2835_DMA_E_BUS;
	else if (complete(ch))
		status = BCM2835_DMA_OK;
	else if (dma->config.ticks() - ch->started > dma->config.timeout_ticks)
		status = BCM2835_DMA_E_TIMEOUT;
	if (status != BCM2835_DMA_BUSY && status != BCM2835_DMA_E_HANDLE)
		release(ch);
	irq_restore(flags);
	return status;
}

int bcm2835_dma_stop(struct bcm2835_dma *dma, int handle)
{
	unsigned long flags = irq_save();
	struct bcm2835_dma_channel *ch = channel_of(dma, handle);
	int result = BCM2835_DMA_E_HANDLE;

	if (ch) {
		result = complete(ch) && !failed(ch);
		release(ch);
	}
	irq_restore(flags);
	return result;
}

int bcm2835_dma_copy(struct bcm2835_dma *dma, uint32_t dst, uint32_t src, uint32_t len)
{
	struct dma_seg seg = {.dst = dst, .src = src, .len = len};
	int handle = bcm2835_dma_start(dma, &seg, 1, 0, 0);
	int status;

	if (handle < 0)
		return handle;
	do
		status = bcm2835_dma_poll(dma, handle);
	while (status == BCM2835_DMA_BUSY);
	return status;
}

void bcm2835_dma_irq(void *arg)
{
	struct bcm2835_dma_channel *ch = arg;
	struct bcm2835_dma_channel was = *ch;
	int status;

	if (!(rd(ch, CS) & CS_INT))
		return;
	if (!was.used || !was.done) {
		wr(ch, CS, CS_INT);
		return;
	}
	status = failed(ch) ? BCM2835_DMA_E_BUS : BCM2835_DMA_OK;
	release(ch);
	was.done(was.arg, status);
}

const char *bcm2835_dma_error(int status)
{
	switch (status) {
	case BCM2835_DMA_OK:
		return "the DMA transfer is complete";
	case BCM2835_DMA_BUSY:
		return "the DMA transfer is under way";
	case BCM2835_DMA_E_EMPTY:
		return "nothing to copy: a DMA list needs a piece, and a piece a byte, at least";
	case BCM2835_DMA_E_RANGE:
		return "a DMA piece runs past 0x40000000, the end of what the engine has of RAM";
	case BCM2835_DMA_E_CHAIN:
		return "a DMA list needs more control blocks than a channel has; split it";
	case BCM2835_DMA_E_NOCHANNEL:
		return "no DMA channel is free, or the firmware leaves none of 0 to 10 to the ARM";
	case BCM2835_DMA_E_BUS:
		return "the DMA engine met a bus error; is every address memory?";
	case BCM2835_DMA_E_TIMEOUT:
		return "the DMA transfer took too long and was stopped";
	case BCM2835_DMA_E_HANDLE:
		return "this DMA handle has ended, or reports by its callback";
	case BCM2835_DMA_E_DESC:
		return "DMA control blocks must be 32-byte aligned, with one for each channel";
	case BCM2835_DMA_E_LENGTH:
		return "a DMA length must be a multiple of 4";
	default:
		return "not a DMA status";
	}
}
