/* SPDX-License-Identifier: MIT */
/* The PL011 UART: see pl011.h. Register and bit names are those of ARM DDI0183. */
#include "drivers/mmio.h"
#include "drivers/pl011.h"

#define DR   0x00
#define FR   0x18
#define IBRD 0x24
#define FBRD 0x28
#define LCRH 0x2C
#define CR   0x30
#define IFLS 0x34
#define IMSC 0x38
#define MIS  0x40
#define ICR  0x44

#define DR_OVERRUN (1u << 11)
#define FR_BUSY	   (1u << 3)
#define FR_RXFE	   (1u << 4)
#define FR_TXFF	   (1u << 5)
#define LCRH_8N1   (3u << 5)
#define LCRH_FEN   (1u << 4)
#define CR_UARTEN  (1u << 0)
#define CR_TXE	   (1u << 8)
#define CR_RXE	   (1u << 9)
#define INT_RX	   (1u << 4)
#define INT_RT	   (1u << 6) /* some bytes below the trigger level, then silence */

/* Polls of FR before the UART counts as stuck. A poll is a bus read of no less than some
 * 30 ns; a byte at 9600 baud takes 1 ms. */
#define PATIENCE 1000000u

static uint32_t rd(const struct pl011 *uart, unsigned reg)
{
	return mmio_read32(uart->base + reg);
}

static void wr(const struct pl011 *uart, unsigned reg, uint32_t value)
{
	mmio_write32(uart->base + reg, value);
}

static bool wait_clear(const struct pl011 *uart, uint32_t flag, uint32_t polls)
{
	while (rd(uart, FR) & flag)
		if (polls-- == 0)
			return false;
	return true;
}

void pl011_init(struct pl011 *uart, uintptr_t base, uint32_t clock_hz, uint32_t baud)
{
	uint32_t cr;

	*uart = (struct pl011){.base = base};
	wr(uart, IMSC, 0);

	cr = rd(uart, CR);
	if (!(cr & CR_UARTEN) || rd(uart, IBRD) == 0) {
		/* Divisor in 1/64: clock / (16 * baud), rounded (DDI0183 3.3.6). */
		uint32_t div = (uint32_t)(((uint64_t)clock_hz * 4 + baud / 2) / baud);

		wr(uart, IBRD, div >> 6);
		wr(uart, FBRD, div & 63);
	}
	/* Reprogramming while a byte is on the wire cuts it short (DDI0183 3.3.8): the
	 * loader's last character would come out as rubbish. */
	wait_clear(uart, FR_BUSY, PATIENCE);
	wr(uart, CR, cr & ~CR_UARTEN);
	wr(uart, LCRH, LCRH_8N1); /* FIFOs off empties them */
	/* This write also latches IBRD and FBRD: without it the new rate has no effect
	 * (DDI0183 3.3.7). */
	wr(uart, LCRH, LCRH_8N1 | LCRH_FEN);
	wr(uart, IFLS, 0); /* interrupt from 1/8 full: most time left before an overrun */
	wr(uart, ICR, 0x7FF);
	wr(uart, CR, cr | CR_UARTEN | CR_TXE | CR_RXE); /* the loader's RTS, DTR stay */
}

void pl011_putc(struct pl011 *uart, uint8_t c)
{
	uart->stuck = !wait_clear(uart, FR_TXFF, uart->stuck ? 0 : PATIENCE);
	if (!uart->stuck)
		wr(uart, DR, c);
}

void pl011_flush(struct pl011 *uart)
{
	wait_clear(uart, FR_BUSY, PATIENCE);
}

static bool ring_full(const struct pl011 *uart)
{
	return uart->in - uart->out == PL011_RING;
}

/* Moves received bytes into the ring. The only writer of the ring: runs in the interrupt
 * handler, or in getc with the UART's interrupt masked. */
static void pump(struct pl011 *uart)
{
	while (!ring_full(uart) && !(rd(uart, FR) & FR_RXFE)) {
		uint32_t data = rd(uart, DR);

		if (data & DR_OVERRUN)
			uart->overruns++;
		uart->ring[uart->in % PL011_RING] = (uint8_t)data;
		uart->in++;
	}
}

int pl011_getc(struct pl011 *uart)
{
	int c;

	if (uart->in == uart->out) {
		/* The interrupt may be unable to come (IRQs masked, panic), so look into the
		 * FIFO too; masked, because the handler must not pump in between. */
		wr(uart, IMSC, 0);
		pump(uart);
	}
	c = uart->in == uart->out ? -1 : uart->ring[uart->out % PL011_RING];
	if (c >= 0)
		uart->out++;
	if (uart->rx_irq) /* also after the handler gave up on a full ring */
		wr(uart, IMSC, INT_RX | INT_RT);
	return c;
}

void pl011_rx_enable(struct pl011 *uart, void (*on_rx)(void))
{
	uart->on_rx = on_rx;
	uart->rx_irq = true;
	wr(uart, IMSC, INT_RX | INT_RT);
}

void pl011_irq(void *arg)
{
	struct pl011 *uart = arg;
	uint32_t before = uart->in;

	/* Clear first: a byte that arrives after the pump's last look sets the interrupt
	 * again; cleared afterwards, it would sit in the FIFO until the next one came. */
	wr(uart, ICR, rd(uart, MIS));
	pump(uart);
	if (ring_full(uart))
		wr(uart, IMSC, 0); /* else the level stays up and nothing else ever runs */
	if (uart->in != before && uart->on_rx)
		uart->on_rx();
}
