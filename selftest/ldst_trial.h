/* SPDX-License-Identifier: MIT */
/* Random loads and stores, run once on a plain page and once on a trapped one.
 *
 * The core itself is the judge: what an instruction does on ordinary memory is right by
 * definition, and the trap handler (cache/ldst.c on the cache model) must do the same on
 * the window. Needs no expected values of its own. */
#ifndef SELFTEST_LDST_TRIAL_H
#define SELFTEST_LDST_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#define LDST_TRIAL_PAGE 4096u

/* The first disagreement. want is what the plain page gave (as it should look in the
 * window run), got is what the window gave. */
struct ldst_trial_fault {
	uint32_t insn;
	const char *class; /* ldst_class(insn) */
	const char *what;  /* "register", "flags", "next pc", "memory", "page" */
	uint32_t where;	   /* "register": number; "memory", "page": offset of the word */
	uint32_t want, got;
	uint32_t seed, index; /* repeat with this seed and n = index + 1 */
};

/* Runs n random instructions of all the served forms; returns how many agreed (n: all).
 * Otherwise *fault is filled; "page" means that one of the last 64 instructions wrote where
 * it had no business, "memory" that insn itself stored a wrong value.
 *
 * plain and window: two pages, aligned to LDST_TRIAL_PAGE; both are overwritten. plain is
 * ordinary cached memory. The instruction runs with every register but the PC at a random
 * value, sp included, so the data-abort handler must not use the interrupted stack.
 *
 * Context: SVC mode, one caller at a time (one instruction slot); IRQ and FIQ are masked
 * round each instruction only. The FIQ bank is borrowed and given back. */
uint32_t ldst_trial_run(uint32_t n, uint32_t seed, uint8_t *plain, uint8_t *window,
			struct ldst_trial_fault *fault);

/* Below: the parts, for the host tests of the generator. */

/* One instruction, with registers that lead it to bytes [offset, offset + bytes) of the
 * page at plain, and to the same bytes of the window once shift[] is added to them. */
struct ldst_trial_case {
	uint32_t insn;
	uint32_t r[15];	    /* r0..r14 for the plain run */
	uint32_t shift[15]; /* r[] of the window run minus r[] of the plain run */
	uint32_t flags;	    /* N Z C V Q in bits 31:27 */
	bool passes;	    /* its condition holds under flags */
	bool to_thumb;	    /* if the PC is loaded: to the Thumb label */
	uint32_t offset, bytes;
	uint32_t unit;	 /* bytes a register: 1, 2 or 4 */
	uint32_t loads;	 /* mask of the registers loaded, at ascending addresses */
	uint32_t stores; /* mask of the registers stored, at ascending addresses */
};

/* Where the next instruction may go and comes from. */
struct ldst_trial_place {
	uint32_t plain; /* address of the plain page */
	uint32_t delta; /* window - plain: a multiple of the page size */
	uint32_t slot;	/* address of the instruction, for PC-relative forms */
};

/* Draws the next case; *rng is never 0. */
void ldst_trial_draw(struct ldst_trial_case *c, const struct ldst_trial_place *at, uint32_t *rng);
/* xorshift32, also for the pages' first contents. */
uint32_t ldst_trial_random(uint32_t *rng);

#endif
