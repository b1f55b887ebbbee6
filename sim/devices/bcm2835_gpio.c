/* SPDX-License-Identifier: MIT */
/* BCM2835 GPIO ("BCM2835 ARM Peripherals" 6): functions and levels of 54 pins; no edges, no pulls.
 *
 * Pins 14 and 15 decide which UART has the serial line: ALT0 the PL011, ALT5 the mini UART. Behind
 * the registers, which end at 0xB0, the emulator has its own words (sim/README.md). */
#include <string.h>

#include "sim/debug/debug.h"
#include "sim/devices/device.h"
#include "sim/devices/identity.h"
#include "sim/devices/lines.h"
#include "sim/machine.h"

#define PINS	     54u
#define FUNCTIONS    6u
#define FUNCTION_OUT 1u
#define ALT0	     4u
#define ALT5	     2u
#define UART_TX	     14u
#define UART_RX	     15u

struct bcm2835_gpio {
	struct device d;
	uint32_t function[FUNCTIONS]; /* ten pins each, three bits a pin */
	uint32_t out[2];	      /* what SET and CLR left */
};

static uint32_t function(const struct bcm2835_gpio *s, uint32_t pin)
{
	return s->function[pin / 10] >> 3 * (pin % 10) & 7;
}

static struct device *device_of(const struct machine *m, const struct dev_ops *ops)
{
	for (unsigned int n = 0; n < m->ndev; n++)
		if (m->dev[n]->ops == ops)
			return m->dev[n];
	return NULL;
}

static void wire_uart(struct bcm2835_gpio *s)
{
	struct machine *m = s->d.m;
	uint32_t tx = function(s, UART_TX), rx = function(s, UART_RX);

	m->wire = NULL;
	if (tx == ALT0 && rx == ALT0)
		m->wire = device_of(m, &pl011_ops);
	else if (tx == ALT5 && rx == ALT5)
		m->wire = device_of(m, &bcm2835_aux_ops);
}

/* The pins that this device drives: bit a pin, of a bank of 32. */
static uint32_t driven(const struct bcm2835_gpio *s, uint32_t bank)
{
	uint32_t v = 0;

	for (uint32_t n = 0; n < 32 && bank * 32 + n < PINS; n++)
		v |= function(s, bank * 32 + n) == FUNCTION_OUT ? 1u << n : 0;
	return v & s->out[bank];
}

static uint32_t rd(struct device *d, uint32_t off)
{
	const struct bcm2835_gpio *s = (const struct bcm2835_gpio *)d;

	if (off < 4 * FUNCTIONS)
		return s->function[off / 4];
	if (off == 0x34 || off == 0x38)
		return driven(s, (off - 0x34) / 4);
	if (off >= LINES_FIRST && off < LINES_END)
		return lines_read(d->m, off);
	return off >= IDENTITY_FIRST ? identity_word(d->m, off) : 0;
}

/* Tells of the pins whose level is another than before. */
static void told(struct bcm2835_gpio *s, const uint32_t before[2])
{
	for (uint32_t pin = 0; pin < PINS; pin++) {
		uint32_t bit = 1u << pin % 32, now = driven(s, pin / 32) & bit;

		if ((before[pin / 32] & bit) != now)
			events_pin(s->d.m->cpu, pin, now != 0);
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_gpio *s = (struct bcm2835_gpio *)d;
	const uint32_t before[2] = {driven(s, 0), driven(s, 1)};

	if (off < 4 * FUNCTIONS) {
		s->function[off / 4] = val & 0x3fffffff;
		wire_uart(s);
	} else if (off == 0x1c || off == 0x20) {
		s->out[(off - 0x1c) / 4] |= val;
	} else if (off == 0x28 || off == 0x2c) {
		s->out[(off - 0x28) / 4] &= ~val;
	} else if (off >= LINES_FIRST && off < LINES_END) {
		lines_write(d->m, off, val);
	}
	told(s, before);
}

/* As the firmware leaves the pins of a Model B+: the PL011 has the serial line. */
static void reset(struct device *d)
{
	struct bcm2835_gpio *s = (struct bcm2835_gpio *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	s->function[1] = ALT0 << 3 * (UART_TX % 10) | ALT0 << 3 * (UART_RX % 10);
	wire_uart(s);
	d->m->words_pa = d->base + IDENTITY_FIRST;
	d->m->words_bytes = IDENTITY_END - IDENTITY_FIRST;
}

const struct dev_ops bcm2835_gpio_ops = {
	.name = "bcm2835-gpio",
	.size = sizeof(struct bcm2835_gpio),
	.reset = reset,
	.read = rd,
	.write = wr,
};
