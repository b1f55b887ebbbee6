/* SPDX-License-Identifier: MIT */
/* From the IRQ vector to the board's dispatcher, and preemption on the way out. */
#ifndef SCHED_INTERRUPT_H
#define SCHED_INTERRUPT_H

struct exception_frame;

/* The frame of the interrupt being handled, or NULL. Context: IRQ. */
const struct exception_frame *irq_frame(void);

#endif
