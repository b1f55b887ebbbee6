/* SPDX-License-Identifier: MIT */
/* mem, peek, poke: how much memory there is, and what is in it. */
#include <stdio.h>

#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "monitor/cmd_args.h"
#include "monitor/command.h"

#define PEEK_MAX 1024u /* words: a page */
#define PER_ROW	 4

static void print_zone(const char *name, enum zone zone)
{
	printf("  %-10s %6lu %6lu %7lu ", name, (unsigned long)zone_pages_total(zone),
	       (unsigned long)zone_pages_free(zone),
	       (unsigned long)zone_pages_free(zone) * (PAGE_SIZE / 1024));
	for (unsigned order = 0; order <= PAGE_ORDER_MAX; order++)
		printf(" %3lu", (unsigned long)zone_blocks_free(zone, order));
	printf("\n");
}

static const char *run_mem(int argc, char **argv)
{
	const unsigned long slots = CONSISTENT_SIZE / PAGE_SIZE;
	unsigned long unused = 0;

	(void)argv;
	if (argc > 1)
		return "no argument expected; peek ADDRESS shows what is in memory";
	for (unsigned i = 0; i < slots; i++)
		unused += consistent_pte[i] == 0;
	printf("              pages   free KiB free  free blocks of 4K ... 4M\n");
	print_zone("lowmem", ZONE_LOWMEM);
	print_zone("highmem", ZONE_HIGHMEM);
	printf("  %-10s %6lu %6lu %7lu   addresses; the pages are lowmem's\n", "consistent", slots,
	       unused, unused * (PAGE_SIZE / 1024));
	return NULL;
}

COMMAND(mem, run_mem, "mem", "shows the zones of memory and what is free");

static const char *run_peek(int argc, char **argv)
{
	uint32_t addr, words = PER_ROW;
	const char *wrong;

	if (argc < 2 || argc > 3 || !args_address(argv[1], &addr) || addr % 4 ||
	    (argc == 3 && !args_number(argv[2], &words)) || words < 1 || words > PEEK_MAX)
		return args_wrong("a word's address (a multiple of 4) expected, and how many "
				  "words, 1..%u",
				  PEEK_MAX);
	wrong = args_range(addr, words * 4, false);
	for (uint32_t i = 0; !wrong && i < words; i++) {
		const volatile uint32_t *at = (const volatile uint32_t *)(uintptr_t)(addr + 4 * i);

		if (i % PER_ROW == 0)
			printf("  %08lx:", (unsigned long)(uintptr_t)at);
		printf(" %08lx%s", (unsigned long)*at,
		       i % PER_ROW == PER_ROW - 1 || i == words - 1 ? "\n" : "");
	}
	return wrong;
}

COMMAND(peek, run_peek, "peek ADDRESS [WORDS]", "reads memory as the CPU sees it");

static const char *run_poke(int argc, char **argv)
{
	uint32_t addr, value;
	const char *wrong;

	if (argc != 3 || !args_address(argv[1], &addr) || addr % 4)
		return "a word's address (a multiple of 4) and the word to write expected";
	if (!args_address(argv[2], &value))
		return args_wrong("a word of 32 bits expected, in hexadecimal as peek shows it, "
				  "not %s",
				  argv[2]);
	wrong = args_range(addr, 4, true);
	if (!wrong)
		*(volatile uint32_t *)(uintptr_t)addr = value;
	return wrong;
}

COMMAND(poke, run_poke, "poke ADDRESS WORD", "writes a word as the CPU does: into the cache");
