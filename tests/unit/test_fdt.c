/* SPDX-License-Identifier: MIT */
/* The device tree reader: sound trees, each kind of nonsense, and where it says that it is.
 * (Against libfdt: test_fdt_random.c.) */
#include "fdt_tree.h"

static void test_sound(void **state)
{
	(void)state;
	start(1, 1);
	begin("chosen");
	text("bootargs", "fix=pin seed=7");
	end();
	begin("memory@0");
	text("device_type", "memory");
	REG(0, 0x10000000, 0x20000000, 0x1000);
	end();
	finish();
	sound();
	assert_int_equal(got.nbanks, 2);
	assert_int_equal(got.banks[0].start, 0);
	assert_int_equal(got.banks[0].size, 0x10000000);
	assert_int_equal(got.banks[1].start, 0x20000000);
	assert_int_equal(got.banks[1].size, 0x1000);
	assert_string_equal(got.cmdline, "fix=pin seed=7");
	assert_memory_equal(tree + got.text_at, "fix=pin seed=7", got.text_bytes);

	start(2, 2);
	begin("memory");
	REG(0, 0x8000000, 0, 0x4000000, 1, 0, 0, 0);
	end();
	finish();
	sound();
	assert_int_equal(got.nbanks, 1); /* an empty bank is none, wherever it is */
	assert_int_equal(got.banks[0].start, 0x8000000);
	assert_int_equal(got.banks[0].size, 0x4000000);
	assert_string_equal(got.cmdline, "");

	start(0, 0); /* nothing is said of memory: then nobody needs the cells */
	finish();
	sound();
	put_at(20, 16); /* of version 16: sizes of structure and strings are not stated */
	put_at(36, 0xffffffff);
	sound();
	put_at(20, 15); /* of version 15 a property is laid out otherwise */
	put_at(24, 15);
	wrong("of a version that is not read", 0);
}

/* Tags stand at multiples of 4 from the structure's beginning, wherever that is. */
static void test_unaligned(void **state)
{
	(void)state;
	start(1, 1);
	begin("chosen");
	text("bootargs", "fix=pin");
	end();
	finish();
	memmove(tree + STRUCTURE + 1, tree + STRUCTURE, len - STRUCTURE);
	put_at(4, (uint32_t)++len);
	put_at(8, STRUCTURE + 1);
	put_at(12, (uint32_t)(len - sizeof(names)));
	sound();
	assert_string_equal(got.cmdline, "fix=pin");
}

/* Which nodes are memory, and which text is the command line. */
static void test_which(void **state)
{
	(void)state;
	start(1, 1);
	begin("memory@0"); /* device_type decides where it is said */
	text("device_type", "cache");
	REG(0, 0x1000);
	end();
	begin("ram");
	text("device_type", "memory");
	REG(0x1000, 0x1000);
	end();
	begin("memory-controller");
	REG(0x2000, 0x1000);
	end();
	begin("memory@3000");
	text("status", "disabled");
	REG(0x3000, 0x1000);
	end();
	begin("memory@4000");
	text("status", "okay");
	REG(0x4000, 0x1000);
	REG(0x5000, 0x1000); /* of two properties the first counts */
	begin("bank");
	REG(0x6000, 0x1000);
	end();
	end();
	begin("memory@7000");
	begin("bank");
	end();
	REG(0x7000, 0x1000); /* behind a node inside: not the node's any more */
	end();
	begin("soc"); /* nothing but what stands directly below the root */
	begin("memory@8000");
	REG(0x8000, 0x1000);
	end();
	begin("chosen");
	text("bootargs", "soc");
	end();
	end();
	begin("chosen");
	put(4);
	text("bootargs", "first");
	end();
	begin("chosen");
	text("bootargs", "second");
	end();
	finish();
	sound();
	assert_int_equal(got.nbanks, 2);
	assert_int_equal(got.banks[0].start, 0x1000);
	assert_int_equal(got.banks[1].start, 0x4000);
	assert_string_equal(got.cmdline, "first");
}

static void test_header(void **state)
{
	static const struct {
		size_t at;
		uint32_t word;
		const char *said;
	} t[] = {
		{4, 0x100000, "longer than what may be read"},
		{4, 39, "does not fit its header"},
		{16, 39, "does not fit its header"},
		{16, 0xfffffff8, "does not fit its header"},
		{20, 15, "of a version that is not read"},
		{24, 18, "of a version that is not read"},
		{12, 39, "strings are not wholly"},
		{12, 0xffffffff, "strings are not wholly"},
		{32, 0xffffffff, "strings are not wholly"},
		{8, 36, "structure is not between"},
		{8, 0xfffffffc, "structure is not between"},
		{36, 0xffffffff, "structure runs past"},
		{36, 0x1000, "structure runs past"},
		{36, 0, "ends without an FDT_END"},
	};

	(void)state;
	for (size_t n = 0; n < sizeof(t) / sizeof(t[0]); n++) {
		start(1, 1);
		finish();
		sound();
		put_at(t[n].at, t[n].word);
		wrong(t[n].said, t[n].word == 0 ? STRUCTURE : 0);
		assert_true(got.text_cut); /* a command line may be there, and was not found */
	}
	for (size_t bytes = 4; bytes < 40; bytes++) {
		assert_false(parse(bytes));
		assert_non_null(strstr(got.error, "cut short in its header"));
	}
}

