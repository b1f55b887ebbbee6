/* SPDX-License-Identifier: MIT */
/* Tests of the cache model's maintenance: what is cleaned, what is thrown away, who says so. */
#include "tests/unit/test_model.h"

static void an_invalidate_discards_and_reports_it(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	rig_dirty(r, 0x8000, 0x1000, 0x11);
	cm_store(&r->m, 0x801c, 0x101c, 4, 0x22, WB);
	rig_dirty(r, 0x8030, 0x1030, 0x33); /* the upper half only */
	r->m.who = 0x1234;
	cm_inv_mva(&r->m, 0x801f, 0x5555); /* any byte of the line; pa is of no use */
	assert_event(r, 2, CM_EV_DISCARD, CM_OP_INV_MVA, 0x8000, 3);
	assert_int_equal(r->ev[2].ev.pa, 0x1000);
	assert_int_equal(r->ev[2].ev.set, 0);
	assert_int_equal(r->ev[2].ev.who, 0x1234);
	assert_int_equal(r->ev[2].data[0], 0x11);
	assert_int_equal(r->ev[2].data[4], 0x04);
	assert_int_equal(r->ev[2].data[28], 0x22);
	assert_int_equal(r->m.n.discarded_halves, 2);
	assert_null(cm_peek(&r->m, 0x8000, 0x1000));
	cm_inv_mva(&r->m, 0x8020, 0x1020);
	assert_event(r, 3, CM_EV_DISCARD, CM_OP_INV_MVA, 0x8020, 2);
	assert_int_equal(r->m.n.discarded_halves, 3);
	cm_drain(&r->m);
	assert_int_equal(r->writes, 0); /* nothing was saved */
	assert_int_equal(cm_load(&r->m, 0x8000, 0x1000, 4, WB), 0x1000);
	rig_free(r);
}

static void an_invalidate_of_a_clean_line_or_none_is_silent(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	cm_load(&r->m, 0x1000, 0x1000, 4, WB);
	cm_inv_mva(&r->m, 0x1020, 0x1020);
	assert_non_null(cm_peek(&r->m, 0x1000, 0x1000));
	cm_inv_mva(&r->m, 0x1000, 0x1000);
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	cm_inv_mva(&r->m, 0x1000, 0x1000);
	cm_inv_all(&r->m);
	assert_int_equal(r->events, 1);
	assert_int_equal(r->m.n.discarded_halves, 0);
	rig_free(r);
}

static void one_dirty_bit_a_line_is_one_half(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.halves = 1;
	r = rig_new(cfg);
	rig_dirty(r, 0x1010, 0x1010, 0x11); /* would be the upper half of two */
	assert_int_equal(cm_peek(&r->m, 0x1000, 0x1000)->dirty, 1);
	cm_clean_mva(&r->m, 0x1000, 0x1000);
	cm_drain(&r->m);
	assert_int_equal(r->wr[0].len, 32);
	assert_int_equal(rig_word(r, 0x1010), 0x11);
	assert_int_equal(r->m.n.writebacks, 1);
	cm_store(&r->m, 0x1010, 0x1010, 4, 0x12, WB);
	cm_inv_all(&r->m);
	assert_int_equal(r->m.n.discarded_halves, 1);
	rig_free(r);
}

static void a_cleaned_line_stays_and_is_unseen_until_the_drain(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r = rig_new(cfg);

	(void)state;
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	cm_clean_mva(&r->m, 0x1000, 0x1000);
	assert_event(r, 1, CM_EV_WRITEBACK, CM_OP_CLEAN_MVA, 0x1000, 1);
	assert_int_equal(cm_peek(&r->m, 0x1000, 0x1000)->dirty, 0);
	assert_int_equal(rig_word(r, 0x1000), 0x1000); /* what a device would read */
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 0x11);
	assert_int_equal(r->m.n.drains, 1);
	cm_clean_mva(&r->m, 0x1000, 0x1000); /* clean already */
	assert_int_equal(r->m.n.writebacks, 1);
	rig_free(r);

	cfg.quirks = CM_QUIRK_NO_DRAIN;
	r = rig_new(cfg);
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	cm_clean_mva(&r->m, 0x1000, 0x1000);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 0x1000);
	rig_free(r);
}

static void clean_and_invalidate_loses_nothing(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	cm_clean_inv_mva(&r->m, 0x1000, 0x1000);
	assert_event(r, 1, CM_EV_WRITEBACK, CM_OP_CLEAN_INV_MVA, 0x1000, 1);
	assert_int_equal(r->events, 2);
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	assert_int_equal(cm_load(&r->m, 0x1000, 0x1000, 4, WB), 0x11);
	rig_free(r);
}

