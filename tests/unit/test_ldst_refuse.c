/* SPDX-License-Identifier: MIT */
/* What the load/store executor refuses, and that a refusal leaves everything as it was. */
#include <stdio.h>
#include <stdlib.h>

#include "host_seed.h"
#include "tests/unit/test_ldst.h"

/* clang-format off */
static const struct refused {
	const char *text;
	uint32_t insn;
} refused[] = {
	{"ldr r1, [r1], #4", 0xe4911004},
	{"str r1, [r1, #4]!", 0xe5a11004},
	{"ldr r0, [pc, #4]!", 0xe5bf0004},
	{"ldr r0, [r1, pc]", 0xe791000f},
	{"ldr r0, [r1, r1]!", 0xe7b10001},
	{"str r0, [r1], r1", 0xe6810001},
	{"ldrb pc, [r1]", 0xe5d1f000},
	{"strb pc, [r1]", 0xe5c1f000},
	{"ldrt pc, [r1], #4", 0xe4b1f004},
	{"media: bit 4 of a register offset", 0xe7910012},
	{"pld [r1]", 0xf5d1f000},
	{"ldrh pc, [r1]", 0xe1d1f0b0},
	{"strh pc, [r1]", 0xe1c1f0b0},
	{"ldrsh r0, [r1, pc]", 0xe19100ff},
	{"ldrh r1, [r1, #2]!", 0xe1f110b2},
	{"ldrh r0, [r1], r1", 0xe09100b1},
	{"strh r0, [pc], #2", 0xe0cf00b2},
	{"ldrh r0, [r1, r2] with bit 8 set", 0xe19101b2},
	{"ldrht r0, [r1], #2", 0xe0f100b2},
	{"ldrd r5, [r1] (odd)", 0xe1c150d0},
	{"ldrd lr, [r1]", 0xe1c1e0d0},
	{"ldrd r4, r5, [r5, #8]!", 0xe1e540d8},
	{"ldrd r4, r5, [r4, #8]!", 0xe1e440d8},
	{"ldrd r4, r5, [r1, r4]", 0xe18140d4},
	{"ldrd r4, r5, [r1, r5]", 0xe18140d5},
	{"strd r5, [r1] (odd)", 0xe1c150f0},
	{"strd r4, r5, [r5], #8", 0xe0c540f8},
	{"ldm r1, {}", 0xe8910000},
	{"ldm pc, {r0}", 0xe89f0001},
	{"ldm r1!, {r0, r1}", 0xe8b10003},
	{"ldm r1!, {r1}", 0xe8b10002},
	{"stm r1!, {r0, r1}", 0xe8a10003},
	{"ldm r1, {r0}^", 0xe8d10001},
	{"stm r1, {r0}^", 0xe8c10001},
	{"ldm sp!, {r0, pc}^", 0xe8fd8001},
	{"rfe: unconditional", 0xf8910a00},
	{"swp pc, r0, [r1]", 0xe101f090},
	{"swp r0, pc, [r1]", 0xe101009f},
	{"swp r0, r2, [pc]", 0xe10f0092},
	{"swp r1, r2, [r1]", 0xe1011092},
	{"swp r0, r1, [r1]", 0xe1010091},
	{"swp with bit 8 set", 0xe1010192},
	{"ldrex r0, [r1]", 0xe1910f9f},
	{"mul r0, r1, r2", 0xe0000291},
	{"mov r0, r1", 0xe1a00001},
	{"add r3, r1, r2, lsr #1", 0xe08130a2},
	{"add r3, r1, r2, ror r0", 0xe0813072},
	{"mov r0, #1", 0xe3a00001},
	{"b .", 0xeafffffe},
	{"ldc p1, c0, [r1]", 0xed910100},
	{"mcr p15, 0, r0, c7, c6, 1", 0xee070f36},
	{"swi 0", 0xef000000},
};
/* clang-format on */

/* Executes insn and expects that result, with the registers untouched. */
static void expect_untouched(struct fixture *f, const char *text, uint32_t insn,
			     enum ldst_result expected)
{
	struct ldst_regs before = f->regs;
	enum ldst_result result = ldst_execute(&f->regs, insn, &f->mem);

