/* SPDX-License-Identifier: MIT */
/* dma-debug's checks and reports: see debug.h. */
#include "dma/debug.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dma/debug_table.h"
#include "lib/irqflags.h"

static bool full;
static uint32_t syncs;
static uint32_t findings[DMA_DEBUG_KINDS];

static const char *const type_name[] = {"page", "single", "sg", "coherent"};
static const char *const unmap_name[] = {"dma_unmap_page", "dma_unmap_single", "dma_unmap_sg",
					 "dma_free_coherent"};
static const char *const kind_name[] = {
	"not mapped",	   "double unmap",	  "wrong size", "wrong function",
	"wrong direction", "outside the mapping", "overlap",	"leak"};
_Static_assert(sizeof(kind_name) / sizeof(kind_name[0]) == DMA_DEBUG_KINDS, "one name a kind");

static const char *dir_name(enum dma_data_direction dir)
{
	switch (dir) {
	case DMA_BIDIRECTIONAL:
		return "BIDIRECTIONAL";
	case DMA_TO_DEVICE:
		return "TO_DEVICE";
	case DMA_FROM_DEVICE:
		return "FROM_DEVICE";
	default:
		return "NONE";
	}
}

/* "4096 bytes at 01234000, page FROM_DEVICE, mapped by c0008000" */
struct text {
	char s[96];
};

static struct text describe(const struct dma_debug_mapping *m)
{
	struct text t;

	snprintf(t.s, sizeof(t.s), "%" PRIu32 " bytes at %08" PRIx32 ", %s %s, mapped by %08lx",
		 m->size, m->pa, type_name[m->type], dir_name(m->dir),
		 (unsigned long)(uintptr_t)m->where);
	return t;
}

/* Not under irq_save: a line on the UART takes milliseconds. */
__attribute__((format(printf, 2, 3))) static void found(enum dma_debug_kind kind,
							const char *format, ...)
{
	char line[320];
	unsigned long flags = irq_save();
	va_list args;

	findings[kind]++;
	irq_restore(flags);
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("dma-debug: %s: %s\n", kind_name[kind], line);
}

/* ---- The checks. ---- */

/* What no mapping can be. True if there was nothing to find. */
static bool sane(const struct dma_debug_mapping *m, const char *call)
{
	if (m->size == 0 || m->pa + (m->size - 1) < m->pa)
		found(DMA_DEBUG_WRONG_SIZE,
		      "%s of %" PRIu32 " bytes at %08" PRIx32 " by %08lx; it must be 1 byte or "
		      "more and end below 4 GiB",
		      call, m->size, m->pa, (unsigned long)(uintptr_t)m->where);
	else if (m->dir != DMA_BIDIRECTIONAL && m->dir != DMA_TO_DEVICE &&
		 m->dir != DMA_FROM_DEVICE)
		found(DMA_DEBUG_WRONG_DIRECTION,
		      "%s at %08" PRIx32 " by %08lx with direction %d; it must be 0 "
		      "(BIDIRECTIONAL), 1 (TO_DEVICE) or 2 (FROM_DEVICE)",
		      call, m->pa, (unsigned long)(uintptr_t)m->where, (int)m->dir);
	else
		return true;
	return false;
}

void dma_debug_map(uint32_t pa, uint32_t size, enum dma_data_direction dir,
		   enum dma_debug_type type, const void *where)
{
	struct dma_debug_mapping m = {
		.pa = pa, .size = size, .where = where, .dir = dir, .type = type};
	struct dma_debug_mapping other;
	unsigned long flags;
	bool overlap, now_full;

	if (full || !sane(&m, "map"))
		return;
	flags = irq_save();
	overlap = dma_debug_find_overlap(&m, &other);
	now_full = !dma_debug_insert(&m);
	full |= now_full;
	irq_restore(flags);

	if (overlap)
		found(DMA_DEBUG_OVERLAP,
		      "%s shares a cache line with %s; unmap that first, or keep them in "
		      "different %u-byte lines",
		      describe(&m).s, describe(&other).s, DMA_DEBUG_LINE);
	if (now_full)
		printf("dma-debug: table full, checking switched off: more than %u mappings are "
		       "live (a leak?)\n",
		       DMA_DEBUG_MAX);
}

/* Nothing starts at m.pa. ended is the kind that it is if something did. */
static void found_no_start(const struct dma_debug_mapping *m, const char *call,
			   const struct dma_debug_mapping *around,
			   const struct dma_debug_mapping *was, enum dma_debug_kind ended)
{
	unsigned long by = (unsigned long)(uintptr_t)m->where;

	if (around->seq)
		found(DMA_DEBUG_NOT_MAPPED,
		      "%s at %08" PRIx32 " by %08lx, which is %" PRIu32 " bytes inside %s; use "
		      "its start",
		      call, m->pa, by, m->pa - around->pa, describe(around).s);
	else if (was->seq)
		found(ended,
		      "%s at %08" PRIx32 " by %08lx, but the last mapping there (%s) has ended; "
		      "unmap once, and sync only before",
		      call, m->pa, by, describe(was).s);
	else
		found(DMA_DEBUG_NOT_MAPPED,
		      "%s at %08" PRIx32 " by %08lx; no mapping holds this address, use what "
		      "dma_map_* returned",
		      call, m->pa, by);
}