static void test_structure(void **state)
{
	size_t at;

	(void)state;
	start(1, 1);
	at = len;
	put(7);
	finish();
	wrong("no such tag", at);
	start(1, 1);
	begin("chosen");
	text("bootargs", "fix=pin");
	end();
	end();
	at = len;
	begin("second");
	end();
	finish();
	wrong("follows the root", at);
	assert_string_equal(got.cmdline, "fix=pin"); /* what came before is kept */
	assert_false(got.text_cut);
	start(1, 1);
	begin("chosen");
	at = len + 4;
	finish();
	wrong("ends inside a node", at);
	start(1, 1);
	put_at(STRUCTURE, 4); /* the root's name becomes a tag */
	finish();
	wrong("no such tag", STRUCTURE + 4);
	start(1, 1);
	put_at(STRUCTURE + 4, 0x78000000);
	finish();
	wrong("the root has a name", STRUCTURE);
	start(1, 1);
	put_at(STRUCTURE, 2);
	finish();
	wrong("ends that has not begun", STRUCTURE);
	start(1, 1);
	put_at(STRUCTURE, 9);
	finish();
	wrong("no root node", STRUCTURE);
	start(0, 0);
	put_at(STRUCTURE, 4);
	put_at(STRUCTURE + 4, 4);
	number("reg", 0);
	finish();
	wrong("outside of any node", STRUCTURE + 8);
	/* The structure's end in the middle of what it holds. */
	start(1, 1);
	begin("chosen");
	at = len;
	text("bootargs", "pkmap=8");
	end();
	finish();
	put_at(36, (uint32_t)(at + 8 - STRUCTURE));
	wrong("a property's header runs past", at);
	put_at(36, (uint32_t)(at + 16 - STRUCTURE));
	wrong("a property's value runs past", at);
	put_at(36, (uint32_t)(at - 12 + 8 - STRUCTURE));
	wrong("a node's name has no end", at - 12);
	assert_string_equal(got.cmdline, "");
	for (uint32_t n = 0; n < 0x3c; n += 4) { /* lengths that wrap round */
		put_at(36, (uint32_t)(len - sizeof(names) - STRUCTURE));
		put_at(at + 4, 0xffffffc4 + n);
		wrong("a property's value runs past", at);
	}
}

static void test_names(void **state)
{
	size_t at;

	(void)state;
	start(1, 1);
	at = len;
	number("reg", 0);
	finish();
	put_at(at + 8, sizeof(names));
	wrong("name lies outside", at);
	put_at(at + 8, sizeof(names) - 1);
	sound();
	tree[len - 1] = 'x';
	wrong("name has no end", at);
	put_at(at + 8, 0xfffffffc);
	wrong("name lies outside", at);
}

static void test_banks(void **state)
{
	size_t at;

	(void)state;
#define BANKS(a, s, ...)           \
	do {                       \
		start(a, s);       \
		begin("memory@0"); \
		at = len + 12;     \
		REG(__VA_ARGS__);  \
		end();             \
		finish();          \
	} while (0)
	BANKS(1, 1, 0x800, 0x1000);
	wrong("page aligned", at);
	BANKS(1, 1, 0, 0x1000, 0xf0000000, 0x10000000);
	wrong("below 4 GiB", at + 8);
	BANKS(1, 1, 0, 0x2000, 0x1000, 0x1000);
	wrong("overlaps", at + 8);
	assert_int_equal(got.nbanks, 1);
	BANKS(2, 1, 1, 0, 0x1000);
	wrong("beyond the 32-bit", at);
	BANKS(1, 2, 0, 1, 0);
	wrong("beyond the 32-bit", at);
	BANKS(1, 1, 0, 0x1000, 0x2000);
	wrong("whole pairs", at);
	BANKS(3, 1, 0, 0, 0, 0x1000);
	wrong("must both be 1 or 2", at);
	BANKS(1, 3, 0, 0, 0, 0x1000);
	wrong("must both be 1 or 2", at);
	BANKS(0, 1, 0, 0x1000);
	wrong("must both be 1 or 2", at);
	start(1, 1);
	begin("memory@0");
	at = len + 12;
	put(3);
	put(9 * 8);
	put(name_offset("reg"));
	for (uint32_t i = 0; i < 9; i++) {
		put(i * 0x10000);
		put(0x1000);
	}
	end();
	finish();
	wrong("more than 8", at + 64);
	assert_int_equal(got.nbanks, 8);
}

static void test_cmdline(void **state)
{
	static char line[1100];
	size_t at;

	(void)state;
	memset(line, 'x', sizeof(line));
#define LINE(bytes)                                \
	do {                                       \
		start(1, 1);                       \
		begin("chosen");                   \
		at = len + 12;                     \
		property("bootargs", line, bytes); \
		end();                             \
		finish();                          \
	} while (0)
	LINE(0);
	sound();
	assert_string_equal(got.cmdline, "");
	LINE(16);
	wrong("no NUL", at);
	assert_int_equal(got.text_bytes, 16); /* where exit= is still looked for */
	line[CMDLINE_MAX + 1] = '\0';
	LINE(CMDLINE_MAX + 2);
	wrong("longer than 1024", at);
	assert_string_equal(got.cmdline, "");
	assert_false(got.text_cut);
	line[CMDLINE_MAX] = '\0';
	LINE(CMDLINE_MAX + 1);
	sound();
	assert_int_equal(strlen(got.cmdline), CMDLINE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),	  cmocka_unit_test(test_which),
		cmocka_unit_test(test_header),	  cmocka_unit_test(test_unaligned),
		cmocka_unit_test(test_structure), cmocka_unit_test(test_names),
		cmocka_unit_test(test_banks),	  cmocka_unit_test(test_cmdline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
