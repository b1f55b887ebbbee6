/* SPDX-License-Identifier: MIT */
/* Parameters: what is taken, what is refused, and the exact words of each refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_seed.h"

#include "lib/params.h"

static uint32_t slots, seed, lowmem, fix, stop;
static char note[32];

static const char *const fixes[] = {"none", "pin", "irqoff", NULL};

static const char *set_note(const char *text)
{
	if (strlen(text) >= sizeof(note))
		return "longer than 31 letters";
	strcpy(note, text);
	return NULL;
}

static void show_note(char *buf, size_t len)
{
	snprintf(buf, len, "%s", note);
}

PARAM_UINT_POW2(pkmap, PARAM_BOOT, slots, 2, 512, "slots of the pkmap window");
PARAM_UINT(seed, PARAM_ANY, seed, 0, UINT32_MAX, "of the random runs");
PARAM_UINT(stop, PARAM_ANY, stop, 1, 99, "stops after so many");
PARAM_SIZE(lowmem, PARAM_BOOT, lowmem, 1u << 20, 256u << 20, "lowmem");
PARAM_ENUM(fix, PARAM_ANY, fix, fixes, "strategy");
PARAM_CUSTOM(note, PARAM_ANY, set_note, show_note, "up to 31 letters", "a note");

static char err[256];

static int reset(void **state)
{
	(void)state;
	slots = 512;
	seed = stop = 1;
	lowmem = 16u << 20;
	fix = 0;
	strcpy(note, "-");
	err[0] = '\0';
	return 0;
}

static void taken(const char *word)
{
	if (!param_set(word, PARAM_BOOT, err, sizeof(err)))
		fail_msg("%s: %s", word, err);
}

static void refused(const char *word, const char *words)
{
	uint32_t before[] = {slots, seed, lowmem, fix, stop};

	assert_false(param_set(word, PARAM_BOOT, err, sizeof(err)));
	assert_string_equal(err, words);
	uint32_t after[] = {slots, seed, lowmem, fix, stop};
	assert_memory_equal(before, after, sizeof(before));
	assert_string_equal(note, "-");
}

static void test_table_has_no_gaps(void **state)
{
	static const char *const names[] = {"fix", "lowmem", "note", "pkmap", "seed", "stop"};
	const struct param *p;
	size_t n = 0;

	(void)state;
	param_for_each (p) {
		assert_true(n < sizeof(names) / sizeof(names[0]));
		assert_string_equal(p->name, names[n++]);
		assert_ptr_equal(p, param_find(p->name));
	}
	assert_int_equal(n, sizeof(names) / sizeof(names[0]));
	/* Nothing, not even an ASan redzone, between two entries; gcc lays them out backwards. */
	assert_int_equal(llabs((long long)((intptr_t)&param_note - (intptr_t)&param_pkmap)),
			 5 * sizeof(struct param));
}

static void test_numbers(void **state)
{
	(void)state;
	taken("pkmap=2");
	assert_int_equal(slots, 2);
	taken("pkmap=0x40");
	assert_int_equal(slots, 64);
	taken("seed=4294967295");
	assert_int_equal(seed, UINT32_MAX);
	taken("seed=0XfF");
	assert_int_equal(seed, 255);
	taken("seed=010"); /* ten, not eight */
	assert_int_equal(seed, 10);
	taken("seed=0");
	assert_int_equal(seed, 0);
	taken("stop=99");
	assert_int_equal(stop, 99);
}

