/* SPDX-License-Identifier: MIT */
/* The ARM11 cores as data: who they are, and that each one's cache is one that shows something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cores/arm11/core.h"
#include "cores/profile.h"
#include "lib/memory_map.h"

/* In place of the core's own, which are assembly. */
#define RANGE_LEAF(name)                          \
	void name(uintptr_t start, uintptr_t end) \
	{                                         \
		(void)start;                      \
		(void)end;                        \
	}
RANGE_LEAF(arm11_clean_lines)
RANGE_LEAF(arm11_inv_lines)
RANGE_LEAF(arm11_clean_inv_lines)
RANGE_LEAF(arm1136_clean_block)
RANGE_LEAF(arm1136_inv_block)
RANGE_LEAF(arm1136_clean_inv_block)
void arm11_clean_inv_all(void)
{
}
void arm1136_clean_inv_all(void)
{
}
void arm11_drain(void)
{
}
bool arm1136_dirty(void)
{
	return false;
}

static void each_core_is_known_by_its_midr(void **state)
{
	static const struct {
		uint32_t midr;
		const char *name;
	} cores[] = {
		{0x4107B364, "arm1136jf-s"},  {0x4117B363, "arm1136jf-s"},
		{0x410FB767, "arm1176jzf-s"}, {0x410FB022, "arm11mpcore"},
		{0x410FB024, "arm11mpcore"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cores) / sizeof(cores[0]); i++) {
		assert_non_null(core_profile_find(cores[i].midr));
		assert_string_equal(core_profile_find(cores[i].midr)->name, cores[i].name);
		/* head.S lets them in by this before there is a table */
		assert_int_equal(cores[i].midr & CORE_MIDR_MASK, CORE_MIDR);
		assert_non_null(strstr(core_profile_names(), cores[i].name));
	}
}

static void no_other_core_is(void **state)
{
	static const uint32_t others[] = {0x41069265, 0x4106A262, 0x410FC080, 0x56251311, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_null(core_profile_find(others[i]));
		assert_int_not_equal(others[i] & CORE_MIDR_MASK, CORE_MIDR);
	}
	/* An ARM1156 is of the family, but has no MMU. */
	assert_null(core_profile_find(0x410FB562));
}

/* Tags are physical: never VIVT. A way of a virtually indexed one must not alias. */
static void their_caches_are_sound(void **state)
{
	(void)state;
	for (unsigned i = 0; i < core_profile_count; i++) {
		const struct cm_config *c = &core_profiles[i].dcache;

		assert_null(cm_config_error(c));
		assert_int_equal(c->line, CACHE_LINE);
		assert_int_not_equal(c->index, CM_VIVT);
		assert_false(c->index == CM_VIPT && c->size / c->ways > PAGE_SIZE);
		assert_false(c->write_allocate);
	}
}

/* It has neither block operations nor the dirty status: both are undefined there. */
static void an_mpcore_has_no_blocks_and_no_dirty_status(void **state)
{
	(void)state;
	for (unsigned i = 0; i < core_profile_count; i++) {
		bool mpcore = strcmp(core_profiles[i].name, "arm11mpcore") == 0;

		assert_int_equal(!core_profiles[i].block_ops, mpcore);
		assert_int_equal(!core_profiles[i].ops->dirty, mpcore);
		assert_false(core_profiles[i].ops->block);
		assert_true(mpcore || core_profiles[i].block_ops->block);
	}
}

static void sctlr_bits_have_one_value(void **state)
{
	(void)state;
	assert_int_equal(CORE_SCTLR_SET & CORE_SCTLR_CLEAR, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_core_is_known_by_its_midr),
		cmocka_unit_test(no_other_core_is),
		cmocka_unit_test(their_caches_are_sound),
		cmocka_unit_test(an_mpcore_has_no_blocks_and_no_dirty_status),
		cmocka_unit_test(sctlr_bits_have_one_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
