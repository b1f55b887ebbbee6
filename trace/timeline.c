/* SPDX-License-Identifier: MIT */
/* The event ring as a story, in the words of the report that described the bug. */
#include "trace/timeline.h"

#include <stdio.h>

#include "lib/memory_map.h"

static const char *(*page_name)(uint32_t pa);

static const char *name_of(uint32_t pa)
{
	const char *n = page_name(pa & PAGE_MASK);

	return n ? n : "another page";
}

static const char *direction(uint32_t d)
{
	return d == 0 ? "BIDIRECTIONAL" : d == 1 ? "TO_DEVICE" : "FROM_DEVICE";
}

/* kmap()s in a row of pages that are nobody's: one line for all of them. */
static uint32_t tell_kmaps(uint32_t i)
{
	uint32_t first = i, n = 0;
	const struct trace_event *e;

	while ((e = trace_at(i)) && e->kind == TRACE_KMAP && !page_name(e->pa & PAGE_MASK)) {
		i++;
		n++;
	}
	if (n) {
		const struct trace_event *a = trace_at(first), *b = trace_at(i - 1);

		if (n == 1)
			printf("  %-10s kmap() of another page: slot %lu\n", a->who,
			       (unsigned long)a->detail);
		else
			printf("  %-10s kmap() of %lu other pages, one after another: slots %lu to "
			       "%lu\n",
			       a->who, (unsigned long)n, (unsigned long)a->detail,
			       (unsigned long)b->detail);
		return i;
	}
	e = trace_at(i);
	printf("  %-10s kmap(%s): a fresh pkmap entry, slot %lu, vaddr %08lx\n", e->who,
	       name_of(e->pa), (unsigned long)e->detail, (unsigned long)e->va);
	return i + 1;
}

static uint32_t tell_discards(uint32_t i)
{
	const struct trace_event *first = trace_at(i), *e;
	uint32_t n = 0, halves = 0, last = first->line;

	while ((e = trace_at(i)) && e->kind == TRACE_DISCARD &&
	       (e->pa & PAGE_MASK) == (first->pa & PAGE_MASK)) {
		last = e->line;
		halves += e->detail;
		n++;
		i++;
	}
	printf("  %-10s   the loop invalidates: %lu dirty lines of page %s (lines %lu to %lu, %lu "
	       "bytes) are discarded\n",
	       first->who, (unsigned long)n, name_of(first->pa), (unsigned long)first->line,
	       (unsigned long)last, (unsigned long)halves * 16);
	return i;
}

/* Of the lines of a page; trace/ knows no cache. */
#define LINES 128

static void tell_preempt(const struct trace_event *e)
{
	if (e->pa == TRACE_BEFORE_LOOP) {
		printf("  %-10s *** an interrupt before dma_map_page() ***\n", e->who);
		return;
	}
	if (!e->va) {
		printf("  %-10s *** a timer interrupt ***\n", e->who);
		return;
	}
	if (e->line != e->pa) /* it had to wait until IRQs were opened */
		printf("  %-10s *** the interrupt raised before line %lu is taken only now, after "
		       "%lu lines ***\n",
		       e->who, (unsigned long)e->pa, (unsigned long)e->line);
	else if (e->line == LINES)
		printf("  %-10s *** an interrupt after the last line of the loop ***\n", e->who);
	else
		printf("  %-10s *** an interrupt in the middle of the loop, before line %lu ***\n",
		       e->who, (unsigned long)e->line);
	if (e->detail)
		printf("  %-10s   vaddr %08lx, pkmap_count %lu: %s\n", "", (unsigned long)e->va,
		       (unsigned long)e->detail,
		       e->detail == 1 ? "nobody holds this mapping" : "the mapping is pinned");
}