static void set_and_way_numbers_are_masked(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	/* 4 sets, 4 ways: this line lies in set 1, way 0 */
	rig_dirty(r, 0x1020, 0x1020, 0x11);
	cm_clean_setway(&r->m, 1, 1);
	assert_int_equal(r->m.n.writebacks, 0);
	cm_clean_setway(&r->m, 4 + 1, 8);
	assert_event(r, 1, CM_EV_WRITEBACK, CM_OP_CLEAN_SETWAY, 0x1020, 1);
	cm_store(&r->m, 0x1030, 0x1030, 4, 0x22, WB);
	cm_clean_inv_setway(&r->m, 1, 4);
	assert_event(r, 2, CM_EV_WRITEBACK, CM_OP_CLEAN_INV_SETWAY, 0x1020, 2);
	assert_null(cm_peek(&r->m, 0x1020, 0x1020));
	rig_dirty(r, 0x1020, 0x1020, 0x33);
	cm_inv_setway(&r->m, 0xfffffff1, 0xfffffffc);
	assert_event(r, 4, CM_EV_DISCARD, CM_OP_INV_SETWAY, 0x1020, 1);
	assert_null(cm_peek(&r->m, 0x1020, 0x1020));
	rig_free(r);
}

static void invalidate_all_reports_each_dirty_line(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t i;

	(void)state;
	for (i = 0; i < 16; i++)
		rig_dirty(r, 0x1000 + 32 * i, 0x1000 + 32 * i, i);
	cm_inv_all(&r->m);
	assert_int_equal(r->m.n.discarded_halves, 16);
	assert_int_equal(r->events, 32);
	for (i = 0; i < 16; i++) {
		assert_int_equal(r->ev[16 + i].ev.kind, CM_EV_DISCARD);
		assert_int_equal(r->ev[16 + i].ev.op, CM_OP_INV_ALL);
		assert_null(cm_peek(&r->m, 0x1000 + 32 * i, 0x1000 + 32 * i));
	}
	rig_free(r);
}

static void test_and_clean_takes_one_line_a_call(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t i, calls, round;

	(void)state;
	assert_true(cm_test_clean(&r->m));
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 8; i++)
			rig_dirty(r, 0x1000 + 32 * i, 0x1000 + 32 * i, 0x100 * round + i);
		for (calls = 1; !cm_test_clean(&r->m); calls++)
			assert_int_equal(r->m.n.writebacks, 8 * round + calls);
		assert_int_equal(calls, 8);
		assert_event(r, r->events - 1, CM_EV_WRITEBACK, CM_OP_TEST_CLEAN,
			     r->ev[r->events - 1].ev.va, 1);
	}
	assert_int_equal(r->m.n.fills, 8); /* the lines stayed */
	cm_drain(&r->m);
	for (i = 0; i < 8; i++)
		assert_int_equal(rig_word(r, 0x1000 + 32 * i), 0x200 + i);
	rig_free(r);
}

static void test_clean_and_invalidate_ends_empty(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t i, calls;

	(void)state;
	for (i = 0; i < 8; i++)
		rig_dirty(r, 0x1000 + 32 * i, 0x1000 + 32 * i, i);
	for (i = 8; i < 12; i++)
		cm_load(&r->m, 0x1000 + 32 * i, 0x1000 + 32 * i, 4, WB);
	for (calls = 1; !cm_test_clean_inv(&r->m); calls++)
		/* clean lines stay until the last dirty one is gone */
		assert_non_null(cm_peek(&r->m, 0x1100, 0x1100));
	assert_int_equal(calls, 8);
	assert_int_equal(r->m.n.writebacks, 8);
	assert_int_equal(r->m.n.discarded_halves, 0);
	for (i = 0; i < 12; i++)
		assert_null(cm_peek(&r->m, 0x1000 + 32 * i, 0x1000 + 32 * i));
	cm_load(&r->m, 0x1000, 0x1000, 4, WB); /* a clean cache is emptied too */
	assert_true(cm_test_clean_inv(&r->m));
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	rig_free(r);
}

static void vipt_and_pipt_maintenance_asks_for_the_pa(void **state)
{
	struct cm_config cfg = rig_config();
	int index;

	(void)state;
	for (index = CM_VIPT; index <= CM_PIPT; index++) {
		struct rig *r;

		cfg.index = (enum cm_index)index;
		r = rig_new(cfg);
		rig_dirty(r, 0x8000, 0x1000, 0x11);
		cm_clean_mva(&r->m, 0x8000, 0x2000);
		cm_inv_mva(&r->m, 0x8000, 0x2000);
		cm_clean_inv_mva(&r->m, 0x8000, 0x2000);
		assert_int_equal(r->events, 1);
		cm_clean_mva(&r->m, 0x9000, 0x1000); /* through another mapping */
		assert_event(r, 1, CM_EV_WRITEBACK, CM_OP_CLEAN_MVA, 0x8000, 1);
		rig_free(r);
	}
}

