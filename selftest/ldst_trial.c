/* SPDX-License-Identifier: MIT */
/* Executes random loads and stores twice, on a plain page and on a trapped one, and compares.
 *
 * After each instruction it compares all registers, the flags, where it went, and, for a
 * store, the words it wrote with one neighbour on each side. Every 64 instructions it compares
 * the whole pages: each look at the window costs a trap, so a full comparison every time
 * would be 512 traps an instruction; at this rate it costs 8, and a stray store is still
 * bracketed by 64 instructions. */
#include <stddef.h>
#include <string.h>

#include "cache/cp15.h"
#include "cache/ldst.h"
#include "core.h"
#include "selftest/ldst_trial.h"

#define PAGE_WORDS   (LDST_TRIAL_PAGE / 4)
#define SWEEP_PERIOD 64u
#define FLAGS_MASK   0xf8000000u

/* Read and written by selftest/ldst_trial.S. */
struct ldst_trial_state {
	uint32_t r[15];
	uint32_t flags;
	uint32_t path; /* 0 next instruction, 1 the ARM label, 2 the Thumb label */
	uint32_t sp, cpsr;
	uint32_t fiq[7];
};
_Static_assert(offsetof(struct ldst_trial_state, flags) == 60, "STATE_FLAGS");
_Static_assert(offsetof(struct ldst_trial_state, path) == 64, "STATE_PATH");
_Static_assert(offsetof(struct ldst_trial_state, sp) == 68, "STATE_SP");
_Static_assert(offsetof(struct ldst_trial_state, cpsr) == 72, "STATE_CPSR");
_Static_assert(offsetof(struct ldst_trial_state, fiq) == 76, "STATE_FIQ");

void ldst_trial_step(struct ldst_trial_state *state);
void ldst_trial_next(void);
void ldst_trial_to_arm(void);
void ldst_trial_to_thumb(void);
extern uint32_t ldst_trial_slot[];

static uint32_t code_address(void (*label)(void))
{
	return (uint32_t)(uintptr_t)label;
}

/* The first line of the slot's page: the instruction, and the way back if it falls
 * through. All of it is in one cache line. */
static void slot_write(uint32_t insn)
{
	volatile uint32_t *slot = ldst_trial_slot;
	uint32_t line = (uint32_t)(uintptr_t)ldst_trial_slot;

	slot[0] = insn;
	slot[1] = 0xe51ff004u; /* ldr pc, [pc, #-4]: slot[2] */
	slot[2] = code_address(ldst_trial_next);

	/* Without the clean the words stay in the D-cache, where no fetch looks; without
	 * the drain they may still be in the write buffer when it does; without what the core
	 * needs for new code the I-cache still holds the last instruction. Each way the wrong
	 * instruction would run. */
	cp15_dcache_clean_mva(line);
	cp15_drain();
	core_code_changed(line);
}

/* One trial in progress. */
struct trial {
	struct ldst_trial_case c;
	volatile uint32_t *plain, *window;
	struct ldst_trial_state on_plain, on_window;
	struct ldst_trial_fault *fault;
};

static bool disagree(struct trial *t, const char *what, uint32_t where, uint32_t want, uint32_t got)
{
	t->fault->insn = t->c.insn;
	t->fault->class = ldst_class(t->c.insn);
	t->fault->what = what;
	t->fault->where = where;
	t->fault->want = want;
	t->fault->got = got;
	return false;
}

/* Both pages the same, word by word. */
static void pages_fill(struct trial *t, uint32_t *rng)
{
	for (uint32_t i = 0; i < PAGE_WORDS; i++)
		t->window[i] = t->plain[i] = ldst_trial_random(rng);
}

/* By double words: half the traps. */
static bool pages_agree(struct trial *t)
{
	const volatile uint64_t *plain = (const volatile uint64_t *)t->plain;
	const volatile uint64_t *window = (const volatile uint64_t *)t->window;

	for (uint32_t i = 0; i < PAGE_WORDS / 2; i++) {
		uint64_t want = plain[i], got = window[i];
		bool low = (uint32_t)want == (uint32_t)got;

		if (want != got)
			return disagree(t, "page", i * 8 + (low ? 4 : 0),
					(uint32_t)(low ? want >> 32 : want),
					(uint32_t)(low ? got >> 32 : got));
	}
	return true;
}

