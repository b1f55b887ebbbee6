/* SPDX-License-Identifier: MIT */
/* Words that firmware adds to the command line: skipped and counted, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/params.h"

static uint32_t seed, root;

PARAM_UINT(seed, PARAM_ANY, seed, 0, UINT32_MAX, "of the random runs");
PARAM_UINT(root, PARAM_ANY, root, 0, 99, "ours, though it is on the list");

static const char *const words[] = {"console", "root", "rootwait", NULL};

static char err[256];

static bool parse(const char *text, const char *const *firmware, struct params_line *found)
{
	*found = (struct params_line){.firmware = firmware};
	seed = root = 1;
	err[0] = '\0';
	return params_parse(text, found, err, sizeof(err));
}

static void taken(const char *text, const char *const *firmware, unsigned skipped)
{
	struct params_line found;

	if (!parse(text, firmware, &found))
		fail_msg("%s: %s", text, err);
	assert_int_equal(found.skipped, skipped);
}

static void refused(const char *text, const char *const *firmware, const char *wrong)
{
	struct params_line found;

	assert_false(parse(text, firmware, &found));
	assert_string_equal(err, wrong);
}

static void test_dots(void **state)
{
	(void)state;
	taken("dma.dmachans=0x7f35 seed=7 vc_mem.mem_base=0x1ec00000 smsc95xx.macaddr=B8:27:EB",
	      NULL, 3);
	assert_int_equal(seed, 7);
	taken("a.b= c.d=\"two words\" seed=2", NULL, 2);
	assert_int_equal(seed, 2);
	/* A dot in the value is no dot in the name, and one without a value is not a module's. */
	refused("sed=1.5", NULL, "parameter sed=1.5: unknown; did you mean seed?");
	refused("logo.nologo", NULL, "parameter logo.nologo: unknown; help lists all");
	refused("seed=1.5", NULL,
		"parameter seed=1.5: something else after the number; valid: 0..4294967295");
}

static void test_list(void **state)
{
	(void)state;
	taken("console=ttyAMA0,115200 console=tty1 rootwait seed=3", words, 3);
	assert_int_equal(seed, 3);
	refused("console=tty1", NULL, "parameter console=tty1: unknown; help lists all");
	/* Only whole names. */
	refused("consoles=1", words, "parameter consoles=1: unknown; help lists all");
	refused("rootwai", words, "parameter rootwai: unknown; did you mean root?");
	refused("con=1", words, "parameter con=1: unknown; help lists all");
	/* What is ours is checked, also if the firmware has a word of that name. */
	taken("root=5", words, 0);
	assert_int_equal(root, 5);
	refused("root=PARTUUID=1", words,
		"parameter root=PARTUUID=1: more than one '='; valid: 0..99");
}

static void test_dashes(void **state)
{
	struct params_line found;

	(void)state;
	taken("console=tty1 a.b=1 -- seed=4", words, 2);
	assert_int_equal(seed, 4);
	taken("--", words, 0);
	/* Before it our own are taken too, and an unknown one is as wrong as ever. */
	taken("seed=5 -- root=6", words, 0);
	assert_int_equal(seed, 5);
	assert_int_equal(root, 6);
	refused("sed=5 -- seed=1", words, "parameter sed=5: unknown; did you mean seed?");
	/* Behind it nothing is skipped. */
	refused("-- a.b=1", words, "parameter a.b=1: unknown; help lists all");
	refused("-- console=tty1", words, "parameter console=tty1: unknown; help lists all");
	refused("-- --", words, "parameter --: unknown; help lists all");
	refused("--seed=1", words, "parameter --seed=1: unknown; did you mean seed?");
	assert_true(parse("rootwait -- help", words, &found));
	assert_true(found.help);
	assert_int_equal(found.skipped, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dots),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_dashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
