/* SPDX-License-Identifier: MIT */
/* selftest=irq: an interrupt in the middle of code that uses its stack in its own way. C handlers
 * want it aligned to 8 bytes (AAPCS 5.2.1.2), and the interrupted code wants it, its registers and
 * its flags back as they were. */
#include <stdio.h>

#include "boards/board_api.h"
#include "selftest/selftest.h"

static volatile uint32_t handled, handlers_sp;

/* Context: IRQ. */
static __attribute__((noinline)) void handler(void)
{
	uint32_t sp;

	__asm__ volatile("mov %0, sp" : "=r"(sp));
	handlers_sp = sp;
	handled++;
}

/* Fills r4-r11, moves sp down by words, raises the interrupt, and returns a bit for each of the
 * registers, stack words and sp itself that is not as it was. */
static __attribute__((noinline)) uint32_t interrupted(uint32_t words)
{
	register uint32_t r0 __asm__("r0") = words;

	__asm__ volatile("push {r4-r11}\n\t"
			 "mov r4, sp\n\t"
			 "sub sp, sp, r0, lsl #2\n\t"
			 "mov r5, sp\n\t"
			 "mov r6, #0x66\n\t"
			 "mov r7, #0x77\n\t"
			 "mov r8, #0x88\n\t"
			 "mov r9, #0x99\n\t"
			 "mov r10, #0xAA\n\t"
			 "mov r11, #0xBB\n\t"
			 "str r6, [sp]\n\t"
			 "bl board_softirq_raise\n\t" /* taken before it returns */
			 "mov r0, #0\n\t"
			 "cmp r5, sp\n\t"
			 "orrne r0, r0, #1\n\t"
			 "ldr r1, [r5]\n\t"
			 "cmp r1, #0x66\n\t"
			 "cmpeq r6, #0x66\n\t"
			 "cmpeq r7, #0x77\n\t"
			 "orrne r0, r0, #2\n\t"
			 "cmp r8, #0x88\n\t"
			 "cmpeq r9, #0x99\n\t"
			 "cmpeq r10, #0xAA\n\t"
			 "cmpeq r11, #0xBB\n\t"
			 "orrne r0, r0, #4\n\t"
			 "mov sp, r4\n\t"
			 "pop {r4-r11}"
			 : "+r"(r0)
			 :
			 : "r1", "r2", "r3", "r12", "lr", "cc", "memory");
	return r0;
}

/* Spins, with every register in use and nothing on the stack, until an interrupt has been handled.
 * True if no register and no flag had changed by then. */
static __attribute__((noinline)) bool spin_unchanged(void)
{
	register const volatile uint32_t *r0 __asm__("r0") = &handled;

	__asm__ volatile("push {r4-r11}\n\t"
			 "mov r1, #0x11\n\t"
			 "mov r2, #0x22\n\t"
			 "mov r3, #0x33\n\t"
			 "mov r4, #0x44\n\t"
			 "mov r5, #0x55\n\t"
			 "mov r6, #0x66\n\t"
			 "mov r7, #0x77\n\t"
			 "mov r8, #0x88\n\t"
			 "mov r9, #0x99\n\t"
			 "mov r10, #0xAA\n\t"
			 "mov r12, #0xCC\n\t"
			 "mov lr, #0xEE\n"
			 "1:\n\t"
			 "cmp r1, #0x11\n\t"
			 "cmpeq r2, #0x22\n\t"
			 "cmpeq r3, #0x33\n\t"
			 "cmpeq r4, #0x44\n\t"
			 "cmpeq r5, #0x55\n\t"
			 "cmpeq r6, #0x66\n\t"
			 "cmpeq r7, #0x77\n\t"
			 "cmpeq r8, #0x88\n\t"
			 "cmpeq r9, #0x99\n\t"
			 "cmpeq r10, #0xAA\n\t"
			 "cmpeq r12, #0xCC\n\t"
			 "cmpeq lr, #0xEE\n\t"
			 "b 3f\n" /* QEMU takes interrupts at branches: here the flags are alive */
			 "3:\n\t"
			 "bne 2f\n\t"
			 "ldr r11, [r0]\n\t" /* (interrupted() looks after this one) */
			 "cmp r11, #0\n\t"
			 "beq 1b\n\t"
			 "cmp r11, r11\n" /* EQ: unchanged */
			 "2:\n\t"
			 "moveq r0, #1\n\t"
			 "movne r0, #0\n\t"
			 "pop {r4-r11}"
			 : "+r"(r0)
			 :
			 : "r1", "r2", "r3", "r12", "lr", "cc", "memory");
	return (uint32_t)r0;
}

static bool irq_selftest(uint32_t runs, uint32_t seed)
{
	bool ok = true;

	(void)runs;
	(void)seed;
	board_softirq_init(handler);
	for (uint32_t words = 1; words <= 4; words++) {
		uint32_t before = handled, changed = interrupted(words);

		if (handled != before + 1 || handlers_sp & 7 || changed) {
			printf("irq: with %lu words on the stack: %lu interrupts, handler's sp "
			       "%08lx, changed %lx; must be 1, a multiple of 8, 0\n",
			       (unsigned long)words, (unsigned long)(handled - before),
			       (unsigned long)handlers_sp, (unsigned long)changed);
			ok = false;
		}
	}
	printf("irq: %lu interrupts, at stacks of both alignments\n", (unsigned long)handled);
	for (uint32_t us = 100; us < 150; us++) {
		handled = 0;
		board_oneshot_us(us, handler);
		if (!spin_unchanged()) {
			printf("irq: a register or the flags were changed by an interrupt\n");
			ok = false;
			break;
		}
	}
	board_oneshot_cancel();
	return ok;
}

SELFTEST(irq) = {
	.name = "irq",
	.what = "an interrupt finds its stack aligned and gives everything back",
	.run = irq_selftest,
};
