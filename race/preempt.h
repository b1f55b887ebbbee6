/* SPDX-License-Identifier: MIT */
/* How the thread of an exhibit is interrupted in the middle of its maintenance loop: always
 * by a real interrupt, on the stack of the thread, through the ordinary way out of an IRQ. */
#ifndef RACE_PREEMPT_H
#define RACE_PREEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/wait.h"

enum preempt_mode {
	PREEMPT_OFF, /* never */
	PREEMPT_IRQ, /* a timer, a random time after the start: the plain loop runs */
	PREEMPT_AT,  /* a software interrupt just before line operation `at` */
	/* The same before dma_map_page() has looked for the page's address: there is no loop yet.
	 */
	PREEMPT_BEFORE,
};

#define PREEMPT_AT_MAX 128 /* after the last line of a page */

struct preempt_plan {
	enum preempt_mode mode;
	uint32_t at; /* PREEMPT_AT: line operation, from 0 */
	uint32_t us; /* PREEMPT_IRQ: delay of the timer */
	/* PREEMPT_IRQ: ticks of the board's clock, less than a microsecond of them, that the task
	 * spends before it goes on. A block operation is shorter than the timer's unit: begun at
	 * one of its edges, it would be over before the next each time. */
	uint32_t spent;
};

/* What preempt= says now. */
extern struct preempt_plan preempt_plan;
void preempt_show(char *buf, size_t len);

/* From now until preempt_disarm(), the plan may interrupt the calling task, which opens
 * itself to preemption; the interrupt wakes the first sleeper of `go`, which then runs. Context:
 * task. */
void preempt_arm(const struct preempt_plan *plan, struct wait_queue *go);
/* Returns true if the interrupt came. */
bool preempt_disarm(void);

/* Where the interrupt was taken, for the judgement afterwards. */
struct preempt_seen {
	bool taken;
	bool counted;	/* PREEMPT_AT: the line operations were counted, and the rest is known */
	uint32_t lines; /* line operations before it */
	uintptr_t va;	/* of the last operation announced: the next one, if one was to come */
};
const struct preempt_seen *preempt_seen(void);

#endif
