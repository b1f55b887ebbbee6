/* SPDX-License-Identifier: MIT */
/* PL080: single transfers, widths, linked lists, terminal count, what is refused. MMU and
 * caches are off: the engine's work alone. */
#include "devices.h"

#define WORDS	 64
#define WIDTH(w) ((w) << 18 | (w) << 21)
#define INC	 (3u << 26)
#define TC_I	 (1u << 31)
#define TC_CFG	 (1u << 15 | 1u << 14)

struct lli {
	uint32_t src, dst, next, ctrl;
};

static uint32_t from[WORDS], to[WORDS + 4];
static struct lli list[4] __attribute__((aligned(16)));

static void fill(void)
{
	for (uint32_t n = 0; n < WORDS; n++)
		from[n] = 0x01010101u * n ^ 0xa5000000u;
	for (uint32_t n = 0; n < WORDS + 4; n++)
		to[n] = 0xeeeeeeee;
}

static uint32_t sum(void)
{
	uint32_t s = 0;

	for (uint32_t n = 0; n < WORDS + 4; n++)
		s = s * 31 + *(volatile uint32_t *)&to[n];
	return s;
}

static void channel(uint32_t ch, uint32_t src, uint32_t dst, uint32_t next, uint32_t ctrl)
{
	uint32_t base = DMA + 0x100 + 0x20 * ch;

	REG(base, 0x00) = src;
	REG(base, 0x04) = dst;
	REG(base, 0x08) = next;
	REG(base, 0x0c) = ctrl;
}

/* Channel first, the engine after it: QEMU 7.2 raises no interrupt the other way round. */
static void go(uint32_t ch, uint32_t cfg)
{
	REG(DMA, 0x30) = 0;
	REG(DMA, 0x110 + 0x20 * ch) = 1 | cfg;
	show("  enabled", REG(DMA, 0x1c));
	REG(DMA, 0x30) = 1;
}

static void result(const char *name, uint32_t ch)
{
	uint32_t base = DMA + 0x100 + 0x20 * ch;

	show(name, sum());
	show("  raw-tc", REG(DMA, 0x14));
	show("  tc", REG(DMA, 0x04));
	show("  err", REG(DMA, 0x18));
	show("  src", REG(base, 0x00) - (uint32_t)from);
	show("  dst", REG(base, 0x04) - (uint32_t)to);
	show("  ctrl", REG(base, 0x0c));
	show("  cfg", REG(base, 0x10));
	show("  enabled-after", REG(DMA, 0x1c));
	show("  vic", VIC_RAW >> 17 & 1);
	REG(DMA, 0x08) = ~0u;
	REG(DMA, 0x10) = ~0u;
	show("  cleared", REG(DMA, 0x14) | REG(DMA, 0x18) | (VIC_RAW >> 17 & 1));
}