	if (result != expected || memcmp(&f->regs, &before, sizeof(before)) != 0)
		print_error("in \"%s\"\n", text);
	assert_int_equal(result, expected);
	assert_memory_equal(&f->regs, &before, sizeof(before));
}

static void what_is_not_served_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct fixture f;

		fixture_init(&f);
		for (int r = 0; r < 16; r++) /* so that only the decoder can refuse */
			f.regs.r[r] = MEM_BASE + 0x40;
		expect_untouched(&f, refused[i].text, refused[i].insn, LDST_UNKNOWN);
		assert_int_equal(f.accesses, 0);
	}
}

static void unaligned_addresses_are_named(void **state)
{
	static const struct {
		const char *text;
		uint32_t insn, base;
	} cases[] = {
		{"ldr +1", 0xe5910000, 0x8041},	  {"ldr +2", 0xe5910000, 0x8042},
		{"str pre", 0xe5a13001, 0x8040},  {"ldrt post", 0xe4b10004, 0x8043},
		{"ldrh", 0xe1d100b0, 0x8041},	  {"strh", 0xe1c100b0, 0x8041},
		{"ldrsh", 0xe1d100f0, 0x8043},	  {"ldrd +4", 0xe1c140d0, 0x8044},
		{"strd +4", 0xe1c140f0, 0x8044},  {"ldrd +2", 0xe1c140d0, 0x8042},
		{"ldmia +1", 0xe8910028, 0x8041}, {"stmdb! +2", 0xe9210028, 0x8042},
		{"swp", 0xe1010093, 0x8042},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		fixture_init(&f);
		f.regs.r[1] = cases[i].base;
		expect_untouched(&f, cases[i].text, cases[i].insn, LDST_UNALIGNED);
		assert_int_equal(f.accesses, 0);
	}
}

