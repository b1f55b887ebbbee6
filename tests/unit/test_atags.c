/* SPDX-License-Identifier: MIT */
/* The ATAG reader: sound lists, each kind of nonsense, and random bytes. Each list lies at
 * the very end of a heap block, so that ASan sees any read past the limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_seed.h"

#include "boot/handover.h"

#define NONE	0x00000000u
#define CORE	0x54410001u
#define MEM	0x54410002u
#define INITRD	0x54420005u
#define CMDLINE 0x54410009u

static struct handover got;

static bool parse(const void *list, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, list, bytes);
	memset(&got, 0xa5, sizeof(got));
	ok = handover_parse(copy, bytes, &got);
	free(copy);
	assert_int_equal(ok, got.error == NULL);
	return ok;
}

#define PARSE(...) parse((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}))

static void wrong(const char *part, uint32_t at)
{
	assert_non_null(got.error);
	if (!strstr(got.error, part))
		fail_msg("'%s' does not say '%s'", got.error, part);
	assert_null(strchr(got.error, '\n'));
	assert_int_equal(got.error_at, at);
}

static void test_sound(void **state)
{
	(void)state;
	/* As QEMU builds it: a core tag of 5 words, then memory, command line, end. */
	assert_true(PARSE(5, CORE, 1, 0x1000, 0, 4, MEM, 0x10000000, 0, 4, INITRD, 7, 7, 4, CMDLINE,
			  0x3d786966 /* fix= */, 0x006e6970 /* pin */, 0, NONE));
	assert_int_equal(got.kind, HANDOVER_ATAGS);
	assert_int_equal(got.nbanks, 1);
	assert_int_equal(got.banks[0].start, 0);
	assert_int_equal(got.banks[0].size, 0x10000000);
	assert_string_equal(got.cmdline, "fix=pin");
	assert_int_equal(got.skipped, 1);

	assert_true(PARSE(2, CORE, 2, NONE)); /* the least; some loaders end with size 2 */
	assert_int_equal(got.nbanks, 0);
	assert_string_equal(got.cmdline, "");

	/* Two banks that touch; of two command lines the last counts. */
	assert_true(PARSE(2, CORE, 4, MEM, 0x1000, 0x2000, 4, MEM, 0x1000, 0x3000, 3, CMDLINE, 'a',
			  3, CMDLINE, 'b', 0, NONE, 0xdead));
	assert_int_equal(got.nbanks, 2);
	assert_int_equal(got.banks[1].start, 0x3000);
	assert_string_equal(got.cmdline, "b");
}

static void test_no_list(void **state)
{
	uint32_t list[] = {2, CORE, 0, NONE, 0};

	(void)state;
	assert_false(handover_parse(NULL, 4096, &got));
	assert_int_equal(got.kind, HANDOVER_ABSENT);
	wrong("r2 is 0", 0);
	assert_false(handover_parse((char *)list + 2, 16, &got));
	assert_int_equal(got.kind, HANDOVER_NONSENSE);
	wrong("not a multiple of 4", 0);
	assert_false(PARSE(4, MEM, 0x1000, 0, 0, NONE));
	assert_int_equal(got.kind, HANDOVER_NONSENSE);
	assert_int_equal(got.nbanks, 0);
	wrong("neither ATAG_CORE", 0);
	for (size_t bytes = 0; bytes < 8; bytes++) {
		assert_false(parse(list, bytes));
		wrong("neither ATAG_CORE", 0);
	}
}

static void test_broken_lists(void **state)
{
	(void)state;
	assert_false(PARSE(2, CORE, 4, MEM, 0x1000, 0, 1, INITRD, 0, NONE));
	wrong("below 2 words", 24);
	assert_int_equal(got.nbanks, 1); /* what came before is kept */
	assert_false(PARSE(2, CORE, 0, MEM, 0, NONE));
	wrong("below 2 words", 8);
	assert_false(PARSE(0, CORE, 0, NONE));
	wrong("below 2 words", 0);
	assert_false(PARSE(2, CORE, 5, MEM, 0x1000, 0));
	wrong("runs past", 8);
	assert_int_equal(got.nbanks, 0);
	assert_false(PARSE(2, CORE, 0xffffffff, INITRD, 0, NONE));
	wrong("runs past", 8);
	assert_false(PARSE(2, CORE, 0x40000002, INITRD, 0, NONE)); /* 4 * size wraps to 8 */
	wrong("runs past", 8);
	assert_false(PARSE(2, CORE));
	wrong("no ATAG_NONE", 8);
	assert_false(PARSE(2, CORE, 4, MEM, 0x1000, 0, 0));
	wrong("no ATAG_NONE", 24);
	assert_int_equal(got.nbanks, 1);
	assert_false(PARSE(2, CORE, 3, MEM, 0x1000, 0, NONE));
	wrong("too short", 8);
}

