/* SPDX-License-Identifier: MIT */
/* PL080 DMA controller (DDI0196G): memory to memory, chained descriptors.
 *
 * A transfer runs to its end when its channel is enabled. It reads and writes memory as
 * another bus master: neither the CPU's D-cache nor its write buffer is seen.
 */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/devices/device.h"
#include "sim/devices/lines.h"
#include "sim/machine.h"

#define CHANNELS    8u
#define CFG_ENABLE  0x1u
#define CFG_FLOW(c) (((c) >> 11) & 7)
#define CFG_ERR_IRQ 0x4000u
#define CFG_TC_IRQ  0x8000u
#define CFG_HALT    0x40000u
#define CTRL_IRQ    0x80000000u
#define LLI_LIMIT   4096u /* descriptors in one chain: an endless one is an error */

struct channel {
	uint32_t src, dst, lli, ctrl, cfg;
};

struct pl080 {
	struct device d;
	struct channel ch[CHANNELS];
	uint32_t tc, err, config, sync;
};

static uint32_t tc_masked(const struct pl080 *s)
{
	uint32_t m = 0;

	for (uint32_t n = 0; n < CHANNELS; n++)
		m |= s->ch[n].cfg & CFG_TC_IRQ ? 1u << n : 0;
	return s->tc & m;
}

static uint32_t err_masked(const struct pl080 *s)
{
	uint32_t m = 0;

	for (uint32_t n = 0; n < CHANNELS; n++)
		m |= s->ch[n].cfg & CFG_ERR_IRQ ? 1u << n : 0;
	return s->err & m;
}

static void update(struct pl080 *s)
{
	dev_irq(&s->d, tc_masked(s) || err_masked(s));
}

/* One descriptor's worth: size source elements, repacked to the destination's width. */
static bool copy(struct pl080 *s, struct channel *c)
{
	uint32_t sw = 1u << ((c->ctrl >> 18) & 7), dw = 1u << ((c->ctrl >> 21) & 7);
	uint32_t left = (c->ctrl & 0xfff) * sw, have = 0;
	uint8_t buf[8];

	if (sw > 4 || dw > 4 || c->src % sw || c->dst % dw || left % dw)
		return false;
	events_copy(s->d.m->cpu, c->src, c->dst, left);
	ahead_meanwhile(s->d.m->cpu);
	lines_copy(s->d.m, c->src, c->dst, left);
	while (left || have) {
		while (have < dw) {
			machine_dma_read(s->d.m, c->src, buf + have, sw);
			have += sw;
			left -= sw;
			c->src += c->ctrl & (1u << 26) ? sw : 0;
		}
		machine_dma_write(s->d.m, c->dst, buf, dw);
		have -= dw;
		memmove(buf, buf + dw, have);
		c->dst += c->ctrl & (1u << 27) ? dw : 0;
	}
	c->ctrl &= ~0xfffu;
	return true;
}

static void run_channel(struct pl080 *s, uint32_t n)
{
	struct channel *c = &s->ch[n];
	uint32_t links = 0;

	for (;;) {
		uint32_t next[4], irq = c->ctrl & CTRL_IRQ;

		if (CFG_FLOW(c->cfg) != 0 || !copy(s, c) || ++links > LLI_LIMIT) {
			s->err |= 1u << n; /* only memory to memory is wired to anything */
			break;
		}
		if (irq)
			s->tc |= 1u << n;
		if (!(c->lli & ~3u))
			break;
		machine_dma_read(s->d.m, c->lli & ~3u, next, sizeof next);
		c->src = next[0];
		c->dst = next[1];
		c->lli = next[2];
		c->ctrl = next[3];
	}
	c->cfg &= ~CFG_ENABLE;
}

static void run(struct pl080 *s)
{
	for (uint32_t n = 0; n < CHANNELS && (s->config & 1); n++)
		if ((s->ch[n].cfg & (CFG_ENABLE | CFG_HALT)) == CFG_ENABLE)
			run_channel(s, n);
	update(s);
}

static uint32_t enabled(const struct pl080 *s)
{
	uint32_t m = 0;

	for (uint32_t n = 0; n < CHANNELS; n++)
		m |= s->ch[n].cfg & CFG_ENABLE ? 1u << n : 0;
	return m;
}

static uint32_t rd(struct device *d, uint32_t off)
{
	static const uint8_t id[8] = {0x80, 0x10, 0x04, 0x0a, 0x0d, 0xf0, 0x05, 0xb1};
	const struct pl080 *s = (const struct pl080 *)d;

	if (off >= 0xfe0 && off < 0x1000)
		return primecell_id(id, off);
	if (off >= 0x100 && off < 0x200) {
		const struct channel *c = &s->ch[(off - 0x100) >> 5];
		const uint32_t reg[8] = {c->src, c->dst, c->lli, c->ctrl, c->cfg};

		return reg[(off >> 2) & 7];
	}
	switch (off) {
	case 0x00:
		return tc_masked(s) | err_masked(s);
	case 0x04:
		return tc_masked(s);
	case 0x0c:
		return err_masked(s);
	case 0x14:
		return s->tc;
	case 0x18:
		return s->err;
	case 0x1c:
		return enabled(s);
	case 0x30:
		return s->config;
	case 0x34:
		return s->sync;
	default:
		return 0;
	}
}

static void wr_channel(struct pl080 *s, uint32_t n, uint32_t reg, uint32_t val)
{
	struct channel *c = &s->ch[n];
	uint32_t *const where[5] = {&c->src, &c->dst, &c->lli, &c->ctrl, &c->cfg};

	if (reg > 4)
		return;
	*where[reg] = val;
	if (reg == 4)
		run(s);
}

static void wr(struct device *d, uint32_t off, uint32_t val)
{
	struct pl080 *s = (struct pl080 *)d;

	if (off >= 0x100 && off < 0x200) {
		wr_channel(s, (off - 0x100) >> 5, (off >> 2) & 7, val);
		return;
	}
	switch (off) {
	case 0x08:
		s->tc &= ~val;
		break;
	case 0x10:
		s->err &= ~val;
		break;
	case 0x30:
		s->config = val & 7;
		run(s);
		return;
	case 0x34:
		s->sync = val & 0xffff;
		break;
	default:
		break;
	}
	update(s);
}

static void reset(struct device *d)
{
	struct pl080 *s = (struct pl080 *)d;

	memset((char *)s + sizeof s->d, 0, sizeof *s - sizeof s->d);
}

const struct dev_ops pl080_ops = {
	.name = "pl080",
	.size = sizeof(struct pl080),
	.reset = reset,
	.read = rd,
	.write = wr,
};
