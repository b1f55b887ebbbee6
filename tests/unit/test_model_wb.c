/* SPDX-License-Identifier: MIT */
/* Tests of the cache model's write buffer and write-back buffer: what waits, what goes when. */
#include "tests/unit/test_model.h"

static void put(struct rig *r, uint32_t a, uint32_t value)
{
	cm_store(&r->m, a, a, 4, value, WB); /* a miss: nothing is cached in these tests */
}

static void a_store_miss_waits_for_the_drain(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	put(r, 0x1000, 0x11);
	cm_store(&r->m, 0x2000, 0x2000, 4, 0x22, NCB);
	cm_store(&r->m, 0x3000, 0x3000, 4, 0x33, WT);
	assert_int_equal(r->writes, 0);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 0x11);
	assert_int_equal(rig_word(r, 0x2000), 0x22);
	assert_int_equal(rig_word(r, 0x3000), 0x33);
	assert_int_equal(r->m.n.wb_writes, 3);
	assert_int_equal(r->m.wb_used + r->m.wb_words, 0);
	rig_free(r);
}

static void bytes_merge_and_holes_stay_holes(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t a = 0x1000;

	(void)state;
	memset(r->mem + a, 0xee, 16);
	cm_store(&r->m, a + 1, a + 1, 1, 0x11, WB);
	cm_store(&r->m, a + 2, a + 2, 2, 0x3322, WB);
	cm_store(&r->m, a + 1, a + 1, 1, 0x44, WB); /* the last value of a byte wins */
	put(r, a + 4, 0x88776655);
	cm_store(&r->m, a + 8, a + 8, 1, 0x99, WB);
	cm_store(&r->m, a + 11, a + 11, 1, 0xaa, WB);
	assert_int_equal(r->m.wb_used, 1);
	assert_int_equal(r->m.wb_words, 3);
	cm_drain(&r->m);
	assert_memory_equal(r->mem + a,
			    "\xee\x44\x22\x33\x55\x66\x77\x88\x99\xee\xee\xaa\xee\xee\xee\xee", 16);
	assert_int_equal(r->writes, 2);
	assert_int_equal(r->wr[0].pa, a + 1);
	assert_int_equal(r->wr[0].len, 8);
	assert_int_equal(r->wr[1].pa, a + 11);
	assert_int_equal(r->wr[1].len, 1);
	rig_free(r);
}

static void sixteen_words_fit_and_the_next_pushes_the_oldest(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		put(r, 0x1000 + 4 * i, i); /* 4 words, the oldest address */
	for (i = 0; i < 12; i++)
		put(r, 0x2004 + 4 * i, i);
	assert_int_equal(r->m.wb_words, 16);
	assert_int_equal(r->writes, 0);
	put(r, 0x2004 + 4 * 12, 12);
	assert_int_equal(r->writes, 1);
	assert_int_equal(r->wr[0].pa, 0x1000);
	assert_int_equal(r->wr[0].len, 16);
	assert_int_equal(r->m.wb_used, 1);
	assert_int_equal(r->m.wb_words, 13);
	put(r, 0x2004 + 4 * 13, 13);
	put(r, 0x2004 + 4 * 14, 14);
	put(r, 0x2004 + 4 * 15, 15);
	assert_int_equal(r->writes, 1);
	put(r, 0x2004 + 4 * 16, 16); /* one run fills it all: it goes itself, line by line */
	assert_int_equal(r->writes, 4);
	assert_int_equal(r->wr[1].len, 28);
	assert_int_equal(r->wr[2].pa, 0x2020);
	assert_int_equal(r->wr[2].len, 32);
	assert_int_equal(r->wr[3].len, 4);
	assert_int_equal(r->m.wb_words, 1);
	cm_drain(&r->m);
	assert_int_equal(r->writes, 5);
	for (i = 0; i < 17; i++)
		assert_int_equal(rig_word(r, 0x2004 + 4 * i), i);
	rig_free(r);
}

static void four_addresses_fit_and_the_fifth_pushes_the_oldest(void **state)
{
	struct rig *r = rig_new(rig_config());
	uint32_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		put(r, 0x1000 * (i + 1), i);
	assert_int_equal(r->writes, 0);
	put(r, 0x5000, 4);
	assert_int_equal(r->writes, 1);
	assert_int_equal(r->wr[0].pa, 0x1000);
	cm_drain(&r->m);
	for (i = 1; i < 5; i++)
		assert_int_equal(r->wr[i].pa, 0x1000 * (i + 1));
	rig_free(r);
}

