/* SPDX-License-Identifier: MIT */
/* newlib's lock on its heap. */
#include <reent.h>

#include "sched/task.h"

/* newlib's heap is shared by all tasks: one may not be switched away in the middle of it.
 * Before the scheduler is up there is nobody else. */
void __malloc_lock(struct _reent *r)
{
	(void)r;
	if (current)
		preempt_disable();
}

void __malloc_unlock(struct _reent *r)
{
	(void)r;
	if (current)
		preempt_enable();
}
