/* SPDX-License-Identifier: MIT */
/* tasks: who is there, and what each waits for. */
#include <stdio.h>

#include "monitor/command.h"
#include "sched/task.h"

static const char *run_tasks(int argc, char **argv)
{
	const struct task *t;
	unsigned n = 0;

	(void)argv;
	if (argc > 1)
		return "no argument expected";
	printf("  task  name         state     stack left  switches  preempt_count  waits for\n");
	for (unsigned i = 0; (t = task_slot(i)); i++) {
		if (t->state == TASK_FREE)
			continue;
		n++;
		printf("  %4u  %-12s %-9s %10lu  %8lu  %13lu  %s\n", i, t->name, task_state_name(t),
		       (unsigned long)task_stack_free(t), (unsigned long)t->switches,
		       (unsigned long)t->preempt_count,
		       t->state != TASK_WAITING ? "-"
		       : t->waiting_on		? t->waiting_on->what
						: "the clock");
	}
	printf("%u of %d tasks in use; up for %lu.%02lu s\n", n, TASKS_MAX,
	       (unsigned long)sched_ticks() / TICK_HZ,
	       (unsigned long)sched_ticks() % TICK_HZ * 100 / TICK_HZ);
	return NULL;
}

COMMAND(tasks, run_tasks, "tasks", "lists the tasks and what they wait for");