static void a_later_store_never_overtakes_an_earlier_one(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	put(r, 0x1000, 1); /* flag */
	put(r, 0x2000, 2); /* data */
	put(r, 0x1000, 3); /* flag again */
	put(r, 0x1004, 4);
	put(r, 0x1000, 5); /* not the last word: a run of its own */
	cm_drain(&r->m);
	assert_int_equal(r->writes, 4);
	assert_int_equal(r->wr[0].pa, 0x1000);
	assert_int_equal(r->wr[1].pa, 0x2000);
	assert_int_equal(r->wr[2].pa, 0x1000);
	assert_int_equal(r->wr[2].len, 8);
	assert_int_equal(r->wr[3].pa, 0x1000);
	assert_int_equal(r->wr[3].len, 4);
	assert_int_equal(rig_word(r, 0x1000), 5);
	rig_free(r);
}

static void a_read_takes_out_what_it_overlaps_and_what_is_older(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	put(r, 0x1000, 1);
	put(r, 0x2004, 2);
	put(r, 0x3000, 3);
	put(r, 0x2004, 4);
	assert_int_equal(cm_load(&r->m, 0x3004, 0x3004, 4, NCB), 0x3004); /* beside it */
	assert_int_equal(r->writes, 0);
	assert_int_equal(cm_load(&r->m, 0x3000, 0x3000, 2, NCB), 3);
	assert_int_equal(r->writes, 3);
	assert_int_equal(r->m.wb_used, 1);
	assert_int_equal(rig_word(r, 0x2004), 2);
	assert_int_equal(cm_load(&r->m, 0x201c, 0x201c, 4, WB), 0x201c); /* a fill */
	assert_int_equal(r->m.wb_used, 0);
	assert_int_equal(cm_load(&r->m, 0x2004, 0x2004, 4, WB), 4);
	cm_store(&r->m, 0x4003, 0x4003, 1, 0x55, WB);
	assert_int_equal(cm_load(&r->m, 0x4003, 0x4003, 1, NCB), 0x55);
	cm_store(&r->m, 0x4044, 0x4044, 4, 0x66, WB);
	assert_int_equal(cm_load(&r->m, 0x4040, 0x4040, 4, WB), 0x4040);
	assert_int_equal(cm_load(&r->m, 0x4044, 0x4044, 4, WB), 0x66);
	rig_free(r);
}

static void a_strongly_ordered_access_comes_after_all_others(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.quirks = CM_QUIRK_NO_DRAIN; /* it concerns the explicit drain only */
	r = rig_new(cfg);
	rig_dirty(r, 0x4000, 0x4000, 4);
	cm_clean_mva(&r->m, 0x4000, 0x4000);
	put(r, 0x1000, 1);
	cm_store(&r->m, 0x2002, 0x2002, 2, 2, SO);
	assert_int_equal(r->writes, 3);
	assert_int_equal(r->wr[0].pa, 0x4000);
	assert_int_equal(r->wr[1].pa, 0x1000);
	assert_int_equal(r->wr[2].pa, 0x2002);
	assert_int_equal(r->wr[2].len, 2);
	put(r, 0x1000, 3);
	cm_load(&r->m, 0x3000, 0x3000, 4, SO);
	assert_int_equal(rig_word(r, 0x1000), 3);
	rig_free(r);
}

static void the_write_back_buffer_holds_one_line(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	rig_dirty(r, 0x1020, 0x1020, 0x22);
	rig_dirty(r, 0x1050, 0x1050, 0x33);
	cm_clean_inv_mva(&r->m, 0x1000, 0x1000);
	assert_int_equal(r->writes, 0);
	cm_clean_mva(&r->m, 0x1020, 0x1020); /* the next line pushes the one before */
	assert_int_equal(r->writes, 1);
	assert_int_equal(rig_word(r, 0x1000), 0x11);
	cm_clean_inv_mva(&r->m, 0x1040, 0x1040);
	assert_int_equal(r->writes, 2);
	assert_int_equal(r->wr[1].len, 16);				 /* one dirty half */
	assert_int_equal(cm_load(&r->m, 0x1060, 0x1060, 4, WB), 0x1060); /* unrelated */
	assert_int_equal(r->writes, 2);
	assert_int_equal(cm_load(&r->m, 0x1050, 0x1050, 4, NCB), 0x33); /* needs it */
	assert_int_equal(r->writes, 3);
	assert_int_equal(r->wr[2].pa, 0x1050);
	assert_int_equal(r->wr[2].len, 16);
	rig_free(r);
}

