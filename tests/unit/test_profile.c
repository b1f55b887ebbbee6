/* SPDX-License-Identifier: MIT */
/* Cores as data: what the cache type register describes, and what it cannot be describing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cores/profile.h"

/* In place of the core's own, which are assembly. */
void arm926_clean_lines(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
}
void arm926_inv_lines(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
}
void arm926_clean_inv_lines(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
}
void arm926_clean_inv_all(void)
{
}
void arm926_drain(void)
{
}

static void sizes_ways_and_lines(void **state)
{
	static const struct {
		uint32_t ctr, size, ways, line;
	} caches[] = {
		{0x1d152152, 16384, 4, 32}, /* an ARM926EJ-S with 16 KiB each (DDI0198D 2.3.2) */
		{0x1d0d20d2, 4096, 4, 32},  {0x1d1d21d2, 65536, 4, 32},
		{0x1d142142, 16384, 1, 32}, {0x1d151151, 16384, 4, 16},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(caches) / sizeof(caches[0]); i++) {
		struct cm_config c = core_profile_find(0x41069265)->dcache;

		assert_true(cache_type_decode(caches[i].ctr, &c));
		assert_int_equal(c.size, caches[i].size);
		assert_int_equal(c.ways, caches[i].ways);
		assert_int_equal(c.line, caches[i].line);
	}
}

static void nonsense_is_not_believed(void **state)
{
	struct cm_config c = core_profile_find(0x41069265)->dcache, before = c;

	(void)state;
	assert_false(cache_type_decode(0x01dd20d2, &c)); /* QEMU's: write-through */
	assert_false(cache_type_decode(0x1d156156, &c)); /* 24 KiB, six ways */
	assert_false(cache_type_decode(0xffffffff, &c));
	assert_memory_equal(&c, &before, sizeof(c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_ways_and_lines),
		cmocka_unit_test(nonsense_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
