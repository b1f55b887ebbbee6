/* SPDX-License-Identifier: MIT */
/* selftest=control: the control registers are the kernel's own, whatever a loader left in them. */
#include <stdio.h>

#include "board.h"
#include "cache/cp15.h"
#include "core.h"
#include "lib/memory_map.h"
#include "selftest/selftest.h"

/* Those bits that are somebody's choice, the kernel's: core.h names them. */
#define SCTLR_CHOICE (CORE_SCTLR_SET | CORE_SCTLR_CLEAR)

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
	bool sctlr = is("SCTLR, of the bits chosen", cp15_sctlr() & SCTLR_CHOICE, CORE_SCTLR_SET);
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
