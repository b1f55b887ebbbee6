/* SPDX-License-Identifier: MIT */
/* Random operations on random cache models, each compared with the oracle: 2000 models from the
 * seed of the run on; MODEL_SEED=n runs that one alone. */
#include <stdio.h>

#include "host_seed.h"
#include "tests/unit/test_model_oracle.h"

#define SEEDS 2000
#define OPS   500

static void begin(enum cm_op op, uint32_t pa)
{
	w.op = op;
	w.pa = pa;
	w.va = w.page_va[pa / PAGE] + pa % PAGE;
	if (w.aliases && rnd(2))
		w.va += 0x100000;
	w.fills = w.evicts = w.writebacks = w.discards = 0;
	w.m.who = ++w.op_number;
}

static uint32_t pick(uint32_t size)
{
	return rnd(w.window) & ~(size - 1);
}

static void count_access(uint32_t attr, bool hit)
{
	if (!(attr & CM_C))
		return;
	if (hit)
		w.n.hits++;
	else
		w.n.misses++;
}

static void do_load(uint32_t pa, uint32_t size)
{
	uint32_t attr = w.page_attr[pa / PAGE], value, want = 0;
	const struct oline *l = &w.line[line_of(pa)];
	bool hit = l->cached;

	begin(CM_OP_LOAD, pa);
	value = cm_load(&w.m, w.va, pa, size, attr);
	memcpy(&want, w.want + pa, size);
	CHECK(value == want);
	CHECK(l->cached == ((attr & CM_C) && !quirk(CM_QUIRK_NO_ALLOCATE)));
	CHECK(!hit || !(w.fills + w.evicts + w.writebacks));
	CHECK(attr != SO || same(w.mem, w.sent, 0, MEM));
	w.n.loads++;
	count_access(attr, hit);
}

static void do_store(uint32_t pa, uint32_t size)
{
	uint32_t attr = w.page_attr[pa / PAGE], value = (uint32_t)jrand48(w.rng);
	struct oline *l = &w.line[line_of(pa)];
	bool hit = l->cached;
	bool fills = attr == WB && w.cfg.write_allocate && !quirk(CM_QUIRK_NO_ALLOCATE);

	begin(CM_OP_STORE, pa);
	cm_store(&w.m, w.va, pa, size, value, attr);
	CHECK(l->cached == (hit || fills));
	CHECK(!hit || !(w.fills + w.evicts + w.writebacks));
	memcpy(w.want + pa, &value, size);
	if (l->cached && attr == WB && !quirk(CM_QUIRK_COHERENT)) {
		l->dirty |= (uint8_t)(1u << (pa % w.cfg.line / (w.cfg.line / w.cfg.halves)));
	} else {
		memcpy(w.sent + pa, &value, size);
		if (attr == SO || quirk(CM_QUIRK_COHERENT) || !w.cfg.wb_words)
			w.direct_writes++;
	}
	CHECK(attr != SO || same(w.mem, w.sent, 0, MEM));
	CHECK(!quirk(CM_QUIRK_COHERENT) || same(w.mem, w.want, 0, MEM));
	w.n.stores++;
	count_access(attr, hit);
}

/* What an operation on one line must have done to it; NOBODY: it found none. */
static void end_line_op(uint32_t line, unsigned was_dirty, bool invalidates)
{
	CHECK(w.writebacks + w.discards == was_dirty);
	if (line == NOBODY)
		return;
	CHECK(!w.line[line].dirty);
	if (invalidates)
		uncache(line);
}

static void do_mva(enum cm_op op, uint32_t pa)
{
	uint32_t line = line_of(pa);
	unsigned was_dirty = w.line[line].cached && w.line[line].dirty;

	begin(op, pa);
	if (op == CM_OP_INV_MVA)
		cm_inv_mva(&w.m, w.va, pa);
	else if (op == CM_OP_CLEAN_MVA)
		cm_clean_mva(&w.m, w.va, pa);
	else
		cm_clean_inv_mva(&w.m, w.va, pa);
	end_line_op(line, was_dirty, op != CM_OP_CLEAN_MVA);
}

static void do_setway(enum cm_op op, uint32_t set, uint32_t way)
{
	uint32_t sets = w.cfg.size / w.cfg.line / w.cfg.ways;
	uint32_t line = w.owner[set % sets * w.cfg.ways + way % w.cfg.ways];
	unsigned was_dirty = line != NOBODY && w.line[line].dirty;

	begin(op, 0);
	if (op == CM_OP_INV_SETWAY)
		cm_inv_setway(&w.m, set, way);
	else if (op == CM_OP_CLEAN_SETWAY)
		cm_clean_setway(&w.m, set, way);
	else
		cm_clean_inv_setway(&w.m, set, way);
	end_line_op(line, was_dirty, op != CM_OP_CLEAN_SETWAY);
}

