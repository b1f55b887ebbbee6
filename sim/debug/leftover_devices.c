/* SPDX-License-Identifier: MIT */
/* Devices as a loader leaves them that jumps out of its interrupt handler (--entry on): every line
 * on and asserted, four priorities in service, one line routed to FIQ, timers that ring each
 * microsecond, a UART and a DMA engine with interrupts of their own. All of it by the registers
 * that such a loader would have used. */
#include "sim/debug/leftover.h"

#include <string.h>

#include "sim/devices/device.h"
#include "sim/machine.h"
#include "sim/options.h"

#define LINE_SOFT    1u /* no device: the default vector's */
#define LINE_TIMER01 4u
#define LINE_TIMER23 5u
#define LINE_UART0   12u
#define LINE_DMA     17u
#define LINE_PI_UART 57u

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	d->ops->write(d, off, val);
}

static void vector(struct device *vic, uint32_t slot, uint32_t line)
{
	wr(vic, 0x100 + 4 * slot, 0xdead0000 + slot);
	wr(vic, 0x200 + 4 * slot, 0x20 | line);
}

/* Raises a line and takes it, as a handler does that reads the vector's address. */
static void serve(struct device *vic, uint32_t line)
{
	wr(vic, 0x18, 1u << line);
	vic->ops->read(vic, 0x30);
}

static void vic_in_service(struct device *vic)
{
	vector(vic, 0, LINE_DMA);
	vector(vic, 3, LINE_UART0);
	vector(vic, 15, LINE_TIMER01);
	wr(vic, 0x10, ~0u);
	serve(vic, LINE_SOFT); /* each interrupts the one before */
	serve(vic, LINE_TIMER01);
	serve(vic, LINE_UART0);
	serve(vic, LINE_DMA);
	wr(vic, 0x0c, 1u << LINE_TIMER23);
}

static void timers_ring(struct device *timer)
{
	for (uint32_t half = 0; half < 0x40; half += 0x20) {
		wr(timer, half + 0x00, 1);
		wr(timer, half + 0x08, 0xe2); /* on, periodic, interrupt, 32 bits */
	}
}

static void uart_listens(struct device *uart)
{
	wr(uart, 0x24, 13); /* 115,200 baud of 24 MHz */
	wr(uart, 0x28, 1);
	wr(uart, 0x2c, 0x70);
	wr(uart, 0x30, 0xf01);
	wr(uart, 0x38, 0x7ff);
}

/* One channel has ended and one has met an error; nobody has acknowledged either. */
static void dma_has_ended(struct device *dma)
{
	uint32_t word = dma->m->ram_base + dma->m->arm_ram - 4;
	const uint32_t one_word = 1 | 2u << 18 | 2u << 21 | 1u << 31;

	wr(dma, 0x30, 1);
	for (uint32_t channel = 0; channel < 2; channel++) {
		uint32_t base = 0x100 + 0x20 * channel;

		wr(dma, base + 0x00, word + channel); /* not aligned: an error */
		wr(dma, base + 0x04, word);
		wr(dma, base + 0x08, 0);
		wr(dma, base + 0x0c, one_word);
		wr(dma, base + 0x10, 0xc001); /* on, both interrupts */
	}
}

static void sic_passes_on(struct device *sic)
{
	wr(sic, 0x08, ~0u);
	wr(sic, 0x20, ~0u); /* lines 21..30 straight to the primary as well */
	wr(sic, 0x10, 1);
}

/* Everything on, and the UART's line as FIQ. */
static void ic_lets_all_through(struct device *ic)
{
	for (uint32_t off = 0x10; off <= 0x18; off += 4)
		wr(ic, off, ~0u);
	wr(ic, 0x0c, 0x80 | LINE_PI_UART);
}

/* Both of the ARM's compares match in the image's first microseconds. */
static void compares_ring(struct device *timer)
{
	wr(timer, 0x10, 1);
	wr(timer, 0x18, 2);
}

/* The mini UART's transmitter asks for bytes. */
static void aux_asks(struct device *aux)
{
	wr(aux, 0x04, 1);
	wr(aux, 0x44, 3);
}

/* Two channels, whose blocks move nothing, end in the image's first microseconds. */
static void channels_have_ended(struct device *dma)
{
	static const uint32_t block[8] = {1 | 1u << 3 | 1u << 7 | 1u << 11, 0, 0, 4, 0, 0, 0, 0};
	uint32_t at = dma->m->arm_ram - 64, bus = at | dma->m->opt->alias << 30;

	memcpy(dma->m->ram + at, block, sizeof block);
	for (uint32_t channel = 4; channel <= 5; channel++) {
		wr(dma, channel << 8 | 4, bus);
		wr(dma, channel << 8, 1);
	}
}

void leftover_devices(struct machine *m)
{
	static const struct {
		const struct dev_ops *ops;
		void (*leave)(struct device *d);
	} kinds[] = {{&pl190_ops, vic_in_service},
		     {&sp804_ops, timers_ring},
		     {&pl011_ops, uart_listens},
		     {&pl080_ops, dma_has_ended},
		     {&sic_ops, sic_passes_on},
		     {&bcm2835_ic_ops, ic_lets_all_through},
		     {&bcm2835_systimer_ops, compares_ring},
		     {&bcm2835_aux_ops, aux_asks},
		     {&bcm2835_dma_ops, channels_have_ended}};

	for (unsigned int k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (unsigned int n = 0; n < m->ndev; n++)
			if (m->dev[n]->ops == kinds[k].ops)
				kinds[k].leave(m->dev[n]);
}
