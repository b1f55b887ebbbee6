/* SPDX-License-Identifier: MIT */
/* cache: geometry and counters, the lines, what was thrown away, and maintenance by hand. */
#include <stdio.h>
#include <string.h>

#include "cache/machine.h"
#include "cache/modelled.h"
#include "cache/ops.h"
#include "cache/trap.h"
#include "lib/symbol.h"
#include "mm/pkmap.h"
#include "monitor/cmd_args.h"
#include "monitor/command.h"

#define LIST_MAX 64 /* lines of text */

static const char *const needs_model =
	"only the model's lines can be listed, and it is not in use here; line tells of one";

static void print_counters(void)
{
	const struct cm *m = &cache_model;
	unsigned long valid = 0, dirty = 0;

	for (uint32_t i = 0; i < m->sets * m->cfg.ways; i++) {
		valid += m->lines[i].valid;
		dirty += m->lines[i].valid && m->lines[i].dirty;
	}
	printf("  valid lines %9lu   loads     %11lu   fills               %9lu\n", valid,
	       (unsigned long)m->n.loads, (unsigned long)m->n.fills);
	printf("  dirty lines %9lu   stores    %11lu   evictions           %9lu\n", dirty,
	       (unsigned long)m->n.stores, (unsigned long)m->n.evictions);
	printf("  in buffers  %9lu   hits      %11lu   halves written back %9lu\n",
	       (unsigned long)(m->wb_used + m->evict_valid), (unsigned long)m->n.hits,
	       (unsigned long)m->n.writebacks);
	printf("  drains      %9lu   misses    %11lu   halves discarded    %9lu\n",
	       (unsigned long)m->n.drains, (unsigned long)m->n.misses,
	       (unsigned long)m->n.discarded_halves);
	printf("  traps       %9lu   buffered writes %5lu\n", (unsigned long)traps_served,
	       (unsigned long)m->n.wb_writes);
}

static void print_cache(void)
{
	const struct cm_config *c = &machine.dcache;
	char text[40];

	cm_config_print(c, text, sizeof(text));
	printf("%s: %lu sets of %lu ways, %lu bytes a way, truth=%s\n", text,
	       (unsigned long)(c->size / c->ways / c->line), (unsigned long)c->ways,
	       (unsigned long)(c->size / c->ways), machine_truth_name());
	if (!cache_is_modelled) {
		printf("%s\n", machine.dcache_real ? "a real cache: its lines and its counts "
						     "cannot be listed"
						   : "the D-cache holds nothing and the model is "
						     "off: nothing to list");
		if (machine.dcache_real && dcache.dirty)
			printf("dirty status (c7,c10,6): %s\n",
			       dcache.dirty() ? "there are dirty lines" : "no line is dirty");
		return;
	}
	printf("%s replacement, %s, write buffer %lu words, %lu addresses\n",
	       c->replace == CM_RANDOM ? "pseudo-random" : "round-robin",
	       c->write_allocate ? "allocates on reads and writes" : "allocates on reads only",
	       (unsigned long)c->wb_words, (unsigned long)c->wb_addrs);
	print_counters();
}

static const char *dirty_text(uint32_t dirty)
{
	if (!dirty)
		return "-";
	if (cache_model.cfg.halves == 1)
		return "dirty";
	return dirty == 1 ? "lower" : dirty == 2 ? "upper" : "both";
}

/* Lines of the page at addr, virtual or physical; addr 0: of all. */
static const char *list_lines(uint32_t addr, bool all)
{
	const struct cm *m = &cache_model;
	unsigned long found = 0, dirty = 0;

	for (uint32_t i = 0; i < m->sets * m->cfg.ways; i++) {
		const struct cm_line *l = &m->lines[i];

		if (!l->valid || !(all || ((l->va ^ addr) & PAGE_MASK) == 0 ||
				   ((l->pa ^ addr) & PAGE_MASK) == 0))
			continue;
		if (found == 0)
			printf("  set way  va        pa        dirty\n");
		if (found < LIST_MAX)
			printf("  %3lu %3lu  %08lx  %08lx  %s\n", (unsigned long)i / m->cfg.ways,
			       (unsigned long)i % m->cfg.ways, (unsigned long)l->va,
			       (unsigned long)l->pa, dirty_text(l->dirty));
		found++;
		dirty += l->dirty != 0;
	}
	if (found > LIST_MAX)
		printf("  ... %lu more\n", found - LIST_MAX);
	printf("valid lines%s: %lu, of them dirty: %lu\n", all ? "" : " of that page", found,
	       dirty);
	return NULL;
}

/* The log, oldest first; lines in a row by the same instruction as one row. page: only its
 * lines, or NULL for all. */
