/* SPDX-License-Identifier: MIT */
/* The event ring: who did what to which page, in order. Off, a trace point costs a load and
 * a branch; there are none in kmap() of a mapped page, in the pin and in the line loops. */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include <stdbool.h>
#include <stdint.h>

enum trace_kind {
	TRACE_SWITCH, /* detail: name of the task switched from */
	TRACE_KMAP,   /* a new mapping; detail: slot */
	TRACE_WRAP, /* the table wrapped, unused slots are unmapped; detail: the D-cache is flushed
		     */
	TRACE_MAP_BEGIN, /* dma_map_page; line: direction */
	TRACE_MAP_END,
	TRACE_RETURN_BEGIN, /* the CPU gets a buffer back; line: direction; detail: the call */
	TRACE_RETURN_END,
	/* The interrupt was taken after `line` line operations; pa: it was raised before that one;
	 * detail: count. */
	TRACE_PREEMPT, /* pa: TRACE_BEFORE_LOOP if raised before there was one */
	TRACE_DISCARD, /* dirty bytes thrown away; detail: number of halves */
	TRACE_USED,   /* a page; line: lines read << 16 | written; detail: dirty in the cache, or ~0
		       */
	TRACE_LEFT,   /* dirty lines of a page that the maintenance has left; detail: how many */
	TRACE_ATOMIC, /* a fixmap mapping; detail: slot */
	TRACE_LINE_FAULT, /* a line operation on an address that is not mapped */
	TRACE_DMA,	  /* the interrupt of a device that wrote; detail: bytes */
	TRACE_CHECK,	  /* the oracle looked; line: bad lines */
	TRACE_KINDS,
};

#define TRACE_BEFORE_LOOP UINT32_MAX

struct trace_event {
	uint32_t seq;
	enum trace_kind kind;
	const char *who; /* the task's name */
	uint32_t pa, va;
	uint32_t line;
	uintptr_t detail;
};

#define TRACE_RING_SIZE 1024 /* the newest are kept; a wrap of 512 slots fits */

extern bool trace_on;
extern uint32_t trace_next; /* sequence number of the next event */

void trace_record_(enum trace_kind kind, uint32_t pa, uintptr_t va, uint32_t line,
		   uintptr_t detail);

/* Context: any. */
static inline void trace_record(enum trace_kind kind, uint32_t pa, uintptr_t va, uint32_t line,
				uintptr_t detail)
{
	if (__builtin_expect(trace_on, 0))
		trace_record_(kind, pa, va, line, detail);
}

void trace_clear(void);
/* Events kept, and the i-th oldest of them. */
uint32_t trace_count(void);
const struct trace_event *trace_at(uint32_t i);
/* Events that were overwritten. */
uint32_t trace_lost(void);

#endif
