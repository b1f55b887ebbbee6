/* SPDX-License-Identifier: MIT */
/* Waking: only a task that waits is made runnable, once, and taken off its queue; the queues are
 * changed with IRQs masked, whoever calls. And the order of the run queue, the tick, idleness. */
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

static void who_does_not_wait_is_not_woken(void **state)
{
	(void)state;
	tasks[1].state = TASK_FREE;
	tasks[2].state = TASK_DEAD;
	tasks[3].timed_out = true; /* of its last wait: still to be looked at */
	for (unsigned i = 0; i < 4; i++)
		wake_masked(i);
	assert_int_equal(tasks[0].state, TASK_RUNNABLE);
	assert_int_equal(tasks[1].state, TASK_FREE);
	assert_int_equal(tasks[2].state, TASK_DEAD);
	assert_true(tasks[3].timed_out);
	assert_string_equal(run_order(), "");
}

static void a_task_is_woken_once(void **state)
{
	(void)state;
	wait_as(1);
	wait_as(2);
	wake_masked(1);
	wake_masked(1);
	assert_string_equal(run_order(), "1");
	assert_int_equal(tasks[1].state, TASK_RUNNABLE);
	assert_null(tasks[1].waiting_on);
	assert_ptr_equal(queue.head, &tasks[2]); /* the other one waits on */
}

static void first_come_first_woken(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 5; i++)
		wait_as(i);
	wake_masked(3); /* from the middle */
	wake_up(&queue);
	wake_up_all(&queue);
	assert_null(queue.head);
	wake_up(&queue); /* nobody there: no effect */
	wake_up_all(&queue);
	assert_string_equal(run_order(), "3124");
}

/* ---- With IRQs open: what the queues look like while they are. ---- */

static unsigned openings;

void host_irqs_opened(void)
{
	unsigned waiting = 0, queued = 0;

	if (!watched)
		return;
	openings++;
	/* Each task is whole: on the queue and waiting, or off both. */
	for (struct task *t = queue.head; t; t = t->next, waiting++)
		assert_int_equal(t->state, TASK_WAITING);
	for (unsigned i = 1; i < 5; i++) {
		assert_int_equal(tasks[i].queued, tasks[i].state == TASK_RUNNABLE);
		queued += tasks[i].queued;
	}
	assert_int_equal(waiting + queued, 4);
}

static void the_queue_is_changed_with_irqs_masked(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 5; i++)
		wait_as(i);
	openings = 0;
	watched = true;
	wake_up(&queue);
	assert_int_equal(openings, 1);
	assert_int_equal(host_irq_mask, 0);
	wake_up_all(&queue); /* three, and masked through all of it */
	assert_int_equal(openings, 2);
	assert_int_equal(host_irq_mask, 0);
	watched = false;
	assert_string_equal(run_order(), "1234");
	setup(NULL);
	wait_as(1);
	host_irq_mask = PSR_I; /* from an interrupt: it stays masked */
	wake_up(&queue);
	wake_up_all(&queue);
	assert_int_equal(host_irq_mask, PSR_I);
}

/* ---- The tick. ---- */

static void timed(unsigned i, uint32_t at)
{
	tasks[i].state = TASK_WAITING;
	tasks[i].timed = true;
	tasks[i].wake_tick = at;
}

static void the_tick_wakes_whose_time_has_come(void **state)
{
	(void)state;
	ticks = 0xFFFFFFFE;
	timed(1, 0xFFFFFFFF);
	timed(2, 0); /* beyond the counter's end */
	timed(3, 1);
	tasks[3].timed = false; /* waits for something else than time */
	wait_as(4);
	timed(4, 0);
	tasks[5].wake_tick = 0; /* runs */
	sched_tick();
	assert_string_equal(run_order(), "1");
	sched_tick();
	assert_int_equal(sched_ticks(), 0);
	assert_string_equal(run_order(), "24");
	assert_true(tasks[1].timed_out && tasks[2].timed_out && tasks[4].timed_out);
	assert_null(queue.head); /* and off the queue it waited on */
	sched_tick();
	assert_string_equal(run_order(), "");
	wait_as(4);
	wake_masked(4);
	assert_false(tasks[4].timed_out); /* this time it was woken */
}

static void a_tick_passes(void)
{
	irq_save(); /* as the handler has it */
	assert_int_equal(current->state, TASK_WAITING);
	sched_tick();
	host_irq_mask = 0;
}

/* At least so long: the tick that runs when it falls asleep is partly over. */
static void a_sleep_takes_one_tick_more(void **state)
{
	(void)state;
	while_idle = a_tick_passes;
	for (uint32_t n = 0; n < 4; n++) {
		uint32_t before = sched_ticks();

		task_sleep(n);
		assert_int_equal(sched_ticks() - before, n + 1);
		assert_int_equal(current->state, TASK_RUNNABLE);
		assert_false(current->timed);
		assert_int_equal(host_irq_mask, 0);
	}
	host_irq_mask = PSR_I;
	task_sleep(1);
	assert_int_equal(host_irq_mask, PSR_I);
}

/* ---- Who runs next. ---- */

