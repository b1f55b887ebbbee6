/* SPDX-License-Identifier: MIT */
/* The run queue, between schedule() and the rest of sched/. */
#ifndef SCHED_RUN_QUEUE_H
#define SCHED_RUN_QUEUE_H

struct task;

/* At the end of the queue; no effect if it is there already. Context: IRQs masked. */
void run_queue_add(struct task *task);

#endif
