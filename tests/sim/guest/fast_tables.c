/* SPDX-License-Identifier: MIT */
/* What an access learnt about a page holds until something says otherwise, and no longer: a write
 * of the domain access control, and an entry that the TLB replaced. Exit status: a bit for each
 * that went wrong. */
#include <stdint.h>

#include "mmu_on.h"

#define VA	  0x40000000u /* one section of domain 3 */
#define PAGES	  0x48000000u /* small pages, all of the same frame */
#define OTHERS_AT 0x50000000u /* sections that fill the TLB */
#define OTHERS	  200u	      /* fill its 64 entries and then go round all of them */
#define CP(op, v) asm volatile("mcr p15, 0, %0, " op ::"r"(v) : "memory")

extern volatile uint32_t abort_count, abort_fsr, abort_kind, svc_count;
void vectors_install(void);
void try_fetch(uint32_t va, uint32_t cpsr);

static uint32_t coarse[256] __attribute__((aligned(1024)));
static uint32_t frames[2][1024] __attribute__((aligned(4096)));
static uint32_t section[0x100000 / 4] __attribute__((aligned(0x100000)));
static uint32_t bad, bit = 1;

static void check(int ok)
{
	bad |= ok ? 0 : bit;
	bit <<= 1;
}

static void published(uint32_t *e)
{
	CP("c7, c10, 1", e);
	CP("c7, c10, 4", 0);
}

/* The status of the fault that the access ended in, or 0. */
static uint32_t load(uint32_t va)
{
	uint32_t n = abort_count, v = 0;

	asm volatile("ldr %0, [%1]" : "+&r"(v) : "r"(va) : "memory");
	return abort_count == n ? 0 : abort_fsr & 0xff;
}

static uint32_t store(uint32_t va)
{
	uint32_t n = abort_count;

	asm volatile("str %0, [%0]" ::"r"(va) : "memory");
	return abort_count == n ? 0 : abort_fsr & 0xff;
}

static uint32_t fetch(uint32_t va)
{
	uint32_t n = abort_count;

	try_fetch(va, 0xd3);
	return abort_count == n ? 0 : abort_fsr & 0xff;
}

/* The pages looked at, by their number: where some are crowded out of a direct-mapped table by
 * those of this program, others are not. */
static const uint8_t looked_at[] = {9, 40, 77, 100, 119};
#define EACH(n) (uint32_t n = 0; n < sizeof(looked_at); n++)

/* All accesses to all pages, twice: the second goes the short way. */
static void all_are(uint32_t status)
{
	int loads = 1, stores = 1, fetches = 1;

	for (int i = 0; i < 2; i++)
		for
			EACH(n)
			{
				uint32_t va = VA + (looked_at[n] << 12);

				loads &= load(va + 4) == status;
				stores &= store(va + 64) == status;
				fetches &= fetch(va) == status;
			}
	check(loads);
	check(stores);
	check(fetches);
}

static void domains(void)
{
	for
		EACH(n)
		{
			section[looked_at[n] << 10] = 0xef000001; /* SVC */
			published(&section[looked_at[n] << 10]);
		}
	CP("c7, c5, 0", 0);
	guest_table[VA >> 20] = (uint32_t)section | 3 << 5 | 0x012; /* no permission at all */
	published(&guest_table[VA >> 20]);
	CP("c8, c7, 0", 0);
	CP("c3, c0, 0", 1 | 3 << 6); /* its manager */
	all_are(0);
	CP("c3, c0, 0", 1 | 1 << 6); /* a client: permission fault of a section */
	all_are(0x3d);
	CP("c3, c0, 0", 1 | 3 << 6);
	all_are(0);
	CP("c3, c0, 0", 1); /* nobody: domain fault of a section */
	all_are(0x39);
}

#ifdef REAL_TLB
static void map_to(uint32_t frame)
{
	for
		EACH(n)
		{
			uint32_t *e = &coarse[looked_at[n]];

			*e = (uint32_t)frames[frame] |
			     0xff2; /* uncached: no line hides the memory */
			published(e);
		}
}

/* By addresses that share one place in a table that goes by page number. */
static void fill_tlb(void)
{
	for (uint32_t n = 0; n < OTHERS; n++)
		(void)*(volatile uint32_t *)(OTHERS_AT + (n << 20) + 0x5000);
}

