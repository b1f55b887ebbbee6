/* SPDX-License-Identifier: MIT */
/* The cache model's maintenance operations: by MVA, by set and way, whole cache, drain. */
#include "cache/model_internal.h"

/* The one place where data can be lost: dirty halves of an invalidated line vanish. */
static void cm_invalidate(struct cm *m, uint32_t i, enum cm_op op)
{
	struct cm_line *l = &m->lines[i];

	if (!l->valid)
		return;
	if (m->cfg.quirks & CM_QUIRK_INV_WRITES_BACK)
		cm_writeback(m, i, op);
	if (l->dirty) {
		m->n.discarded_halves += cm_halves(l->dirty);
		cm_event(m, CM_EV_DISCARD, op, i, l->dirty);
	}
	l->valid = 0;
	if (!(m->cfg.quirks & CM_QUIRK_INV_KEEPS_DIRTY))
		l->dirty = 0;
}

static void cm_clean_invalidate(struct cm *m, uint32_t i, enum cm_op op)
{
	cm_writeback(m, i, op);
	m->lines[i].valid = 0;
}

static uint32_t cm_setway(const struct cm *m, uint32_t set, uint32_t way)
{
	return (set & m->set_mask) * m->cfg.ways + (way & (m->cfg.ways - 1));
}

void cm_inv_mva(struct cm *m, uint32_t va, uint32_t pa)
{
	uint32_t i = cm_find(m, va, pa);

	if (i != CM_NONE)
		cm_invalidate(m, i, CM_OP_INV_MVA);
}

void cm_clean_mva(struct cm *m, uint32_t va, uint32_t pa)
{
	uint32_t i = cm_find(m, va, pa);

	if (i != CM_NONE)
		cm_writeback(m, i, CM_OP_CLEAN_MVA);
}

void cm_clean_inv_mva(struct cm *m, uint32_t va, uint32_t pa)
{
	uint32_t i = cm_find(m, va, pa);

	if (i != CM_NONE)
		cm_clean_invalidate(m, i, CM_OP_CLEAN_INV_MVA);
}

void cm_inv_setway(struct cm *m, uint32_t set, uint32_t way)
{
	cm_invalidate(m, cm_setway(m, set, way), CM_OP_INV_SETWAY);
}

void cm_clean_setway(struct cm *m, uint32_t set, uint32_t way)
{
	cm_writeback(m, cm_setway(m, set, way), CM_OP_CLEAN_SETWAY);
}

void cm_clean_inv_setway(struct cm *m, uint32_t set, uint32_t way)
{
	cm_clean_invalidate(m, cm_setway(m, set, way), CM_OP_CLEAN_INV_SETWAY);
}

void cm_inv_all(struct cm *m)
{
	uint32_t i, lines = m->sets * m->cfg.ways;

	for (i = 0; i < lines; i++)
		cm_invalidate(m, i, CM_OP_INV_ALL);
}

/* The next dirty line from tc_next on, all round the cache, or CM_NONE. It remembers the
 * place, so that a loop until Z looks at each line about once and not at all each time. */
static uint32_t cm_next_dirty(struct cm *m)
{
	uint32_t n, lines = m->sets * m->cfg.ways;

	for (n = 0; n < lines; n++) {
		const struct cm_line *l = &m->lines[m->tc_next];

		if (l->valid && l->dirty)
			return m->tc_next;
		m->tc_next = (m->tc_next + 1) & (lines - 1);
	}
	return CM_NONE;
}

bool cm_test_clean(struct cm *m)
{
	uint32_t i = cm_next_dirty(m);

	if (i == CM_NONE)
		return true;
	cm_writeback(m, i, CM_OP_TEST_CLEAN);
	return cm_next_dirty(m) == CM_NONE;
}

bool cm_test_clean_inv(struct cm *m)
{
	uint32_t lines = m->sets * m->cfg.ways;
	uint32_t i = cm_next_dirty(m);

	if (i != CM_NONE) {
		cm_clean_invalidate(m, i, CM_OP_TEST_CLEAN_INV);
		if (cm_next_dirty(m) != CM_NONE)
			return false;
	}
	for (i = 0; i < lines; i++)
		m->lines[i].valid = 0;
	return true;
}

void cm_drain(struct cm *m)
{
	m->n.drains++;
	if (!(m->cfg.quirks & CM_QUIRK_NO_DRAIN))
		cm_wb_drain(m);
}
