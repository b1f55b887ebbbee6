/* SPDX-License-Identifier: MIT */
/* Missing maintenance that luck makes good: between the store and the reader every line is
 * evicted. One case a run, chosen by the command line; -sound cases do what is right. Exit status:
 * 0 if the data was right, 1 if not, 99 for an unknown case. */
#include <stdint.h>
#include <string.h>

#include "mmu_on.h"

#define VA    0x40000000u /* small pages through `coarse` */
#define ALIAS 0x50000000u /* the same frames, uncached */
#define OLD   0x01d01d01u
#define NEW   0x22222222u
#define PL080 0x10130000u
#define PAGE  (0xff0 | 0xc | 2)

static uint32_t coarse[256] __attribute__((aligned(4096)));
static uint32_t page_a[1024] __attribute__((aligned(4096)));
static uint32_t page_b[1024] __attribute__((aligned(4096)));
static uint32_t other[32768] __attribute__((aligned(4096)));
static volatile uint32_t *const va = (volatile uint32_t *)VA;

#define CP15(op, val) asm volatile("mcr p15, 0, %0, " op ::"r"(val) : "memory")
#define drain()	      CP15("c7, c10, 4", 0)
#define inv(a)	      CP15("c7, c6, 1", a)
#define clean(a)      CP15("c7, c10, 1", a)
#define clean_inv(a)  CP15("c7, c14, 1", a)
#define inv_icache()  CP15("c7, c5, 0", 0)
#define inv_tlb()     CP15("c8, c7, 0", 0)

static void flush_all(void)
{
	asm volatile("1: mrc p15, 0, r15, c7, c14, 3\n\tbne 1b" ::: "cc", "memory");
	drain();
}

/* Luck: everything else in the cache now, everything dirty in memory. A load of a device is
 * strongly ordered, and so empties the write buffer too. */
static void evict(void)
{
	for (uint32_t n = 0; n < 32768; n += 8)
		(void)*(volatile uint32_t *)&other[n];
	(void)*(volatile uint32_t *)PL080;
}

static uint32_t dram(const void *p)
{
	return *(volatile uint32_t *)(ALIAS | ((uint32_t)p & 0xfffff));
}

static void dma(void *to, const void *from, uint32_t words)
{
	volatile uint32_t *r = (volatile uint32_t *)PL080;

	r[0x30 / 4] = 1;
	r[0x100 / 4] = (uint32_t)from;
	r[0x104 / 4] = (uint32_t)to;
	r[0x108 / 4] = 0;
	r[0x10c / 4] = words | 2 << 18 | 2 << 21 | 3 << 26;
	r[0x110 / 4] = 1;
}

static uint32_t run(uint32_t code)
{
	uint32_t (*f)(void) = (uint32_t(*)(void))code;

	return f();
}

/* mov r0, #n; bx lr */
static void put_code(volatile uint32_t *at, uint32_t n)
{
	at[0] = 0xe3a00000 | n;
	at[1] = 0xe12fff1e;
}

static void dirty(void)
{
	(void)va[0]; /* so that a line is there to take the store */
	va[0] = NEW;
}

static uint32_t to_device(int sound)
{
	dirty();
	if (sound) {
		clean(va);
		drain();
	}
	evict();
	dma(page_b, page_a, 8);
	return dram(page_b) != NEW;
}

static uint32_t from_device(int sound)
{
	page_b[0] = NEW;
	flush_all();
	(void)va[0];
	if (sound)
		inv(va);
	evict();
	dma(page_a, page_b, 8);
	return va[0] != NEW;
}

static uint32_t under_dirty(int sound)
{
	page_b[0] = NEW;
	flush_all();
	(void)va[0];
	va[0] = 7;
	if (sound)
		inv(va);
	evict();
	dma(page_a, page_b, 8);
	inv(va); /* too late */
	return va[0] != NEW;
}

static uint32_t discard(int sound)
{
	dirty();
	evict();
	if (sound)
		clean_inv(va);
	else
		inv(va);
	return va[0] != NEW;
}

/* What was thrown away is stored anew before anyone reads it. */
static uint32_t overwritten(int sound)
{
	(void)sound;
	dirty();
	inv(va);
	va[0] = 5;
	return va[0] != 5;
}

static uint32_t table(int sound)
{
	page_b[0] = NEW;
	flush_all();
	(void)*(volatile uint32_t *)&coarse[0];
	*(volatile uint32_t *)&coarse[0] = (uint32_t)page_b | PAGE;
	if (sound) {
		clean(&coarse[0]);
		drain();
	}
	evict();
	inv_tlb();
	return va[0] != NEW;
}

/* New code, and the first fetch of it: there is no I-cache line that could be old. */
static uint32_t code(int sound)
{
	(void)*(volatile uint32_t *)page_a;
	put_code(page_a, 1);
	if (sound) {
		clean(page_a);
		drain();
		inv_icache();
	}
	evict();
	return run((uint32_t)page_a) != 1;
}

/* The same without luck: what was there before is run. */
static uint32_t code_unlucky(int sound)
{
	put_code(page_a, 0);
	flush_all();
	(void)*(volatile uint32_t *)page_a;
	put_code(page_a, 1);
	if (sound) {
		clean(page_a);
		drain();
	}
	return run((uint32_t)page_a) != 1;
}

