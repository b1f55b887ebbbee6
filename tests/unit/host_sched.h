/* SPDX-License-Identifier: MIT */
/* sched/schedule.c on a core that the test plays: six tasks, one queue, nobody switched for real.
 * For one program each: it is all static. */
#ifndef TEST_HOST_SCHED_H
#define TEST_HOST_SCHED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/irqflags.h"
#include "lib/panic.h"
#include "sched/task.h"

/* The core's own: the test has no interrupts but those it plays. */
#define CACHE_CP15_H
#define irq_enable	     host_irq_enable
#define panic_status(s, ...) panic(__VA_ARGS__)
static void cp15_wfi(void);
static void host_irq_enable(void);
#include "sched/schedule.c"

struct cpu_local cpu_local;
static struct task tasks[TASKS_MAX];
static struct wait_queue queue;
static bool guard_ok;
static unsigned switches, sleeps, waits_printed;
static jmp_buf panic_exit;
static char panic_text[120];
static void (*while_idle)(void);
static bool watched; /* by host_irqs_opened() */

void task_switch(struct task *from, struct task *to)
{
	assert_int_equal(host_irq_mask, PSR_I);
	assert_ptr_not_equal(from, to);
	assert_ptr_equal(current, to);
	switches++;
}

const struct task *task_slot(unsigned i)
{
	return i < TASKS_MAX ? &tasks[i] : NULL;
}

bool task_guard_ok(const struct task *task)
{
	(void)task;
	return guard_ok;
}

void task_print_waits(void)
{
	waits_printed++;
}

void host_panic(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	(void)file;
	(void)line;
	va_start(ap, fmt);
	vsnprintf(panic_text, sizeof(panic_text), fmt, ap);
	va_end(ap);
	longjmp(panic_exit, 1);
}

static void cp15_wfi(void)
{
	assert_int_equal(host_irq_mask, PSR_I); /* or the interrupt comes before the sleep */
	sleeps++;
}

static void host_irq_enable(void)
{
	/* The way out of the interrupt must not come back into schedule(). */
	assert_true(current->preempt_count > 0);
	host_irq_mask = 0;
	while_idle();
}

static int setup(void **state)
{
	(void)state;
	memset(tasks, 0, sizeof(tasks));
	for (unsigned i = 0; i < 6; i++)
		tasks[i] = (struct task){.name = "a task", .state = TASK_RUNNABLE};
	queue = (struct wait_queue)WAIT_QUEUE_INIT("the test", true);
	run_head = run_tail = NULL;
	ticks = 0;
	current = &tasks[0];
	host_irq_mask = 0;
	guard_ok = true;
	switches = sleeps = waits_printed = 0;
	watched = false;
	while_idle = NULL;
	return 0;
}

static void wait_as(unsigned i)
{
	struct task *was = current;

	current = &tasks[i];
	wait_prepare(&queue);
	current = was;
}

/* The tasks that the run queue holds, in order, as digits. */
static const char *run_order(void)
{
	static char text[TASKS_MAX + 1];
	unsigned n = 0;
	struct task *t;

	while ((t = run_queue_take()))
		text[n++] = (char)('0' + (t - tasks));
	text[n] = '\0';
	return text;
}

static void wake_masked(unsigned i)
{
	unsigned long flags = irq_save();

	task_wake(&tasks[i]);
	irq_restore(flags);
}

#endif
