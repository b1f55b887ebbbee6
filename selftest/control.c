/* SPDX-License-Identifier: MIT */
/* selftest=control: the control registers are the kernel's own, whatever a loader left in them. */
#include <stdio.h>

#include "board.h"
#include "cache/cp15.h"
#include "lib/memory_map.h"
#include "selftest/selftest.h"

/* DDI0198D 2.3.2: those bits that are somebody's choice. */
#define SCTLR_CHOICE 0x0000F387u
/* MMU, alignment check, D-cache; I-cache, high vectors, round-robin replacement. L4, S, R, B clear.
 */
#define SCTLR_WANT 0x00007007u

static bool is(const char *name, uint32_t got, uint32_t want)
{
	if (got != want)
		printf("control: %s is %08lx, must be %08lx\n", name, (unsigned long)got,
		       (unsigned long)want);
	return got == want;
}

static bool control_selftest(uint32_t runs, uint32_t seed)
{
	(void)runs;
	(void)seed;
	bool sctlr = is("SCTLR (L4 RR V I, R S B, C A M)", cp15_sctlr() & SCTLR_CHOICE, SCTLR_WANT);
	/* A manager's accesses are not checked; without an entry for domain 0 there are none. */
	bool dacr = is("the domain access control", cp15_dacr(), 1);
	bool fcse = is("the FCSE process", cp15_fcse(), 0);
	bool ttbr =
		is("the page table's base", cp15_ttbr() & ~0x3FFFu, PHYS_RAM_BASE + L1_TABLE_OFF);

	return sctlr && dacr && fcse && ttbr;
}

SELFTEST(control) = {
	.name = "control",
	.what = "the control registers are the kernel's own, whatever a loader left",
	.run = control_selftest,
};
