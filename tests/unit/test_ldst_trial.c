/* SPDX-License-Identifier: MIT */
/* The generator of the in-guest trial: it aims where it says, and it draws every form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_seed.h"

#include "cache/ldst.h"
#include "selftest/ldst_trial.h"

#define PLAIN  0x00345000u
#define WINDOW 0xbfe03000u
#define SLOT   0x00120000u
#define DRAWS  200000
#define MOST   1000000u

/* Records which bytes of which page an instruction touched, and in what way. */
struct touched {
	uint32_t page, low, high; /* offsets: [low, high) */
	uint32_t loads, stores, unit;
};

static void touch(struct touched *t, uint32_t va, uint32_t size)
{
	uint32_t offset = va - t->page;

	assert_in_range(offset, 0, LDST_TRIAL_PAGE - size);
	if (offset < t->low)
		t->low = offset;
	if (offset + size > t->high)
		t->high = offset + size;
	t->unit = size;
}

static bool load(void *ctx, uint32_t va, uint32_t size, uint32_t *value)
{
	struct touched *t = ctx;

	touch(t, va, size);
	t->loads++;
	*value = 0;
	return true;
}

static bool store(void *ctx, uint32_t va, uint32_t size, uint32_t value)
{
	struct touched *t = ctx;

	(void)value;
	touch(t, va, size);
	t->stores++;
	return true;
}

static void execute_at(const struct ldst_trial_case *c, uint32_t page, bool shifted)
{
	struct touched t = {.page = page, .low = UINT32_MAX};
	struct ldst_mem mem = {&t, load, store, 8};
	struct ldst_regs regs = {.cpsr = c->flags | 0x13};

	for (int i = 0; i < 15; i++)
		regs.r[i] = c->r[i] + (shifted ? c->shift[i] : 0);
	regs.r[15] = SLOT;
	if (ldst_execute(&regs, c->insn, &mem) != LDST_DONE)
		fail_msg("%08x (%s) is not served", c->insn, ldst_class(c->insn));
	assert_int_equal(t.low, c->offset);
	assert_int_equal(t.high, c->offset + c->bytes);
	assert_int_equal(t.unit, c->unit);
	assert_int_equal(t.loads, __builtin_popcount(c->loads));
	assert_int_equal(t.stores, __builtin_popcount(c->stores));
}

static const struct ldst_trial_place place = {PLAIN, WINDOW - PLAIN, SLOT};

static void each_case_touches_its_bytes_in_both_pages(void **state)
{
	uint32_t rng = host_seed();
	struct ldst_trial_case c;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		ldst_trial_draw(&c, &place, &rng);
		execute_at(&c, PLAIN, false);
		execute_at(&c, WINDOW, true);
		/* A loaded PC comes from a prepared word, which must be the last one. */
		if (c.loads >> 15)
			assert_int_equal(c.offset % 4, 0);
	}
}