static uint32_t code_uncached(int sound)
{
	put_code(page_a, 0);
	flush_all();
	(void)*(volatile uint32_t *)page_a;
	put_code(page_a, 1);
	if (sound) {
		clean(page_a);
		drain();
	}
	return run(ALIAS | ((uint32_t)page_a & 0xfffff)) != 1;
}

/* The I-cache held the old code until other code took its place. */
static uint32_t code_icache(int sound)
{
	put_code(page_a, 0);
	for (uint32_t n = 0; n < 32768; n += 8)
		put_code(&other[n], 0);
	flush_all();
	inv_icache();
	run((uint32_t)page_a);
	put_code(page_a, 1);
	clean(page_a);
	drain();
	if (sound)
		inv_icache();
	for (uint32_t n = 0; n < 32768; n += 8)
		run((uint32_t)&other[n]);
	return run((uint32_t)page_a) != 1;
}

static uint32_t wrong_page(int sound)
{
	page_b[0] = NEW;
	flush_all();
	(void)va[0];
	if (sound)
		inv(va);
	evict();
	coarse[0] = (uint32_t)page_b | PAGE;
	clean(&coarse[0]);
	drain();
	inv_tlb();
	return va[0] != NEW;
}

/* A second store after the clean: it owes one of its own. */
static uint32_t again(int sound)
{
	dirty();
	va[0] = 5;
	clean(va);
	drain();
	va[0] = NEW;
	if (sound) {
		clean(va);
		drain();
	}
	evict();
	dma(page_b, page_a, 8);
	return dram(page_b) != NEW;
}

/* Cleaned set by set and way by way: all of them pay for everything, some for what is there. */
static uint32_t setway(int all)
{
	dirty();
	evict();
	for (uint32_t n = 0; n < (all ? 512u : 500u); n++) /* 16 KiB, 4 ways */
		CP15("c7, c10, 2", (n & 3) << 30 | (n >> 2) << 5);
	drain();
	dma(page_b, page_a, 8);
	return dram(page_b) != NEW;
}

/* A buffer that was only stored to loses nothing by an invalidate, if stores do not allocate. */
static uint32_t stored_only(int sound)
{
	va[0] = NEW;
	if (sound)
		clean_inv(va);
	else
		inv(va);
	evict();
	return va[0] != NEW;
}

/* The dirty line goes over the device's data, and only memory has both values: before. */
static uint32_t over_device(int sound)
{
	page_b[0] = NEW;
	flush_all();
	(void)va[0];
	va[0] = 7;
	if (sound)
		inv(va);
	dma(page_a, page_b, 8);
	evict();
	return va[0] != NEW;
}

/* Two addresses for one page. */
static uint32_t alias(int sound)
{
	coarse[1] = (uint32_t)page_a | PAGE;
	clean(&coarse[1]);
	drain();
	dirty();
	if (sound) {
		clean(va);
		drain();
	}
	evict();
	return va[1024] != NEW;
}

/* The other address's line is older than what was stored and cleaned by this one. */
static uint32_t alias_old(int sound)
{
	coarse[1] = (uint32_t)page_a | PAGE;
	clean(&coarse[1]);
	drain();
	(void)va[1024];
	if (sound)
		inv(&va[1024]);
	dirty();
	clean(va);
	drain();
	evict();
	return va[1024] != NEW;
}

static uint32_t unmapped(int sound)
{
	(void)sound;
	for (int n = 0; n < 3; n++)
		*(volatile uint8_t *)0x80000010u = 1;
	return *(volatile uint32_t *)0x80000020u != 0;
}

static const struct {
	const char *name;
	uint32_t (*f)(int sound);
} cases[] = {
	{"to-device", to_device},
	{"from-device", from_device},
	{"under-dirty", under_dirty},
	{"discard", discard},
	{"overwritten", overwritten},
	{"table", table},
	{"code", code},
	{"code-unlucky", code_unlucky},
	{"code-uncached", code_uncached},
	{"code-icache", code_icache},
	{"wrong-page", wrong_page},
	{"unmapped", unmapped},
	{"again", again},
	{"setway", setway},
	{"stored-only", stored_only},
	{"over-device", over_device},
	{"alias", alias},
	{"alias-old", alias_old},
};

int guest_main(void)
{
	static char line[512];
	uint32_t args[2] = {(uint32_t)line, sizeof line};
	register uint32_t r0 asm("r0") = 0x15; /* SYS_GET_CMDLINE */
	register uint32_t *r1 asm("r1") = args;
	char *name, *sound; /* the last word: before it stands the image's own name */

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
	name = strrchr(line, ' ');
	name = name ? name + 1 : line;
	sound = strstr(name, "-sound");
	if (sound)
		*sound = 0;
	guest_mmu_on();
	guest_table[VA >> 20] = (uint32_t)coarse | 0x11;
	guest_table[ALIAS >> 20] = ((uint32_t)page_a & 0xfff00000) | 0xc12;
	for (int n = 0; n < 1024; n++)
		page_a[n] = OLD;
	coarse[0] = (uint32_t)page_a | PAGE;
	flush_all();
	inv_tlb();
	for (unsigned int n = 0; n < sizeof cases / sizeof cases[0]; n++)
		if (!strcmp(cases[n].name, name))
			return (int)cases[n].f(sound != NULL);
	return 99;
}
