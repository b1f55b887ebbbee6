/* SPDX-License-Identifier: MIT */
/* pkmap: the table of kernel addresses for high memory. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "mm/pkmap.h"
#include "monitor/command.h"

#define RUN_MIN 4 /* unused slots in a row that become one line */

static const char *pte_kind(uint32_t pte)
{
	if (!pte)
		return "-";
	return pte & PTE_TYPE_MASK ? "mapped" : "trapped";
}

static void print_slot(uint32_t slot)
{
	const struct page *page = pkmap_page(slot);
	int count = pkmap_count[slot];

	printf("  %3lu      %08lx %5d  ", (unsigned long)slot, (unsigned long)pkmap_address(slot),
	       count);
	if (page)
		printf("%6lu %08lx  ", (unsigned long)(page - mem_map),
		       (unsigned long)page_to_phys(page));
	else
		printf("%6s %-8s  ", "-", "-");
	printf("%-8s", pte_kind(pkmap_pte[slot]));
	if (count > 1)
		printf(" %d user%s", count - 1, count > 2 ? "s" : "");
	else
		printf(" %s", count ? "unused, mapped until the wrap" : "free");
	/* What the rules forbid; never seen unless the kernel is wrong. */
	printf("%s\n", page && page->virtual != (void *)pkmap_address(slot)
			       ? "; the page has another address!"
			       : "");
}

static void print_run(uint32_t first, uint32_t end)
{
	printf("  %3lu..%-3lu %08lx     1  %6lu pages    %-8s unused, mapped until the wrap\n",
	       (unsigned long)first, (unsigned long)end - 1, (unsigned long)pkmap_address(first),
	       (unsigned long)(end - first), pte_kind(pkmap_pte[first]));
}

/* The slot after those from first on that have no user and are mapped alike. */
static uint32_t run_end(uint32_t first)
{
	uint32_t end = first;

	while (end < pkmap_slots && pkmap_count[end] == 1 &&
	       strcmp(pte_kind(pkmap_pte[end]), pte_kind(pkmap_pte[first])) == 0)
		end++;
	return end;
}

static const char *run_pkmap(int argc, char **argv)
{
	bool all = argc == 2 && strcmp(argv[1], "all") == 0;
	uint32_t kinds[3] = {0}; /* free, unused, pinned */

	if (argc > 2 || (argc == 2 && !all))
		return "nothing expected, or 'all' for every slot with a line of its own";
	for (uint32_t n = 0; n < pkmap_slots; n++)
		kinds[pkmap_count[n] > 1 ? 2 : pkmap_count[n]]++;
	if (all || kinds[0] < pkmap_slots)
		printf("  slot     address  count   frame pa        PTE\n");
	for (uint32_t n = 0; n < pkmap_slots;) {
		uint32_t end = all ? n : run_end(n);

		if (end - n >= RUN_MIN) {
			print_run(n, end);
			n = end;
			continue;
		}
		if (all || pkmap_count[n])
			print_slot(n);
		n++;
	}
	printf("%lu slots: %lu free, %lu unused, %lu pinned; last_pkmap_nr=%lu; wraps so far: "
	       "%lu\n",
	       (unsigned long)pkmap_slots, (unsigned long)kinds[0], (unsigned long)kinds[1],
	       (unsigned long)kinds[2], (unsigned long)pkmap_last,
	       (unsigned long)pkmap_stats.wraps);
	return NULL;
}

static const char *complete_pkmap(int arg, const char *before, unsigned n)
{
	(void)before;
	return arg == 1 && n == 0 ? "all" : NULL;
}

COMMAND_COMPLETE(pkmap, run_pkmap, "pkmap [all]", "shows the pkmap table: slots in use, or all",
		 complete_pkmap);
