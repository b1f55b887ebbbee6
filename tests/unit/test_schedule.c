/* SPDX-License-Identifier: MIT */
/* Who runs next: the run queue's order, idleness, and the diagnoses. */
#include "host_sched.h"

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