static void yields_go_round(void **state)
{
	(void)state;
	wait_as(1);
	wait_as(2);
	wake_up_all(&queue);
	cpu_local.need_resched = true;
	trace_on = true;
	task_yield();
	trace_on = false;
	assert_int_equal(trace_count(), 1);
	assert_int_equal(trace_at(0)->kind, TRACE_SWITCH);
	assert_string_equal((const char *)trace_at(0)->detail, "a task"); /* who was left */
	assert_ptr_equal(current, &tasks[1]);
	assert_false(cpu_local.need_resched);
	task_yield();
	assert_ptr_equal(current, &tasks[2]);
	task_yield();
	assert_ptr_equal(current, &tasks[0]);
	assert_int_equal(switches, 3);
	for (unsigned i = 1; i <= 9; i++) {
		task_yield();
		assert_ptr_equal(current, &tasks[i % 3]);
	}
	assert_int_equal(tasks[1].switches, 4);
	assert_int_equal(host_irq_mask, 0);
}

/* Woken between wait_prepare() and schedule(): it is in the queue once, and runs once. */
static void woken_before_it_slept(void **state)
{
	(void)state;
	host_irq_mask = PSR_I;
	wait_as(1);
	task_wake(&tasks[1]);
	wait_prepare(&queue);
	wake_up(&queue);
	schedule();
	assert_ptr_equal(current, &tasks[1]);
	current->state = TASK_DEAD;
	schedule();
	assert_ptr_equal(current, &tasks[0]);
	assert_string_equal(run_order(), "");
}

static void alone_it_goes_on(void **state)
{
	(void)state;
	task_yield();
	assert_ptr_equal(current, &tasks[0]);
	assert_int_equal(switches, 0);
}

static void interrupt_wakes_2(void)
{
	if (sleeps == 3)
		wake_up(&queue);
}

static void with_nobody_to_run_it_sleeps_for_an_interrupt(void **state)
{
	(void)state;
	wait_as(2);
	while_idle = interrupt_wakes_2;
	host_irq_mask = PSR_I;
	current->state = TASK_DEAD;
	schedule();
	assert_int_equal(sleeps, 3); /* interrupts that woke nobody before it */
	assert_ptr_equal(current, &tasks[2]);
	assert_int_equal(tasks[0].preempt_count, 0);
	assert_int_equal(host_irq_mask, PSR_I);
}

static void interrupt_wakes_0(void)
{
	wake_masked(0);
}

static void the_sleeper_itself_may_be_the_one(void **state)
{
	(void)state;
	while_idle = interrupt_wakes_0;
	host_irq_mask = PSR_I;
	wait_on(&queue);
	assert_ptr_equal(current, &tasks[0]);
	assert_int_equal(switches, 0);
	assert_int_equal(sleeps, 1);
}

static void ticks_until_it_wakes(void)
{
	while (tasks[0].state == TASK_WAITING)
		sched_tick();
}

/* Else the next wait, which has no time, would be ended by the clock. */
static void a_sleep_leaves_no_time_behind(void **state)
{
	(void)state;
	while_idle = ticks_until_it_wakes;
	task_sleep(3);
	assert_int_equal(sched_ticks(), 4);
	assert_false(tasks[0].timed);
}

/* A wait that no interrupt can end is a deadlock, said at once; time and devices are not. */
static void a_deadlock_is_said_and_others_are_not(void **state)
{
	(void)state;
	queue.external = false;
	host_irq_mask = PSR_I;
	if (!setjmp(panic_exit)) {
		wait_on(&queue);
		fail();
	}
	assert_string_equal(panic_text, "all tasks wait for one another");
	assert_int_equal(waits_printed, 1);
	assert_int_equal(sleeps, 0);
	setup(NULL);
	queue.external = false;
	while_idle = interrupt_wakes_0;
	host_irq_mask = PSR_I;
	assert_true(wait_on_timeout(&queue, 5)); /* the tick would end it */
	assert_int_equal(tasks[0].wake_tick, 6);
	assert_false(tasks[0].timed);
	assert_int_equal(sleeps, 1);
}

static void a_broken_guard_and_open_irqs_are_caught(void **state)
{
	(void)state;
	guard_ok = false;
	if (!setjmp(panic_exit)) {
		task_yield();
		fail();
	}
	assert_non_null(strstr(panic_text, "stack of task a task overflowed"));
	guard_ok = true;
	host_irq_mask = 0;
	if (!setjmp(panic_exit)) {
		schedule();
		fail();
	}
	assert_non_null(strstr(panic_text, "irqs_masked"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(who_does_not_wait_is_not_woken),
		T(a_task_is_woken_once),
		T(first_come_first_woken),
		T(the_queue_is_changed_with_irqs_masked),
		T(the_tick_wakes_whose_time_has_come),
		T(a_sleep_takes_one_tick_more),
		T(yields_go_round),
		T(woken_before_it_slept),
		T(alone_it_goes_on),
		T(with_nobody_to_run_it_sleeps_for_an_interrupt),
		T(the_sleeper_itself_may_be_the_one),
		T(a_sleep_leaves_no_time_behind),
		T(a_deadlock_is_said_and_others_are_not),
		T(a_broken_guard_and_open_irqs_are_caught),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
