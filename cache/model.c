/* SPDX-License-Identifier: MIT */
/* The cache model's CPU side: loads, stores, line fills and the choice of the line to replace. */
#include <string.h>

#include "cache/model_internal.h"

typedef uint32_t __attribute__((may_alias)) cm_word;
typedef uint16_t __attribute__((may_alias)) cm_half;

void cm_init(struct cm *m, const struct cm_config *cfg, const struct cm_bus *bus, void *storage)
{
	uint32_t lines = cfg->size / cfg->line;

	memset(m, 0, sizeof(*m));
	memset(storage, 0, cm_storage_size(cfg));
	m->cfg = *cfg;
	m->bus = *bus;
	m->sets = lines / cfg->ways;
	m->set_mask = m->sets - 1;
	m->line_shift = (uint32_t)__builtin_ctz(cfg->line);
	/* the data first: it is the part that wants the storage's alignment */
	m->data = storage;
	m->lines = (struct cm_line *)(m->data + cfg->size);
	m->rr = (uint32_t *)(m->lines + lines);
	/* xorshift never leaves 0, so 0 must not be where it starts */
	m->rng = cfg->seed ? cfg->seed : 0x2545f491u;
}

void cm_emit(struct cm *m, enum cm_event_kind kind, enum cm_op op, uint32_t i, uint32_t dirty)
{
	uint32_t set = cm_set_of(m, m->lines[i].va, m->lines[i].pa);
	struct cm_event ev = {
		.kind = kind,
		.op = op,
		.va = m->lines[i].va,
		.pa = m->lines[i].pa,
		.set = set,
		.way = i - set * m->cfg.ways,
		.dirty = dirty,
		.data = cm_bytes(m, i),
		.who = m->who,
	};

	m->on_event(m->event_ctx, &ev);
}

/* The line to give up in a set. An empty one costs nothing, so the lowest goes first, and
 * the round-robin counter moves only when it really named the line (DDI0301H: ARM1136). */
static uint32_t cm_replaced(struct cm *m, uint32_t set)
{
	uint32_t base = set * m->cfg.ways;
	uint32_t way, *next;

	for (way = 0; way < m->cfg.ways; way++)
		if (!m->lines[base + way].valid)
			return base + way;
	if (m->cfg.replace == CM_RANDOM) {
		m->rng ^= m->rng << 13;
		m->rng ^= m->rng >> 17;
		m->rng ^= m->rng << 5;
		return base + (m->rng & (m->cfg.ways - 1));
	}
	next = &m->rr[m->cfg.rr_global ? 0 : set];
	way = *next;
	*next = (way + 1) & (m->cfg.ways - 1);
	return base + way;
}

static uint32_t cm_fill(struct cm *m, uint32_t va, uint32_t pa, enum cm_op op)
{
	uint32_t i = cm_replaced(m, cm_set_of(m, va, pa));
	struct cm_line *l = &m->lines[i];

	if (l->valid) {
		uint32_t dirty = l->dirty;

		/* before the read: the line given up may be an alias of the very line wanted, and
		 * the read finds it in the write-back buffer only if it is there already */
		cm_writeback(m, i, op);
		m->n.evictions++;
		cm_event(m, CM_EV_EVICT, op, i, dirty);
		l->valid = 0;
	}
	l->va = cm_line_base(m, va);
	l->pa = cm_line_base(m, pa);
	cm_wb_read(m, l->pa, cm_bytes(m, i), m->cfg.line);
	/* dirty is 0 here, except after CM_QUIRK_INV_KEEPS_DIRTY: there the new line starts
	 * its life dirty, and its eviction overwrites what a device has written since */
	l->valid = 1;
	m->n.fills++;
	cm_event(m, CM_EV_FILL, op, i, l->dirty);
	return i;
}

static uint32_t cm_bus_load(struct cm *m, uint32_t pa, uint32_t size)
{
	uint32_t value = 0;

	cm_wb_read(m, pa, &value, size);
	return value;
}

uint32_t cm_load(struct cm *m, uint32_t va, uint32_t pa, uint32_t size, uint32_t attr)
{
	const uint8_t *p;
	uint32_t i;

	m->n.loads++;
	if (!(attr & CM_C)) {
		/* C=0 never looks into the cache, not even at an unexpected hit (ARM926) */
		if (!(attr & CM_B))
			cm_wb_drain(m); /* strongly ordered: all older stores come first */
		return cm_bus_load(m, pa, size);
	}
	i = cm_find(m, va, pa);
	if (i != CM_NONE) {
		m->n.hits++;
	} else {
		m->n.misses++;
		if (m->cfg.quirks & CM_QUIRK_NO_ALLOCATE)
			return cm_bus_load(m, pa, size);
		i = cm_fill(m, va, pa, CM_OP_LOAD);
	}
	p = cm_bytes(m, i) + (va & (m->cfg.line - 1));
	if (size == 4)
		return *(const cm_word *)p;
	return size == 2 ? *(const cm_half *)p : *p;
}

/* A store miss fills only in a write-allocate cache, and there only for write-back pages. */
static bool cm_store_allocates(const struct cm *m, uint32_t attr)
{
	return m->cfg.write_allocate && (attr & CM_B) && !(m->cfg.quirks & CM_QUIRK_NO_ALLOCATE);
}

void cm_store(struct cm *m, uint32_t va, uint32_t pa, uint32_t size, uint32_t value, uint32_t attr)
{
	uint32_t i, offset = va & (m->cfg.line - 1);
	uint8_t *p;

	m->n.stores++;
	if (!(attr & CM_C)) {
		if (attr & CM_B) {
			cm_wb_put(m, pa, size, value);
		} else {
			cm_wb_drain(m); /* strongly ordered: all older stores come first */
			m->bus.write(m->bus.ctx, pa, &value, size);
		}
		return;
	}
	i = cm_find(m, va, pa);
	if (i != CM_NONE) {
		m->n.hits++;
	} else {
		m->n.misses++;
		if (cm_store_allocates(m, attr))
			i = cm_fill(m, va, pa, CM_OP_STORE);
	}
	if (i != CM_NONE) {
		p = cm_bytes(m, i) + offset;
		if (size == 4)
			*(cm_word *)p = value;
		else if (size == 2)
			*(cm_half *)p = (uint16_t)value;
		else
			*p = (uint8_t)value;
		if ((attr & CM_B) && !(m->cfg.quirks & CM_QUIRK_COHERENT)) {
			/* with one dirty bit a line the shift gives 0, with two the half */
			m->lines[i].dirty |= 1u << (offset >> (m->line_shift + 1 - m->cfg.halves));
			return;
		}
	}
	/* a miss, or write-through; a coherent store leaves the line clean, as memory has it */
	cm_wb_put(m, pa, size, value);
}

const struct cm_line *cm_peek(const struct cm *m, uint32_t va, uint32_t pa)
{
	uint32_t i = cm_find(m, va, pa);

	return i == CM_NONE ? NULL : &m->lines[i];
}

const uint8_t *cm_line_data(const struct cm *m, const struct cm_line *l)
{
	return cm_bytes(m, (uint32_t)(l - m->lines));
}