static unsigned dirty_lines(void)
{
	unsigned i, n = 0;

	for (i = 0; i < MEM / w.cfg.line; i++)
		n += w.line[i].dirty != 0;
	return n;
}

static void uncache_all(void)
{
	uint32_t i;

	for (i = 0; i < MEM / w.cfg.line; i++)
		uncache(i);
}

static void do_inv_all(void)
{
	unsigned dirty = dirty_lines();

	begin(CM_OP_INV_ALL, 0);
	cm_inv_all(&w.m);
	CHECK(w.writebacks + w.discards == dirty);
	uncache_all();
}

static bool do_test_clean(enum cm_op op)
{
	unsigned dirty = dirty_lines();
	bool z;

	begin(op, 0);
	z = op == CM_OP_TEST_CLEAN ? cm_test_clean(&w.m) : cm_test_clean_inv(&w.m);
	CHECK(z == (dirty <= 1));
	CHECK(w.writebacks == (dirty ? 1 : 0));
	if (op == CM_OP_TEST_CLEAN_INV && dirty)
		uncache(w.wb_line);
	if (op == CM_OP_TEST_CLEAN_INV && z)
		uncache_all();
	return z;
}

static void do_drain(void)
{
	unsigned before = w.bus_writes;

	begin(CM_OP_DRAIN, 0);
	cm_drain(&w.m);
	w.n.drains++;
	if (quirk(CM_QUIRK_NO_DRAIN))
		CHECK(w.bus_writes == before);
	else
		CHECK(same(w.mem, w.sent, 0, MEM));
}

/* The model's lines, one by one, and all counters. */
static void check_all(void)
{
	uint32_t i, cached = 0, valid = 0;

	for (i = 0; i < MEM / w.cfg.line; i++) {
		const struct oline *l = &w.line[i];
		uint32_t pa = i * w.cfg.line;
		uint32_t va = l->cached ? l->va : w.page_va[pa / PAGE] + pa % PAGE;
		const struct cm_line *c = cm_peek(&w.m, va, pa);

		CHECK(l->cached == (c != NULL));
		if (!c)
			continue;
		cached++;
		CHECK(c->pa == pa && c->dirty == l->dirty);
		CHECK(memcmp(cm_line_data(&w.m, c), w.want + pa, w.cfg.line) == 0);
	}
	for (i = 0; i < w.cfg.size / w.cfg.line; i++)
		valid += w.m.lines[i].valid;
	CHECK(valid == cached);
	w.n.wb_writes = w.m.n.wb_writes; /* checked when all buffers are empty */
	CHECK(memcmp(&w.n, &w.m.n, sizeof(w.n)) == 0);
}

static void random_op(void)
{
	uint32_t size = 1u << rnd(3), r = rnd(200);

	if (r < 80)
		do_load(pick(size), size);
	else if (r < 160)
		do_store(pick(size), size);
	else if (r < 184)
		do_mva((enum cm_op)(CM_OP_INV_MVA + rnd(3)), pick(1));
	else if (r < 190)
		do_setway((enum cm_op)(CM_OP_INV_SETWAY + rnd(3)), rnd(~0u), rnd(~0u));
	else if (r < 193)
		do_test_clean(CM_OP_TEST_CLEAN);
	else if (r < 194)
		do_test_clean(CM_OP_TEST_CLEAN_INV);
	else if (r < 195)
		do_inv_all();
	else if (r < 199)
		do_drain();
	else
		check_all();
}

static void random_config(void)
{
	static const uint32_t words[] = {0, 1, 2, 5, 16, 16, 32};
	static const uint32_t quirks[] = {CM_QUIRK_INV_WRITES_BACK, CM_QUIRK_NO_ALLOCATE,
					  CM_QUIRK_NO_DRAIN, CM_QUIRK_COHERENT};
	struct cm_config *c = &w.cfg;

	*c = (struct cm_config){
		.index = (enum cm_index)rnd(3),
		.line = 16u << rnd(3),
		.ways = 1u << rnd(7),
		.halves = 1 + rnd(2),
		.replace = (enum cm_replace)rnd(2),
		.rr_global = rnd(2),
		.write_allocate = rnd(2),
		.wb_words = words[rnd(7)],
		.wb_addrs = 1 + rnd(CM_WB_ADDRS_MAX),
		.seed = rnd(~0u),
		.quirks = rnd(3) ? 0 : quirks[rnd(4)],
	};
	c->size = c->line * c->ways;
	while (c->size < 4096 && rnd(3))
		c->size *= 2;
	assert_null(cm_config_error(c));
	w.window = 256u << rnd(7);
	/* two addresses for a page: only where the index is the same for both */
	w.aliases = c->index == CM_PIPT || (c->index == CM_VIPT && c->size / c->ways <= PAGE);
}

