/* SPDX-License-Identifier: MIT */
/* The Raspberry Pi's mailbox and watchdog. The question goes to the GPU through DRAM: with the
 * D-cache on it must be cleaned out, and the answer is behind what the cache holds. */
#include "pi_mmu.h"

#define MBOX_READ   REG(0x2000b880)
#define MBOX_STATUS REG(0x2000b898)
#define MBOX_WRITE  REG(0x2000b8a0)
#define PM_RSTC	    REG(0x2010001c)
#define PM_WDOG	    REG(0x20100024)
#define EMPTY	    0x40000000u
#define ALIAS4	    0x40000000u

static uint32_t msg[256] __attribute__((aligned(64)));

static void each_line(int clean, int inv)
{
	for (uint32_t at = (uint32_t)msg; at < (uint32_t)(msg + 256); at += 32) {
		if (clean)
			CP15("c7, c10, 1", at);
		if (inv)
			CP15("c7, c6, 1", at);
	}
	CP15("c7, c10, 4", 0);
}

/* Asks one tag with room for so many words; its value's words stand at msg[5]. */
static int ask(uint32_t tag, uint32_t room, uint32_t first, int clean, int inv)
{
	for (uint32_t n = 0; n < 256; n++)
		(void)((volatile uint32_t *)msg)[n]; /* the lines are there, to be dirty */
	memset(msg, 0, sizeof msg);
	msg[0] = 4 * (room + 6);
	msg[2] = tag;
	msg[3] = 4 * room;
	msg[5] = first;
	each_line(clean, 0);
	MBOX_WRITE = (uint32_t)msg | ALIAS4 | 8;
	while (MBOX_STATUS & EMPTY)
		;
	if (MBOX_READ != ((uint32_t)msg | ALIAS4 | 8))
		return 0;
	each_line(0, inv);
	return ((volatile uint32_t *)msg)[1] == 0x80000000u && msg[4] & 0x80000000u;
}

static int properties(int cached, int b)
{
	(void)b;
	if (cached)
		pi_caches_on();
	if (!ask(0x10005, 2, 0, 1, 1) || msg[5] != 0 || msg[6] != 0x1c000000)
		return 1;
	if (!ask(0x10006, 2, 0, 1, 1) || msg[5] != 0x1c000000 || msg[6] != 0x04000000)
		return 2;
	if (!ask(0x30002, 2, 2, 1, 1) || msg[5] != 2 || msg[6] != 48000000)
		return 3;
	if (!ask(0x10002, 1, 0, 1, 1) || msg[5] != 0x900032)
		return 4;
	if (!ask(0x60001, 1, 0, 1, 1) || msg[5] != 0x7f35)
		return 5;
	if (!ask(0x50001, 240, 0, 1, 1) || msg[4] > (0x80000000 | 960) ||
	    !strstr((char *)&msg[5], "dma.dmachans=0x7f35 ") ||
	    !strstr((char *)&msg[5], "properties"))
		return 6;
	return ask(0x12345, 1, 0, 1, 1) ? 7 : 0; /* no such tag: no answer */
}

static int lazily(int clean, int inv)
{
	pi_caches_on();
	return !ask(0x10005, 2, 0, clean, inv);
}

static int watchdog(int password, int ticks)
{
	PM_WDOG = (uint32_t)password << 24 | (uint32_t)ticks;
	PM_RSTC = (uint32_t)password << 24 | ((PM_RSTC & 0xffffcf) | 0x20);
	for (uint32_t start = ST_CLO; ST_CLO - start < 1000000;)
		;
	return 1;
}

int guest_main(void)
{
	static const struct pi_case cases[] = {
		{"properties", properties, 0, 0},
		{"cached-properties", properties, 1, 0},
		{"not-cleaned", lazily, 0, 1},
		{"not-invalidated", lazily, 1, 0},
		{"watchdog", watchdog, 0x5a, 10},
		{"watchdog-slow", watchdog, 0x5a, 0xffff0},
		{"watchdog-no-password", watchdog, 0, 10},
	};

	return pi_run(cases, sizeof cases / sizeof cases[0]);
}
