/* SPDX-License-Identifier: MIT */
/* Counts by repetition: many rounds between two readings of the board's clock, less what the
 * empty loop takes. Under -icount shift=0 an instruction takes 1 ns of guest time. */
#include "bench/counts.h"

#include <stdio.h>

#include "boards/board_api.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "lib/irqflags.h"
#include "mm/pkmap.h"

#define ROUNDS 2400

static struct bench_pages *p;
static uint32_t next_page, page_span; /* for the rounds that take a new page each */

typedef void (*round_fn)(void);

static void nothing(void)
{
	__asm__ volatile("");
}

/* Hundredths of a ns a round, with the call of an empty function subtracted. IRQs are masked:
 * a tick in between would be counted. */
static uint32_t measure(round_fn fn, uint32_t rounds)
{
	uint32_t start, with, without;
	unsigned long flags = irq_save();

	start = board_clock_ticks();
	for (uint32_t i = 0; i < rounds; i++)
		nothing();
	without = board_clock_ticks() - start;
	start = board_clock_ticks();
	for (uint32_t i = 0; i < rounds; i++)
		fn();
	with = board_clock_ticks() - start;
	irq_restore(flags);
	return (uint64_t)(with - without) * 100000 / (board_clock_hz() / 1000000) / rounds;
}

static void report(const char *name, uint32_t hundredths)
{
	printf("bench %s pkmap=%lu insns=%lu.%02lu\n", name, (unsigned long)pkmap_slots,
	       (unsigned long)hundredths / 100, (unsigned long)hundredths % 100);
}

/* A known number of instructions: 1000 a round, and the call of `nothing` as everywhere. */
static __attribute__((noinline)) void thousand(void)
{
	__asm__ volatile(".rept 1000\n\tmov r0, r0\n\t.endr");
}

static void kmap_kunmap_mapped(void)
{
	kmap(p->mapped);
	kunmap(p->mapped);
}

static void kmap_only(void)
{
	kmap(p->mapped);
}

static void kunmap_only(void)
{
	kunmap(p->mapped);
}

static void kmap_lowmem(void)
{
	kmap(p->low);
	kunmap(p->low);
}

static __attribute__((noinline)) void pin_and_unpin(struct page *page)
{
	void *va = kmap_high_get(page);

	__asm__ volatile("" : : "r"(va));
	kunmap_high(page);
}

static void pin_mapped(void)
{
	pin_and_unpin(p->mapped);
}

static __attribute__((noinline)) void *pin_only(struct page *page)
{
	return kmap_high_get(page);
}

static void pin_unmapped(void)
{
	pin_only(p->unmapped);
}

static void kmap_kunmap_new(void)
{
	struct page *page = p->many[next_page];

	if (++next_page == page_span)
		next_page = 0;
	kmap(page);
	kunmap(page);
}

/* The bookkeeping of the round above, without the kmap. */
static void next_page_only(void)
{
	struct page *page = p->many[next_page];

	if (++next_page == page_span)
		next_page = 0;
	__asm__ volatile("" : : "r"(page));
}

/* Exactly the call that wraps, everything in the table unused: its share of many. */
static uint32_t measure_wrap(void)
{
	uint32_t ticks = 0, rounds = 48;
	unsigned long flags = irq_save();

	for (uint32_t i = 0; i < rounds; i++) {
		while (pkmap_last != pkmap_slots - 1)
			kmap_kunmap_new();
		uint32_t start = board_clock_ticks();

		kmap_kunmap_new();
		ticks += board_clock_ticks() - start;
	}
	irq_restore(flags);
	return (uint64_t)ticks * 100000 / (board_clock_hz() / 1000000) / rounds;
}

static enum dma_data_direction direction;
static struct page *dma_page;

static void map_page(void)
{
	dma_unmap_page(dma_map_page(dma_page, 0, PAGE_SIZE, direction), PAGE_SIZE, direction);
}

static __attribute__((noinline)) void plain_loop(uintptr_t va)
{
	dcache_inv_range(va, PAGE_SIZE);
}

static void invalidate_page(void)
{
	plain_loop((uintptr_t)p->low->virtual);
}

static void dma_directions(const char *what, struct page *page)
{
	static const char *const names[] = {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE"};
	char name[64];

	dma_page = page;
	for (direction = DMA_BIDIRECTIONAL; direction <= DMA_FROM_DEVICE; direction++) {
		snprintf(name, sizeof(name), "dma_map_page:%s:%s", what, names[direction]);
		report(name, measure(map_page, ROUNDS));
	}
}

static void tables(void)
{
	static const uint32_t sizes[] = {8, 16, 32, 64, 128, 256, 512};

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (pkmap_resize(sizes[i]))
			panic("bench: a page is still mapped");
		next_page = 0;
		page_span = sizes[i] + 2; /* a page is unmapped again when its turn comes */
		report("kmap+kunmap:new",
		       measure(kmap_kunmap_new, ROUNDS * 4) - measure(next_page_only, ROUNDS * 4));
		report("kmap+kunmap:wrap", measure_wrap());
	}
}

void bench_counts(struct bench_pages *pages)
{
	p = pages;
	report("calibration:1000-instructions", measure(thousand, 240));
	kmap(p->mapped); /* mapped, and used by nobody: count 1 */
	kunmap(p->mapped);
	report("kmap+kunmap:mapped", measure(kmap_kunmap_mapped, ROUNDS));
	report("kmap:mapped", measure(kmap_only, ROUNDS));     /* a user more each round... */
	report("kunmap:mapped", measure(kunmap_only, ROUNDS)); /* ...and one less */
	report("kmap+kunmap:lowmem", measure(kmap_lowmem, ROUNDS));
	report("kmap_high_get+kunmap_high:mapped", measure(pin_mapped, ROUNDS));
	report("kmap_high_get:unmapped", measure(pin_unmapped, ROUNDS));
	report("dcache_inv_range:page", measure(invalidate_page, ROUNDS));
	for (enum dma_fix_id fix = 0; fix < FIXES; fix++) {
		char what[24];

		dma_fix_select(fix);
		snprintf(what, sizeof(what), "mapped:fix=%s", dma_fix->name);
		dma_directions(what, p->mapped);
	}
	dma_fix_select(FIX_PIN);
	dma_directions("unmapped:fix=pin", p->unmapped);
	dma_directions("lowmem", p->low);
	tables();
}
