/* SPDX-License-Identifier: MIT */
/* selftest=sched: order, waiting, time, ends and preemption. sched-overflow and sched-deadlock
 * must each end in the panic that names the task. */
#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "lib/irqflags.h"
#include "lib/panic.h"
#include "mm/page_alloc.h"
#include "sched/task.h"
#include "selftest/selftest.h"

static char events[64]; /* letters, in the order in which things happened */
static uint32_t faults;

static void event(char letter)
{
	size_t n = strlen(events);

	BUG_ON(n + 1 >= sizeof(events));
	events[n] = letter;
	events[n + 1] = '\0';
}

/* Compares with what happened since the last call. */
static void expect(const char *what, const char *want)
{
	if (strcmp(events, want) != 0) {
		printf("sched: %s: %s, must be %s\n", what, events, want);
		faults++;
	}
	events[0] = '\0';
}

static void check(bool ok, const char *what)
{
	if (!ok) {
		printf("sched: %s\n", what);
		faults++;
	}
}

static struct task *start(const char *name, int (*fn)(void *arg), void *arg)
{
	struct task *t = task_create(name, fn, arg);

	if (!t)
		panic("sched selftest: no task or stack for %s", name);
	return t;
}

static uint32_t ms_since(uint32_t clock)
{
	return (board_clock_ticks() - clock) / (board_clock_hz() / 1000);
}

/* ---- Order. ---- */

static int yielder(void *arg)
{
	for (int i = 0; i < 3; i++) {
		event(*(const char *)arg);
		task_yield();
	}
	return *(const char *)arg;
}

static void yields(void)
{
	struct task *t[3];

	for (int i = 0; i < 3; i++)
		t[i] = start("yielder", yielder, &"ABC"[i]);
	for (int i = 0; i < 3; i++)
		check(task_join(t[i]) == "ABC"[i], "a task's result is not what it returned");
	expect("three that yield", "ABCABCABC");
}

/* ---- Wait queues. ---- */

static struct wait_queue queue = WAIT_QUEUE_INIT("the sched selftest", false);

static int waiter(void *arg)
{
	unsigned long flags = irq_save();

	wait_on(&queue);
	irq_restore(flags);
	event(*(const char *)arg);
	return 0;
}

static void wait_queues(void)
{
	struct task *t[4];

	wake_up(&queue); /* nobody there: no effect */
	for (int i = 0; i < 4; i++) {
		t[i] = start("waiter", waiter, &"ABCD"[i]);
		task_yield();
	}
	task_yield();
	expect("before the wake-up", "");
	wake_up(&queue);
	event('1');
	task_yield();
	wake_up(&queue);
	wake_up(&queue);
	event('2');
	task_yield();
	check(wait_queue_active(&queue), "the last waiter has left before it was woken");
	wake_up_all(&queue);
	for (int i = 0; i < 4; i++)
		task_join(t[i]);
	expect("first come, first woken", "1A2BCD");
	check(!wait_queue_active(&queue), "somebody is left on the queue");
}

/* ---- Time. ---- */

static int sleeper(void *arg)
{
	uint32_t n = *(const char *)arg - '0', clock = board_clock_ticks();

	task_sleep(n);
	event(*(const char *)arg);
	/* The first tick may itself have been late, by less than half of one. */
	check(ms_since(clock) * TICK_HZ >= n * 1000 - 500, "a sleep was too short");
	return 0;
}

static int timed_waiter(void *arg)
{
	unsigned long flags = irq_save();
	bool woken = wait_on_timeout(&queue, (uint32_t)arg);

	irq_restore(flags);
	event(woken ? 'w' : 't');
	return 0;
}

static void times(void)
{
	struct task *t[3];

	for (int i = 0; i < 3; i++)
		t[i] = start("sleeper", sleeper, &"513"[i]);
	for (int i = 0; i < 3; i++)
		task_join(t[i]);
	expect("the shortest sleep ends first", "135");

	t[0] = start("timed-waiter", timed_waiter, (void *)2);
	task_join(t[0]);
	expect("a wait that nobody ends", "t");
	check(!wait_queue_active(&queue), "a time-out left its waiter on the queue");
	t[0] = start("timed-waiter", timed_waiter, (void *)200);
	task_yield();
	wake_up(&queue);
	task_join(t[0]);
	expect("a wait that is ended in time", "w");
}

/* ---- Ends. ---- */

static int leaver(void *arg)
{
	if (arg)
		task_exit(7);
	return -1;
}

static int nothing(void *arg)
{
	return (int)arg;
}

