/* SPDX-License-Identifier: MIT */
/* The oracle of the cache model's random test: it knows no cache, only lines.
 *
 * It keeps two copies of memory: `want`, what a CPU read must give, and `sent`, what the
 * CPU has let go towards memory, buffers included. A line is cached or not, dirty or not;
 * only the choice of the line to replace is taken from the model. No physical byte is ever cached
 * at two places and each page keeps its attributes, so `want` is simply the last value stored,
 * until a dirty line is discarded: then it falls back to `sent`. */
#ifndef TESTS_UNIT_TEST_MODEL_ORACLE_H
#define TESTS_UNIT_TEST_MODEL_ORACLE_H

#include "tests/unit/test_model.h"

#define MEM    0x4000u
#define PAGE   0x400u
#define PAGES  (MEM / PAGE)
#define LINES  (MEM / 16)
#define NOBODY 0xffff

struct oline {
	bool cached;
	uint8_t dirty;
	uint32_t va, set, way;
};

static struct world {
	unsigned long seed;
	unsigned op_number;
	unsigned short rng[3];
	struct cm m;
	struct cm_config cfg;
	uint8_t mem[MEM], want[MEM], sent[MEM];
	struct oline line[LINES];
	uint16_t owner[1024 * 4]; /* line number by set and way */
	uint16_t used[1024];	  /* ways in use, by set */
	uint32_t page_va[PAGES], page_attr[PAGES];
	bool aliases;
	struct cm_counters n;
	uint32_t window; /* operations stay below this address */
	/* the operation under way */
	enum cm_op op;
	uint32_t va, pa;
	unsigned fills, evicts, writebacks, discards; /* events during it */
	uint32_t wb_line, wb_dirty;		      /* the last write-back */
	unsigned bus_writes, direct_writes, all_writebacks;
} w;

#define CHECK(c)                                                                                   \
	do {                                                                                       \
		if (!(c))                                                                          \
			fail_msg("MODEL_SEED=%lu operation %u: not true: %s", w.seed, w.op_number, \
				 #c);                                                              \
	} while (0)

static uint32_t rnd(uint32_t below)
{
	return (uint32_t)jrand48(w.rng) % below;
}

static bool quirk(uint32_t bit)
{
	return (w.cfg.quirks & bit) != 0;
}

static bool same(const uint8_t *a, const uint8_t *b, uint32_t at, uint32_t len)
{
	return memcmp(a + at, b + at, len) == 0;
}

static void bus_read(void *ctx, uint32_t pa, void *buf, uint32_t len)
{
	(void)ctx;
	CHECK(pa / w.cfg.line == (pa + len - 1) / w.cfg.line);
	CHECK(same(w.mem, w.sent, pa, len)); /* nothing that overlaps waits in a buffer */
	memcpy(buf, w.mem + pa, len);
}

static void bus_write(void *ctx, uint32_t pa, const void *buf, uint32_t len)
{
	(void)ctx;
	CHECK(len && pa / w.cfg.line == (pa + len - 1) / w.cfg.line);
	w.bus_writes++;
	memcpy(w.mem + pa, buf, len);
}

static uint32_t line_of(uint32_t pa)
{
	return pa / w.cfg.line;
}

static uint32_t halves_of(uint32_t dirty)
{
	return dirty == 3 ? 2 : dirty ? 1 : 0;
}

static void copy_halves(uint8_t *to, const uint8_t *from, uint32_t line, uint32_t dirty)
{
	uint32_t half = w.cfg.line / w.cfg.halves, h;

	for (h = 0; h < w.cfg.halves; h++)
		if (dirty & (1u << h))
			memcpy(to + line * w.cfg.line + h * half,
			       from + line * w.cfg.line + h * half, half);
}

static void uncache(uint32_t line)
{
	struct oline *l = &w.line[line];

	CHECK(!l->dirty);
	if (!l->cached)
		return;
	l->cached = false;
	w.used[l->set]--;
	w.owner[l->set * w.cfg.ways + l->way] = NOBODY;
}

static void on_fill(const struct cm_event *ev, struct oline *l)
{
	uint32_t key = w.cfg.index == CM_PIPT ? w.pa : w.va;

	CHECK(!l->cached && line_of(w.pa) == line_of(ev->pa));
	CHECK(ev->va == (w.va & ~(w.cfg.line - 1)));
	CHECK(ev->set == key / w.cfg.line % (w.cfg.size / w.cfg.line / w.cfg.ways));
	CHECK(ev->way < w.cfg.ways);
	CHECK(w.owner[ev->set * w.cfg.ways + ev->way] == NOBODY);
	CHECK(ev->dirty == 0 && !quirk(CM_QUIRK_NO_ALLOCATE));
	*l = (struct oline){true, 0, ev->va, ev->set, ev->way};
	w.owner[ev->set * w.cfg.ways + ev->way] = (uint16_t)line_of(ev->pa);
	w.used[ev->set]++;
	w.fills++;
	w.n.fills++;
}

static void on_event(void *ctx, const struct cm_event *ev)
{
	uint32_t line = line_of(ev->pa);
	struct oline *l = &w.line[line];

	(void)ctx;
	CHECK(ev->pa % w.cfg.line == 0 && ev->pa < MEM);
	CHECK(ev->op == w.op && ev->who == w.op_number);
	CHECK(memcmp(ev->data, w.want + ev->pa, w.cfg.line) == 0);
	if (ev->kind == CM_EV_FILL) {
		on_fill(ev, l);
		return;
	}
	CHECK(l->cached && l->va == ev->va && l->set == ev->set && l->way == ev->way);
	switch (ev->kind) {
	case CM_EV_EVICT:
		CHECK(w.op == CM_OP_LOAD || w.op == CM_OP_STORE);
		CHECK(w.used[ev->set] == w.cfg.ways);
		CHECK(ev->dirty == (w.writebacks ? w.wb_dirty : 0));
		CHECK(!w.writebacks || w.wb_line == line);
		uncache(line);
		w.evicts++;
		w.n.evictions++;
		break;
	case CM_EV_WRITEBACK:
		CHECK(ev->dirty && ev->dirty == l->dirty);
		CHECK((w.op != CM_OP_INV_MVA && w.op != CM_OP_INV_SETWAY &&
		       w.op != CM_OP_INV_ALL) ||
		      quirk(CM_QUIRK_INV_WRITES_BACK));
		copy_halves(w.sent, w.want, line, l->dirty);
		w.wb_line = line;
		w.wb_dirty = l->dirty;
		w.n.writebacks += halves_of(l->dirty);
		l->dirty = 0;
		w.writebacks++;
		w.all_writebacks++;
		break;
	case CM_EV_DISCARD:
		CHECK(ev->dirty && ev->dirty == l->dirty);
		CHECK(w.op == CM_OP_INV_MVA || w.op == CM_OP_INV_SETWAY || w.op == CM_OP_INV_ALL);
		CHECK(!quirk(CM_QUIRK_INV_WRITES_BACK));
		copy_halves(w.want, w.sent, line, l->dirty);
		w.n.discarded_halves += halves_of(l->dirty);
		l->dirty = 0;
		w.discards++;
		break;
	default:
		CHECK(!"a known event");
	}
}

#endif
