/* SPDX-License-Identifier: MIT */
/* The BCM2835's mailboxes to the GPU, and what its firmware answers on the property channel (the
 * firmware's wiki, "Mailbox property interface").
 *
 * The GPU reads and writes the buffer in DRAM by its bus address, some time after it was told: what
 * the ARM's D-cache holds of it is neither seen nor changed. */
#include <string.h>

#include "sim/debug/debug.h"
#include "sim/debug/misuse.h"
#include "sim/devices/bcm2835_bus.h"
#include "sim/devices/bcm2835_clocks.h"
#include "sim/devices/bcm2835_dma.h"
#include "sim/devices/device.h"
#include "sim/machine.h"
#include "sim/options.h"

#define READ	0x80u
#define STATUS	0x98u
#define CONFIG	0x9cu
#define WRITE	0xa0u
#define STATUS1 0xb8u

#define EMPTY	   0x40000000u
#define FULL	   0x80000000u
#define DATA_IRQ   0x1u
#define PROPERTY   8u
#define DEPTH	   8u
#define ANSWER_US  20u
#define BUFFER_MAX 4096u
#define REQUEST	   0u
#define ANSWERED   0x80000000u
#define MALFORMED  0x80000001u
#define WHO	   "the GPU, for a mailbox buffer,"
#define REVISION   0x00900032u /* Model B+ 1.2, 512 MiB */

struct bcm2835_mbox {
	struct device d;
	uint32_t config, asked, starter[DEPTH];
	uint32_t to_gpu[DEPTH], to_arm[DEPTH], questions, answers;
};

static uint32_t clock_rate(uint32_t id)
{
	static const uint32_t rate[] = {
		0,	    250000000u, BCM2835_UART_CLOCK, BCM2835_ARM_CLOCK, BCM2835_CORE_CLOCK,
		300000000u, 300000000u, 300000000u,	    400000000u};

	return id < sizeof rate / sizeof rate[0] ? rate[id] : 0;
}

static uint32_t words(uint32_t *v, uint32_t n, uint32_t a, uint32_t b)
{
	const uint32_t both[2] = {a, b};

	memcpy(v, both, 4 * n);
	return 4 * n;
}

/* The value of one tag into v, which has room for room bytes; its full length, 0 if the tag is
 * not known. */
static uint32_t answer(struct machine *m, uint32_t tag, uint32_t *v, uint32_t room)
{
	uint32_t got[2] = {0, 0}, len;

	switch (tag) {
	case 0x00000001: /* firmware: a date, as the version number is */
		len = words(got, 1, 1530000000, 0);
		break;
	case 0x00010001: /* board model */
		return 4;
	case 0x00010002:
		len = words(got, 1, REVISION, 0);
		break;
	case 0x00010003: /* MAC address */
		len = 6;
		words(got, 2, 0x55eb27b8, 0x5052);
		break;
	case 0x00010004: /* serial */
		len = words(got, 2, 0x4d555250, 0);
		break;
	case 0x00010005:
		len = words(got, 2, m->ram_base, m->arm_ram);
		break;
	case 0x00010006:
		len = words(got, 2, m->ram_base + m->arm_ram, m->board->gpu_ram);
		break;
	case 0x00030002:
	case 0x00030004: /* the most it can be */
	case 0x00030007: /* the least */
		len = words(got, 2, v[0], clock_rate(v[0]));
		break;
	case 0x00050001:
		len = (uint32_t)(strlen(m->board->firmware) +
				 strlen(m->opt->append ? m->opt->append : "") + 1);
		if (len <= room) {
			strcpy((char *)v, m->board->firmware);
			strcat((char *)v, m->opt->append ? m->opt->append : "");
		}
		return len;
	case 0x00060001:
		len = words(got, 1, ARMS_CHANNELS, 0);
		break;
	default:
		return 0;
	}
	memcpy(v, got, len < room ? len : room);
	return len;
}

