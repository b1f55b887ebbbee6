/* SPDX-License-Identifier: MIT */
/* Assembly: a loop over cache lines, of any core whose operations take one line each. Lines of 32
 * bytes; no drain: cache/range.c adds it. */
#ifndef CORES_LINE_LOOP_H
#define CORES_LINE_LOOP_H

	/* Line operations a turn of the loop. The more, the fewer taken branches (3 cycles each: an
	 * ARM9 predicts none); 32 are 256 bytes of code, 8 lines of the I-cache. */
	.equ	UNROLL, 32

	/* void NAME(uintptr_t start, uintptr_t end): each line of [start, end), start and end
	 * line aligned. Nothing is done when start >= end: the loop must not run away when an
	 * unaligned buffer has no whole line.
	 *
	 * Two instructions a line and no less: each operation takes its address from a register,
	 * and an ADD makes one address in one cycle. (UMLAL can add to two, in three.) An interrupt
	 * may come between any two of them. The first turn enters in the middle, so that the
	 * lines which do not fill a turn are done first and the others need no count. */
	.macro LINE_LOOP name, operation
	.global \name
	.type	\name, %function
	.fnstart			@ nothing on the stack: a back trace goes on at LR
\name:
	subs	r2, r0, r1		@ minus the bytes to do
	bxhs	lr
	and	r2, r2, #(UNROLL - 1) * 32 @ bytes that the first turn leaves out; 0: none
	add	pc, pc, r2, lsr #2	@ a line's operation is 8 bytes of code; 0 leads to 1:
	nop				@ never executed: PC reads two instructions ahead
1:	.rept	UNROLL
	\operation r0
	add	r0, r0, #32
	.endr
	cmp	r0, r1
	blo	1b
	bx	lr
	.fnend
	.size	\name, . - \name
	.endm

#endif
