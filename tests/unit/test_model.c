/* SPDX-License-Identifier: MIT */
/* Tests of the cache model's CPU side: hits, fills, tags, page attributes, replacement. */
#include "tests/unit/test_model.h"

static void a_read_fills_and_then_hits(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	r->m.who = 0x77;
	assert_int_equal(cm_load(&r->m, 0x8024, 0x1024, 4, WB), 0x1024);
	memset(r->mem + 0x1020, 0xee, 32); /* a device writes behind the line */
	assert_int_equal(cm_load(&r->m, 0x803c, 0x103c, 4, WB), 0x103c);
	assert_int_equal(r->reads, 1);
	assert_int_equal(r->m.n.loads, 2);
	assert_int_equal(r->m.n.hits, 1);
	assert_int_equal(r->m.n.misses, 1);
	assert_int_equal(r->m.n.fills, 1);
	assert_int_equal(r->events, 1);
	assert_event(r, 0, CM_EV_FILL, CM_OP_LOAD, 0x8020, 0);
	assert_int_equal(r->ev[0].ev.pa, 0x1020);
	assert_int_equal(r->ev[0].ev.set, 1);
	assert_int_equal(r->ev[0].ev.way, 0);
	assert_int_equal(r->ev[0].ev.who, 0x77);
	assert_int_equal(r->ev[0].data[4], 0x24);
	rig_free(r);
}

static void each_size_goes_to_its_bytes(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t attr[] = {WB, WT, NCB, SO};
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++) {
		uint32_t a = 0x1000 + 0x100 * i;

		cm_load(&r->m, a, a, 4, WB);
		cm_store(&r->m, a, a, 4, 0x44332211, attr[i]);
		cm_store(&r->m, a + 1, a + 1, 1, 0xffffffaa, attr[i]);
		cm_store(&r->m, a + 2, a + 2, 2, 0xffffccbb, attr[i]);
		assert_int_equal(cm_load(&r->m, a, a, 4, attr[i]), 0xccbbaa11);
		assert_int_equal(cm_load(&r->m, a + 3, a + 3, 1, attr[i]), 0xcc);
		assert_int_equal(cm_load(&r->m, a + 2, a + 2, 2, attr[i]), 0xccbb);
		cm_clean_mva(&r->m, a, a);
		cm_drain(&r->m);
		assert_int_equal(rig_word(r, a), 0xccbbaa11);
	}
	rig_free(r);
}

static void a_write_miss_allocates_by_policy_only(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r = rig_new(cfg);

	(void)state;
	cm_store(&r->m, 0x1000, 0x1000, 4, 1, WB);
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	assert_int_equal(r->m.n.misses, 1);
	assert_int_equal(r->m.n.fills, 0);
	rig_free(r);

	cfg.write_allocate = true;
	r = rig_new(cfg);
	cm_store(&r->m, 0x1000, 0x1000, 4, 1, WT);
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	cm_store(&r->m, 0x1004, 0x1004, 4, 2, WB);
	assert_non_null(cm_peek(&r->m, 0x1000, 0x1000));
	assert_event(r, 0, CM_EV_FILL, CM_OP_STORE, 0x1000, 0);
	/* the fill saw the write-through store that was still in the write buffer */
	assert_int_equal(cm_load(&r->m, 0x1000, 0x1000, 4, WB), 1);
	assert_int_equal(cm_load(&r->m, 0x1004, 0x1004, 4, WB), 2);
	assert_int_equal(rig_word(r, 0x1004), 0x1004);
	rig_free(r);
}

static void a_vivt_line_is_found_by_va_and_written_to_its_pa(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	rig_dirty(r, 0x8000, 0x1000, 0x11);
	/* the same address now maps another page: the old line still hits */
	assert_int_equal(cm_load(&r->m, 0x8000, 0x2000, 4, WB), 0x11);
	/* another address of the same page misses, and reads stale memory */
	assert_int_equal(cm_load(&r->m, 0x9000, 0x1000, 4, WB), 0x1000);
	cm_clean_mva(&r->m, 0x8000, 0x2000);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 0x11);
	assert_int_equal(rig_word(r, 0x2000), 0x2000);
	rig_free(r);
}

static void a_vipt_line_is_indexed_by_va_and_tagged_by_pa(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.index = CM_VIPT;
	r = rig_new(cfg);
	rig_dirty(r, 0x8000, 0x1000, 0x11);
	assert_int_equal(cm_load(&r->m, 0x8000, 0x2000, 4, WB), 0x2000); /* another page */
	assert_int_equal(cm_load(&r->m, 0x9000, 0x1000, 4, WB), 0x11);	 /* same colour */
	assert_null(cm_peek(&r->m, 0x8020, 0x1000));			 /* another colour */
	assert_int_equal(r->ev[0].ev.va, 0x8000);
	rig_free(r);
}

