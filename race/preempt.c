/* SPDX-License-Identifier: MIT */
/* How the thread of an exhibit is interrupted in the middle of its maintenance loop. */
#include "race/preempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/line_step.h"
#include "lib/irqflags.h"
#include "lib/params.h"
#include "mm/pkmap.h"
#include "sched/task.h"
#include "trace/ring.h"

struct preempt_plan preempt_plan = {.mode = PREEMPT_AT, .at = 41};

static struct {
	const struct task *task;
	struct wait_queue *go;
	struct preempt_plan plan;
	uint32_t lines; /* operations seen */
	volatile bool fired;
	uintptr_t va; /* of the operation that comes next */
} armed;
static struct preempt_seen seen;

/* Context: IRQ. The way out of the interrupt switches to the task that is woken here. */
static void fire(void)
{
	if (!armed.task || armed.fired)
		return;
	armed.fired = true;
	seen = (struct preempt_seen){true, armed.plan.mode == PREEMPT_AT, armed.lines, armed.va};
	trace_record(TRACE_PREEMPT,
		     armed.plan.mode == PREEMPT_BEFORE ? TRACE_BEFORE_LOOP : armed.plan.at,
		     armed.va, armed.lines,
		     is_pkmap_address((void *)armed.va) ? pkmap_count[pkmap_slot((void *)armed.va)]
							: 0);
	wake_up(armed.go);
	cpu_local.need_resched = true;
}

static void before_line(uintptr_t va)
{
	if (current != armed.task)
		return;
	armed.va = va;
	if (armed.lines == armed.plan.at && !armed.fired)
		board_softirq_raise();
	armed.lines++;
}

/* The drain at the end of the loop is where "after the last line" is. */
static void before_drain(void)
{
	if (current == armed.task && armed.lines == PREEMPT_AT_MAX &&
	    armed.plan.at == PREEMPT_AT_MAX && !armed.fired)
		board_softirq_raise();
}

static void spend(uint32_t ticks)
{
	uint32_t start = board_clock_ticks();

	while (board_clock_ticks() - start < ticks)
		;
}

void preempt_arm(const struct preempt_plan *plan, struct wait_queue *go)
{
	static const struct line_step_hooks hooks = {before_line, before_drain};

	armed.go = go;
	armed.plan = *plan;
	armed.lines = 0;
	armed.fired = false;
	armed.va = 0;
	seen = (struct preempt_seen){.taken = false};
	armed.task = current;
	cpu_local.need_resched = false;
	preempt_enable();
	switch (plan->mode) {
	case PREEMPT_OFF:
		break;
	case PREEMPT_AT:
		board_softirq_init(fire);
		line_step_install(&hooks);
		break;
	case PREEMPT_BEFORE:
		board_softirq_init(fire);
		board_softirq_raise();
		break;
	case PREEMPT_IRQ:
		board_oneshot_us(plan->us, fire); /* last: the time runs from here */
		if (plan->spent)
			spend(plan->spent);
		break;
	}
}

bool preempt_disarm(void)
{
	preempt_disable();
	if (armed.plan.mode == PREEMPT_AT)
		line_step_remove();
	if (armed.plan.mode == PREEMPT_IRQ)
		board_oneshot_cancel();
	armed.task = NULL;
	return armed.fired;
}

const struct preempt_seen *preempt_seen(void)
{
	return &seen;
}

static const char *preempt_set(const char *text)
{
	char *end;

	if (strcmp(text, "off") == 0) {
		preempt_plan.mode = PREEMPT_OFF;
		return NULL;
	}
	if (strcmp(text, "irq") == 0) {
		preempt_plan.mode = PREEMPT_IRQ;
		return NULL;
	}
	if (strcmp(text, "before") == 0) {
		preempt_plan.mode = PREEMPT_BEFORE;
		return NULL;
	}
	if (strncmp(text, "at:", 3) != 0 || text[3] < '0' || text[3] > '9')
		return "no such way to preempt";
	unsigned long at = strtoul(text + 3, &end, 10);

	if (*end || at > PREEMPT_AT_MAX)
		return "the line operation must be a number from 0 to 128";
	preempt_plan.mode = PREEMPT_AT;
	preempt_plan.at = at;
	return NULL;
}

void preempt_show(char *buf, size_t len)
{
	static const char *const names[] = {
		[PREEMPT_OFF] = "off", [PREEMPT_IRQ] = "irq", [PREEMPT_BEFORE] = "before"};

	if (preempt_plan.mode == PREEMPT_AT)
		snprintf(buf, len, "at:%lu", (unsigned long)preempt_plan.at);
	else
		snprintf(buf, len, "%s", names[preempt_plan.mode]);
}

PARAM_CUSTOM(preempt, PARAM_ANY, preempt_set, preempt_show, "off|irq|before|at:0..at:128",
	     "interrupt the maintenance loop: never, by a timer, before dma_map_page() has begun, "
	     "or just before line operation N");
