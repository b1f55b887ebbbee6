/* SPDX-License-Identifier: MIT */
/* What the files of the cache model share: line lookup, events, and the way to the bus. */
#ifndef CACHE_MODEL_INTERNAL_H
#define CACHE_MODEL_INTERNAL_H

#include "cache/model.h"

/* Line and buffer bytes are read as words in place; the bytes' order is the ARM's. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the model needs a little-endian host");

/* No such line. */
#define CM_NONE (~0u)

static inline uint32_t cm_line_base(const struct cm *m, uint32_t addr)
{
	return addr & ~(m->cfg.line - 1);
}

static inline uint32_t cm_set_of(const struct cm *m, uint32_t va, uint32_t pa)
{
	return ((m->cfg.index == CM_PIPT ? pa : va) >> m->line_shift) & m->set_mask;
}

static inline uint8_t *cm_bytes(const struct cm *m, uint32_t i)
{
	return m->data + ((size_t)i << m->line_shift);
}

/* Number of the line in m->lines that an access hits, or CM_NONE. The tag is compared
 * before the valid bit: the tag alone decides nearly always, so a way costs one compare. */
static inline uint32_t cm_find(const struct cm *m, uint32_t va, uint32_t pa)
{
	uint32_t i = cm_set_of(m, va, pa) * m->cfg.ways;
	uint32_t end = i + m->cfg.ways;
	uint32_t tag;

	if (m->cfg.index == CM_VIVT) {
		tag = cm_line_base(m, va);
		for (; i < end; i++)
			if (m->lines[i].va == tag && m->lines[i].valid)
				return i;
	} else {
		tag = cm_line_base(m, pa);
		for (; i < end; i++)
			if (m->lines[i].pa == tag && m->lines[i].valid)
				return i;
	}
	return CM_NONE;
}

/* How many of the (at most two) dirty halves are set. */
static inline uint32_t cm_halves(uint32_t dirty)
{
	return (dirty & 1) + (dirty >> 1);
}

/* Calls on_event with the line as it is now. */
void cm_emit(struct cm *m, enum cm_event_kind kind, enum cm_op op, uint32_t i, uint32_t dirty);

static inline void cm_event(struct cm *m, enum cm_event_kind kind, enum cm_op op, uint32_t i,
			    uint32_t dirty)
{
	if (m->event_mask & CM_EV_BIT(kind))
		cm_emit(m, kind, op, i, dirty);
}

/* Sends the dirty halves of line i to the write-back buffer; the line becomes clean and
 * stays valid. Nothing happens if it has none. */
void cm_writeback(struct cm *m, uint32_t i, enum cm_op op);

/* A store that goes to memory and not only to the cache. */
void cm_wb_put(struct cm *m, uint32_t pa, uint32_t size, uint32_t value);

/* Reads memory as the CPU must see it: both buffers first give up what overlaps. */
void cm_wb_read(struct cm *m, uint32_t pa, void *buf, uint32_t len);

/* Empties both buffers whatever the quirks say. */
void cm_wb_drain(struct cm *m);

#endif