/* Each instruction runs from r1 = 0x8040 with the word at `refuse` refused. */
static void a_refused_access_restores_the_base(void **state)
{
	static const struct {
		const char *text;
		uint32_t insn, refuse;
		unsigned int stores; /* words from 0x8040 on that were stored before */
	} cases[] = {
		{"ldr r0, [r1], #4", 0xe4910004, 0x8040, 0},
		{"ldr r0, [r1, #4]!", 0xe5b10004, 0x8044, 0},
		{"ldr pc, [r1], #4", 0xe491f004, 0x8040, 0},
		{"str r3, [r1], #4", 0xe4813004, 0x8040, 0},
		{"ldrb r0, [r1], #1", 0xe4d10001, 0x8040, 0},
		{"strb r3, [r1], #1", 0xe4c13001, 0x8040, 0},
		{"ldrh r0, [r1], #2", 0xe0d100b2, 0x8040, 0},
		{"strh r0, [r1], #2", 0xe0c100b2, 0x8040, 0},
		{"ldrsb r0, [r1], #2", 0xe0d100d2, 0x8040, 0},
		{"ldrd r4, r5, [r1], #8: first", 0xe0c140d8, 0x8040, 0},
		{"ldrd r4, r5, [r1], #8: second", 0xe0c140d8, 0x8044, 0},
		{"ldrd r0, r1, [r1]: second", 0xe1c100d0, 0x8044, 0},
		{"strd r4, r5, [r1], #8: second", 0xe0c140f8, 0x8044, 1},
		{"ldmia r1!, {r4-r7}: first", 0xe8b100f0, 0x8040, 0},
		{"ldmia r1!, {r4-r7}: third", 0xe8b100f0, 0x8048, 0},
		{"ldmia r1!, {r4-r7, pc}: last", 0xe8b180f0, 0x8050, 0},
		{"ldmia r1, {r0-r3}: last", 0xe891000f, 0x804c, 0},
		{"stmia r1!, {r4-r7}: first", 0xe8a100f0, 0x8040, 0},
		{"stmia r1!, {r4-r7}: third", 0xe8a100f0, 0x8048, 2},
		{"stmia r1!, {r4-r7, pc}: last", 0xe8a180f0, 0x8050, 4},
		{"swp r0, r3, [r1]", 0xe1010093, 0x8040, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f, before;

		fixture_init(&f);
		before = f;
		f.refuse = cases[i].refuse;
		expect_untouched(&f, cases[i].text, cases[i].insn, LDST_FAULT);
		for (uint32_t k = 0; k < cases[i].stores; k++)
			memcpy(&before.bytes[0x40 + 4 * k], &f.regs.r[4 + k], 4);
		assert_memory_equal(f.bytes, before.bytes, MEM_SIZE);
	}
}

static bool store_never(void *ctx, uint32_t va, uint32_t size, uint32_t value)
{
	(void)ctx, (void)va, (void)size, (void)value;
	return false;
}

static void a_swap_into_read_only_memory_loads_nothing(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	f.mem.store = store_never;
	expect_untouched(&f, "swp r0, r3, [r1]", 0xe1010093, LDST_FAULT);
}

/* Whatever the word: only LDST_DONE changes registers, only DONE and FAULT touch memory. */
static void random_words_keep_the_contract(void **state)
{
	uint32_t rng = host_seed();
	unsigned int count[4] = {0};

	(void)state;
	for (int i = 0; i < 300000; i++) {
		struct fixture f, before;
		uint32_t insn;
		enum ldst_result result;

		rng ^= rng << 13, rng ^= rng >> 17, rng ^= rng << 5;
		insn = rng;
		fixture_init(&f);
		for (uint32_t r = 0; r < 15; r++)
			if (insn >> (31 - r) & 1)
				f.regs.r[r] = MEM_BASE + 0x40 + ((insn >> r & 3) ? 0 : r * 3);
		before = f;
		result = ldst_execute(&f.regs, insn, &f.mem);
		count[result]++;
		if (result != LDST_DONE)
			assert_memory_equal(&f.regs, &before.regs, sizeof(f.regs));
		else
			assert_int_equal(f.regs.r[15] & 1, 0);
		if (result == LDST_UNKNOWN || result == LDST_UNALIGNED)
			assert_int_equal(f.accesses, 0);
		else
			assert_int_not_equal(f.accesses, 0);
		assert_true(strlen(ldst_class(insn)) > 0);
	}
	for (int k = 0; k < 4; k++) /* a test that never got there proves nothing */
		assert_true(count[k] > 1000);
}

static void classes_have_names(void **state)
{
	static const struct {
		uint32_t insn;
		const char *name;
	} cases[] = {
		{0xe5910000, "LDR"},
		{0xe5810000, "STR"},
		{0xe5d10000, "LDRB"},
		{0xe7c10002, "STRB"},
		{0xe4b10004, "LDRT"},
		{0xe4a10004, "STRT"},
		{0xe4f10004, "LDRBT"},
		{0xe4e10004, "STRBT"},
		{0xe1d100b0, "LDRH"},
		{0xe1c100b0, "STRH"},
		{0xe1d100d0, "LDRSB"},
		{0xe1d100f0, "LDRSH"},
		{0xe1c140d0, "LDRD"},
		{0xe1c140f0, "STRD"},
		{0xe8910003, "LDM"},
		{0xe8810003, "STM"},
		{0xe1010093, "SWP"},
		{0xe1410093, "SWPB"},
		{0xe8d10001, "LDM with the S bit"},
		{0xe8c10001, "STM with the S bit"},
		{0xf5d1f000, "PLD"},
		{0xe1910f9f, "LDREX/STREX"},
		{0xe0000291, "multiply"},
		{0xe7910012, "media"},
		{0xe3a00001, "data processing"},
		{0xe1a00001, "data processing"},
		{0xeafffffe, "branch"},
		{0xef000000, "SWI"},
		{0xee070f36, "coprocessor"},
		{0xed910100, "coprocessor"},
		{0xf8910a00, "unconditional"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(ldst_class(cases[i].insn), cases[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_served_changes_nothing),
		cmocka_unit_test(unaligned_addresses_are_named),
		cmocka_unit_test(a_refused_access_restores_the_base),
		cmocka_unit_test(a_swap_into_read_only_memory_loads_nothing),
		cmocka_unit_test(random_words_keep_the_contract),
		cmocka_unit_test(classes_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