static void test_bad_numbers(void **state)
{
	(void)state;
	refused("pkmap=3", "parameter pkmap=3: not a power of two; valid: power of two, 2..512");
	refused("pkmap=1", "parameter pkmap=1: too small; valid: power of two, 2..512");
	refused("pkmap=0", "parameter pkmap=0: too small; valid: power of two, 2..512");
	refused("pkmap=1024", "parameter pkmap=1024: too large; valid: power of two, 2..512");
	refused("stop=100", "parameter stop=100: too large; valid: 1..99");
	refused("stop=0", "parameter stop=0: too small; valid: 1..99");
	refused("stop=x", "parameter stop=x: not a number; valid: 1..99");
	refused("stop=-1", "parameter stop=-1: not a number; valid: 1..99");
	refused("stop=+1", "parameter stop=+1: not a number; valid: 1..99");
	refused("stop= 1", "parameter stop= 1: not a number; valid: 1..99");
	refused("stop=5x", "parameter stop=5x: something else after the number; valid: 1..99");
	refused("stop=5k", "parameter stop=5k: something else after the number; valid: 1..99");
	refused("stop=0x", "parameter stop=0x: something else after the number; valid: 1..99");
	refused("stop=5 ", "parameter stop=5 : something else after the number; valid: 1..99");
	refused("seed=4294967296",
		"parameter seed=4294967296: more than 32 bits hold; valid: 0..4294967295");
	refused("seed=99999999999999999999999",
		"parameter seed=99999999999999999999999: more than 32 bits hold; valid: "
		"0..4294967295");
	refused("seed=0x100000000",
		"parameter seed=0x100000000: more than 32 bits hold; valid: 0..4294967295");
}

static void test_sizes(void **state)
{
	(void)state;
	taken("lowmem=64M");
	assert_int_equal(lowmem, 64u << 20);
	taken("lowmem=64m");
	assert_int_equal(lowmem, 64u << 20);
	taken("lowmem=2048k");
	assert_int_equal(lowmem, 2u << 20);
	taken("lowmem=2049K");
	assert_int_equal(lowmem, 2049u << 10);
	taken("lowmem=0x200000");
	assert_int_equal(lowmem, 2u << 20);
	taken("lowmem=1048577");
	assert_int_equal(lowmem, 1048577);
	refused("lowmem=1G", "parameter lowmem=1G: too large; valid: 1M..256M");
	refused("lowmem=4G", "parameter lowmem=4G: more than 32 bits hold; valid: 1M..256M");
	refused("lowmem=4096M", "parameter lowmem=4096M: more than 32 bits hold; valid: 1M..256M");
	refused("lowmem=4194304k",
		"parameter lowmem=4194304k: more than 32 bits hold; valid: 1M..256M");
	refused("lowmem=1", "parameter lowmem=1: too small; valid: 1M..256M");
	refused("lowmem=1MB",
		"parameter lowmem=1MB: neither k, M nor G after the number; valid: 1M..256M");
	refused("lowmem=1T",
		"parameter lowmem=1T: neither k, M nor G after the number; valid: 1M..256M");
	refused("lowmem=M", "parameter lowmem=M: not a number; valid: 1M..256M");
}

static void test_enum_and_custom(void **state)
{
	(void)state;
	taken("fix=irqoff");
	assert_int_equal(fix, 2);
	refused("fix=pni",
		"parameter fix=pni: no such choice, did you mean pin?; valid: none|pin|irqoff");
	refused("fix=PIN",
		"parameter fix=PIN: no such choice, did you mean pin?; valid: none|pin|irqoff");
	refused("fix=elephant", "parameter fix=elephant: no such choice; valid: none|pin|irqoff");
	refused("fix=pinx=", "parameter fix=pinx=: more than one '='; valid: none|pin|irqoff");
	refused("note=0123456789012345678901234567890123456789",
		"parameter note=0123456789012345678901234567890123456789: longer than 31 letters; "
		"valid: up to 31 letters");
	taken("note=a=b"); /* its own business */
	assert_string_equal(note, "a=b");
}

static void test_shape(void **state)
{
	(void)state;
	refused("stop=", "parameter stop=: no value after '='; valid: 1..99");
	refused("note=", "parameter note=: no value after '='; valid: up to 31 letters");
	refused("stop", "parameter stop: no '=' and value after it; valid: 1..99");
	refused("stop==1", "parameter stop==1: more than one '='; valid: 1..99");
	refused("stop=1=2", "parameter stop=1=2: more than one '='; valid: 1..99");
	refused("note==1", "parameter note==1: more than one '='; valid: up to 31 letters");
	refused("=1", "parameter =1: no name before '='; write name=value");
	refused("", "parameter : no name before '='; write name=value");
}

