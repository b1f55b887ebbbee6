/* SPDX-License-Identifier: MIT */
/* What the ARM1176's D-cache does that an ARM926's does not, and what a core does whose cache fills
 * by itself. Exit status 0: as expected of a sound core; 1 and more: what was seen otherwise. */
#include "pi_mmu.h"

#define OTHER  0x40000000u /* RAM's first megabytes again, by a page of the attributes wanted */
#define DIRECT 0x50000000u /* the same, strongly ordered: what DRAM holds */
#define LINE   32u
#define WAY    4096u
#define OLD    0x01d01d01u
#define NEW    0x22222222u

static uint32_t page[8 * WAY / 4] __attribute__((aligned(4096)));
static uint32_t other_page[WAY / 4] __attribute__((aligned(4096)));
static struct block block __attribute__((aligned(32)));

static volatile uint32_t *by(uint32_t window, const void *p)
{
	return (volatile uint32_t *)(window | ((uint32_t)p & 0xfffff));
}

static void windows(uint32_t bits)
{
	pi_caches_on();
	pi_map(OTHER, (uint32_t)page, bits);
	pi_map(DIRECT, (uint32_t)page, NO_CODE);
}

/* 0 not cached, 1 write-through, 2 write-back; 3 makes no sense. */
static int kind_of(uint32_t bits)
{
	volatile uint32_t *w;
	int stale, reached;

	windows(bits);
	CP15("c7, c14, 0", 0);
	CP15("c7, c10, 4", 0);
	w = by(OTHER, page);
	*by(DIRECT, page) = OLD;
	(void)*w;
	*by(DIRECT, page) = NEW;
	stale = *w == OLD;
	*w = 7;
	CP15("c7, c10, 4", 0);
	reached = *by(DIRECT, page) == 7;
	CP15("c7, c14, 0", 0);
	return !stale && reached ? 0 : stale && reached ? 1 : stale ? 2 : 3;
}

/* TEX, C and B: what the inner cache does (DDI0100I table B4-4). */
static int attributes(int a, int b)
{
	static const uint8_t want[] = {
		[000] = 0, 0, 1, 2, /* strongly ordered, device, through, back */
		[004] = 0, 0, 0, 2, /* normal uncached, -, -, back with allocation */
		[010] = 0,	    /* device */
		[020] = 0, 2, 1, 2, /* the outer cache's in TEX, the inner one's in C and B */
		[024] = 0, 2, 1, 2, [030] = 0, 2, 1, 2, [034] = 0, 2, 1, 2,
	};
	static const uint8_t undefined[] = {005, 006, 011, 012, 013, 014, 015, 016, 017};

	(void)a, (void)b;
	for (uint32_t n = 0; n < sizeof want; n++) {
		if (memchr(undefined, (int)n, sizeof undefined))
			continue;
		if (kind_of((n >> 2) << 12 | (n & 3) << 2) != want[n])
			return 100 + (int)n;
	}
	return 0;
}

static int dirty(void)
{
	uint32_t v;

	asm volatile("mrc p15, 0, %0, c7, c10, 6" : "=r"(v)::"memory");
	return (int)v;
}

static int dirty_status(int a, int b)
{
	(void)a, (void)b;
	windows(WRITE_BACK);
	CP15("c7, c14, 0", 0);
	if (dirty())
		return 1;
	(void)*(volatile uint32_t *)page;
	if (dirty())
		return 2;
	*(volatile uint32_t *)page = 1;
	if (!dirty())
		return 3;
	CP15("c7, c10, 1", page);
	return dirty() ? 4 : 0;
}

static uint32_t *line(uint32_t set, uint32_t nth)
{
	return &page[(nth * WAY + set * LINE) / 4];
}

/* Reads the nth line of those that share a set. */
static void touch(uint32_t set, uint32_t nth)
{
	(void)*(volatile uint32_t *)line(set, nth);
}

/* By the emulator's words: asking changes nothing. */
static int there(uint32_t set, uint32_t nth)
{
	GPIO(0xf10) = (uint32_t)line(set, nth);
	GPIO(0xf38) = (uint32_t)line(set, nth);
	return GPIO(0xf38) & 1;
}

/* The one of lines 0 to last that is not there; -1 if not one. */
static int lost(uint32_t set, uint32_t last)
{
	int which = -1;

	for (uint32_t n = 0; n <= last; n++)
		if (!there(set, n)) {
			if (which >= 0)
				return -1;
			which = (int)n;
		}
	return which;
}

/* One counter names the way for all sets and moves only when a line is given up; an empty way, the
 * lowest first, is taken before (DDI0301H 7.3). The sets are some that nothing else here uses. */
static int round_robin(int a, int b)
{
	(void)a, (void)b;
	windows(WRITE_BACK);
	CP15("c7, c14, 0", 0);
	GPIO(0xf0c) = 1; /* the counter is 0 */
	for (uint32_t set = 100; set < 103; set++)
		for (uint32_t n = 0; n < 4; n++)
			touch(set, n); /* into way n */
	touch(100, 4);
	if (lost(100, 4) != 0)
		return 1;
	touch(101, 4);
	if (lost(101, 4) != 1)
		return 2;
	CP15("c7, c6, 1", line(102, 2));
	CP15("c7, c6, 1", line(102, 1));
	touch(102, 4); /* into way 1 */
	touch(102, 5); /* into way 2 */
	touch(102, 6); /* in place of what way 2 has */
	if (there(102, 1) || there(102, 2) || !there(102, 4) || there(102, 5))
		return 3;
	return !there(102, 0) || !there(102, 3) || !there(102, 6) ? 4 : 0;
}

