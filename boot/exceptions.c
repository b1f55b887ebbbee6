/* SPDX-License-Identifier: MIT */
/* The exceptions that are always fatal. */
#include "cache/cp15.h"
#include "lib/frame.h"
#include "lib/panic.h"

void undefined_instruction(struct exception_frame *f);
void prefetch_abort(struct exception_frame *f);
void unexpected_svc(struct exception_frame *f);
void unexpected_fiq(struct exception_frame *f);
void unexpected_reset(struct exception_frame *f);

void undefined_instruction(struct exception_frame *f)
{
	panic_frame(f, "undefined instruction at %08lx", (unsigned long)f->r[15]);
}

void prefetch_abort(struct exception_frame *f)
{
	panic_frame(f, "prefetch abort at %08lx, fault status 0x%lx", (unsigned long)f->r[15],
		    (unsigned long)(cp15_ifsr() & 0xF));
}

void unexpected_svc(struct exception_frame *f)
{
	if ((*(const uint32_t *)f->r[15] & 0xFFFFFF) == 0x123456)
		panic_frame(f,
			    "exit=semihost: nobody takes semihosting calls here; start QEMU with "
			    "-semihosting, attach a debugger, or use exit=halt");
	panic_frame(f, "SVC at %08lx: the kernel makes none", (unsigned long)f->r[15]);
}

void unexpected_fiq(struct exception_frame *f)
{
	panic_frame(f, "FIQ at %08lx: no source is routed to it", (unsigned long)f->r[15]);
}

void unexpected_reset(struct exception_frame *f)
{
	panic_frame(f, "branch to the reset vector from %08lx", (unsigned long)f->r[14]);
}
