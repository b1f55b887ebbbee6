/* SPDX-License-Identifier: MIT */
/* pages, kmap, kunmap: highmem pages to play with by hand. */
#include "monitor/cmd_pages.h"

#include <stdio.h>
#include <stdlib.h>

#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "monitor/cmd_args.h"
#include "monitor/command.h"

#define POOL_MAX 64

static struct pool_page {
	struct page *page;
	uint32_t kmaps; /* by hand, not undone */
} pool[POOL_MAX];
static uint32_t pool_size;

static uint32_t frame_of(const struct page *page)
{
	return page - mem_map;
}

uint32_t pages_kmaps(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < pool_size; i++)
		n += pool[i].kmaps;
	return n;
}

static const char *pool_resize(uint32_t size)
{
	for (uint32_t i = size; i < pool_size; i++)
		if (pool[i].kmaps)
			return args_wrong("frame %lu would go, but it is mapped; 'kunmap %lu' "
					  "first",
					  (unsigned long)frame_of(pool[i].page),
					  (unsigned long)frame_of(pool[i].page));
	while (pool_size > size)
		page_free(pool[--pool_size].page, 0);
	while (pool_size < size) {
		struct page *page = page_alloc(ZONE_HIGHMEM, 0);

		if (!page)
			return args_wrong("no free highmem page after %lu of them; more RAM or a "
					  "smaller lowmem= gives some",
					  (unsigned long)pool_size);
		pool[pool_size++] = (struct pool_page){.page = page};
	}
	return NULL;
}

static void print_pool(void)
{
	if (!pool_size) {
		printf("no pages; 'pages 4' takes four of high memory\n");
		return;
	}
	printf("  page  frame  pa        address   kmaps\n");
	for (uint32_t i = 0; i < pool_size; i++) {
		const struct page *page = pool[i].page;

		printf("  %4lu %6lu  %08lx  ", (unsigned long)i + 1, (unsigned long)frame_of(page),
		       (unsigned long)page_to_phys(page));
		if (page_address(page))
			printf("%08lx ", (unsigned long)(uintptr_t)page_address(page));
		else
			printf("%-8s ", "-");
		printf(" %5lu\n", (unsigned long)pool[i].kmaps);
	}
}

static const char *run_pages(int argc, char **argv)
{
	const char *wrong = NULL;
	uint32_t size;

	if (argc > 2 || (argc == 2 && (!args_number(argv[1], &size) || size > POOL_MAX)))
		return args_wrong("how many pages to keep expected, 0..%d", POOL_MAX);
	if (argc == 2)
		wrong = pool_resize(size);
	if (!wrong)
		print_pool();
	return wrong;
}

COMMAND(pages, run_pages, "pages [N]", "has N highmem pages for kmap, or lists them");

/* The page of the pool that argv[1] names: by its place in the list, or by its frame (high memory
 * begins far above POOL_MAX, so the two do not meet). Else NULL and *wrong. */
static struct pool_page *find(int argc, char **argv, const char **wrong)
{
	uint32_t number;

	*wrong = NULL;
	if (!pool_size)
		*wrong = "no pages to map; 'pages 4' takes four of high memory";
	else if (argc != 2 || !args_number(argv[1], &number))
		*wrong = "one page expected, by its number in the list that pages prints";
	if (*wrong)
		return NULL;
	if (number >= 1 && number <= pool_size)
		return &pool[number - 1];
	for (uint32_t i = 0; i < pool_size; i++)
		if (frame_of(pool[i].page) == number)
			return &pool[i];
	*wrong = args_wrong("page %lu is none of the pages taken; pages lists them",
			    (unsigned long)number);
	return NULL;
}

/* kmap() would sleep until somebody else's kunmap(), and there is nobody else. */
static bool would_sleep(const struct page *page)
{
	if (page_address(page))
		return false;
	for (uint32_t n = 0; n < pkmap_slots; n++)
		if (pkmap_count[n] < 2)
			return false;
	return true;
}

static const char *run_kmap(int argc, char **argv)
{
	const char *wrong;
	struct pool_page *p = find(argc, argv, &wrong);

	if (!p)
		return wrong;
	if (would_sleep(p->page))
		return args_wrong("all %lu slots are pinned (see pkmap); kunmap one first",
				  (unsigned long)pkmap_slots);

	bool had = page_address(p->page);
	void *va = kmap(p->page);

	p->kmaps++;
	printf("frame %lu at %08lx, slot %lu (%s), pkmap_count %d\n",
	       (unsigned long)frame_of(p->page), (unsigned long)(uintptr_t)va,
	       (unsigned long)pkmap_slot(va), had ? "which it had" : "new",
	       pkmap_count[pkmap_slot(va)]);
	return NULL;
}

static const char *run_kunmap(int argc, char **argv)
{
	const char *wrong;
	struct pool_page *p = find(argc, argv, &wrong);

	if (!p)
		return wrong;
	if (!p->kmaps)
		return args_wrong("frame %lu is not mapped by hand; kmap it first",
				  (unsigned long)frame_of(p->page));
	p->kmaps--;
	kunmap(p->page);

	int count = pkmap_count[pkmap_slot(page_address(p->page))];

	printf("frame %lu at %08lx, pkmap_count %d%s\n", (unsigned long)frame_of(p->page),
	       (unsigned long)(uintptr_t)page_address(p->page), count,
	       count == 1 ? ": mapping, TLB entry and cache lines stay until the wrap" : "");
	return NULL;
}

static const char *complete_page(int arg, const char *before, unsigned n)
{
	static char word[12];

	(void)before;
	if (arg != 1 || n >= pool_size)
		return NULL;
	snprintf(word, sizeof(word), "%lu", (unsigned long)n + 1);
	return word;
}

COMMAND_COMPLETE(kmap, run_kmap, "kmap PAGE", "kmap() of a page that `pages` lists", complete_page);
COMMAND_COMPLETE(kunmap, run_kunmap, "kunmap PAGE", "kunmap() of it; the mapping stays for now",
		 complete_page);