static void a_pipt_line_is_found_by_pa_alone(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.index = CM_PIPT;
	r = rig_new(cfg);
	rig_dirty(r, 0x8020, 0x1000, 0x11);
	assert_int_equal(r->ev[0].ev.set, 0);
	assert_int_equal(cm_load(&r->m, 0x9040, 0x1000, 4, WB), 0x11);
	assert_int_equal(cm_load(&r->m, 0x8020, 0x2000, 4, WB), 0x2000);
	rig_free(r);
}

static void an_uncached_access_ignores_even_a_hit(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t attr[] = {NCB, SO};
	unsigned i;

	(void)state;
	for (i = 0; i < 2; i++) {
		uint32_t a = 0x1000 + 0x40 * i;

		rig_dirty(r, a, a, 0x11);
		assert_int_equal(cm_load(&r->m, a, a, 4, attr[i]), a);
		cm_store(&r->m, a + 4, a + 4, 4, 0x22, attr[i]);
		assert_int_equal(cm_load(&r->m, a + 4, a + 4, 4, WB), a + 4);
		cm_drain(&r->m);
		assert_int_equal(rig_word(r, a), a);
		assert_int_equal(rig_word(r, a + 4), 0x22);
	}
	assert_int_equal(r->m.n.fills, 2);
	assert_int_equal(r->m.n.hits + r->m.n.misses, 6);
	assert_int_equal(r->m.n.loads + r->m.n.stores, 10);
	rig_free(r);
}

static void a_write_through_store_updates_line_and_memory(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	cm_load(&r->m, 0x1000, 0x1000, 4, WT);
	cm_store(&r->m, 0x1000, 0x1000, 4, 0x33, WT);
	assert_int_equal(cm_peek(&r->m, 0x1000, 0x1000)->dirty, 0);
	assert_int_equal(cm_load(&r->m, 0x1000, 0x1000, 4, WT), 0x33);
	assert_int_equal(r->m.n.fills, 1);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 0x33);
	rig_free(r);
}

/* Way that the fill of line number n of set 0 takes. */
static uint32_t fill_way(struct rig *r, uint32_t n)
{
	cm_load(&r->m, n * 128, n * 128, 4, WB);
	return r->ev[r->events - 1].ev.way;
}

static void round_robin_takes_empty_ways_first(void **state)
{
	static const uint32_t want[] = {0, 1, 2, 3, 0, 1, 2};
	struct rig *r = rig_new(rig_config());
	uint32_t i;

	(void)state;
	for (i = 0; i < 7; i++)
		assert_int_equal(fill_way(r, i), want[i]);
	cm_inv_setway(&r->m, 0, 2);
	cm_inv_setway(&r->m, 0, 1);
	assert_int_equal(fill_way(r, 7), 1);
	assert_int_equal(fill_way(r, 8), 2);
	assert_int_equal(fill_way(r, 9), 3); /* the counter stood still meanwhile */
	assert_int_equal(r->m.n.evictions, 4);
	rig_free(r);
}

static void the_counter_is_one_a_set_or_one_for_all(void **state)
{
	struct cm_config cfg = rig_config();
	uint32_t i, global;

	(void)state;
	for (global = 0; global < 2; global++) {
		struct rig *r;

		cfg.rr_global = global;
		r = rig_new(cfg);
		for (i = 0; i < 5; i++)
			fill_way(r, i);
		for (i = 0; i < 5; i++)
			cm_load(&r->m, i * 128 + 32, i * 128 + 32, 4, WB);
		assert_int_equal(r->ev[r->events - 1].ev.way, global);
		rig_free(r);
	}
}

static void random_replacements_repeat_with_their_seed(void **state)
{
	struct cm_config cfg = rig_config();
	uint32_t run, i, way, seen, differ = 0;
	uint8_t ways[3][64];

	(void)state;
	cfg.replace = CM_RANDOM;
	for (run = 0; run < 3; run++) {
		struct rig *r;

		cfg.seed = run == 2 ? 0 : 5;
		r = rig_new(cfg);
		seen = 0; /* each seed reaches all ways, 0 too */
		for (i = 0; i < 4; i++)
			assert_int_equal(fill_way(r, i), i);
		for (i = 0; i < 64; i++) {
			way = fill_way(r, 4 + i);
			ways[run][i] = (uint8_t)way;
			seen |= 1u << way;
		}
		assert_int_equal(seen, 0xf);
		rig_free(r);
	}
	assert_memory_equal(ways[0], ways[1], 64);
	for (i = 0; i < 64; i++)
		differ += ways[0][i] != ways[2][i];
	assert_true(differ > 16);
}