static void test_unknown(void **state)
{
	(void)state;
	refused("pkmpa=3", "parameter pkmpa=3: unknown; did you mean pkmap?");
	refused("PKMAP=4", "parameter PKMAP=4: unknown; did you mean pkmap?");
	refused("low=1M", "parameter low=1M: unknown; did you mean lowmem?");
	refused("fx=pin", "parameter fx=pin: unknown; did you mean fix?");
	refused("elephant=1", "parameter elephant=1: unknown; help lists all");
	refused("pk\x1b[2J=1", "parameter pk?[2J=1: unknown; help lists all");
}

static void test_long_words_are_cut_in_messages(void **state)
{
	char word[300];

	(void)state;
	memset(word, 'z', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_false(param_set(word, PARAM_BOOT, err, sizeof(err)));
	assert_non_null(strstr(err, "zzz...: unknown; help lists all"));
	assert_true(strlen(err) < 110);

	char tiny[8]; /* messages are cut, never written past the end */
	assert_false(param_set("stop=x", PARAM_BOOT, tiny, sizeof(tiny)));
	assert_string_equal(tiny, "paramet");
	assert_false(param_set("stop=x", PARAM_BOOT, NULL, 0));
}

static void test_boot_only(void **state)
{
	(void)state;
	assert_false(param_set("pkmap=8", PARAM_ANY, err, sizeof(err)));
	assert_string_equal(err, "parameter pkmap=8: can be set on the boot command line only; "
				 "valid: power of two, 2..512");
	assert_int_equal(slots, 512);
	assert_true(param_set("fix=pin", PARAM_ANY, err, sizeof(err)));
	assert_int_equal(fix, 1);
}

static void test_command_line(void **state)
{
	struct params_line found = {0};
	char line[512];

	(void)state;
	assert_true(params_parse(NULL, &found, err, sizeof(err)));
	assert_true(params_parse("", &found, err, sizeof(err)));
	assert_true(params_parse(" \t\r\n ", &found, err, sizeof(err)));
	assert_true(params_parse("  pkmap=8\tfix=pin note=\"two words\"  \"seed=7\" stop=2 stop=3 ",
				 &found, err, sizeof(err)));
	assert_false(found.help);
	assert_int_equal(slots, 8);
	assert_int_equal(fix, 1);
	assert_int_equal(seed, 7);
	assert_int_equal(stop, 3);
	assert_string_equal(note, "two words");

	assert_true(params_parse("seed=9 help stop=4", &found, err, sizeof(err)));
	assert_true(found.help);
	assert_int_equal(stop, 4);

	assert_false(params_parse("seed=5 stop=abc fix=irqoff", &found, err, sizeof(err)));
	assert_string_equal(err, "parameter stop=abc: not a number; valid: 1..99");
	assert_int_equal(seed, 5);
	assert_int_equal(fix, 1); /* what follows the bad word is not looked at */

	assert_false(params_parse("note=\"open", &found, err, sizeof(err)));
	assert_string_equal(err, "parameter note=open: the closing \" is missing");
	assert_false(params_parse("help=1", &found, err, sizeof(err)));
	assert_string_equal(err, "parameter help=1: unknown; help lists all");

	memset(line, 'n', sizeof(line));
	line[254] = '\0';
	assert_false(params_parse(line, &found, err, sizeof(err)));
	assert_non_null(strstr(err, "unknown"));
	line[254] = 'n';
	line[255] = '\0';
	assert_false(params_parse(line, &found, err, sizeof(err)));
	assert_non_null(strstr(err, "longer than 254 letters"));
}

static void test_show_and_valid(void **state)
{
	static const struct {
		uint32_t value;
		const char *text;
	} sizes[] = {{16u << 20, "16M"}, {1536, "1536"}, {2048, "2k"},
		     {1u << 30, "1G"},	 {0, "0"},	 {(1u << 20) + 1, "1048577"},
		     {3u << 19, "1536k"}};
	char text[64], tiny[6];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		lowmem = sizes[i].value;
		param_show(&param_lowmem, text, sizeof(text));
		assert_string_equal(text, sizes[i].text);
	}
	param_show(&param_fix, text, sizeof(text));
	assert_string_equal(text, "none");
	param_show(&param_note, text, sizeof(text));
	assert_string_equal(text, "-");
	param_show(&param_pkmap, text, sizeof(text));
	assert_string_equal(text, "512");
	param_valid(&param_fix, tiny, sizeof(tiny));
	assert_string_equal(tiny, "none|");
	assert_null(param_find("pkma"));
	assert_null(param_find(""));
}