/* A PC to be loaded (always the last of its list) must lead back here. */
static void prepare_pc(struct trial *t)
{
	uint32_t word = (t->c.offset + t->c.bytes) / 4 - 1;

	if (t->c.loads >> 15)
		t->window[word] = t->plain[word] = t->c.to_thumb
							   ? code_address(ldst_trial_to_thumb) | 1
							   : code_address(ldst_trial_to_arm);
}

static void run(const struct trial *t, struct ldst_trial_state *s, bool shifted)
{
	for (uint32_t i = 0; i < 15; i++)
		s->r[i] = t->c.r[i] + (shifted ? t->c.shift[i] : 0);
	s->flags = t->c.flags;
	ldst_trial_step(s);
}

static bool registers_agree(struct trial *t)
{
	for (uint32_t i = 0; i < 15; i++) {
		/* What was loaded came from equal pages; all else keeps its distance. */
		bool loaded = t->c.passes && (t->c.loads >> i & 1);
		uint32_t want = t->on_plain.r[i] + (loaded ? 0 : t->c.shift[i]);

		if (t->on_window.r[i] != want)
			return disagree(t, "register", i, want, t->on_window.r[i]);
	}
	if ((t->on_plain.flags ^ t->on_window.flags) & FLAGS_MASK)
		return disagree(t, "flags", 0, t->on_plain.flags & FLAGS_MASK,
				t->on_window.flags & FLAGS_MASK);
	if (t->on_plain.path != t->on_window.path)
		return disagree(t, "next pc", 0, t->on_plain.path, t->on_window.path);
	return true;
}

/* The words a store wrote and one on each side. A stored register that differed between the
 * runs (an address) must differ by just that much; then the window gets the plain page's
 * value, so that the pages are equal again for the next instruction. */
static bool stored_words_agree(struct trial *t)
{
	uint32_t first = t->c.offset / 4, end = (t->c.offset + t->c.bytes + 3) / 4;
	uint32_t low = first ? first - 1 : 0, high = end < PAGE_WORDS ? end + 1 : PAGE_WORDS;
	uint32_t want[18], at = t->c.offset - low * 4; /* at most 16 words and two more */
	uint8_t *bytes = (uint8_t *)want;

	for (uint32_t i = low; i < high; i++)
		want[i - low] = t->plain[i];
	for (uint32_t todo = t->c.passes ? t->c.stores & 0x7fff : 0; todo; todo &= todo - 1) {
		uint32_t reg = (uint32_t)__builtin_ctz(todo), value = 0;

		memcpy(&value, bytes + at, t->c.unit);
		value += t->c.shift[reg];
		memcpy(bytes + at, &value, t->c.unit);
		at += t->c.unit;
	}
	for (uint32_t i = low; i < high; i++) {
		uint32_t got = t->window[i];

		if (got != want[i - low])
			return disagree(t, "memory", i * 4, want[i - low], got);
		if (got != t->plain[i])
			t->window[i] = t->plain[i];
	}
	return true;
}

uint32_t ldst_trial_run(uint32_t n, uint32_t seed, uint8_t *plain, uint8_t *window,
			struct ldst_trial_fault *fault)
{
	static struct trial t; /* 400 bytes that a small task stack may not have to spare */
	uint32_t rng = seed ? seed : 1, i;
	struct ldst_trial_place at = {
		.plain = (uint32_t)(uintptr_t)plain,
		.delta = (uint32_t)((uintptr_t)window - (uintptr_t)plain),
		.slot = (uint32_t)(uintptr_t)ldst_trial_slot,
	};

	t.plain = (volatile uint32_t *)plain;
	t.window = (volatile uint32_t *)window;
	t.fault = fault;
	pages_fill(&t, &rng);
	for (i = 0; i < n; i++) {
		ldst_trial_draw(&t.c, &at, &rng);
		prepare_pc(&t);
		slot_write(t.c.insn);
		run(&t, &t.on_plain, false);
		run(&t, &t.on_window, true);
		if (!registers_agree(&t) || (t.c.stores && !stored_words_agree(&t)) ||
		    ((i % SWEEP_PERIOD == SWEEP_PERIOD - 1 || i == n - 1) && !pages_agree(&t))) {
			fault->seed = seed;
			fault->index = i;
			break;
		}
	}
	return i;
}
