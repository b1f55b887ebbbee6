/* SPDX-License-Identifier: MIT */
/* The buddy allocator: nothing is given twice, everything comes back, and each wrong free is
 * caught and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

#include "mm/page_alloc.h"
#include "mm/pkmap.h"

/* The zones begin and end at odd frames, so that all sizes of blocks are there at the start. */
#define LOW_START 5u
#define LOW_END	  HOST_LOW_PAGES
#define HIGH_END  (HOST_PAGES - 3)

struct block {
	struct page *page;
	unsigned order;
};

static struct block held[HOST_PAGES];
static uint32_t held_count;
static uint8_t owner[HOST_PAGES]; /* 1: in a block that a test holds */
static uint32_t first_blocks[ZONES][PAGE_ORDER_MAX + 1];

static uint32_t zone_start(enum zone z)
{
	return z == ZONE_LOWMEM ? LOW_START : HOST_LOW_PAGES;
}

static uint32_t zone_end(enum zone z)
{
	return z == ZONE_LOWMEM ? LOW_END : HIGH_END;
}

static int setup(void **state)
{
	(void)state;
	host_mm_reset();
	for (enum zone z = 0; z < ZONES; z++)
		zone_add(z, zone_start(z), zone_end(z));
	return 0;
}

/* Between tests everything is free, so the struct pages must be left as they are. */
static int setup_next(void **state)
{
	(void)state;
	held_count = 0;
	memset(owner, 0, sizeof(owner));
	for (enum zone z = 0; z < ZONES; z++)
		assert_int_equal(zone_pages_free(z), zone_end(z) - zone_start(z));
	return 0;
}

static uint32_t frame(const struct page *page)
{
	return page - mem_map;
}

/* The block is inside one zone, aligned, nobody else's and poisoned; then it is filled with
 * its holder's mark, which must still be there when it is freed. */
static void hold(struct page *page, enum zone z, unsigned order)
{
	uint32_t start = frame(page), n = 1u << order;

	assert_int_equal(start % n, 0);
	assert_true(start >= zone_start(z) && start + n <= zone_end(z));
	for (uint32_t i = start; i < start + n; i++) {
		uint8_t *bytes = host_ram_at(page_to_phys(&mem_map[i]));

		assert_int_equal(owner[i], 0);
		owner[i] = 1;
		assert_int_equal(mem_map[i].zone, z);
		assert_int_equal(bytes[0], POISON_ALLOC);
		assert_memory_equal(bytes, bytes + 1, PAGE_SIZE - 1);
		memset(bytes, start % 251, PAGE_SIZE);
	}
	held[held_count++] = (struct block){page, order};
}

static void give_back(uint32_t which)
{
	struct block b = held[which];

	held[which] = held[--held_count];
	for (uint32_t i = frame(b.page); i < frame(b.page) + (1u << b.order); i++) {
		const uint8_t *bytes = host_ram_at(page_to_phys(&mem_map[i]));

		assert_int_equal(bytes[0], frame(b.page) % 251);
		assert_memory_equal(bytes, bytes + 1, PAGE_SIZE - 1);
		owner[i] = 0;
	}
	page_free(b.page, b.order);
	assert_int_equal(*host_ram_at(page_to_phys(b.page) + PAGE_SIZE - 1), POISON_FREE);
}

/* The counters against a count, block by block, of what the struct pages say. */
static void check_invariants(void)
{
	for (enum zone z = 0; z < ZONES; z++) {
		uint32_t blocks[PAGE_ORDER_MAX + 1] = {0}, free_pages = 0;

		for (uint32_t i = zone_start(z); i < zone_end(z);) {
			const struct page *p = &mem_map[i];
			uint32_t n = 1u << p->order, buddy = i ^ n;

			assert_true(p->state == PAGE_FREE || p->state == PAGE_USED);
			assert_true(i + n <= zone_end(z));
			for (uint32_t k = 1; k < n; k++)
				assert_int_equal(p[k].state, p->state == PAGE_FREE
								     ? PAGE_FREE_TAIL
								     : PAGE_USED_TAIL);
			for (uint32_t k = 0; k < n; k++)
				assert_int_equal(owner[i + k], p->state == PAGE_USED);
			if (p->state == PAGE_FREE) {
				blocks[p->order]++;
				free_pages += n;
				/* Two free buddies would have been joined. */
				if (p->order < PAGE_ORDER_MAX && buddy >= zone_start(z) &&
				    buddy + n <= zone_end(z))
					assert_false(mem_map[buddy].state == PAGE_FREE &&
						     mem_map[buddy].order == p->order);
			}
			i += n;
		}
		assert_int_equal(zone_pages_free(z), free_pages);
		assert_int_equal(zone_pages_total(z), zone_end(z) - zone_start(z));
		for (unsigned o = 0; o <= PAGE_ORDER_MAX; o++)
			assert_int_equal(zone_blocks_free(z, o), blocks[o]);
	}
	/* What lies outside the zones was never touched. */
	for (uint32_t i = 0; i < HOST_PAGES; i++)
		if (i < LOW_START || i >= HIGH_END)
			assert_int_equal(mem_map[i].state, PAGE_RESERVED);
}

static void check_as_at_the_start(void)
{
	check_invariants();
	for (enum zone z = 0; z < ZONES; z++)
		for (unsigned o = 0; o <= PAGE_ORDER_MAX; o++)
			assert_int_equal(zone_blocks_free(z, o), first_blocks[z][o]);
}

