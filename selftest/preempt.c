/* SPDX-License-Identifier: MIT */
/* selftest=preempt: a task is switched away when it is open to it, when somebody asked for it,
 * and never with IRQs masked. */
#include <stdio.h>

#include "lib/irqflags.h"
#include "lib/panic.h"
#include "sched/task.h"
#include "selftest/selftest.h"

static uint32_t faults;
static volatile uint32_t others; /* how often the other task has run */
static bool born_open;

static void check(bool ok, const char *what)
{
	if (!ok) {
		printf("preempt: %s\n", what);
		faults++;
	}
}

static int other(void *arg)
{
	(void)arg;
	born_open = !irqs_masked();
	for (int i = 0; i < 4; i++) {
		others++;
		task_yield();
	}
	return 0;
}

static void ticks_pass(uint32_t n)
{
	uint32_t start = sched_ticks();

	while (sched_ticks() - start < n)
		;
}

static bool preempt_selftest(uint32_t runs, uint32_t seed)
{
	struct task *t = task_create("other", other, NULL);
	unsigned long flags;

	(void)runs;
	(void)seed;
	if (!t)
		panic("preempt selftest: no task or stack");
	faults = others = 0;
	cpu_local.need_resched = false;

	/* The other one is runnable all the time: what it gets of the CPU it got from a switch. */
	preempt_enable();
	ticks_pass(3);
	check(others == 0, "an interrupt that did not ask for a switch made one");

	flags = irq_save();
	cpu_local.need_resched = true;
	preempt_disable();
	preempt_enable();
	check(others == 0, "a task with IRQs masked was switched away");
	irq_restore(flags);

	preempt_disable();
	preempt_enable();
	check(others == 1, "a switch that was due was not made at the first opportunity");
	preempt_disable();
	preempt_enable();
	check(others == 1, "a switch was asked for once and made twice");
	preempt_disable();
	task_join(t);
	check(born_open, "a task was born with IRQs masked");
	check(others == 4, "the other task was not seen to its end");
	printf("preempt: %lu faults\n", (unsigned long)faults);
	return faults == 0;
}

SELFTEST(preempt) = {
	.name = "preempt",
	.what = "switches come when they are asked for and allowed, and at no other time",
	.run = preempt_selftest,
};