typedef uint32_t function(void);

static int loads(uint32_t page, uint32_t want)
{
	return *(volatile uint32_t *)(PAGES + (page << 12)) == want;
}

static int calls(uint32_t page, uint32_t want)
{
	/* (Uncached code: no need to invalidate the I-cache, which would make it look again.) */
	return ((function *)(PAGES + (page << 12)))() == want;
}

/* What the pages show: the old frame's word while their entries last, and then the new one's. */
static void remapped(int (*is)(uint32_t page, uint32_t want), uint32_t old, uint32_t new)
{
	int right = 1, stale = 1, fresh = 1;

	map_to(0);
	CP("c8, c7, 0", 0);
	for
		EACH(n)
	right &= is(looked_at[n], old);
	map_to(1); /* and no flush */
	for
		EACH(n)
	stale &= is(looked_at[n], old);
	fill_tlb();
	for
		EACH(n)
	fresh &= is(looked_at[n], new);
	check(right);
	check(stale);
	check(fresh);
}

static int stores(uint32_t page, uint32_t want)
{
	(*(volatile uint32_t *)(PAGES + (page << 12) + 64))++;
	CP("c7, c10, 4", 0);
	for (uint32_t n = 0; n < 2; n++)
		CP("c7, c6, 1", &frames[n][16]); /* its line by the other address */
	if (!frames[want][16] || frames[!want][16])
		return 0;
	frames[want][16] = 0;
	published(&frames[want][16]);
	return 1;
}

/* Code in one line of a remapped page that fills the TLB itself, and then returns 1 + frame: its
 * own entry goes while it runs. */
#define FILLER 24 /* word of the frame */
typedef uint32_t filler(uint32_t at, uint32_t step, uint32_t unused, uint32_t n);

static void put_filler(uint32_t n)
{
	const uint32_t code[5] = {
		0xe6902001,	/* 1: ldr r2, [r0], r1 */
		0xe2533001,	/* subs r3, r3, #1 */
		0x1afffffc,	/* bne 1b */
		0xe3a00001 + n, /* mov r0, #1 + n */
		0xe12fff1e,	/* bx lr */
	};

	for (uint32_t i = 0; i < 5; i++)
		frames[n][FILLER + i] = code[i];
	published(&frames[n][FILLER]);
}

static void replaced_while_it_runs(void)
{
	filler *f = (filler *)(PAGES + (looked_at[0] << 12) + FILLER * 4);

	map_to(0);
	CP("c8, c7, 0", 0);
	check(f(OTHERS_AT + 0x5000, 1 << 20, 0, 1) == 1);
	map_to(1);
	check(f(OTHERS_AT + 0x5000, 1 << 20, 0, 1) == 1);
	check(f(OTHERS_AT + 0x5000, 1 << 20, 0, OTHERS) == 2);
}

static void replaced(void)
{
	guest_table[PAGES >> 20] = (uint32_t)coarse | 0x11;
	published(&guest_table[PAGES >> 20]);
	for (uint32_t n = 0; n < OTHERS; n++) {
		guest_table[(OTHERS_AT >> 20) + n] = (uint32_t)section | 0xc12;
		published(&guest_table[(OTHERS_AT >> 20) + n]);
	}
	for (uint32_t n = 0; n < 2; n++) {
		frames[n][0] = 0xe3a00001 + n; /* mov r0, #1 + n */
		frames[n][1] = 0xe12fff1e;     /* bx lr */
		frames[n][16] = 0;
		published(frames[n]);
		published(&frames[n][16]);
		put_filler(n);
	}
	remapped(loads, 0xe3a00001, 0xe3a00002);
	remapped(calls, 1, 2);
	remapped(stores, 0, 1);
	replaced_while_it_runs();
}
#endif

int guest_main(void)
{
	guest_mmu_on();
	vectors_install();
	asm volatile("1: mrc p15, 0, r15, c7, c14, 3\n\tbne 1b" ::: "cc", "memory");
	CP("c7, c10, 4", 0);
	CP("c7, c5, 0", 0);
	domains();
	bit = 1 << 16;
#ifdef REAL_TLB
	replaced();
#endif
	return bad ? (int)(bad & 0xff ? bad & 0xff : bad & 0xff00 ? 0xf1 : 0xf2) : 0;
}
