/* SPDX-License-Identifier: MIT */
/* The witness: what was seen to become of cache lines during a run.
 *
 * Where the cache is the model it is the model that saw it, in murphy-sim the emulator, and on a
 * board nobody: a chip keeps no log. What a verdict says was seen comes from here or is not said.
 */
#ifndef CACHE_WITNESS_H
#define CACHE_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

enum line_event_kind {
	LINE_DISCARDED = 1, /* an invalidate threw dirty bytes away */
	LINE_EVICTED,	    /* another line took its place; dirty halves were written back before */
	LINE_CLEANED,	    /* a maintenance operation wrote it back */
	LINE_DEVICE,	    /* a device wrote memory: pa and va = bytes */
	LINE_LATE, /* stored or written back before that, but still on its way there then */
};

struct line_event {
	enum line_event_kind kind;
	uint32_t va, pa;
	uint32_t halves; /* dirty ones: bit 0 the lower, bit 1 the upper */
	uint32_t pc;   /* of the instruction (in the model: of it, or of the line loop's caller) */
	uint32_t mark; /* trace_next at that moment */
	uint32_t by;   /* LINE_EVICTED: address of the line that came instead */
	const char *who; /* the task, or NULL where the witness knows none */
};

#define WITNESS_UNKNOWN 0xFFFFFFFFu

/* "the model", "the emulator", or NULL on a board. */
const char *witness_name(void);

/* From now on events are kept, those before are forgotten; and no more. Context: task. */
void witness_start(void);
void witness_stop(void);

/* Selects the page at page_pa; returns the number of events of its lines. The i-th oldest of
 * them: good until the next selection. After witness_stop(). */
uint32_t witness_select(uint32_t page_pa);
void witness_event(uint32_t i, struct line_event *e);
/* Events for which there was no room: what is not found may be among them. */
uint32_t witness_missed(void);

/* How many lines of the page are dirty in the cache now, or WITNESS_UNKNOWN. Context: any. */
uint32_t witness_dirty_lines(uint32_t page_pa);

/* A device is seen to have written memory. Context: IRQ. */
void witness_device_wrote(uint32_t pa, uint32_t bytes);

/* The D-cache as an exhibit finds it at its start: empty, and where there is a witness with the
 * choice of the line to replace as after a reset, so that what ran before does not show. */
void witness_empty_cache(void);

#endif
