/* SPDX-License-Identifier: MIT */
/* Tests of the cache model's configurations: what is sound, what is refused, their text. */
#include "tests/unit/test_model.h"

static void unsound_configurations_are_named(void **state)
{
	static const struct {
		size_t field;
		uint32_t value;
		const char *word; /* the complaint says this */
	} bad[] = {
#define BAD(field, value, word) {offsetof(struct cm_config, field), value, word}
		BAD(index, 3, "index"),		BAD(index, ~0u, "index"),
		BAD(line, 0, "line"),		BAD(line, 8, "line"),
		BAD(line, 48, "line"),		BAD(line, 128, "line"),
		BAD(ways, 0, "ways"),		BAD(ways, 3, "ways"),
		BAD(ways, 128, "ways"),		BAD(size, 0, "size"),
		BAD(size, 1000, "size"),	BAD(size, 64, "size"),
		BAD(size, 0x200000, "size"),	BAD(size, 0x80000000, "size"),
		BAD(halves, 0, "dirty"),	BAD(halves, 3, "dirty"),
		BAD(replace, 2, "replacement"), BAD(wb_words, 33, "32 words"),
		BAD(wb_addrs, 0, "address"),	BAD(wb_addrs, 9, "8 addresses"),
		BAD(quirks, 0x20, "quirks"),
#undef BAD
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cm_config cfg = rig_config();
		const char *error;

		assert_null(cm_config_error(&cfg));
		memcpy((char *)&cfg + bad[i].field, &bad[i].value, 4);
		error = cm_config_error(&cfg);
		if (!error || !strstr(error, bad[i].word))
			fail_msg("case %zu: want a word on %s, got: %s", i, bad[i].word,
				 error ? error : "nothing");
	}
}

static void the_smallest_and_the_largest_are_sound(void **state)
{
	struct cm_config cfg = rig_config();
	struct rig *r;

	(void)state;
	cfg.size = 16;
	cfg.ways = 1;
	cfg.line = 16;
	cfg.wb_words = cfg.wb_addrs = 1;
	assert_int_equal(cm_storage_size(&cfg), 16 + sizeof(struct cm_line) + 4);
	r = rig_new(cfg);
	assert_int_equal(r->m.sets, 1);
	rig_dirty(r, 0x1000, 0x1000, 1);
	rig_dirty(r, 0x2000, 0x2000, 2);
	cm_store(&r->m, 0x3000, 0x3000, 4, 3, WB);
	assert_int_equal(cm_load(&r->m, 0x1000, 0x1000, 4, WB), 1);
	rig_free(r);

	cfg = rig_config();
	cfg.size = 0x100000;
	cfg.ways = 64;
	cfg.line = 64;
	cfg.wb_words = 32;
	cfg.wb_addrs = 8;
	cfg.rr_global = true;
	assert_int_equal(cm_storage_size(&cfg), 0x100000 + 0x4000 * sizeof(struct cm_line) + 4);
	r = rig_new(cfg);
	assert_int_equal(r->m.sets, 256);
	rig_dirty(r, 0xffffffc0, 0xffffffc0, 1);
	cm_inv_all(&r->m);
	assert_int_equal(r->m.n.discarded_halves, 1);
	rig_free(r);
}

static void text_is_parsed_over_the_defaults(void **state)
{
	struct cm_config cfg = rig_config();

	(void)state;
	cfg.seed = 9;
	cfg.rr_global = true;
	assert_null(cm_config_parse(&cfg, "vivt,16k,4way,32b"));
	assert_int_equal(cfg.index, CM_VIVT);
	assert_int_equal(cfg.size, 16384);
	assert_int_equal(cfg.ways, 4);
	assert_int_equal(cfg.line, 32);
	assert_int_equal(cfg.wb_words, 16);
	assert_int_equal(cfg.seed, 9);
	assert_true(cfg.rr_global);
	assert_false(cfg.write_allocate);
	assert_int_equal(cfg.replace, CM_ROUND_ROBIN);
	assert_null(cm_config_parse(&cfg, "vipt,1m,64way,64b,random,wa"));
	assert_int_equal(cfg.index, CM_VIPT);
	assert_int_equal(cfg.size, 0x100000);
	assert_true(cfg.write_allocate);
	assert_int_equal(cfg.replace, CM_RANDOM);
	assert_null(cm_config_parse(&cfg, "pipt,512,1way,16b"));
	assert_int_equal(cfg.index, CM_PIPT);
	assert_int_equal(cfg.size, 512);
}

static void bad_text_is_refused_and_changes_nothing(void **state)
{
	static const char *const bad[][2] = {
		{"", "start"},
		{"vivt16k", "start"},
		{"VIVT,16k,4way,32b", "start"},
		{"vivt", "size"},
		{"vivt,", "size"},
		{"vivt,k", "size"},
		{"vivt,16q,4way,32b", "size"},
		{"vivt, 16k,4way,32b", "size"},
		{"vivt,-16k,4way,32b", "size"},
		{"vivt,12k,4way,32b", "size"},
		{"vivt,2m,4way,32b", "size"},
		{"vivt,4194320k,4way,32b", "size"}, /* 16k, were it to wrap */
		{"vivt,4097m,4way,32b", "size"},
		{"vivt,4294983680,4way,32b", "size"}, /* 16k, were it cut to 32 bits */
		{"vivt,99999999999999999999,4way,32b", "size"},
		{"vivt,16k", "ways"},
		{"vivt,16k,4,32b", "ways"},
		{"vivt,16k,4ways,32b", "ways"},
		{"vivt,16k,3way,32b", "ways"},
		{"vivt,16k,128way,32b", "ways"},
		{"vivt,16k,4way", "line"},
		{"vivt,16k,4way,32", "line"},
		{"vivt,16k,4way,128b", "line"},
		{"vivt,64,4way,32b", "one set"},
		{"vivt,16k,4way,32b,", "end"},
		{"vivt,16k,4way,32b,,wa", "end"},
		{"vivt,16k,4way,32b,wax", "end"},
		{"vivt,16k,4way,32b,wa,", "end"},
		{"vivt,16k,4way,32b wa", "line"},
	};
	struct cm_config cfg = rig_config(), before = cfg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *error = cm_config_parse(&cfg, bad[i][0]);

		if (!error || !strstr(error, bad[i][1]))
			fail_msg("'%s': want a word on %s, got: %s", bad[i][0], bad[i][1],
				 error ? error : "nothing");
		assert_memory_equal(&cfg, &before, sizeof(cfg));
	}
}

static void what_is_printed_is_what_was_parsed(void **state)
{
	static const char *const texts[] = {
		"vivt,16k,4way,32b",
		"vipt,64k,2way,64b,wa",
		"pipt,1m,64way,16b,random",
		"vivt,512,1way,32b,wa,random",
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct cm_config cfg = rig_config();

		assert_null(cm_config_parse(&cfg, texts[i]));
		assert_int_equal(cm_config_print(&cfg, buf, sizeof(buf)), strlen(texts[i]));
		assert_string_equal(buf, texts[i]);
		assert_int_equal(cm_config_print(&cfg, buf, 5), strlen(texts[i]));
		assert_int_equal(strlen(buf), 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unsound_configurations_are_named),
		cmocka_unit_test(the_smallest_and_the_largest_are_sound),
		cmocka_unit_test(text_is_parsed_over_the_defaults),
		cmocka_unit_test(bad_text_is_refused_and_changes_nothing),
		cmocka_unit_test(what_is_printed_is_what_was_parsed),
	};

	return cmocka_run_group_tests_name("model_config", tests, NULL, NULL);
}