static void single(void)
{
	for (uint32_t w = 0; w <= 2; w++) {
		fill();
		channel(w, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(w) | INC | TC_I);
		go(w, TC_CFG);
		result("width", w);
	}
	fill();
	channel(7, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | 1u << 27 | TC_I);
	go(7, TC_CFG);
	result("fixed-source", 7);
	fill();
	channel(7, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | 1u << 26 | TC_I);
	go(7, TC_CFG);
	result("fixed-target", 7);
	fill();
	channel(1, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	go(1, 0);
	result("tc-masked", 1);
	fill();
	channel(1, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC);
	go(1, TC_CFG);
	result("no-tc", 1);
	fill();
	channel(1, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	go(1, TC_CFG | 1u << 18);
	result("halted", 1);
	REG(DMA, 0x130) = 0;
}

/* Clearing one channel's end leaves another's. */
static void two_ends(void)
{
	static const uint32_t both[2] = {0, 3};

	for (uint32_t n = 0; n < 2; n++) {
		channel(both[n], (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
		go(both[n], TC_CFG);
	}
	show("two-ends", REG(DMA, 0x14));
	REG(DMA, 0x08) = 1;
	show("one-end", REG(DMA, 0x14));
	REG(DMA, 0x08) = ~0u;
}

static void interrupt(void)
{
	fill();
	channel(0, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	VIC_EN = 1u << 17;
	go(0, TC_CFG);
	show("dma-irq", interrupt_try(I_BIT));
	REG(DMA, 0x08) = 1;
	show("dma-irq-cleared", interrupt_try(I_BIT));
	VIC_DIS = ~0u;
}

static void chain(uint32_t first_irq)
{
	uint32_t ctrl = 8 | WIDTH(2u) | INC;

	fill();
	list[0] = (struct lli){(uint32_t)&from[40], (uint32_t)&to[8], (uint32_t)&list[1], ctrl};
	list[1] = (struct lli){(uint32_t)&from[4], (uint32_t)&to[40], 0,
			       (ctrl & ~0xfffu) | 12 | TC_I};
	channel(2, (uint32_t)&from[20], (uint32_t)to, (uint32_t)&list[0], ctrl | first_irq);
	go(2, TC_CFG);
	result(first_irq ? "chain-irq-each" : "chain", 2);
}

/* What QEMU does wrong, never ends at, or does not look at. */
static void beyond_qemu(void)
{
	fill();
	list[0] = (struct lli){(uint32_t)from, (uint32_t)&to[8], 0, 8 | WIDTH(2u) | INC};
	channel(2, (uint32_t)from, (uint32_t)to, (uint32_t)&list[0], 8 | WIDTH(2u) | INC | TC_I);
	go(2, TC_CFG);
	result("sim-irq-of-first-only", 2);
	fill();
	channel(0, (uint32_t)from, (uint32_t)to, 0, 16 | 0u << 18 | 2u << 21 | INC | TC_I);
	go(0, TC_CFG);
	result("sim-bytes-to-words", 0);
	show("sim-bytes-first", to[0] == from[0] && to[3] == from[3] && to[4] == 0xeeeeeeee);
	fill();
	channel(0, (uint32_t)from, (uint32_t)to, 0, 4 | 2u << 18 | 0u << 21 | INC | TC_I);
	go(0, TC_CFG);
	result("sim-words-to-bytes", 0);
	fill();
	channel(0, (uint32_t)from + 2, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	go(0, TC_CFG);
	result("sim-unaligned", 0);
	fill();
	channel(0, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(3u) | INC | TC_I);
	go(0, TC_CFG);
	result("sim-too-wide", 0);
	fill();
	channel(0, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	go(0, TC_CFG | 1u << 11);
	result("sim-to-a-device", 0);
	fill();
	list[0] =
		(struct lli){(uint32_t)from, (uint32_t)to, (uint32_t)&list[0], 4 | WIDTH(2u) | INC};
	channel(0, (uint32_t)from, (uint32_t)to, (uint32_t)&list[0], 4 | WIDTH(2u) | INC);
	go(0, TC_CFG);
	result("sim-endless-list", 0);
	fill();
	channel(0, (uint32_t)from, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	REG(DMA, 0x30) = 1;
	REG(DMA, 0x110) = 1 | TC_CFG; /* the engine runs already */
	show("sim-cfg-last-vic", VIC_RAW >> 17 & 1);
	REG(DMA, 0x08) = ~0u;
}

int guest_main(void)
{
	vectors_install();
	for (uint32_t off = 0xfe0; off < 0x1000; off += 4)
		show("dma-id", REG(DMA, off));
	single();
	two_ends();
	interrupt();
	chain(0);
	chain(TC_I);
	/* Nothing answers there: zeros, and no error, as in QEMU */
	fill();
	channel(0, 0x80000000u, (uint32_t)to, 0, 16 | WIDTH(2u) | INC | TC_I);
	go(0, TC_CFG);
	REG(DMA, 0x100) = (uint32_t)from;
	result("unmapped-source", 0);
	fill();
	channel(0, (uint32_t)from, 0x80000000u, 0, 16 | WIDTH(2u) | INC | TC_I);
	go(0, TC_CFG);
	REG(DMA, 0x104) = (uint32_t)to;
	result("unmapped-target", 0);
	if (on_simulator())
		beyond_qemu();
	return 0;
}