static void test_first_blocks(void **state)
{
	(void)state;
	check_invariants();
	for (enum zone z = 0; z < ZONES; z++) {
		uint32_t sum = 0;

		for (unsigned o = 0; o <= PAGE_ORDER_MAX; o++) {
			first_blocks[z][o] = zone_blocks_free(z, o);
			sum += first_blocks[z][o] << o;
		}
		assert_int_equal(sum, zone_end(z) - zone_start(z));
	}
	/* 5..47: 5, 6-7, 8-15, 16-31, 32-47. */
	assert_int_equal(first_blocks[ZONE_LOWMEM][0], 1);
	assert_int_equal(first_blocks[ZONE_LOWMEM][1], 1);
	assert_int_equal(first_blocks[ZONE_LOWMEM][2], 0);
	assert_int_equal(first_blocks[ZONE_LOWMEM][3], 1);
	assert_int_equal(first_blocks[ZONE_LOWMEM][4], 2);
}

static void test_random(void **state)
{
	(void)state;
	host_random_start();
	for (unsigned step = 0; step < 4000; step++) {
		/* In turn rather full and rather empty. */
		bool filling = step / 500 % 2 == 0;

		if (held_count == 0 || host_random(100) < (filling ? 70u : 30u)) {
			enum zone z = host_random(2);
			unsigned order = host_random(step % 7 == 0 ? PAGE_ORDER_MAX + 1 : 4);
			uint32_t before = zone_pages_free(z);
			struct page *page = page_alloc(z, order);

			if (page) {
				hold(page, z, order);
				assert_int_equal(zone_pages_free(z), before - (1u << order));
			} else {
				for (unsigned o = order; o <= PAGE_ORDER_MAX; o++)
					assert_int_equal(zone_blocks_free(z, o), 0);
			}
		} else {
			give_back(host_random(held_count));
		}
		if (step % 8 == 0)
			check_invariants();
	}
	while (held_count)
		give_back(host_random(held_count));
	check_as_at_the_start();
}

static void test_exhaustion(void **state)
{
	(void)state;
	for (enum zone z = 0; z < ZONES; z++) {
		uint32_t pages = zone_pages_free(z);

		for (uint32_t i = 0; i < pages; i++) {
			struct page *page = page_alloc(z, 0);

			assert_non_null(page);
			hold(page, z, 0);
		}
		assert_int_equal(zone_pages_free(z), 0);
		assert_null(page_alloc(z, 0));
		assert_null(page_alloc(z, PAGE_ORDER_MAX));
		/* The other zone does not help out. */
		assert_int_equal(zone_pages_free(!z), zone_pages_total(!z));
		check_invariants();
		while (held_count)
			give_back(held_count - 1);
		check_as_at_the_start();
	}
}

/* A block of the largest order that fits must be had as a whole after any history. */
static void test_largest_block(void **state)
{
	struct page *a, *b;

	(void)state;
	a = page_alloc(ZONE_HIGHMEM, 0);
	b = page_alloc(ZONE_HIGHMEM, 1);
	page_free(a, 0);
	page_free(b, 1);
	a = page_alloc(ZONE_HIGHMEM, 9);
	assert_non_null(a);
	assert_int_equal(frame(a), 512); /* the only such block: 512..1023 */
	page_free(a, 9);
	check_as_at_the_start();
}

struct free_call {
	struct page *page;
	unsigned order;
};

static void call_free(void *arg)
{
	struct free_call *c = arg;

	page_free(c->page, c->order);
}

static void call_alloc(void *arg)
{
	page_alloc(ZONE_LOWMEM, *(unsigned *)arg);
}

static void assert_refused(struct page *page, unsigned order, const char *words)
{
	struct free_call call = {page, order};

	assert_true(host_panics(call_free, &call));
	if (!strstr(host_panic_text, words))
		fail_msg("\"%s\" does not say \"%s\"", host_panic_text, words);
	check_invariants(); /* and nothing was changed */
}

static void test_wrong_frees(void **state)
{
	unsigned too_large = PAGE_ORDER_MAX + 1;
	struct page *page, *alone;
	char words[80];

	(void)state;
	page = page_alloc(ZONE_HIGHMEM, 3);
	hold(page, ZONE_HIGHMEM, 3);
	alone = page_alloc(ZONE_LOWMEM, 0);
	hold(alone, ZONE_LOWMEM, 0);
	sprintf(words, "frame %u was allocated with order 3, freed with 2", frame(page));
	assert_refused(page, 2, words);
	assert_refused(page, 4, "allocated with order 3, freed with 4");
	sprintf(words, "frame %u is inside a block, not its start", frame(page) + 1);
	assert_refused(page + 1, 3, words);
	assert_refused(page + 7, 0, "is inside a block");
	assert_refused(mem_map, 0, "frame 0 was never handed out");
	assert_refused(mem_map + HOST_PAGES - 1, 0, "was never handed out");
	assert_refused(mem_map + HOST_PAGES, 0, "is no struct page");
	assert_refused(mem_map - 1, 0, "is no struct page");
	assert_refused(NULL, 0, "is no struct page");
	give_back(1);
	give_back(0);
	/* Joined with its buddies the page may be a block's start or inside one. */
	sprintf(words, "double free of frame %u", frame(page));
	assert_refused(page, 3, words);
	assert_refused(page + 5, 0, "double free");
	assert_refused(alone, 0, "double free");
	assert_true(host_panics(call_alloc, &too_large));
	assert_non_null(strstr(host_panic_text, "order > PAGE_ORDER_MAX"));
	check_as_at_the_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first_blocks, setup_next),
		cmocka_unit_test_setup(test_random, setup_next),
		cmocka_unit_test_setup(test_exhaustion, setup_next),
		cmocka_unit_test_setup(test_largest_block, setup_next),
		cmocka_unit_test_setup(test_wrong_frees, setup_next),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