static void test_banks(void **state)
{
	uint32_t many[2 + 9 * 4 + 2] = {2, CORE};

	(void)state;
	assert_true(PARSE(2, CORE, 4, MEM, 0, 0x1000, 4, MEM, 0x2000, 0x8000, 0, NONE));
	assert_int_equal(got.nbanks, 1); /* an empty bank is none */
	assert_int_equal(got.banks[0].start, 0x8000);
	assert_false(PARSE(2, CORE, 4, MEM, 0x1001, 0, 0, NONE));
	wrong("page aligned", 8);
	assert_false(PARSE(2, CORE, 4, MEM, 0x1000, 0x800, 0, NONE));
	wrong("page aligned", 8);
	assert_false(PARSE(2, CORE, 4, MEM, 0x2000, 0xfffff000, 0, NONE));
	wrong("32-bit", 8);
	assert_false(PARSE(2, CORE, 4, MEM, 0x1000, 0xfffff000, 0, NONE));
	wrong("32-bit", 8);
	assert_true(PARSE(2, CORE, 4, MEM, 0x1000, 0xffffe000, 0, NONE));
	assert_false(PARSE(2, CORE, 4, MEM, 0x3000, 0x1000, 4, MEM, 0x1000, 0x2000, 0, NONE));
	wrong("overlaps", 24);
	assert_false(PARSE(2, CORE, 4, MEM, 0x1000, 0x2000, 4, MEM, 0x3000, 0x1000, 0, NONE));
	wrong("overlaps", 24);
	assert_false(PARSE(2, CORE, 4, MEM, 0x1000, 0x2000, 4, MEM, 0x1000, 0x2000, 0, NONE));
	wrong("overlaps", 24);
	assert_int_equal(got.nbanks, 1);

	for (uint32_t i = 0; i < 9; i++) {
		uint32_t tag[] = {4, MEM, 0x1000, i * 0x1000};

		memcpy(many + 2 + i * 4, tag, sizeof(tag));
	}
	assert_false(parse(many, sizeof(many)));
	wrong("more than 8", 8 + 8 * 16);
	assert_int_equal(got.nbanks, 8);
	many[2 + 8 * 4] = 0;
	many[2 + 8 * 4 + 1] = NONE;
	assert_true(parse(many, sizeof(many)));
	assert_int_equal(got.nbanks, 8);
}

static bool parse_cmdline(size_t letters, bool ended)
{
	static uint32_t list[2 + 2 + 300 + 2];
	size_t words = (letters + (ended ? 1 : 0) + 3) / 4;
	char *text = (char *)(list + 4);

	memset(list, 0, sizeof(list));
	list[0] = 2;
	list[1] = CORE;
	list[2] = (uint32_t)(2 + words);
	list[3] = CMDLINE;
	memset(text, 'x', letters);
	return parse(list, (4 + words + 2) * sizeof(uint32_t));
}

static void test_cmdline(void **state)
{
	(void)state;
	assert_true(parse_cmdline(CMDLINE_MAX, true));
	assert_int_equal(strlen(got.cmdline), CMDLINE_MAX);
	assert_false(parse_cmdline(CMDLINE_MAX + 1, true));
	wrong("longer than 1024", 8);
	assert_string_equal(got.cmdline, "");
	assert_false(parse_cmdline(16, false));
	wrong("no NUL", 8);
	assert_string_equal(got.cmdline, "");
	assert_false(PARSE(2, CORE, 2, CMDLINE, 0, NONE));
	wrong("no NUL", 8);
	assert_true(PARSE(2, CORE, 3, CMDLINE, 0, 0, NONE));
	/* The first thing that is wrong is the one reported. */
	assert_false(PARSE(2, CORE, 2, CMDLINE, 4, MEM, 0, 0, 0, NONE));
	wrong("no NUL", 8);
}

