/* SPDX-License-Identifier: MIT */
/* Waking: only a task that waits is made runnable, once, and taken off its queue; the queues are
 * changed with IRQs masked, whoever calls. And what the tick wakes. */
#include "host_sched.h"

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
	};

	return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