void dma_debug_unmap(uint32_t pa, uint32_t size, enum dma_data_direction dir,
		     enum dma_debug_type type, const void *where)
{
	struct dma_debug_mapping m = {
		.pa = pa, .size = size, .where = where, .dir = dir, .type = type};
	struct dma_debug_mapping e, around = {0}, ended = {0};
	unsigned long flags, by = (unsigned long)(uintptr_t)where;
	bool mapped;

	if (full)
		return;
	flags = irq_save();
	mapped = dma_debug_remove(&m, &e);
	if (!mapped && !dma_debug_find_around(&m, &around))
		dma_debug_find_ended(pa, &ended);
	irq_restore(flags);

	if (!mapped) {
		found_no_start(&m, unmap_name[type], &around, &ended, DMA_DEBUG_DOUBLE_UNMAP);
		return;
	}
	if (e.type != type)
		found(DMA_DEBUG_WRONG_FUNCTION, "%s by %08lx for %s; use %s", unmap_name[type], by,
		      describe(&e).s, unmap_name[e.type]);
	if (e.size != size)
		found(DMA_DEBUG_WRONG_SIZE,
		      "%s of %" PRIu32 " bytes by %08lx for %s; unmap all %" PRIu32 " bytes",
		      unmap_name[type], size, by, describe(&e).s, e.size);
	if (e.dir != dir)
		found(DMA_DEBUG_WRONG_DIRECTION, "%s %s by %08lx for %s; use %s", unmap_name[type],
		      dir_name(dir), by, describe(&e).s, dir_name(e.dir));
}

void dma_debug_sync(uint32_t pa, uint32_t size, enum dma_data_direction dir,
		    enum dma_debug_for whom, const void *where)
{
	struct dma_debug_mapping m = {.pa = pa, .size = size, .where = where, .dir = dir};
	const char *call =
		whom == DMA_DEBUG_FOR_CPU ? "dma_sync_*_for_cpu" : "dma_sync_*_for_device";
	struct dma_debug_mapping e = {0}, ended = {0};
	unsigned long flags, by = (unsigned long)(uintptr_t)where;
	bool mapped;

	if (full || !sane(&m, call))
		return;
	flags = irq_save();
	syncs++;
	mapped = dma_debug_find_around(&m, &e);
	if (!mapped)
		dma_debug_find_ended(pa, &ended);
	irq_restore(flags);

	if (!mapped) {
		found_no_start(&m, call, &e, &ended, DMA_DEBUG_NOT_MAPPED);
		return;
	}
	if (e.size - (pa - e.pa) < size)
		found(DMA_DEBUG_OUTSIDE,
		      "%s of %" PRIu32 " bytes at %08" PRIx32 " by %08lx runs past the end of %s; "
		      "at most %" PRIu32 " bytes are left there",
		      call, size, pa, by, describe(&e).s, e.size - (pa - e.pa));
	if (e.type == DMA_DEBUG_COHERENT)
		found(DMA_DEBUG_WRONG_FUNCTION, "%s by %08lx for %s; coherent memory needs no sync",
		      call, by, describe(&e).s);
	else if (e.dir != DMA_BIDIRECTIONAL && e.dir != dir)
		found(DMA_DEBUG_WRONG_DIRECTION, "%s %s by %08lx for %s; use %s", call,
		      dir_name(dir), by, describe(&e).s, dir_name(e.dir));
}

/* ---- Reports: one mapping at a time is copied out, so that IRQs are open while printing. ---- */

static bool next_live(struct dma_debug_mapping *m)
{
	unsigned long flags = irq_save();
	bool any = dma_debug_find_next(m->seq, m);

	irq_restore(flags);
	return any;
}

uint32_t dma_debug_leaks(void)
{
	struct dma_debug_mapping m = {0};
	uint32_t leaks = 0;

	while (next_live(&m)) {
		if (m.type == DMA_DEBUG_COHERENT)
			continue;
		leaks++;
		found(DMA_DEBUG_LEAK, "%s, is still mapped; end it with %s", describe(&m).s,
		      unmap_name[m.type]);
	}
	return leaks;
}

void dma_debug_dump(void)
{
	struct dma_debug_mapping m = {0};

	while (next_live(&m))
		printf("dma-debug: live #%" PRIu32 " %s\n", m.seq, describe(&m).s);
}

uint32_t dma_debug_report(void)
{
	struct dma_debug_counts c = dma_debug_counts();
	uint32_t all = 0;

	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		all += findings[k];
	printf("dma-debug: maps=%" PRIu32 " unmaps=%" PRIu32 " syncs=%" PRIu32 " live=%" PRIu32
	       " max=%" PRIu32 " findings=%" PRIu32,
	       c.maps, c.unmaps, syncs, c.live, c.max, all);
	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		if (findings[k])
			printf(", %s: %" PRIu32, kind_name[k], findings[k]);
	printf("%s\n", full ? " (table full, checking switched off)" : "");
	return all;
}

uint32_t dma_debug_count(enum dma_debug_kind kind)
{
	return findings[kind];
}

bool dma_debug_checking(void)
{
	return !full;
}

void dma_debug_reset(void)
{
	unsigned long flags = irq_save();

	dma_debug_clear();
	memset(findings, 0, sizeof(findings));
	syncs = 0;
	full = false;
	irq_restore(flags);
}