static const char *list_discards_of(const struct page *page)
{
	const struct discard *d;
	uint32_t found = 0;
	unsigned rows = 0;

	for (uint32_t i = 0; (d = discard_at(i));) {
		const struct discard *first = d;
		uint32_t lines = 0, halves = 0;

		for (; d && d->pc == first->pc && d->who == first->who &&
		       d->pa - first->pa == lines * CACHE_LINE &&
		       ((d->pa ^ first->pa) & PAGE_MASK) == 0;
		     d = discard_at(++i)) {
			halves += d->halves == 3 ? 2 : 1;
			lines++;
		}
		if (page && phys_to_page(first->pa) != page)
			continue;
		found += lines;
		if (++rows == 1)
			printf("  va                 pa        lines  bytes  by\n");
		if (rows <= LIST_MAX)
			printf("  %08lx-%08lx  %08lx  %5lu  %5lu  %s in %s\n",
			       (unsigned long)first->va,
			       (unsigned long)first->va + lines * CACHE_LINE - 1,
			       (unsigned long)first->pa, (unsigned long)lines,
			       (unsigned long)halves * cache_model.cfg.line /
				       cache_model.cfg.halves,
			       first->who, symbol_name(first->pc));
	}
	if (rows > LIST_MAX)
		printf("  ... %u more rows\n", rows - LIST_MAX);
	printf("lines with discarded bytes%s: %lu; discards in all: %lu",
	       page ? " in that page" : "", (unsigned long)found, (unsigned long)discards_seen);
	printf("%s\n", discards_seen > DISCARDS_KEPT ? ", the first 512 were kept" : "");
	return NULL;
}

static const char *list_discards(uint32_t addr, bool all)
{
	struct page *page;

	if (all)
		return list_discards_of(NULL);
	page = is_pkmap_address((void *)(uintptr_t)addr) ? kmap_to_page((void *)(uintptr_t)addr)
	       : phys_is_ram(addr)			 ? phys_to_page(addr)
							 : NULL;
	if (!page)
		return args_wrong(
			"%08lx is neither RAM nor an address of a mapped page; pkmap lists "
			"both for each page",
			(unsigned long)addr);
	return list_discards_of(page);
}

static const struct {
	const char *name;
	dcache_range_fn op;
} operations[] = {
	{"clean", dcache_clean_range},
	{"inv", dcache_inv_range},
	{"cleaninv", dcache_clean_inv_range},
};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static const char *maintain(dcache_range_fn op, int argc, char **argv)
{
	uint32_t addr, bytes = CACHE_LINE;
	const char *wrong;

	if (argc < 3 || argc > 4 || !args_address(argv[2], &addr) ||
	    (argc == 4 && !args_number(argv[3], &bytes)) || bytes < 1 || bytes > PAGE_SIZE)
		return "an address expected, and how many bytes, 1..4096 (none: 32, a line)";
	/* In lowmem, "inv" would take the kernel's own data on a machine with a real cache. */
	if (!is_pkmap_address((void *)(uintptr_t)addr))
		return "an address in the pkmap window expected; pkmap lists the pages there";
	wrong = args_range(addr, bytes, true);
	if (!wrong)
		op(addr, bytes);
	return wrong;
}

static const char *run_cache(int argc, char **argv)
{
	const char *(*list)(uint32_t addr, bool all) = NULL;
	uint32_t addr = 0;

	if (argc == 1) {
		print_cache();
		return NULL;
	}
	for (unsigned i = 0; i < OPERATIONS; i++)
		if (strcmp(argv[1], operations[i].name) == 0)
			return maintain(operations[i].op, argc, argv);
	if (strcmp(argv[1], "lines") == 0)
		list = list_lines;
	if (strcmp(argv[1], "discards") == 0)
		list = list_discards;
	if (!list)
		return args_wrong("nothing, lines, discards, clean, inv or cleaninv expected, not "
				  "%s",
				  argv[1]);
	if (argc > 3 || (argc == 3 && !args_address(argv[2], &addr)))
		return "a virtual or physical address of a page expected, in hexadecimal";
	if (!cache_is_modelled)
		return needs_model;
	return list(addr, argc == 2);
}

static const char *complete_cache(int arg, const char *before, unsigned n)
{
	(void)before;
	if (arg != 1 || n >= OPERATIONS + 2)
		return NULL;
	return n < OPERATIONS ? operations[n].name : n == OPERATIONS ? "lines" : "discards";
}

COMMAND_COMPLETE(cache, run_cache, "cache [WHAT [ADDR [BYTES]]]",
		 "counters; lines, discards; clean, inv, cleaninv", complete_cache);
