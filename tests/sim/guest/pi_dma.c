/* SPDX-License-Identifier: MIT */
/* The Raspberry Pi's DMA engine, as drivers use it: some right, some with a mistake that QEMU lets
 * pass. MMU and caches are off: the engine's work alone. */
#include "pi.h"

#define BYTES	65536u
#define RIGHT	(TI_INTEN | TI_WAIT | TI_INC)
#define ALIAS4	0x40000000u
#define NOTHING 0x7f000000u

static uint8_t from[BYTES + 64] __attribute__((aligned(64)));
static uint8_t to[BYTES + 64] __attribute__((aligned(64)));
static uint32_t span = 8192; /* of both, that is looked at */
static struct block list[3] __attribute__((aligned(32)));

static uint32_t bus(const volatile void *p, uint32_t alias)
{
	return (uint32_t)p | alias;
}

static void fill(void)
{
	for (uint32_t n = 0; n < span; n++) {
		from[n] = (uint8_t)(n * 7 + (n >> 8) + 1);
		to[n] = 0xee;
	}
}

/* Was it copied, from and to this offset, and nothing beside it? */
static int copied(uint32_t off, uint32_t len)
{
	for (uint32_t n = 0; n < span; n++)
		if (((volatile uint8_t *)to)[n] != (n >= off && n < off + len ? from[n] : 0xee))
			return 0;
	return 1;
}

static void prepare(struct block *b, uint32_t ti, uint32_t off, uint32_t len)
{
	*b = (struct block){ti, bus(from + off, ALIAS4), bus(to + off, ALIAS4), len, 0, 0, {0, 0}};
}

static void start(uint32_t ch, uint32_t block_bus, uint32_t cs)
{
	asm volatile("" ::: "memory"); /* the block and the buffers are written by now */
	DMA_CS(ch) = CS_RESET;
	DMA_CONBLK(ch) = block_bus;
	DMA_CS(ch) = CS_ACTIVE | cs;
}

static int ends(uint32_t ch)
{
	return pi_wait(&DMA_CS(ch), CS_INT);
}

static int copy(int ch, int len)
{
	uint32_t off = len & 3 ? 3 : 0;

	if ((uint32_t)len > span)
		span = sizeof to;
	fill();
	prepare(&list[0], RIGHT, off, (uint32_t)len);
	start((uint32_t)ch, bus(list, ALIAS4), 0);
	return !ends((uint32_t)ch) || !copied(off, (uint32_t)len) || DMA_CONBLK(ch);
}

/* Without WAIT_RESP the interrupt says nothing of the data. tally: CS waits instead of the block;
 * idle: whether ACTIVE is clear is looked at, not the interrupt. */
static int posted(int tally, int idle)
{
	uint32_t since = ST_CLO;

	fill();
	prepare(&list[0], RIGHT & ~TI_WAIT, 0, 256);
	start(0, bus(list, ALIAS4), tally ? CS_WAIT : 0);
	if (idle)
		while ((DMA_CS(0) & CS_ACTIVE) && ST_CLO - since < 50000)
			;
	else if (!ends(0))
		return 2;
	return !copied(0, 256);
}

static int posted_arrives(int a, int b)
{
	(void)a, (void)b;
	if (!posted(0, 0))
		return 2;
	while (DMA_CS(0) & 0x40) /* writes are on their way */
		;
	return !copied(0, 256);
}

/* RAM, and then the block itself, by another alias. */
static int alias(int data, int block)
{
	fill();
	prepare(&list[0], RIGHT, 0, 64);
	list[0].src = bus(from, (uint32_t)data << 28);
	list[0].dst = bus(to, (uint32_t)data << 28);
	start(0, bus(list, (uint32_t)block << 28), 0);
	return !ends(0) || !copied(0, 64);
}

/* Only where it writes is wrong. */
static int alias_of_target(int a, int b)
{
	(void)b;
	fill();
	prepare(&list[0], RIGHT, 0, 64);
	list[0].dst = bus(to, (uint32_t)a << 28);
	start(0, bus(list, ALIAS4), 0);
	return !ends(0) || !copied(0, 64);
}

static int unaligned_block(int a, int b)
{
	static uint8_t room[96] __attribute__((aligned(32)));
	struct block *odd = (struct block *)(room + 16);

	(void)a, (void)b;
	fill();
	prepare(odd, RIGHT, 0, 64);
	start(0, bus(odd, ALIAS4), 0);
	return !ends(0) || !copied(0, 64);
}

/* The copy is there when the store that starts it is done, as in QEMU. */
static int at_once(int a, int b)
{
	(void)a, (void)b;
	fill();
	prepare(&list[0], RIGHT, 0, 4096);
	start(0, bus(list, ALIAS4), 0);
	return !copied(0, 4096);
}

/* An error ends it without an interrupt, and says so in CS and DEBUG. */
static int bad_source(int a, int b)
{
	(void)a, (void)b;
	fill();
	prepare(&list[0], RIGHT, 0, 64);
	list[0].src = NOTHING;
	start(0, bus(list, ALIAS4), 0);
	if (!pi_wait(&DMA_CS(0), CS_ERROR) || (DMA_CS(0) & CS_INT) || !(DMA_DEBUG(0) & 4))
		return 1;
	DMA_DEBUG(0) = 7;
	return (DMA_CS(0) & CS_ERROR) ? 2 : 0;
}

