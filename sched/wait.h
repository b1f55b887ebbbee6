/* SPDX-License-Identifier: MIT */
/* Wait queues: tasks that sleep until somebody wakes them. */
#ifndef SCHED_WAIT_H
#define SCHED_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct task;

struct wait_queue {
	struct task *head; /* first come, first woken */
	const char *what;  /* what the sleepers wait for, for the diagnosis of a hang */
	bool external;	   /* an interrupt may wake it: not counted as a deadlock */
};

#define WAIT_QUEUE_INIT(what_, external_)            \
	{                                            \
		.what = what_, .external = external_ \
	}

static inline bool wait_queue_active(const struct wait_queue *wq)
{
	return wq->head != 0;
}

/* Puts the running task on wq. Context: IRQs masked (so that no wake-up is lost between the
 * caller's test and this). The caller then drops its locks and calls schedule(). */
void wait_prepare(struct wait_queue *wq);

/* wait_prepare(), schedule(). Context: task, IRQs masked; they are open meanwhile for others. */
void wait_on(struct wait_queue *wq);

/* As wait_on, but at most ticks of 1/TICK_HZ s. Returns false on time-out. */
bool wait_on_timeout(struct wait_queue *wq, uint32_t ticks);

/* Takes task off the queue it waits on. Context: IRQs masked. */
void wait_remove(struct task *task);

/* Wakes the first, or all. Context: any. */
void wake_up(struct wait_queue *wq);
void wake_up_all(struct wait_queue *wq);

#endif
