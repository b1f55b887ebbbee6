/* SPDX-License-Identifier: MIT */
/* The DMA engine on this board, and the check that it sees RAM where the ARM does. */
#include "boards/board_api.h"
#include "boards/raspi/raspi.h"

#include <stdio.h>

#include "boards/raspi/board.h"

#include "drivers/bcm2835_dma.h"
#include "drivers/bcm2835_timer.h"
#include "drivers/irq.h"

#define E_ALIAS (-50)

/* Of the descriptor page, for the check: never cached, so always as in RAM. */
#define CHECK_WORDS 8u
#define CHECK_BYTES (2 * CHECK_WORDS * 4)

_Static_assert(BOARD_DMA_BUSY == BCM2835_DMA_BUSY, "board_dma statuses are the engine's");

static struct bcm2835_dma dma;
static int not_usable; /* a negative status */
static char alias_error[200];

static uint32_t ticks(void)
{
	return bcm2835_timer_now(IO_VA(TIMER_PA));
}

static bool seen_through(uint32_t alias, uint32_t pattern)
{
	size_t at = dma.config.desc_len; /* the blocks end here */
	volatile uint32_t *src = (volatile uint32_t *)((uintptr_t)dma.config.desc_cpu + at);
	volatile uint32_t *dst = src + CHECK_WORDS;
	uint32_t phys = dma.config.desc_phys + (uint32_t)at;
	bool same = true;

	for (uint32_t i = 0; i < CHECK_WORDS; i++) {
		src[i] = pattern + i;
		dst[i] = ~(pattern + i);
	}
	dma.config.alias = alias;
	if (bcm2835_dma_copy(&dma, phys + CHECK_WORDS * 4, phys, CHECK_WORDS * 4))
		return false;
	for (uint32_t i = 0; i < CHECK_WORDS; i++)
		same = same && dst[i] == pattern + i;
	return same;
}

/* 0, or E_ALIAS with alias_error telling which one would do. */
static int check_alias(void)
{
	static const uint32_t all[] = {0x40000000, 0xC0000000, 0x80000000, 0x00000000};
	uint32_t pattern = ticks() << 4; /* another one at each boot: what is stale is not it */

	if (seen_through(BOARD_DMA_ALIAS, pattern))
		return 0;
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		pattern += 0x01010100;
		if (all[i] == BOARD_DMA_ALIAS || !seen_through(all[i], pattern))
			continue;
		snprintf(alias_error, sizeof(alias_error),
			 "a copy through bus alias 0x%08lx is not seen by the ARM, one through "
			 "0x%08lx is: BOARD_DMA_ALIAS in boards/raspi/board.h must be that",
			 (unsigned long)BOARD_DMA_ALIAS, (unsigned long)all[i]);
		return E_ALIAS;
	}
	snprintf(alias_error, sizeof(alias_error),
		 "a copy is not seen by the ARM through any bus alias, 0x%08lx or another",
		 (unsigned long)BOARD_DMA_ALIAS);
	return E_ALIAS;
}

static void print_channels(void)
{
	printf("DMA: channel");
	for (unsigned i = 0; i < dma.count; i++)
		printf(" %u", dma.channel[i].n);
	printf(", bus alias 0x%08lx: a copy is seen through it\n", (unsigned long)BOARD_DMA_ALIAS);
}

int board_dma_init(void *desc_cpu, uint32_t desc_bus, size_t desc_len, void (*drain)(void))
{
	struct bcm2835_dma_config config = {
		.base = IO_VA(DMA_PA),
		.channels = raspi_firmware.dma_channels,
		.alias = BOARD_DMA_ALIAS,
		.desc_cpu = desc_cpu,
		.desc_phys = desc_bus,
		.desc_len = desc_len - CHECK_BYTES,
		.drain = drain,
		.ticks = ticks,
		.timeout_ticks = BCM2835_TIMER_HZ, /* 1 s, for at most some hundred KiB */
	};

	for (unsigned i = 0; i < dma.count; i++)
		irq_unregister(IRQ_DMA(dma.channel[i].n));
	not_usable = bcm2835_dma_init(&dma, &config);
	if (not_usable)
		return not_usable;
	for (unsigned i = 0; i < dma.count; i++)
		irq_register(IRQ_DMA(dma.channel[i].n), bcm2835_dma_irq, &dma.channel[i]);
	not_usable = check_alias();
	if (!not_usable)
		print_channels();
	return not_usable;
}

struct board_dma_limits board_dma_limits(void)
{
	return (struct board_dma_limits){.least = BCM2835_DMA_MULTIPLE,
					 .multiple = BCM2835_DMA_MULTIPLE,
					 .align = 1,
					 .longest = bcm2835_dma_longest(&dma)};
}

int board_dma_start(const struct dma_seg *segs, unsigned n, void (*done)(void *arg, int status),
		    void *arg)
{
	return not_usable ? not_usable : bcm2835_dma_start(&dma, segs, n, done, arg);
}

int board_dma_poll(int handle)
{
	return bcm2835_dma_poll(&dma, handle);
}

int board_dma_stop(int handle)
{
	return bcm2835_dma_stop(&dma, handle);
}

int board_dma_copy_poll(uint32_t dst, uint32_t src, uint32_t len)
{
	return not_usable ? not_usable : bcm2835_dma_copy(&dma, dst, src, len);
}

const char *board_dma_error(int status)
{
	return status == E_ALIAS ? alias_error : bcm2835_dma_error(status);
}
