/* SPDX-License-Identifier: MIT */
/* BCM2835 auxiliaries ("BCM2835 ARM Peripherals" 2, with the errata): the mini UART alone.
 *
 * Interrupt enables are the errata's way round: bit 0 receiver, bit 1 transmitter empty, a level
 * that is there at once. Nothing works, and every register but AUX_ENABLES reads as 0, while
 * AUX_ENABLES bit 0 is clear. */
#include <string.h>

#include "sim/debug/debug.h"
#include "sim/devices/device.h"
#include "sim/machine.h"
#include "sim/cpu/cpu.h"
#include "sim/serial.h"

#define FIFO	 8u
#define IER_RX	 1u
#define IER_TX	 2u
#define LCR_DLAB 0x80u
#define CNTL_RX	 1u
#define CNTL_TX	 2u

struct bcm2835_aux {
	struct device d;
	uint32_t enables, ier, lcr, mcr, scratch, cntl, baud;
	uint8_t fifo[FIFO];
	uint32_t count;
};

/* The transmitter is as fast as the CPU writes: its FIFO is always empty. */
static bool tx_wants(const struct bcm2835_aux *s)
{
	return s->ier & IER_TX;
}

static bool rx_wants(const struct bcm2835_aux *s)
{
	return (s->ier & IER_RX) && s->count;
}

static bool asks(const struct bcm2835_aux *s)
{
	return (s->enables & 1) && (tx_wants(s) || rx_wants(s));
}

static void update(struct bcm2835_aux *s)
{
	dev_irq(&s->d, asks(s));
}

static void take_input(struct device *d)
{
	struct bcm2835_aux *s = (struct bcm2835_aux *)d;
	int c;

	if (!(s->enables & 1) || !(s->cntl & CNTL_RX))
		return;
	while (d->m->wire == d && s->count < FIFO && (c = serial_read(d->m->serial)) >= 0)
		s->fifo[s->count++] = (uint8_t)c;
	update(s);
}

static uint32_t read_data(struct bcm2835_aux *s)
{
	uint32_t v = s->fifo[0];

	if (!s->count)
		return 0;
	memmove(s->fifo, s->fifo + 1, FIFO - 1);
	s->count--;
	take_input(&s->d);
	update(s);
	return v;
}

/* Which interrupt it is: receiver first; bit 0 clear while there is one. */
static uint32_t iir(const struct bcm2835_aux *s)
{
	return 0xc0 | (rx_wants(s) ? 4 : tx_wants(s) ? 2 : 1);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	struct bcm2835_aux *s = (struct bcm2835_aux *)d;

	if (off == 0x00)
		return asks(s);
	if (off == 0x04)
		return s->enables;
	if (!(s->enables & 1))
		return 0;
	switch (off) {
	case 0x40:
		return s->lcr & LCR_DLAB ? s->baud & 0xff : read_data(s);
	case 0x44:
		return s->lcr & LCR_DLAB ? s->baud >> 8 : s->ier;
	case 0x48:
		return iir(s);
	case 0x4c:
		return s->lcr;
	case 0x50:
		return s->mcr;
	case 0x54: /* transmitter idle and empty; a byte is there */
		return 0x60 | (s->count ? 1 : 0);
	case 0x58:
		return 0x20;
	case 0x5c:
		return s->scratch;
	case 0x60:
		return s->cntl;
	case 0x64: /* levels of both FIFOs, transmitter empty, done, idle; a byte, room */
		return s->count << 16 | 0x30e | (s->count ? 1 : 0);
	case 0x68:
		return s->baud;
	default:
		return 0;
	}
}

static void send(struct bcm2835_aux *s, uint8_t byte)
{
	if (!(s->cntl & CNTL_TX) || s->d.m->wire != &s->d)
		return;
	events_console(s->d.m->cpu, byte);
	serial_write(s->d.m->serial, byte);
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_aux *s = (struct bcm2835_aux *)d;

	if (off == 0x04)
		s->enables = val & 7;
	else if (!(s->enables & 1))
		return;
	switch (off) {
	case 0x40:
		if (s->lcr & LCR_DLAB)
			s->baud = (s->baud & 0xff00) | (val & 0xff);
		else
			send(s, (uint8_t)val);
		break;
	case 0x44:
		if (s->lcr & LCR_DLAB)
			s->baud = (s->baud & 0xff) | (val & 0xff) << 8;
		else
			s->ier = val & 0xf;
		break;
	case 0x48:
		if (val & 2)
			s->count = 0;
		break;
	case 0x4c:
		s->lcr = val & 0xff;
		break;
	case 0x50:
		s->mcr = val & 0xff;
		break;
	case 0x5c:
		s->scratch = val & 0xff;
		break;
	case 0x60:
		s->cntl = val & 0xff;
		break;
	case 0x68:
		s->baud = val & 0xffff;
		break;
	default:
		break;
	}
	take_input(d);
	update(s);
}

static void reset(struct device *d)
{
	struct bcm2835_aux *s = (struct bcm2835_aux *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	s->cntl = CNTL_RX | CNTL_TX;
}

const struct dev_ops bcm2835_aux_ops = {
	.name = "bcm2835-aux",
	.size = sizeof(struct bcm2835_aux),
	.reset = reset,
	.read = rd,
	.write = wr,
	.serial_in = take_input,
};
