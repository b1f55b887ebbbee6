/* SPDX-License-Identifier: MIT */
/* The life of tasks: creation, end, join, and what a listing shows of them. */
#include "sched/task.h"

#include <stdio.h>
#include <string.h>

#include "lib/irqflags.h"
#include "lib/panic.h"
#include "lib/running.h"
#include "mm/page_alloc.h"
#include "sched/run_queue.h"

#define STACK_PATTERN 0xA5A5A5A5u
#define STACK_ORDER   1 /* 2 pages */

_Static_assert(TASK_STACK_SIZE == PAGE_SIZE << STACK_ORDER, "stack order");

struct cpu_local cpu_local;

static const char *running_task_name(void)
{
	return current->name;
}

static unsigned long running_preempt_count(void)
{
	return current->preempt_count;
}

static struct task tasks[TASKS_MAX];

void task_entry(void);

static const struct running running_task = {
	.name = running_task_name,
	.preempt_count = running_preempt_count,
};

static void stack_prepare(struct task *t, uint32_t *stack, uint32_t words)
{
	t->stack = stack;
	t->stack_words = words;
	for (unsigned i = 0; i < TASK_GUARD_WORDS; i++)
		stack[i] = TASK_GUARD;
}

void sched_init(uint32_t *stack, uint32_t stack_words)
{
	struct task *t = &tasks[0];

	t->name = "main";
	t->state = TASK_RUNNABLE;
	t->preempt_count = 1;
	t->done = (struct wait_queue)WAIT_QUEUE_INIT("the end of main", false);
	stack_prepare(t, stack, stack_words);
	current = t;
	running = &running_task;
}

struct task *task_create(const char *name, int (*fn)(void *arg), void *arg)
{
	struct task *t = NULL;
	unsigned long flags = irq_save();

	for (unsigned i = 0; i < TASKS_MAX && !t; i++)
		if (tasks[i].state == TASK_FREE)
			t = &tasks[i];
	if (t) {
		memset(t, 0, sizeof(*t));
		t->state = TASK_WAITING; /* taken, not yet runnable */
	}
	irq_restore(flags);
	if (!t)
		return NULL;

	struct page *stack_page = page_alloc(ZONE_LOWMEM, STACK_ORDER);

	if (!stack_page) {
		t->state = TASK_FREE;
		return NULL;
	}
	uint32_t *stack = stack_page->virtual;

	for (unsigned i = 0; i < TASK_STACK_SIZE / 4; i++)
		stack[i] = STACK_PATTERN;
	t->name = name;
	t->preempt_count = 1;
	t->done = (struct wait_queue)WAIT_QUEUE_INIT("a task's end", false);
	stack_prepare(t, stack, TASK_STACK_SIZE / 4);
	/* What task_switch pops: r3-r11, then the return address. */
	t->sp = stack + TASK_STACK_SIZE / 4 - 10;
	memset(t->sp, 0, 10 * 4);
	t->sp[1] = (uint32_t)fn;
	t->sp[2] = (uint32_t)arg;
	t->sp[9] = (uint32_t)task_entry;
	flags = irq_save();
	t->state = TASK_RUNNABLE;
	run_queue_add(t);
	irq_restore(flags);
	return t;
}

void task_exit(int code)
{
	irq_save();
	current->exit_code = code;
	current->state = TASK_DEAD;
	wake_up_all(&current->done);
	schedule();
	panic("a dead task was scheduled");
}

int task_join(struct task *task)
{
	unsigned long flags = irq_save();

	BUG_ON(task == current);
	while (task->state != TASK_DEAD) {
		BUG_ON(task->state == TASK_FREE); /* joined before: nobody would wake us */
		wait_on(&task->done);
	}
	irq_restore(flags);
	int code = task->exit_code;

	page_free(virt_to_page(task->stack), STACK_ORDER);
	task->state = TASK_FREE;
	return code;
}

void preempt_enable(void)
{
	unsigned long flags = irq_save();

	BUG_ON(current->preempt_count == 0);
	if (--current->preempt_count == 0 && cpu_local.need_resched && !(flags & PSR_I))
		schedule();
	irq_restore(flags);
}

const struct task *task_slot(unsigned i)
{
	return i < TASKS_MAX ? &tasks[i] : NULL;
}

bool task_guard_ok(const struct task *task)
{
	for (unsigned i = 0; i < TASK_GUARD_WORDS; i++)
		if (task->stack[i] != TASK_GUARD)
			return false;
	return true;
}

uint32_t task_stack_free(const struct task *task)
{
	uint32_t i = TASK_GUARD_WORDS;

	while (i < task->stack_words && (task->stack[i] == STACK_PATTERN || task->stack[i] == 0))
		i++;
	return (i - TASK_GUARD_WORDS) * 4;
}

const char *task_state_name(const struct task *task)
{
	if (task == current)
		return "running";
	if (task->state == TASK_RUNNABLE)
		return "runnable";
	if (task->state == TASK_DEAD)
		return "ended";
	return task->waiting_on ? "waiting" : "sleeping";
}

/* The task whose end t waits for, if it is that. */
static const struct task *joined_by(const struct task *t)
{
	for (unsigned i = 0; i < TASKS_MAX; i++)
		if (t->waiting_on == &tasks[i].done)
			return &tasks[i];
	return NULL;
}

void task_print_waits(void)
{
	for (unsigned i = 0; i < TASKS_MAX; i++) {
		const struct task *t = &tasks[i];

		if (t->state != TASK_WAITING)
			continue;
		const struct task *joined = joined_by(t);

		if (joined)
			printf("task %u %s waits for the end of %s\n", i, t->name, joined->name);
		else
			printf("task %u %s waits for %s\n", i, t->name,
			       t->waiting_on ? t->waiting_on->what : "the clock");
	}
}