static uint32_t tell_line_faults(uint32_t i)
{
	const struct trace_event *first = trace_at(i), *e;
	uint32_t n = 0;

	for (; (e = trace_at(i)) && e->kind == TRACE_LINE_FAULT; i++)
		n++;
	printf("  %-10s   %lu line operations from %08lx on find no translation there, and are "
	       "passed over\n",
	       first->who, (unsigned long)n, (unsigned long)first->va);
	return i;
}

static void tell_used(const struct trace_event *e)
{
	uint32_t read = e->line >> 16, written = e->line & 0xFFFF;

	printf("  %-10s %s page %s at vaddr %08lx", e->who,
	       read && written ? "reads and writes"
	       : read	       ? "reads"
	       : written       ? "writes"
			       : "does not touch",
	       name_of(e->pa), (unsigned long)e->va);
	if (e->detail != UINT32_MAX) /* else nobody can count them here */
		printf(": %lu lines of it are dirty in the cache", (unsigned long)e->detail);
	printf("\n");
}

static void tell_address(uint32_t va)
{
	if (va)
		printf("its kernel address is %08lx\n", (unsigned long)va);
	else
		printf("it has no kernel address\n");
}

static void tell(const struct trace_event *e)
{
	switch (e->kind) {
	case TRACE_SWITCH:
		printf("  ---------- %s is scheduled, %s waits ----------\n", e->who,
		       (const char *)e->detail);
		break;
	case TRACE_WRAP:
		printf("  %-10s last_pkmap_nr wraps to zero: %s every entry with count 1 is "
		       "unmapped\n",
		       e->who, e->detail ? "flush_cache_kmaps(), then" : "nothing is flushed;");
		break;
	case TRACE_MAP_BEGIN:
		printf("  %-10s dma_map_page(%s, %s): ", e->who, name_of(e->pa),
		       direction(e->line));
		tell_address(e->va);
		break;
	case TRACE_ATOMIC:
		printf("  %-10s kmap_atomic(%s): a fixmap entry, vaddr %08lx\n", e->who,
		       name_of(e->pa), (unsigned long)e->va);
		break;
	case TRACE_MAP_END:
		printf("  %-10s dma_map_page(%s) is done\n", e->who, name_of(e->pa));
		break;
	case TRACE_RETURN_BEGIN:
		printf("  %-10s %s(%s, %s), the second invalidate: ", e->who,
		       (const char *)e->detail, name_of(e->pa), direction(e->line));
		tell_address(e->va);
		break;
	case TRACE_RETURN_END:
		printf("  %-10s %s(%s) is done\n", e->who, (const char *)e->detail, name_of(e->pa));
		break;
	case TRACE_PREEMPT:
		tell_preempt(e);
		break;
	case TRACE_USED:
		tell_used(e);
		break;
	case TRACE_LEFT:
		printf("  %-10s dirty lines of page %s that are left in the cache: %lu\n", e->who,
		       name_of(e->pa), (unsigned long)e->detail);
		break;
	case TRACE_DMA:
		printf("  %-10s the device has written page %s (%lu bytes)\n",
		       "interrupt:", name_of(e->pa), (unsigned long)e->detail);
		break;
	case TRACE_CHECK:
		printf("  %-10s the oracle reads page %s: %lu lines are wrong\n", e->who,
		       name_of(e->pa), (unsigned long)e->line);
		break;
	default:
		break;
	}
}

void timeline_print(const char *(*name)(uint32_t pa), void (*before)(uint32_t seq))
{
	page_name = name;
	if (trace_lost())
		printf("  (%lu earlier events are no longer in the ring)\n",
		       (unsigned long)trace_lost());
	for (uint32_t i = 0; i < trace_count();) {
		const struct trace_event *e = trace_at(i);

		if (before)
			before(e->seq);
		if (e->kind == TRACE_KMAP)
			i = tell_kmaps(i);
		else if (e->kind == TRACE_DISCARD)
			i = tell_discards(i);
		else if (e->kind == TRACE_LINE_FAULT)
			i = tell_line_faults(i);
		else {
			tell(e);
			i++;
		}
	}
	if (before)
		before(UINT32_MAX);
}
