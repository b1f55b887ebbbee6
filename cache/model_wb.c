/* SPDX-License-Identifier: MIT */
/* What lies between the cache and the bus: the write buffer and the write-back buffer.
 *
 * Data stays here as long as the hardware may keep it, so that a forgotten drain shows:
 * a read takes out only what it overlaps (and what is older in the same queue), never all.
 * The two buffers never hold the same bytes: whoever comes second first sends the other
 * on its way. So each byte reaches memory in program order, whichever buffer empties first. */
#include <string.h>

#include "cache/model_internal.h"

static void evict_out(struct cm *m)
{
	uint32_t offset = 0, len = m->cfg.line;

	if (!m->evict_valid)
		return;
	/* only dirty halves: the other may be older than what memory has by now */
	if (m->cfg.halves == 2 && m->evict_dirty != 3) {
		len /= 2;
		offset = m->evict_dirty == 2 ? len : 0;
	}
	m->evict_valid = 0;
	m->bus.write(m->bus.ctx, m->evict_pa + offset, m->evict_data + offset, len);
}

static void wb_bus_write(struct cm *m, uint32_t pa, const void *buf, uint32_t len)
{
	if (!len)
		return;
	m->n.wb_writes++;
	m->bus.write(m->bus.ctx, pa, buf, len);
}

/* Writes an entry as runs of enabled bytes, none across a line. */
static void wb_entry_out(struct cm *m, const struct cm_wb_entry *e)
{
	uint8_t run[64];
	uint32_t w, b, pa, start = e->pa, len = 0;

	for (w = 0; w < e->words; w++) {
		pa = e->pa + 4 * w;
		if (pa == cm_line_base(m, pa)) {
			wb_bus_write(m, start, run, len);
			len = 0;
		}
		for (b = 0; b < 4; b++) {
			if (!(e->bytes[w] & (1u << b))) {
				wb_bus_write(m, start, run, len);
				len = 0;
				continue;
			}
			if (!len)
				start = pa + b;
			run[len++] = (uint8_t)(e->data[w] >> (8 * b));
		}
	}
	wb_bus_write(m, start, run, len);
}

/* Sends the oldest n entries. */
static void wb_out(struct cm *m, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		m->wb_words -= m->wb[i].words;
		wb_entry_out(m, &m->wb[i]);
	}
	m->wb_used -= n;
	for (i = 0; i < m->wb_used; i++) {
		const struct cm_wb_entry *from = &m->wb[i + n];
		struct cm_wb_entry *to = &m->wb[i];

		to->pa = from->pa;
		to->words = from->words;
		memcpy(to->bytes, from->bytes, from->words * sizeof(to->bytes[0]));
		memcpy(to->data, from->data, from->words * sizeof(to->data[0]));
	}
}

/* Sends all entries up to the youngest that overlaps [pa, pa + len). The two differences
 * are modulo 2^32 on purpose: a range may end at the top of the address space. */
static void wb_out_overlap(struct cm *m, uint32_t pa, uint32_t len)
{
	uint32_t n;

	for (n = m->wb_used; n > 0; n--) {
		const struct cm_wb_entry *e = &m->wb[n - 1];

		if (pa - e->pa < 4 * e->words || e->pa - pa < len)
			break;
	}
	if (n)
		wb_out(m, n);
}

static void evict_out_overlap(struct cm *m, uint32_t pa)
{
	if (m->evict_valid && m->evict_pa == cm_line_base(m, pa))
		evict_out(m);
}

void cm_writeback(struct cm *m, uint32_t i, enum cm_op op)
{
	struct cm_line *l = &m->lines[i];

	if (!l->valid || !l->dirty)
		return;
	evict_out(m); /* the buffer holds one line */
	wb_out_overlap(m, l->pa, m->cfg.line);
	m->evict_valid = 1;
	m->evict_pa = l->pa;
	m->evict_dirty = l->dirty;
	memcpy(m->evict_data, cm_bytes(m, i), m->cfg.line);
	m->n.writebacks += cm_halves(l->dirty);
	cm_event(m, CM_EV_WRITEBACK, op, i, l->dirty);
	l->dirty = 0;
}

/* The entry that takes a store to word pa: the youngest if pa is its last word or the one
 * after it, else a new one. Older words are not touched, or a store would overtake those
 * between: a flag written again would reach memory before its data. */
static struct cm_wb_entry *wb_entry_for(struct cm *m, uint32_t pa)
{
	struct cm_wb_entry *e = m->wb_used ? &m->wb[m->wb_used - 1] : NULL;

	if (e && pa == e->pa + 4 * (e->words - 1))
		return e;
	if (m->wb_words >= m->cfg.wb_words) {
		wb_out(m, 1);
		e = m->wb_used ? &m->wb[m->wb_used - 1] : NULL;
	}
	/* a run ends at the top of the address space: it must not wrap to 0 */
	if (!e || !pa || pa != e->pa + 4 * e->words) {
		if (m->wb_used >= m->cfg.wb_addrs)
			wb_out(m, 1);
		e = &m->wb[m->wb_used++];
		e->pa = pa;
		e->words = 0;
	}
	e->bytes[e->words] = 0;
	e->data[e->words] = 0;
	e->words++;
	m->wb_words++;
	return e;
}

void cm_wb_put(struct cm *m, uint32_t pa, uint32_t size, uint32_t value)
{
	uint32_t bits = size == 4 ? ~0u : (1u << (8 * size)) - 1;
	uint32_t shift = 8 * (pa & 3);
	struct cm_wb_entry *e;
	uint32_t w;

	evict_out_overlap(m, pa); /* older data of the same line must not come later */
	if (!m->cfg.wb_words || (m->cfg.quirks & CM_QUIRK_COHERENT)) {
		m->bus.write(m->bus.ctx, pa, &value, size);
		return;
	}
	e = wb_entry_for(m, pa & ~3u);
	w = e->words - 1;
	e->bytes[w] |= ((1u << size) - 1) << (pa & 3);
	e->data[w] = (e->data[w] & ~(bits << shift)) | ((value & bits) << shift);
}

void cm_wb_read(struct cm *m, uint32_t pa, void *buf, uint32_t len)
{
	evict_out_overlap(m, pa);
	if (m->wb_used)
		wb_out_overlap(m, pa, len);
	m->bus.read(m->bus.ctx, pa, buf, len);
}

/* The write-back buffer first: what was stored after a clean follows the cleaned data. */
void cm_wb_drain(struct cm *m)
{
	evict_out(m);
	if (m->wb_used)
		wb_out(m, m->wb_used);
}