/* exit= must be found in lists that are refused, and nowhere else. */
static void test_find_word(void **state)
{
	static const struct {
		const char *text, *word;
	} t[] = {
		{"exit=semihost", "exit=semihost"},
		{"a=1 exit=halt b=2", "exit=halt"},
		{"exit=halt exit=semihost", "exit=semihost"},
		{"xexit=halt", NULL},
		{"exit", NULL},
		{"exit=12345678901234567890", NULL}, /* no value is that long */
		{"", NULL},
	};
	char word[16];

	(void)state;
	for (size_t n = 0; n < sizeof(t) / sizeof(t[0]); n++) {
		size_t len = strlen(t[n].text);
		char *text = malloc(len + 1); /* ASan sees each byte behind it */

		assert_non_null(text);
		memcpy(text, t[n].text, len);
		strcpy(word, "-");
		assert_int_equal(handover_find_word(text, len, "exit=", word, sizeof(word)),
				 t[n].word != NULL);
		assert_string_equal(word, t[n].word ? t[n].word : "-");
		free(text);
	}
}

/* Where the last command line stands, taken or not. */
static void test_text(void **state)
{
	(void)state;
	assert_true(PARSE(2, CORE, 3, CMDLINE, 0, 4, CMDLINE, 'a', 0, 0, NONE, 0xdead));
	assert_int_equal(got.text_at, 28);
	assert_int_equal(got.text_bytes, 8);
	assert_false(got.text_cut);
	assert_false(PARSE(2, CORE, 5000, CMDLINE, 'a', 'b', 'c'));
	wrong("the command line runs past the end", 8);
	assert_int_equal(got.text_at, 16);
	assert_int_equal(got.text_bytes, 12);
	assert_true(got.text_cut);
	assert_false(PARSE(2, CORE, 5000, MEM, 0, 0));
	wrong("a tag's size runs past the end", 8);
	assert_int_equal(got.text_bytes, 0);
	assert_false(got.text_cut);
	assert_false(parse_cmdline(CMDLINE_MAX + 1, true));
	assert_int_equal(got.text_at, 16);
	assert_int_equal(got.text_bytes, CMDLINE_MAX + 4);
}

static uint32_t pick(const uint32_t *from, size_t n)
{
	return from[(size_t)rand() % n];
}

/* Random lists of mostly plausible words: no read outside, and what comes out keeps its
 * promises whatever went in. */
static void test_random(void **state)
{
	static const uint32_t sizes[] = {0, 1, 2, 2, 3, 4, 4, 4, 5, 6, 200, 0x3fffffff, 0xffffffff};
	static const uint32_t tags[] = {NONE,	CORE,	 MEM,	  MEM,	 MEM,
					INITRD, CMDLINE, CMDLINE, 0x1234};
	static const uint32_t data[] = {0,	    0x1000,	0x2000,	    0x8000,	0x10000000,
					0xfffff000, 0x41414141, 0x00414141, 0xffffffff, 0x800};
	unsigned sound = 0, banks = 0;

	(void)state;
	srand(host_seed());
	for (int run = 0; run < 100000; run++) {
		uint32_t list[64];
		size_t n = 0, bytes = (size_t)rand() % (sizeof(list) + 1);

		while (n < 64) {
			uint32_t size = pick(sizes, sizeof(sizes) / sizeof(sizes[0]));

			list[n++] = size;
			if (n < 64)
				list[n++] = pick(tags, sizeof(tags) / sizeof(tags[0]));
			for (uint32_t i = 2; i < size && n < 64 && i < 8; i++)
				list[n++] = pick(data, sizeof(data) / sizeof(data[0]));
		}
		if (rand() % 8) {
			list[0] = 2;
			list[1] = CORE;
		}
		if (rand() % 4 == 0)
			((uint8_t *)list)[(size_t)rand() % sizeof(list)] ^= 1u << (rand() % 8);
		sound += parse(list, bytes);
		banks += got.nbanks;
		assert_true(got.nbanks <= BANKS_MAX);
		assert_non_null(memchr(got.cmdline, '\0', sizeof(got.cmdline)));
		assert_true(!got.error || got.error_at <= bytes);
		for (uint32_t i = 0; i < got.nbanks; i++) {
			const struct memory_bank *a = &got.banks[i];

			assert_true(a->size > 0 && ((a->start | a->size) & 0xfff) == 0);
			assert_true((uint64_t)a->start + a->size < UINT64_C(1) << 32);
			for (uint32_t j = 0; j < i; j++) {
				const struct memory_bank *b = &got.banks[j];

				assert_true(a->start >= b->start + b->size ||
					    b->start >= a->start + a->size);
			}
		}
	}
	/* The generator must reach the inside, or the checks above say nothing. */
	print_message("%u sound lists, %u banks\n", sound, banks);
	assert_true(sound > 1000 && banks > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),	     cmocka_unit_test(test_no_list),
		cmocka_unit_test(test_broken_lists), cmocka_unit_test(test_banks),
		cmocka_unit_test(test_cmdline),	     cmocka_unit_test(test_find_word),
		cmocka_unit_test(test_text),	     cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