static void the_mutant_that_writes_back_loses_nothing(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.quirks = CM_QUIRK_INV_WRITES_BACK;
	r = rig_new(cfg);
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	rig_dirty(r, 0x1020, 0x1020, 0x22);
	cm_inv_mva(&r->m, 0x1000, 0x1000);
	cm_inv_all(&r->m);
	assert_null(cm_peek(&r->m, 0x1000, 0x1000));
	assert_event(r, 2, CM_EV_WRITEBACK, CM_OP_INV_MVA, 0x1000, 1);
	assert_event(r, 3, CM_EV_WRITEBACK, CM_OP_INV_ALL, 0x1020, 1);
	assert_int_equal(r->m.n.discarded_halves, 0);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 0x11);
	assert_int_equal(rig_word(r, 0x1020), 0x22);
	rig_free(r);
}

static void the_80200_erratum_makes_the_next_line_dirty(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.quirks = CM_QUIRK_INV_KEEPS_DIRTY;
	r = rig_new(cfg);
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	cm_inv_mva(&r->m, 0x1000, 0x1000);
	assert_int_equal(r->m.n.discarded_halves, 1);
	/* an invalid line has nothing to lose or to write back, whatever its dirty bits */
	assert_true(cm_test_clean(&r->m));
	cm_clean_setway(&r->m, 0, 0);
	cm_inv_all(&r->m);
	assert_int_equal(r->events, 2);
	assert_int_equal(r->m.n.discarded_halves, 1);
	cm_load(&r->m, 0x2000, 0x2000, 4, WB);
	assert_event(r, 2, CM_EV_FILL, CM_OP_LOAD, 0x2000, 1);
	memset(r->mem + 0x2000, 0xdd, 32); /* a device's data ... */
	cm_clean_mva(&r->m, 0x2000, 0x2000);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x2000), 0x2000); /* ... overwritten by a clean line */
	assert_int_equal(rig_word(r, 0x2010), 0xdddddddd);
	/* Linux's cure, clean before invalidate, leaves no dirty bit behind */
	cm_store(&r->m, 0x2000, 0x2000, 4, 1, WB);
	cm_clean_mva(&r->m, 0x2000, 0x2000);
	cm_inv_mva(&r->m, 0x2000, 0x2000);
	cm_load(&r->m, 0x3000, 0x3000, 4, WB);
	assert_int_equal(cm_peek(&r->m, 0x3000, 0x3000)->dirty, 0);
	rig_free(r);
}

static void a_peek_touches_nothing(void **state)
{
	struct rig *r = rig_new(rig_config());
	const struct cm_line *l;
	struct cm_counters n;

	(void)state;
	rig_dirty(r, 0x8000, 0x1000, 0x11);
	n = r->m.n;
	assert_null(cm_peek(&r->m, 0x9000, 0x1000));
	l = cm_peek(&r->m, 0x801f, 0x101f);
	assert_non_null(l);
	assert_int_equal(l->pa, 0x1000);
	assert_memory_equal(cm_line_data(&r->m, l), "\x11\0\0\0\x04\x10", 6);
	assert_memory_equal(&n, &r->m.n, sizeof(n));
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_invalidate_discards_and_reports_it),
		cmocka_unit_test(an_invalidate_of_a_clean_line_or_none_is_silent),
		cmocka_unit_test(one_dirty_bit_a_line_is_one_half),
		cmocka_unit_test(a_cleaned_line_stays_and_is_unseen_until_the_drain),
		cmocka_unit_test(clean_and_invalidate_loses_nothing),
		cmocka_unit_test(set_and_way_numbers_are_masked),
		cmocka_unit_test(invalidate_all_reports_each_dirty_line),
		cmocka_unit_test(test_and_clean_takes_one_line_a_call),
		cmocka_unit_test(test_clean_and_invalidate_ends_empty),
		cmocka_unit_test(vipt_and_pipt_maintenance_asks_for_the_pa),
		cmocka_unit_test(the_mutant_that_writes_back_loses_nothing),
		cmocka_unit_test(the_80200_erratum_makes_the_next_line_dirty),
		cmocka_unit_test(a_peek_touches_nothing),
	};

	return cmocka_run_group_tests_name("model_maint", tests, NULL, NULL);
}