/* By set and way: only that line is discarded, or written. */
static int set_and_way(int a, int b)
{
	(void)a, (void)b;
	windows(WRITE_BACK);
	CP15("c7, c14, 0", 0);
	for (uint32_t n = 0; n < 4; n++) {
		*by(DIRECT, line(103, n)) = OLD;
		touch(103, n); /* into way n */
		*(volatile uint32_t *)line(103, n) = NEW + n;
	}
	CP15("c7, c6, 2", 1u << 30 | 103 * LINE);
	if (*(volatile uint32_t *)line(103, 1) != OLD)
		return 1;
	CP15("c7, c10, 2", 2u << 30 | 103 * LINE);
	CP15("c7, c10, 4", 0);
	if (*by(DIRECT, line(103, 2)) != NEW + 2 || !there(103, 2))
		return 2;
	CP15("c7, c14, 2", 3u << 30 | 103 * LINE);
	CP15("c7, c10, 4", 0);
	if (*by(DIRECT, line(103, 3)) != NEW + 3 || there(103, 3))
		return 3;
	return *by(DIRECT, line(103, 0)) != OLD || *(volatile uint32_t *)line(103, 0) != NEW;
}

static volatile uint32_t interrupts;

/* Makes the first line of the range dirty again, in its middle. */
static void __attribute__((interrupt("IRQ"))) on_irq(void)
{
	(void)*(volatile uint32_t *)page;
	*(volatile uint32_t *)page = NEW;
	ST_CS = 2;
	interrupts++;
}

static void vectors(void)
{
	static uint32_t irq_stack[64];
	volatile uint32_t *low = (volatile uint32_t *)0;

	low[6] = 0xe59ff018; /* ldr pc, [pc, #0x18] */
	low[14] = (uint32_t)on_irq;
	CP15("c7, c10, 4", 0);
	asm volatile("msr cpsr_c, #0xd2\n\tmov sp, %0\n\tmsr cpsr_c, #0xd3" ::"r"(irq_stack + 64));
}

/* A block invalidate that an interrupt cuts in two runs again from its start: what the handler
 * stored there is lost. */
static int block_restarts(int interrupt, int b)
{
	uint32_t start = (uint32_t)page, end = start + 8 * WAY - LINE;

	(void)b;
	vectors();
	windows(WRITE_BACK);
	page[0] = OLD;
	CP15("c7, c14, 0", 0);
	CP15("c7, c10, 4", 0);
	if (interrupt) {
		IC_EN1 = 2;
		ST_CS = 2;
		ST_C(1) = ST_CLO + 3;
	}
	asm volatile("msr cpsr_c, #0x53\n\tmcrr p15, 0, %0, %1, c6\n\tmsr cpsr_c, #0xd3" ::"r"(end),
		     "r"(start)
		     : "memory");
	if (interrupts != (uint32_t)interrupt)
		return 99;
	return *(volatile uint32_t *)page != OLD;
}

/* A device writes a page; how many of its words does the CPU then read as they were? The lines were
 * invalidated before, and perhaps after. */
static int from_device(int again, int b)
{
	int old = 0;

	(void)b;
	windows(WRITE_BACK);
	for (uint32_t n = 0; n < WAY / 4; n++) {
		page[n] = OLD;
		other_page[n] = NEW;
	}
	block = (struct block){TI_INTEN | TI_WAIT | TI_INC,
			       (uint32_t)other_page | 0x40000000,
			       (uint32_t)page | 0x40000000,
			       WAY,
			       0,
			       0,
			       {0, 0}};
	CP15("c7, c14, 0", 0);
	CP15("c7, c10, 4", 0);
	for (uint32_t n = 0; n < WAY; n += LINE)
		CP15("c7, c6, 1", (uint32_t)page + n);
	DMA_CS(0) = CS_RESET;
	DMA_CONBLK(0) = (uint32_t)&block | 0x40000000;
	DMA_CS(0) = CS_ACTIVE;
	if (!pi_wait(&DMA_CS(0), CS_INT))
		return 2;
	for (uint32_t n = 0; n < WAY && again; n += LINE)
		CP15("c7, c6, 1", (uint32_t)page + n);
	for (uint32_t n = 0; n < WAY / 4; n++)
		old += ((volatile uint32_t *)page)[n] == OLD;
	return old != 0;
}

int guest_main(void)
{
	static const struct pi_case cases[] = {
		{"attributes", attributes, 0, 0},	  {"dirty-status", dirty_status, 0, 0},
		{"round-robin", round_robin, 0, 0},	  {"set-and-way", set_and_way, 0, 0},
		{"block-restarts", block_restarts, 1, 0}, {"block", block_restarts, 0, 0},
		{"from-device", from_device, 0, 0},	  {"from-device-again", from_device, 1, 0},
	};

	return pi_run(cases, sizeof cases / sizeof cases[0]);
}