static void random_pages(void)
{
	static const uint32_t attr[] = {WB, WB, WB, WB, WT, NCB, SO};
	uint32_t i, other, t;

	for (i = 0; i < PAGES; i++) {
		w.page_va[i] = 0xbfe00000 + i * PAGE;
		w.page_attr[i] = attr[rnd(7)];
	}
	for (i = 0; i < PAGES; i++) {
		other = rnd(PAGES);
		t = w.page_va[i];
		w.page_va[i] = w.page_va[other];
		w.page_va[other] = t;
	}
}

static void clean_all_and_look_at_memory(void)
{
	uint32_t i, how = rnd(3), sets = w.cfg.size / w.cfg.line / w.cfg.ways;

	if (how == 0)
		while (!do_test_clean(CM_OP_TEST_CLEAN))
			;
	else if (how == 1)
		for (i = 0; i < sets * w.cfg.ways; i++)
			do_setway(CM_OP_CLEAN_SETWAY, i / w.cfg.ways, i % w.cfg.ways);
	else
		for (i = 0; i < MEM; i += w.cfg.line)
			do_mva(CM_OP_CLEAN_MVA, i);
	CHECK(dirty_lines() == 0);
	do_drain();
	if (quirk(CM_QUIRK_NO_DRAIN)) { /* the drain that still works */
		w.page_attr[0] = SO;
		do_inv_all();
		do_load(0, 4);
	}
	CHECK(same(w.mem, w.want, 0, MEM));
	CHECK(w.bus_writes == w.m.n.wb_writes + w.all_writebacks + w.direct_writes);
	check_all();
}

/* A device writes all memory; after an invalidate the CPU reads what it wrote. */
static void device_writes_and_cpu_reads(void)
{
	uint32_t i;

	for (i = 0; i < MEM; i++)
		w.mem[i] = w.want[i] = w.sent[i] = (uint8_t)rnd(256);
	if (rnd(2)) {
		do_inv_all();
	} else {
		for (i = 0; i < MEM; i += w.cfg.line)
			do_mva(CM_OP_INV_MVA, i);
	}
	for (i = 0; i < 50; i++)
		do_load(pick(4), 4);
	check_all();
}

static void one_seed(unsigned long seed)
{
	struct cm_bus bus = {NULL, bus_read, bus_write};
	void *storage;
	unsigned i;

	memset(&w, 0, sizeof(w));
	memset(w.owner, 0xff, sizeof(w.owner));
	w.seed = seed;
	w.rng[0] = (unsigned short)seed;
	w.rng[1] = (unsigned short)(seed >> 16);
	w.rng[2] = 0x5bd1;
	random_config();
	random_pages();
	for (i = 0; i < MEM; i++)
		w.mem[i] = w.want[i] = w.sent[i] = (uint8_t)rnd(256);
	storage = malloc(cm_storage_size(&w.cfg));
	cm_init(&w.m, &w.cfg, &bus, storage);
	w.m.on_event = on_event;
	w.m.event_mask = ~0u;
	for (i = 0; i < OPS; i++)
		random_op();
	clean_all_and_look_at_memory();
	device_writes_and_cpu_reads();
	free(storage);
}

static void random_operations_agree_with_the_oracle(void **state)
{
	const char *only = getenv("MODEL_SEED");
	unsigned long seed, first = only ? strtoul(only, NULL, 0) : host_seed();
	unsigned long last = only ? first : first + SEEDS - 1, ops = 0, discards = 0, evictions = 0;

	(void)state;
	printf("seeds %lu to %lu\n", first, last);
	for (seed = first; seed <= last; seed++) {
		one_seed(seed);
		ops += w.op_number;
		discards += w.n.discarded_halves;
		evictions += w.n.evictions;
	}
	printf("%lu operations, %lu evictions, %lu halves discarded\n", ops, evictions, discards);
	/* the run must have been worth it */
	assert_true(only || (discards > SEEDS && evictions > SEEDS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations_agree_with_the_oracle),
	};

	return cmocka_run_group_tests_name("model_random", tests, NULL, NULL);
}
