/* SPDX-License-Identifier: MIT */
/* From the IRQ vector to the board's dispatcher, and preemption on the way out. */
#include "boards/board_api.h"
#include "lib/frame.h"
#include "lib/panic.h"
#include "sched/task.h"

void irq_entry(struct exception_frame *frame);

/* Called by boot/vectors.S on the interrupted task's stack, IRQs masked. Switching here
 * leaves that task in the middle of whatever it was doing: its registers are in frame, on
 * its own stack, until it is scheduled again. */
void irq_entry(struct exception_frame *frame)
{
	if ((frame->cpsr & 0x1F) != 0x13)
		panic("interrupt from mode 0x%lx: only SVC may be open to IRQs",
		      (unsigned long)(frame->cpsr & 0x1F));
	board_irq_dispatch();
	if (cpu_local.need_resched && current->preempt_count == 0)
		schedule();
}