/* insn & mask == value, drawn at least once. */
static const struct form {
	const char *name;
	uint32_t mask, value;
} forms[] = {
	{"ldr [rn, #]", 0x0f700000, 0x05100000},
	{"ldr [rn, #]!", 0x0f700000, 0x05300000},
	{"ldr [rn], #", 0x0f700000, 0x04100000},
	{"ldrt", 0x0f700000, 0x04300000},
	{"str [rn, #]", 0x0f700000, 0x05000000},
	{"strbt", 0x0f700000, 0x04600000},
	{"ldrb [rn, rm]!", 0x0f700010, 0x07700000},
	{"ldr lsl", 0x0f700070, 0x07100000},
	{"ldr lsr #32", 0x0f700ff0, 0x07100020},
	{"ldr asr #32", 0x0f700ff0, 0x07100040},
	{"ldr rrx", 0x0f700ff0, 0x07100060},
	{"ldr ror", 0x0f700070, 0x07100060},
	{"str post, scaled, down", 0x0ff00010, 0x06000000},
	{"ldr pc, #", 0x0f70f000, 0x0510f000},
	{"ldr pc, post", 0x0f70f000, 0x0410f000},
	{"str pc", 0x0f70f000, 0x0500f000},
	{"ldr [pc, rm]", 0x0f7f0000, 0x071f0000},
	{"str [pc, -rm]", 0x0fff0000, 0x070f0000},
	{"ldrh [pc, rm]", 0x0f7f00f0, 0x011f00b0},
	{"ldr [sp]", 0x0f7f0000, 0x051d0000},
	{"ldr sp", 0x0f70f000, 0x0510d000},
	{"ldrh #", 0x0f7000f0, 0x015000b0},
	{"ldrh rm", 0x0f7000f0, 0x011000b0},
	{"strh post", 0x0f7000f0, 0x004000b0},
	{"ldrsb #!", 0x0f7000f0, 0x017000d0},
	{"ldrsh rm", 0x0f7000f0, 0x011000f0},
	{"ldrd #", 0x0f7000f0, 0x014000d0},
	{"ldrd rm!", 0x0f7000f0, 0x012000d0},
	{"strd post", 0x0f7000f0, 0x004000f0},
	{"ldmia", 0x0ff00000, 0x08900000},
	{"ldmib!", 0x0ff00000, 0x09b00000},
	{"ldmda", 0x0ff00000, 0x08100000},
	{"ldmdb!", 0x0ff00000, 0x09300000},
	{"stmia!", 0x0ff00000, 0x08a00000},
	{"stmib", 0x0ff00000, 0x09800000},
	{"stmda!", 0x0ff00000, 0x08200000},
	{"stmdb", 0x0ff00000, 0x09000000},
	{"ldmia! with pc", 0x0ff08000, 0x08b08000},
	{"ldmia with sp", 0x0ff02000, 0x08902000},
	{"stmdb! sp with pc", 0x0fff8000, 0x092d8000},
	{"ldmdb {r0-pc}", 0x0ff0ffff, 0x0910ffff},
	{"stmia! {r0-r7}", 0x0ff0ffff, 0x08a000ff},
	{"swp", 0x0ff00ff0, 0x01000090},
	{"swpb", 0x0ff00ff0, 0x01400090},
};

static struct {
	uint32_t forms[sizeof(forms) / sizeof(forms[0])];
	uint32_t conds[14][2]; /* [][1]: it passes */
	uint32_t thumb, own_offset, base_first;
} drawn;

static void count_draw(const struct ldst_trial_case *c)
{
	uint32_t rn = c->insn >> 16 & 15, list = c->insn & 0xffff;

	for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++)
		drawn.forms[k] += (c->insn & forms[k].mask) == forms[k].value;
	assert_in_range(c->insn >> 28, 0, 14);
	if (c->insn >> 28 == 14)
		assert_true(c->passes);
	else
		drawn.conds[c->insn >> 28][c->passes]++;
	drawn.thumb += c->loads >> 15 && c->to_thumb;
	drawn.own_offset += (c->insn & 0x0e000000) == 0x06000000 && (c->insn & 15) == rn;
	/* stm rn!, {rn, ...}: the one list that may hold its written base */
	drawn.base_first += (c->insn & 0x0e300000) == 0x08200000 && (list & -list) == 1u << rn;
}

/* What has not been drawn often enough yet; NULL: nothing. */
static const char *missing(void)
{
	for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++)
		if (!drawn.forms[k])
			return forms[k].name;
	for (int k = 0; k < 14; k++)
		if (drawn.conds[k][false] <= 100 || drawn.conds[k][true] <= 100)
			return "a condition that passes, and fails";
	return drawn.thumb <= 100	 ? "a load of pc that goes to Thumb state"
	       : drawn.own_offset <= 100 ? "an offset by the base itself"
	       : drawn.base_first <= 100 ? "stm rn!, {rn, ...}"
					 : NULL;
}

/* How many draws that takes is chance: it is drawn until all is there, or MOST are in vain. */
static void every_form_is_drawn(void **state)
{
	uint32_t rng = host_seed(), draws = 0;
	struct ldst_trial_case c;

	(void)state;
	while (missing() && draws < MOST)
		for (int i = 0; i < 1000; i++, draws++) {
			ldst_trial_draw(&c, &place, &rng);
			count_draw(&c);
		}
	print_message("%u draws\n", draws);
	if (missing())
		fail_msg("not drawn, or not often: %s", missing());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_touches_its_bytes_in_both_pages),
		cmocka_unit_test(every_form_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
