/* SPDX-License-Identifier: MIT */
/* One cache effect a run, chosen by the command line. Exit status: 1 if the effect of a
 * real, incoherent cache showed, 0 if not, 99 for an unknown case. */
#include <stdint.h>
#include <string.h>

#include "mmu_on.h"

#define VA    0x40000000u /* small pages through `coarse` */
#define ALIAS 0x50000000u /* the same frames, uncached */
#define OLD   0x01d01d01u
#define NEW   0x22222222u
#define PL080 0x10130000u
#define CB    0xcu

static uint32_t coarse[256] __attribute__((aligned(4096)));
static uint32_t page_a[1024] __attribute__((aligned(4096)));
static uint32_t page_b[1024] __attribute__((aligned(4096)));
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

/* What DRAM holds, past the cache. */
static uint32_t dram(const void *p)
{
	return *(volatile uint32_t *)(ALIAS | ((uint32_t)p & 0xfffff));
}

static void set_dram(void *p, uint32_t v)
{
	*(volatile uint32_t *)(ALIAS | ((uint32_t)p & 0xfffff)) = v;
	drain();
}

static void map(uint32_t *frame)
{
	coarse[0] = (uint32_t)frame | 0xff0 | CB | 2;
	clean(&coarse[0]);
	drain();
	inv_tlb();
}

static uint32_t loses(int read_first)
{
	if (read_first)
		(void)va[0];
	va[0] = NEW;
	inv(va);
	drain(); /* what went to the write buffer arrives; what was in the line does not */
	return va[0] == OLD;
}

static uint32_t clean_keeps(void)
{
	(void)va[0];
	va[0] = NEW;
	clean_inv(va);
	return va[0] == OLD;
}

/* A page table entry: in a line, or in the write buffer, when the walk comes. */
static uint32_t entry(int cached, int do_clean, int do_drain)
{
	page_b[0] = NEW;
	flush_all();
	if (cached)
		(void)*(volatile uint32_t *)&coarse[0];
	*(volatile uint32_t *)&coarse[0] = (uint32_t)page_b | 0xff0 | CB | 2;
	if (do_clean)
		clean(&coarse[0]);
	if (do_drain)
		drain();
	inv_tlb();
	return va[0] == OLD;
}

static uint32_t stale_tlb(int flush)
{
	page_b[0] = NEW;
	flush_all();
	(void)va[0];
	coarse[0] = (uint32_t)page_b | 0xff0 | CB | 2;
	flush_all();
	if (flush)
		inv_tlb();
	return va[0] == OLD;
}

static uint32_t run(void *code)
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

static uint32_t code(int do_clean, int do_inv)
{
	put_code(page_a, 0);
	flush_all();
	inv_icache();
	run(page_a);
	(void)*(volatile uint32_t *)page_a;
	put_code(page_a, 1);
	if (do_clean) {
		clean(page_a);
		drain();
	}
	if (do_inv)
		inv_icache();
	return run(page_a) == 0;
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

static uint32_t from_device(int do_inv)
{
	set_dram(page_b, NEW);
	(void)va[0];
	dma(page_a, page_b, 8);
	if (do_inv)
		inv(va);
	return va[0] == OLD;
}

/* The buffer's own dirty bytes are thrown away on purpose: the device fills it. */
static uint32_t from_device_dirty(void)
{
	set_dram(page_b, NEW);
	(void)va[0];
	for (int n = 0; n < 8; n++)
		va[n] = 0x77777777;
	inv(va);
	dma(page_a, page_b, 8);
	return va[0] != NEW;
}

static uint32_t to_device(int do_clean, int do_drain)
{
	(void)va[0];
	va[0] = NEW;
	if (do_clean)
		clean(va);
	if (do_drain)
		drain();
	dma(page_b, page_a, 8);
	return dram(page_b) != NEW;
}

/* A dirty line goes to the page it came from, wherever its address points now. */
static uint32_t pa_tag(void)
{
	(void)va[0];
	va[0] = NEW;
	map(page_b);
	clean(va);
	drain();
	return dram(page_a) == NEW && dram(page_b) != NEW;
}

static uint32_t rotated(void)
{
	uint32_t v;

	asm volatile("ldr %0, [%1]" : "=r"(v) : "r"((char *)&page_a[1] + 1));
	return v == (page_a[1] >> 8 | page_a[1] << 24);
}

static uint32_t halves(void)
{
	(void)va[0];
	set_dram(&page_a[4], 7); /* behind the line's upper half */
	va[0] = NEW;		 /* only the lower half is dirty */
	clean(va);
	drain();
	return dram(&page_a[0]) == NEW && dram(&page_a[4]) == 7;
}

static const struct {
	const char *name;
	uint32_t (*f)(int, int, int);
	int a, b, c;
} cases[] = {
#define CASE(name, f, a, b, c)                                               \
	{                                                                    \
		name, (uint32_t(*)(int, int, int))(void (*)(void))f, a, b, c \
	}
	CASE("inv-after-read", loses, 1, 0, 0),
	CASE("inv-write-only", loses, 0, 0, 0),
	CASE("clean-inv", clean_keeps, 0, 0, 0),
	CASE("pte-sound", entry, 1, 1, 1),
	CASE("pte-unclean", entry, 1, 0, 1),
	CASE("pte-undrained", entry, 0, 0, 0),
	CASE("pte-drained", entry, 0, 0, 1),
	CASE("tlb-stale", stale_tlb, 0, 0, 0),
	CASE("tlb-flushed", stale_tlb, 1, 0, 0),
	CASE("code-sound", code, 1, 1, 0),
	CASE("code-unclean", code, 0, 1, 0),
	CASE("code-icache", code, 1, 0, 0),
	CASE("dma-from-stale", from_device, 0, 0, 0),
	CASE("dma-from-inv", from_device, 1, 0, 0),
	CASE("dma-from-dirty", from_device_dirty, 0, 0, 0),
	CASE("dma-to-unclean", to_device, 0, 1, 0),
	CASE("dma-to-undrained", to_device, 1, 0, 0),
	CASE("dma-to-sound", to_device, 1, 1, 0),
	CASE("pa-tag", pa_tag, 0, 0, 0),
	CASE("rotated", rotated, 0, 0, 0),
	CASE("halves", halves, 0, 0, 0),
};

int guest_main(void)
{
	static char line[512];
	uint32_t args[2] = {(uint32_t)line, sizeof line};
	register uint32_t r0 asm("r0") = 0x15;
	register uint32_t *r1 asm("r1") = args;

	const char *name; /* the command line's last word: before it stands the image's own name */

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
	name = strrchr(line, ' ');
	name = name ? name + 1 : line;
	guest_mmu_on();
	guest_table[VA >> 20] = (uint32_t)coarse | 0x11;
	guest_table[ALIAS >> 20] = ((uint32_t)page_a & 0xfff00000) | 0xc12;
	for (int n = 0; n < 1024; n++)
		page_a[n] = n ? 0x11223344u * (uint32_t)n : OLD;
	map(page_a);
	flush_all();
	inv_tlb();
	for (unsigned int n = 0; n < sizeof cases / sizeof cases[0]; n++)
		if (!strcmp(cases[n].name, name))
			return (int)cases[n].f(cases[n].a, cases[n].b, cases[n].c);
	return 99;
}
