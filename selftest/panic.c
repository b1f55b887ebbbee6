/* SPDX-License-Identifier: MIT */
/* selftest=null and selftest=undefined: faults that must end in a panic with the registers, the
 * place and a back trace. */
#include <stdio.h>

#include "selftest/selftest.h"

static __attribute__((noinline)) uint32_t read_through(const volatile uint32_t *p)
{
	return p[4];
}

/* Volatile: the compiler must not know that it is NULL, or it makes a trap of the read. */
static const volatile uint32_t *volatile nowhere;

static bool null_selftest(uint32_t runs, uint32_t seed)
{
	(void)runs;
	(void)seed;
	printf("null: a NULL pointer gave %08lx instead of a fault\n",
	       (unsigned long)read_through(nowhere));
	return false;
}

SELFTEST(null) = {
	.name = "null",
	.what = "a read through a NULL pointer: ends in a panic",
	.run = null_selftest,
};

static bool undefined_selftest(uint32_t runs, uint32_t seed)
{
	(void)runs;
	(void)seed;
	__asm__ volatile(".word 0xe7f000f0"); /* permanently undefined (DDI0100I A3.16.5) */
	printf("undefined: an undefined instruction was executed\n");
	return false;
}

SELFTEST(undefined) = {
	.name = "undefined",
	.what = "an undefined instruction: ends in a panic",
	.run = undefined_selftest,
};
