/* SPDX-License-Identifier: MIT */
/* Wait queues. */
#include "sched/wait.h"

#include <stddef.h>

#include "lib/irqflags.h"
#include "sched/task.h"

void wait_prepare(struct wait_queue *wq)
{
	struct task **p = &wq->head;

	while (*p)
		p = &(*p)->next;
	*p = current;
	current->next = NULL;
	current->waiting_on = wq;
	current->state = TASK_WAITING;
}

void wait_remove(struct task *task)
{
	struct task **p = &task->waiting_on->head;

	while (*p != task)
		p = &(*p)->next;
	*p = task->next;
	task->next = NULL;
	task->waiting_on = NULL;
}

void wait_on(struct wait_queue *wq)
{
	wait_prepare(wq);
	schedule();
}

bool wait_on_timeout(struct wait_queue *wq, uint32_t ticks)
{
	/* One more than asked: the running tick is partly over. */
	current->wake_tick = sched_ticks() + ticks + 1;
	current->timed = true;
	wait_on(wq);
	current->timed = false;
	return !current->timed_out;
}

void wake_up(struct wait_queue *wq)
{
	unsigned long flags = irq_save();

	if (wq->head)
		task_wake(wq->head);
	irq_restore(flags);
}

void wake_up_all(struct wait_queue *wq)
{
	unsigned long flags = irq_save();

	while (wq->head)
		task_wake(wq->head);
	irq_restore(flags);
}