static void an_eviction_reports_write_back_evict_fill(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t i;

	(void)state;
	rig_dirty(r, 0x8010, 0x1010, 0xabc); /* upper half */
	for (i = 1; i < 5; i++)
		fill_way(r, i);
	assert_int_equal(r->events, 7);
	assert_event(r, 4, CM_EV_WRITEBACK, CM_OP_LOAD, 0x8000, 2);
	assert_event(r, 5, CM_EV_EVICT, CM_OP_LOAD, 0x8000, 2);
	assert_event(r, 6, CM_EV_FILL, CM_OP_LOAD, 512, 0);
	assert_int_equal(r->ev[5].ev.pa, 0x1000);
	assert_int_equal(r->ev[5].ev.way, 0);
	assert_memory_equal(r->ev[5].data + 16, "\xbc\x0a\0\0", 4);
	assert_int_equal(r->m.n.writebacks, 1);
	assert_int_equal(r->m.n.evictions, 1);
	fill_way(r, 5); /* a clean line goes: no write-back */
	assert_int_equal(r->events, 9);
	assert_event(r, 7, CM_EV_EVICT, CM_OP_LOAD, 128, 0);
	rig_free(r);
}

static void a_fill_sees_the_alias_it_evicts(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.ways = 1;
	r = rig_new(cfg);
	rig_dirty(r, 0x8000, 0x1000, 0x11);
	assert_int_equal(cm_load(&r->m, 0x9000, 0x1000, 4, WB), 0x11);
	rig_free(r);
}

static void quirks_no_allocate_and_coherent(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.write_allocate = true;
	cfg.quirks = CM_QUIRK_NO_ALLOCATE;
	r = rig_new(cfg);
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	assert_int_equal(cm_load(&r->m, 0x1000, 0x1000, 4, WB), 0x11);
	assert_int_equal(r->m.n.fills + r->m.n.hits, 0);
	rig_free(r);

	cfg = rig_config();
	cfg.quirks = CM_QUIRK_COHERENT;
	r = rig_new(cfg);
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	assert_int_equal(rig_word(r, 0x1000), 0x11);
	cm_inv_mva(&r->m, 0x1000, 0x1000);
	assert_int_equal(r->m.n.discarded_halves, 0);
	cm_store(&r->m, 0x1040, 0x1040, 4, 0x22, WB); /* a miss */
	cm_store(&r->m, 0x1080, 0x1080, 1, 0x33, NCB);
	assert_int_equal(rig_word(r, 0x1040), 0x22);
	assert_int_equal(rig_word(r, 0x1080), 0x1033);
	rig_free(r);
}

static void only_wanted_events_are_told(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	r->m.event_mask = CM_EV_BIT(CM_EV_DISCARD);
	rig_dirty(r, 0x1000, 0x1000, 1);
	assert_int_equal(r->events, 0);
	cm_inv_all(&r->m);
	assert_int_equal(r->events, 1);
	r->m.event_mask = 0;
	r->m.on_event = NULL;
	rig_dirty(r, 0x1000, 0x1000, 1);
	cm_inv_all(&r->m);
	assert_int_equal(r->m.n.discarded_halves, 2);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_fills_and_then_hits),
		cmocka_unit_test(each_size_goes_to_its_bytes),
		cmocka_unit_test(a_write_miss_allocates_by_policy_only),
		cmocka_unit_test(a_vivt_line_is_found_by_va_and_written_to_its_pa),
		cmocka_unit_test(a_vipt_line_is_indexed_by_va_and_tagged_by_pa),
		cmocka_unit_test(a_pipt_line_is_found_by_pa_alone),
		cmocka_unit_test(an_uncached_access_ignores_even_a_hit),
		cmocka_unit_test(a_write_through_store_updates_line_and_memory),
		cmocka_unit_test(round_robin_takes_empty_ways_first),
		cmocka_unit_test(the_counter_is_one_a_set_or_one_for_all),
		cmocka_unit_test(random_replacements_repeat_with_their_seed),
		cmocka_unit_test(an_eviction_reports_write_back_evict_fill),
		cmocka_unit_test(a_fill_sees_the_alias_it_evicts),
		cmocka_unit_test(quirks_no_allocate_and_coherent),
		cmocka_unit_test(only_wanted_events_are_told),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
