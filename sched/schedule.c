/* SPDX-License-Identifier: MIT */
/* Who runs next: a first-in first-out run queue, the tick, and the diagnosis of a deadlock. */
#include <stdio.h>

#include "cache/cp15.h"
#include "lib/irqflags.h"
#include "lib/panic.h"
#include "sched/run_queue.h"
#include "sched/task.h"
#include "trace/ring.h"

void task_switch(struct task *from, struct task *to);

static struct task *run_head, *run_tail;
static volatile uint32_t ticks;

void run_queue_add(struct task *task)
{
	if (task->queued)
		return;
	task->queued = true;
	task->next = NULL;
	if (run_head)
		run_tail->next = task;
	else
		run_head = task;
	run_tail = task;
}

static struct task *run_queue_take(void)
{
	struct task *t = run_head;

	if (t) {
		run_head = t->next;
		t->queued = false;
		t->next = NULL;
	}
	return t;
}

/* True while an interrupt can still make somebody runnable. */
static bool interrupt_may_wake(void)
{
	for (unsigned i = 0; i < TASKS_MAX; i++) {
		const struct task *t = task_slot(i);

		if (t->state == TASK_WAITING &&
		    (t->timed || (t->waiting_on && t->waiting_on->external)))
			return true;
	}
	return false;
}

/* Nobody can run. Sleeps for interrupts in the context of the task that gave up the CPU;
 * its preempt_count keeps the interrupt exit from coming back into schedule(). */
static void idle(void)
{
	if (!interrupt_may_wake()) {
		printf("deadlock: nobody can run and no interrupt is awaited\n");
		task_print_waits();
		panic_status("DEADLOCK", "all tasks wait for one another");
	}
	current->preempt_count++;
	cp15_wfi();
	irq_enable();
	irq_save();
	current->preempt_count--;
}

void schedule(void)
{
	struct task *prev = current, *next;

	BUG_ON(!irqs_masked());
	if (!task_guard_ok(prev))
		panic("stack of task %s overflowed (guard words at %p changed)", prev->name,
		      (void *)prev->stack);
	cpu_local.need_resched = false; /* whoever asked for it, here it is */
	if (prev->state == TASK_RUNNABLE)
		run_queue_add(prev);
	while (!(next = run_queue_take()))
		idle();
	if (next == prev)
		return;
	next->switches++;
	current = next;
	trace_record(TRACE_SWITCH, 0, 0, 0, (uintptr_t)prev->name);
	task_switch(prev, next);
}

void task_yield(void)
{
	unsigned long flags = irq_save();

	schedule();
	irq_restore(flags);
}

void task_wake(struct task *task)
{
	if (task->state != TASK_WAITING)
		return;
	if (task->waiting_on)
		wait_remove(task);
	task->timed_out = false;
	task->state = TASK_RUNNABLE;
	run_queue_add(task);
}

void task_sleep(uint32_t n)
{
	unsigned long flags = irq_save();

	current->wake_tick = ticks + n + 1; /* the running tick is partly over */
	current->timed = true;
	current->state = TASK_WAITING;
	schedule();
	current->timed = false;
	irq_restore(flags);
}

void sched_tick(void)
{
	ticks++;
	for (unsigned i = 0; i < TASKS_MAX; i++) {
		struct task *t = (struct task *)task_slot(i);

		if (t->state == TASK_WAITING && t->timed && (int32_t)(ticks - t->wake_tick) >= 0) {
			task_wake(t);
			t->timed_out = true;
		}
	}
}

uint32_t sched_ticks(void)
{
	return ticks;
}
