/* SPDX-License-Identifier: MIT */
/* panic() and its back trace. */
#include "lib/panic.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unwind.h>

#include "lib/exit.h"
#include "lib/frame.h"
#include "lib/irqflags.h"
#include "lib/running.h"
#include "lib/symbol.h"

/* libgcc's unwinder, from registers of our choice: the layout is that of its
 * unwind-arm-common (a flag word, then r0-r15). */
struct unwind_start {
	uint32_t demand_save;
	uint32_t r[16];
	uint8_t vfp_and_wmmx[512]; /* libgcc saves coprocessor registers behind, if asked to */
};
_Unwind_Reason_Code __gnu_Unwind_Backtrace(_Unwind_Trace_Fn fn, void *arg,
					   struct unwind_start *regs);

struct trace {
	int depth;
	const struct exception_frame *frame; /* until its line is printed */
};

static _Unwind_Reason_Code print_caller(struct _Unwind_Context *ctx, void *arg)
{
	struct trace *t = arg;
	uintptr_t pc = _Unwind_GetIP(ctx);

	if (t->frame) {
		/* The unwinder was made to begin at the PC by giving that as LR; from here on it
		 * needs the real one, in which a leaf function has its return address. */
		printf("  [pc] %08lx %s\n", (unsigned long)t->frame->r[15],
		       symbol_name(t->frame->r[15]));
		_Unwind_SetGR(ctx, 14, t->frame->r[14]);
		t->frame = NULL;
		return _URC_NO_REASON;
	}
	/* pc is a return address. The call before it names the function: after a call that does
	 * not return, pc may already be the next one's. */
	printf("  [%d] %08lx %s\n", t->depth, (unsigned long)pc, symbol_name(pc - 4));
	return ++t->depth < 16 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void back_trace(const struct exception_frame *frame)
{
	static struct unwind_start regs; /* 584 bytes: not on a stack that may be nearly full */
	struct trace trace = {.frame = frame};

	printf("back trace:\n");
	if (!frame) {
		_Unwind_Backtrace(print_caller, &trace);
		return;
	}
	regs.demand_save = ~0u;
	for (int i = 0; i < 16; i++)
		regs.r[i] = frame->r[i];
	/* It begins where LR says, and looks up the call before that. */
	regs.r[14] = frame->r[15] + 4;
	__gnu_Unwind_Backtrace(print_caller, &trace, &regs);
	if (trace.frame) /* no code of ours: a jump through a bad pointer, most likely from LR */
		printf("  [pc] %08lx ?\n  [lr] %08lx %s\n", (unsigned long)frame->r[15],
		       (unsigned long)frame->r[14], symbol_name(frame->r[14] - 4));
}

static void print_frame(const struct exception_frame *f)
{
	for (int i = 0; i < 16; i++)
		printf("%s%-3s=%08lx%s", i % 4 ? " " : "  ",
		       (const char *[]){"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9",
					"r10", "r11", "r12", "sp", "lr", "pc"}[i],
		       (unsigned long)f->r[i], i % 4 == 3 ? "\n" : "");
	printf("  cpsr=%08lx\n", (unsigned long)f->cpsr);
}

static void print_verdict(char *reason, const char *status)
{
	for (char *c = reason; *c; c++)
		if (*c == '"')
			*c = '\'';
	printf("verdict reason=\"%s\" status=%s\n", reason, status);
}

void panic_at(const char *file, int line, const char *func, const char *status,
	      const struct exception_frame *frame, const char *fmt, ...)
{
	static int depth;
	static const char *first_status;
	static char reason[160];
	va_list ap;

	irq_save();
	switch (depth++) {
	case 0:
		first_status = status;
		break;
	case 1: /* a fault inside panic, as while unwinding a broken stack */
		printf("\n(a further fault at %s:%d while saying this)\n", file, line);
		print_verdict(reason, first_status);
		kernel_exit(EXIT_PANIC);
	default:
		kernel_exit(EXIT_PANIC); /* nothing more can be said */
	}
	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	printf("\npanic: %s:%d: %s: %s\n", file, line, func, reason);
	if (running)
		printf("task %s, preempt_count %lu\n", running->name(), running->preempt_count());
	if (frame)
		print_frame(frame);
	back_trace(frame);
	print_verdict(reason, status);
	kernel_exit(EXIT_PANIC);
}

void bug_at(const char *text, const char *file, int line, const char *func)
{
	panic_at(file, line, func, "ERROR", NULL, "BUG: %s", text);
}
