/* SPDX-License-Identifier: MIT */
/* PL011 UART (DDI0183G). The transmitter is as fast as the CPU writes. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/misuse.h"
#include "sim/devices/device.h"
#include "sim/machine.h"
#include "sim/serial.h"

#define FIFO	   16u
#define CR_ON	   0x201u /* UART and receiver enabled */
#define LISTENS_AT 115200u
#define INT_RX	   0x10u
#define INT_TX	   0x20u
#define INT_RT	   0x40u

struct pl011 {
	struct device d;
	uint32_t ris, imsc, lcr, cr, ibrd, fbrd, ifls, dmacr, rsr, ilpr;
	uint8_t fifo[FIFO];
	uint32_t count;
	uint64_t used_cycle, used_insns; /* when a byte last went either way */
	uint64_t looks;			 /* at the empty receiver since then */
};

#define STARVED_CYCLES (CYCLES_PER_US * 60000000ull) /* a minute of virtual time */
#define STARVED_LOOKS  10000000ull

static void update(struct pl011 *u)
{
	dev_irq(&u->d, (u->ris & u->imsc) != 0);
}

static uint32_t depth(const struct pl011 *u)
{
	return u->lcr & 0x10 ? FIFO : 1;
}

static void take_input(struct device *d)
{
	struct pl011 *u = (struct pl011 *)d;
	int c;

	if ((u->cr & CR_ON) != CR_ON) /* a disabled receiver takes nothing; the host keeps it */
		return;
	while (d->m->wire == d && u->count < depth(u) && (c = serial_read(d->m->serial)) >= 0) {
		u->fifo[u->count++] = (uint8_t)c;
		u->ris |= INT_RX | INT_RT;
	}
	update(u);
}

static void used(struct pl011 *u)
{
	u->used_cycle = dev_now(&u->d);
	u->used_insns = u->d.m->cpu->insns;
	u->looks = 0;
}

/* The image has asked for bytes by unmasking the receiver's interrupt, and since the last byte
 * it has slept, but for its ticks; or it has looked at the empty receiver and done nothing else
 * that shows, millions of times. */
static bool starves(const struct device *d, bool asleep)
{
	const struct pl011 *u = (const struct pl011 *)d;
	const struct cpu *c = d->m->cpu;
	uint64_t cycles = c->cycles - u->used_cycle, insns = c->insns - u->used_insns;

	if ((u->cr & CR_ON) != CR_ON || u->count)
		return false;
	if (u->looks >= STARVED_LOOKS)
		return true;
	if (!(u->imsc & (INT_RX | INT_RT)))
		return false;
	return asleep || (cycles >= STARVED_CYCLES && insns < cycles / 1000);
}

static uint32_t read_data(struct pl011 *u)
{
	uint32_t v = u->fifo[0];

	if (!u->count) {
		u->looks++;
		return 0;
	}
	used(u);
	memmove(u->fifo, u->fifo + 1, FIFO - 1);
	if (--u->count == 0)
		u->ris &= ~(INT_RX | INT_RT);
	take_input(&u->d);
	return v;
}

static uint32_t rd(struct device *d, uint32_t off)
{
	static const uint8_t id[8] = {0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
	struct pl011 *u = (struct pl011 *)d;

	if (off >= 0xfe0 && off < 0x1000)
		return primecell_id(id, off);
	switch (off) {
	case 0x00:
		return read_data(u);
	case 0x04:
		return u->rsr;
	case 0x18: /* TX empty; RX empty or full */
		u->looks += !u->count;
		return 0x80u | (u->count ? 0 : 0x10u) | (u->count == depth(u) ? 0x40u : 0);
	case 0x20:
		return u->ilpr;
	case 0x24:
		return u->ibrd;
	case 0x28:
		return u->fbrd;
	case 0x2c:
		return u->lcr;
	case 0x30:
		return u->cr;
	case 0x34:
		return u->ifls;
	case 0x38:
		return u->imsc;
	case 0x3c:
		return u->ris;
	case 0x40:
		return u->ris & u->imsc;
	case 0x48:
		return u->dmacr;
	default:
		return 0;
	}
}

/* Who listens does so at 115,200 baud. A rate too far from it is garbage on a board and nothing to
 * an emulator, so it is said; the image whose loader set the rate has not touched it. */
static void judge_rate(const struct pl011 *u)
{
	struct machine *m = u->d.m;
	uint32_t divisor = u->ibrd * 64 + u->fbrd, baud;

	baud = divisor ? (uint32_t)(m->board->uart_clock * 4ull / divisor) : LISTENS_AT;
	if (m->board->uart_clock && baud - (LISTENS_AT - LISTENS_AT / 32) > LISTENS_AT / 16)
		misuse(m,
		       "the PL011 sends at %u baud by its clock of %u Hz, and %u is what a "
		       "terminal has: ask the firmware for the clock (mailbox tag 0x30002)",
		       baud, m->board->uart_clock, LISTENS_AT);
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct pl011 *u = (struct pl011 *)d;

	switch (off) {
	case 0x00:
		judge_rate(u);
		events_console(d->m->cpu, (uint8_t)val);
		if (d->m->wire == d)
			serial_write(d->m->serial, (uint8_t)val);
		u->ris |= INT_TX;
		used(u);
		break;
	case 0x04:
		u->rsr = 0;
		break;
	case 0x20:
		u->ilpr = val & 0xff;
		break;
	case 0x24:
		u->ibrd = val & 0xffff;
		break;
	case 0x28:
		u->fbrd = val & 0x3f;
		break;
	case 0x2c:
		if ((u->lcr ^ val) & 0x10) /* FIFO on or off: it starts empty */
			u->count = 0;
		u->lcr = val & 0xff;
		break;
	case 0x30:
		u->cr = val & 0xffff;
		take_input(d);
		break;
	case 0x34:
		u->ifls = val & 0x3f;
		break;
	case 0x38:
		u->imsc = val & 0x7ff;
		break;
	case 0x44:
		u->ris &= ~val;
		break;
	case 0x48:
		u->dmacr = val & 7;
		break;
	default:
		break;
	}
	update(u);
}

static void reset(struct device *d)
{
	struct pl011 *u = (struct pl011 *)d;

	memset((char *)u + sizeof u->d, 0, sizeof *u - sizeof u->d);
	u->cr = 0x300;
	u->ifls = 0x12;
}

const struct dev_ops pl011_ops = {
	.name = "pl011",
	.size = sizeof(struct pl011),
	.reset = reset,
	.read = rd,
	.write = wr,
	.serial_in = take_input,
	.starves = starves,
};