/* Answers the tags in place; false if they do not make sense. */
static bool answer_all(struct machine *m, uint32_t *w, uint32_t words_in)
{
	uint32_t at = 2;

	while (at < words_in && w[at]) {
		uint32_t room, len;

		if (at + 3 > words_in || w[at + 1] > BUFFER_MAX ||
		    at + 3 + (w[at + 1] + 3) / 4 > words_in)
			return false;
		room = w[at + 1];
		len = room >= 4 || w[at] == 0x50001 ? answer(m, w[at], &w[at + 3], room) : 0;
		if (len)
			w[at + 2] = ANSWERED | len;
		at += 3 + (room + 3) / 4;
	}
	return at < words_in;
}

/* One request: its answer goes into the buffer and its address back. */
static void serve(struct bcm2835_mbox *s, uint32_t msg)
{
	struct machine *m = s->d.m;
	uint32_t bus = msg & ~15u, w[BUFFER_MAX / 4];

	if ((msg & 15) != PROPERTY) {
		misuse(m, "mailbox channel %u: only 8, properties, is there", msg & 15);
		return;
	}
	if (!bcm2835_bus_read(m, WHO, bus, w, 8))
		return;
	if (w[0] < 12 || w[0] > BUFFER_MAX || w[0] % 4 || w[1] != REQUEST) {
		misuse(m,
		       "the GPU finds no request in the mailbox buffer at bus address %08x, but "
		       "%08x %08x: was it cleaned to memory?",
		       bus, w[0], w[1]);
		w[1] = MALFORMED;
		bcm2835_bus_write(m, WHO, bus + 4, &w[1], 4);
	} else if (bcm2835_bus_read(m, WHO, bus, w, w[0])) {
		w[1] = answer_all(m, w, w[0] / 4) ? ANSWERED : MALFORMED;
		bcm2835_bus_write(m, WHO, bus, w, w[0]);
	}
	if (s->answers < DEPTH)
		s->to_arm[s->answers++] = msg;
}

static void update(struct bcm2835_mbox *s)
{
	dev_irq(&s->d, s->answers && (s->config & DATA_IRQ));
}

static void event(struct device *d)
{
	struct bcm2835_mbox *s = (struct bcm2835_mbox *)d;
	uint32_t msg = s->to_gpu[0], pc = s->starter[0];

	s->questions--;
	memmove(s->to_gpu, s->to_gpu + 1, s->questions * sizeof s->to_gpu[0]);
	memmove(s->starter, s->starter + 1, s->questions * sizeof s->starter[0]);
	debug_acts_for(d->m, pc);
	serve(s, msg);
	debug_acts_for(d->m, 0);
	d->next = s->questions ? d->next + ANSWER_US * CYCLES_PER_US : NEVER;
	update(s);
}

static uint32_t rd(struct device *d, uint32_t off)
{
	struct bcm2835_mbox *s = (struct bcm2835_mbox *)d;
	uint32_t v = s->to_arm[0];

	switch (off) {
	case READ:
		if (!s->answers)
			return 0;
		memmove(s->to_arm, s->to_arm + 1, --s->answers * sizeof s->to_arm[0]);
		update(s);
		return v;
	case STATUS:
		return s->answers ? 0 : EMPTY;
	case CONFIG:
		return s->config;
	case STATUS1:
		return s->questions == DEPTH ? FULL : s->questions ? 0 : EMPTY;
	default:
		return 0;
	}
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct bcm2835_mbox *s = (struct bcm2835_mbox *)d;

	if (off == CONFIG) {
		s->config = val & DATA_IRQ;
	} else if (off == WRITE && s->questions == DEPTH) {
		misuse(d->m, "a mailbox is written that is full: look at its status first");
	} else if (off == WRITE) {
		if (!s->questions)
			dev_schedule(d, dev_now(d) + ANSWER_US * CYCLES_PER_US);
		s->starter[s->questions] = debug_here(d->m->cpu);
		s->to_gpu[s->questions++] = val;
	}
	update(s);
}

static void reset(struct device *d)
{
	struct bcm2835_mbox *s = (struct bcm2835_mbox *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
	d->next = NEVER;
}

const struct dev_ops bcm2835_mbox_ops = {
	.name = "bcm2835-mbox",
	.size = sizeof(struct bcm2835_mbox),
	.reset = reset,
	.read = rd,
	.write = wr,
	.event = event,
};