static int chain(int a, int b)
{
	(void)a, (void)b;
	fill();
	prepare(&list[0], RIGHT & ~TI_INTEN, 0, 64);
	prepare(&list[1], RIGHT, 64, 4096);
	list[0].next = bus(&list[1], ALIAS4);
	start(2, bus(list, ALIAS4), 0);
	return !ends(2) || !copied(0, 4160) || DMA_CONBLK(2);
}

/* ABORT gives up the block and goes on with the next, RESET with nothing. */
static int stopped(int how, int b)
{
	(void)b;
	fill();
	prepare(&list[0], RIGHT & ~TI_INTEN, 0, BYTES);
	prepare(&list[1], RIGHT, 64, 64);
	list[0].next = bus(&list[1], ALIAS4);
	start(0, bus(list, ALIAS4), 0);
	DMA_CS(0) = how ? CS_RESET : CS_ABORT | CS_ACTIVE;
	if (how)
		return DMA_CONBLK(0) != 0 || (DMA_CS(0) & CS_ACTIVE) || ends(0);
	return !ends(0) || !copied(64, 64);
}

static int paused(int a, int b)
{
	(void)a, (void)b;
	fill();
	prepare(&list[0], RIGHT, 0, 4096);
	start(0, bus(list, ALIAS4), 0);
	DMA_CS(0) = 0;
	if (ends(0) || !DMA_CONBLK(0))
		return 1;
	DMA_CS(0) = CS_ACTIVE;
	return !ends(0) || !copied(0, 4096);
}

/* Three rows of 16 bytes out of 32, into rows of 64. */
static int two_d(int ch, int b)
{
	(void)b;
	fill();
	prepare(&list[0], RIGHT | TI_2D, 0, 2u << 16 | 16);
	list[0].stride = 48u << 16 | 16;
	start((uint32_t)ch, bus(list, ALIAS4), 0);
	if (!ends((uint32_t)ch))
		return 1;
	for (uint32_t n = 0; n < 192; n++)
		if (((volatile uint8_t *)to)[n] !=
		    (n % 64 < 16 ? from[n / 64 * 32 + n % 64] : 0xee))
			return 1;
	return 0;
}

/* What a channel with neither source nor target is good for: an interrupt. */
static int softirq(int ch, int b)
{
	(void)b;
	fill();
	prepare(&list[0], TI_INTEN | TI_IGNORE, 0, 4);
	list[0].src = list[0].dst = 0;
	start((uint32_t)ch, bus(list, ALIAS4), 0);
	return !ends((uint32_t)ch) || !copied(0, 0);
}

/* The line of each channel: its own up to 10, then a shared one. */
static int lines(int a, int b)
{
	static const uint8_t channels[] = {0, 2, 4, 5, 8, 9, 10, 11, 12, 13, 14};

	(void)a, (void)b;
	IC_EN1 = 0x1fff0000u;
	for (uint32_t n = 0; n < sizeof channels; n++) {
		uint32_t ch = channels[n], line = 1u << (16 + (ch < 11 ? ch : 11));

		if (copy((int)ch, 64) || IC_PEND1 != line)
			return 1;
		DMA_CS(ch) = CS_INT | CS_END;
		if (IC_PEND1)
			return 2;
	}
	return 0;
}

static int by_basic(int a, int b)
{
	(void)a, (void)b;
	IC_EN1 = 1u << 18;
	return copy(2, 64) || !(IC_BASIC & 0x100);
}

/* The timer's register into RAM; the address is the bus's or, wrongly, the ARM's. */
static int register_read(int arms, int b)
{
	uint32_t before = ST_CLO, got;

	(void)b;
	prepare(&list[0], TI_INTEN | TI_WAIT, 0, 4);
	list[0].src = arms ? 0x20003004 : 0x7e003004;
	start(0, bus(list, ALIAS4), 0);
	if (!ends(0))
		return 1;
	got = *(volatile uint32_t *)to;
	return got - before > ST_CLO - before;
}

int guest_main(void)
{
	static const struct pi_case cases[] = {
		{"copy", copy, 0, 4096},
		{"copy-odd", copy, 5, 37},
		{"copy-lite", copy, 8, 65532},
		{"copy-lite-too-long", copy, 8, 65536},
		{"copy-firmwares", copy, 3, 64},
		{"copy-bytes", copy, 0, 1},
		{"posted", posted, 0, 0},
		{"posted-arrives", posted_arrives, 0, 0},
		{"posted-tally", posted, 1, 0},
		{"posted-tally-idle", posted, 1, 1},
		{"alias-4", alias, 4, 4},
		{"alias-0", alias, 0, 4},
		{"alias-8", alias, 8, 4},
		{"alias-c", alias, 12, 4},
		{"alias-all-c", alias, 12, 12},
		{"alias-0-block", alias, 4, 0},
		{"alias-c-target", alias_of_target, 12, 0},
		{"unaligned-block", unaligned_block, 0, 0},
		{"at-once", at_once, 0, 0},
		{"bad-source", bad_source, 0, 0},
		{"chain", chain, 0, 0},
		{"abort", stopped, 0, 0},
		{"reset", stopped, 1, 0},
		{"paused", paused, 0, 0},
		{"2d", two_d, 0, 0},
		{"2d-lite", two_d, 9, 0},
		{"softirq", softirq, 4, 0},
		{"softirq-lite", softirq, 8, 0},
		{"lines", lines, 0, 0},
		{"by-basic", by_basic, 0, 0},
		{"register", register_read, 0, 0},
		{"register-arms", register_read, 1, 0},
	};

	return pi_run(cases, sizeof cases / sizeof cases[0]);
}