static void only_dirty_halves_are_written(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	rig_dirty(r, 0x1000, 0x1000, 0x11);
	memset(r->mem + 0x1000, 0xdd, 32);
	cm_clean_mva(&r->m, 0x1000, 0x1000);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1004), 0x1004);
	assert_int_equal(rig_word(r, 0x1010), 0xdddddddd);
	cm_store(&r->m, 0x1000, 0x1000, 4, 0x22, WB);
	cm_store(&r->m, 0x101c, 0x101c, 4, 0x33, WB);
	cm_clean_mva(&r->m, 0x1000, 0x1000);
	cm_drain(&r->m);
	assert_int_equal(r->writes, 2);
	assert_int_equal(r->wr[1].len, 32);
	assert_int_equal(rig_word(r, 0x1014), 0x1014);
	rig_free(r);
}

static void the_buffers_keep_the_order_of_the_same_bytes(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	/* cleaned first, stored again through the write buffer later */
	rig_dirty(r, 0x1000, 0x1000, 1);
	cm_clean_inv_mva(&r->m, 0x1000, 0x1000);
	put(r, 0x1000, 2);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x1000), 2);
	/* stored under an uncached alias first, cleaned later */
	rig_dirty(r, 0x8000, 0x2000, 1);
	cm_store(&r->m, 0x2004, 0x2004, 4, 7, NCB);
	cm_clean_mva(&r->m, 0x8000, 0x2000);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x2000), 1);
	assert_int_equal(rig_word(r, 0x2004), 0x2004);
	/* the same line cleaned twice */
	cm_store(&r->m, 0x8000, 0x2000, 4, 3, WB);
	cm_clean_mva(&r->m, 0x8000, 0x2000);
	cm_store(&r->m, 0x8000, 0x2000, 4, 4, WB);
	cm_clean_mva(&r->m, 0x8000, 0x2000);
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x2000), 4);
	rig_free(r);
}

static void without_a_write_buffer_stores_go_straight_out(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.wb_words = 0;
	cfg.wb_addrs = 0;
	r = rig_new(cfg);
	cm_store(&r->m, 0x1002, 0x1002, 2, 0x55, WB);
	assert_int_equal(rig_word(r, 0x1000), 0x551000);
	rig_dirty(r, 0x2000, 0x2000, 1);
	cm_clean_inv_mva(&r->m, 0x2000, 0x2000);
	put(r, 0x2000, 2); /* must not be overtaken by the older line */
	cm_drain(&r->m);
	assert_int_equal(rig_word(r, 0x2000), 2);
	assert_int_equal(r->m.n.wb_writes, 0);
	rig_free(r);
}

static void a_run_ends_at_the_top_of_the_address_space(void **state)
{
	struct rig *r = rig_new(rig_config());

	(void)state;
	put(r, 0xfffffff8, 1);
	put(r, 0xfffffffc, 2);
	put(r, 0, 3);
	assert_int_equal(r->m.wb_used, 2);
	assert_int_equal(cm_load(&r->m, 0xffffffe0, 0xffffffe0, 4, WB), 0xffe0);
	assert_int_equal(r->m.wb_used, 1);
	assert_int_equal(cm_load(&r->m, 0xfffffffc, 0xfffffffc, 4, WB), 2);
	assert_int_equal(cm_load(&r->m, 0, 0, 4, WB), 3);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_miss_waits_for_the_drain),
		cmocka_unit_test(bytes_merge_and_holes_stay_holes),
		cmocka_unit_test(sixteen_words_fit_and_the_next_pushes_the_oldest),
		cmocka_unit_test(four_addresses_fit_and_the_fifth_pushes_the_oldest),
		cmocka_unit_test(a_later_store_never_overtakes_an_earlier_one),
		cmocka_unit_test(a_read_takes_out_what_it_overlaps_and_what_is_older),
		cmocka_unit_test(a_strongly_ordered_access_comes_after_all_others),
		cmocka_unit_test(the_write_back_buffer_holds_one_line),
		cmocka_unit_test(only_dirty_halves_are_written),
		cmocka_unit_test(the_buffers_keep_the_order_of_the_same_bytes),
		cmocka_unit_test(without_a_write_buffer_stores_go_straight_out),
		cmocka_unit_test(a_run_ends_at_the_top_of_the_address_space),
	};

	return cmocka_run_group_tests_name("model_wb", tests, NULL, NULL);
}