static void test_slips(void **state)
{
	(void)state;
	assert_int_equal(name_slips("pkmap", 5, "pkmap"), 0);
	assert_int_equal(name_slips("pkmpa", 5, "pkmap"), 1);
	assert_int_equal(name_slips("kpmpa", 5, "pkmap"), 2);
	assert_int_equal(name_slips("pkmapp", 6, "pkmap"), 1);
	assert_int_equal(name_slips("pkap", 4, "pkmap"), 1);
	assert_int_equal(name_slips("pkmab", 5, "pkmap"), 1);
	assert_int_equal(name_slips("pr", 2, "preempt"), 1);
	assert_int_equal(name_slips("p", 1, "preempt"), NAME_FAR);
	assert_int_equal(name_slips("run", 3, "fix"), NAME_FAR);
	assert_int_equal(name_slips("", 0, "fix"), NAME_FAR);
	assert_int_equal(name_slips("0123456789012345678901234567890123", 34, "fix"), NAME_FAR);
	assert_int_equal(name_slips("fix", 3, "0123456789012345678901234567890123"), NAME_FAR);
}

/* Any bytes as a command line: never a crash, and a refusal always says why in one line. */
static void test_random_lines(void **state)
{
	static const char letters[] = "pkmapstoefixlw=\"\" \t0123456789xkMG-\x80\x1b";

	(void)state;
	srand(host_seed());
	for (int run = 0; run < 20000; run++) {
		char line[64];
		size_t len = (size_t)rand() % sizeof(line);
		struct params_line found = {0};

		for (size_t i = 0; i < len; i++)
			line[i] = letters[(size_t)rand() % (sizeof(letters) - 1)];
		if (run % 2) /* half of them with a sound beginning */
			memcpy(line, "stop=", len < 5 ? len : 5);
		line[len < sizeof(line) ? len : len - 1] = '\0';
		err[0] = '\0';
		if (params_parse(line, &found, err, sizeof(err)))
			assert_string_equal(err, "");
		else
			assert_true(strncmp(err, "parameter ", 10) == 0 && !strchr(err, '\n') &&
				    !strchr(err, '\x1b'));
		assert_true(stop >= 1 && stop <= 99);
		assert_true(slots >= 2 && slots <= 512 && (slots & (slots - 1)) == 0);
		assert_true(fix <= 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_table_has_no_gaps, reset),
		cmocka_unit_test_setup(test_numbers, reset),
		cmocka_unit_test_setup(test_bad_numbers, reset),
		cmocka_unit_test_setup(test_sizes, reset),
		cmocka_unit_test_setup(test_enum_and_custom, reset),
		cmocka_unit_test_setup(test_shape, reset),
		cmocka_unit_test_setup(test_unknown, reset),
		cmocka_unit_test_setup(test_long_words_are_cut_in_messages, reset),
		cmocka_unit_test_setup(test_boot_only, reset),
		cmocka_unit_test_setup(test_command_line, reset),
		cmocka_unit_test_setup(test_show_and_valid, reset),
		cmocka_unit_test_setup(test_slips, reset),
		cmocka_unit_test_setup(test_random_lines, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