static void ends(void)
{
	uint32_t pages = zone_pages_free(ZONE_LOWMEM);
	struct task *t[TASKS_MAX], *early;
	uint32_t n = 0;

	check(task_join(start("leaver", leaver, "")) == 7, "task_exit(7) is not what join gave");
	early = start("leaver", leaver, NULL);
	task_yield(); /* it has ended before it is joined */
	check(strcmp(task_state_name(early), "ended") == 0, "an ended task is not said to be");
	check(task_join(early) == -1, "-1 is not what join gave");
	while ((t[n] = task_create("one-of-many", nothing, (void *)n)))
		n++;
	check(n == TASKS_MAX - 1, "the task table does not hold TASKS_MAX");
	for (uint32_t i = n; i-- > 0;)
		check(task_join(t[i]) == (int)i, "many tasks: a wrong exit code");
	check(zone_pages_free(ZONE_LOWMEM) == pages, "stacks of ended tasks were not freed");
}

static void stacks(void)
{
	struct task *t = start("leaver", leaver, NULL);
	uint32_t all = TASK_STACK_SIZE - TASK_GUARD_WORDS * 4, before = task_stack_free(t);

	task_yield();
	check(before > all - 100 && before <= all, "a new task's stack is not free");
	check(task_stack_free(t) < before, "a used stack is said to be unused");
	check(task_guard_ok(t), "the guard of a small task is gone");
	task_join(t);
}

/* ---- Preemption. ---- */

static volatile bool other_ran;

static int other(void *arg)
{
	(void)arg;
	unsigned long flags = irq_save();

	wait_on(&queue);
	irq_restore(flags);
	other_ran = true;
	event('o');
	return 0;
}

/* Context: IRQ. */
static void shot(void)
{
	event('!');
	wake_up(&queue);
	cpu_local.need_resched = true;
}

/* Waits, without giving way, for the shot and 2 ms more. */
static void spin(void)
{
	uint32_t clock = board_clock_ticks();

	while (!strchr(events, '!') && ms_since(clock) < 2000)
		;
	clock = board_clock_ticks();
	while (!other_ran && ms_since(clock) < 2)
		;
	event(other_ran ? 'y' : 'n');
}

static void preempted(bool open)
{
	struct task *t = start("other", other, NULL);

	task_yield();
	other_ran = false;
	cpu_local.need_resched = false;
	if (open)
		preempt_enable();
	board_oneshot_us(500, shot);
	spin();
	if (!open) { /* the switch is due, and done at the first opportunity */
		preempt_enable();
		event(other_ran ? 'Y' : 'N');
	}
	preempt_disable();
	task_join(t);
}

static void preemption(void)
{
	check(current->preempt_count == 1, "a task is not born closed to preemption");
	preempted(true);
	expect("open to preemption", "!oy");
	preempted(false);
	expect("closed to preemption", "!noY");
}

static bool sched_selftest(uint32_t runs, uint32_t seed)
{
	uint32_t rounds = runs ? runs : 3;

	(void)seed; /* nothing here is random */
	faults = 0;
	for (uint32_t i = 0; i < rounds; i++) {
		yields();
		wait_queues();
		times();
		ends();
		stacks();
		preemption();
	}
	printf("sched: %lu rounds of order, waiting, time, ends and preemption; %lu faults\n",
	       (unsigned long)rounds, (unsigned long)faults);
	return faults == 0;
}

SELFTEST(sched) = {
	.name = "sched",
	.what = "tasks: order, wait queues, time-outs, ends, preemption",
	.run = sched_selftest,
};

/* ---- What must end in a panic. ---- */

static __attribute__((noinline)) uint32_t deeper(uint32_t n)
{
	volatile uint32_t frame[4];

	for (unsigned i = 0; i < 4; i++)
		frame[i] = n;
	/* Into the guard and not further: what lies below is somebody else's. */
	if ((uintptr_t)frame >= (uintptr_t)(current->stack + TASK_GUARD_WORDS))
		frame[0] += deeper(n + 1);
	return frame[0];
}

static int glutton(void *arg)
{
	(void)arg;
	event(deeper(0) ? 'd' : '-');
	task_yield();
	return 0;
}

static bool sched_overflow(uint32_t runs, uint32_t seed)
{
	(void)runs;
	(void)seed;
	task_join(start("glutton", glutton, NULL));
	printf("sched: a stack that overflowed was not noticed\n");
	return false;
}

SELFTEST(sched_overflow) = {
	.name = "sched-overflow",
	.what = "a stack overflow: ends in the panic that names the task",
	.run = sched_overflow,
};

static struct wait_queue left = WAIT_QUEUE_INIT("the left fork", false);
static struct wait_queue right = WAIT_QUEUE_INIT("the right fork", false);

static int philosopher(void *arg)
{
	irq_save();
	wait_on(arg);
	return 0;
}

static bool sched_deadlock(uint32_t runs, uint32_t seed)
{
	struct task *t = start("plato", philosopher, &left);

	(void)runs;
	(void)seed;
	start("socrates", philosopher, &right);
	task_join(t);
	printf("sched: a deadlock was not noticed\n");
	return false;
}

SELFTEST(sched_deadlock) = {
	.name = "sched-deadlock",
	.what = "tasks that wait for one another: ends in the diagnosis",
	.run = sched_deadlock,
};
