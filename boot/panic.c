/* SPDX-License-Identifier: MIT */
/* panic(), its back trace, and the exceptions that are always fatal. */
#include "boot/panic.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unwind.h>

#include "boot/entry.h"
#include "boot/exit.h"
#include "boot/symbol.h"
#include "cache/cp15.h"
#include "sched/irqflags.h"
#include "sched/task.h"

/* libgcc's unwinder, from registers of our choice: the layout is that of its
 * unwind-arm-common (a flag word, then r0-r15). */
struct unwind_start {
	uint32_t demand_save;
	uint32_t r[16];
	uint8_t vfp_and_wmmx[512]; /* libgcc saves coprocessor registers behind, if asked to */
};
_Unwind_Reason_Code __gnu_Unwind_Backtrace(_Unwind_Trace_Fn fn, void *arg,
					   struct unwind_start *regs);

static _Unwind_Reason_Code print_caller(struct _Unwind_Context *ctx, void *arg)
{
	int *depth = arg;
	uintptr_t pc = _Unwind_GetIP(ctx);

	printf("  [%d] %08lx %s\n", *depth, (unsigned long)pc, symbol_name(pc));
	return ++*depth < 16 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void back_trace(const struct exception_frame *frame)
{
	static struct unwind_start regs; /* 584 bytes: not on a stack that may be nearly full */
	int depth = 0;

	printf("back trace:\n");
	if (!frame) {
		_Unwind_Backtrace(print_caller, &depth);
		return;
	}
	regs.demand_save = ~0u;
	for (int i = 0; i < 16; i++)
		regs.r[i] = frame->r[i];
	printf("  [pc] %08lx %s\n", (unsigned long)frame->r[15], symbol_name(frame->r[15]));
	/* The unwinder looks up the call before a return address: step over the PC itself. */
	regs.r[15] += 4;
	__gnu_Unwind_Backtrace(print_caller, &depth, &regs);
}

void print_frame(const struct exception_frame *f)
{
	for (int i = 0; i < 16; i++)
		printf("%s%-3s=%08lx%s", i % 4 ? " " : "  ",
		       (const char *[]){"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9",
					"r10", "r11", "r12", "sp", "lr", "pc"}[i],
		       (unsigned long)f->r[i], i % 4 == 3 ? "\n" : "");
	printf("  cpsr=%08lx\n", (unsigned long)f->cpsr);
}

void panic_at(const char *file, int line, const char *func, const char *status,
	      const struct exception_frame *frame, const char *fmt, ...)
{
	static int depth;
	static char reason[160];
	va_list ap;

	irq_save();
	if (depth++)
		kernel_exit(EXIT_PANIC); /* a fault inside panic: nothing more can be said */
	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	printf("\npanic: %s:%d: %s: %s\n", file, line, func, reason);
	if (current)
		printf("task %s, preempt_count %lu\n", current->name,
		       (unsigned long)current->preempt_count);
	if (frame)
		print_frame(frame);
	back_trace(frame);
	for (char *c = reason; *c; c++)
		if (*c == '"')
			*c = '\'';
	printf("verdict reason=\"%s\" status=%s\n", reason, status);
	kernel_exit(EXIT_PANIC);
}

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
