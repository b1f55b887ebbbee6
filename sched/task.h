/* SPDX-License-Identifier: MIT */
/* Tasks and the cooperative scheduler.
 *
 * A task runs until it yields, sleeps, waits or exits. It is preempted by an interrupt only
 * while its preempt_count is 0; tasks are born with 1, so preemption is something that a
 * task opens for a stretch of its own code (preempt_enable() ... preempt_disable()). */
#ifndef SCHED_TASK_H
#define SCHED_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "sched/wait.h"

#define TASKS_MAX	 32
#define TASK_STACK_SIZE	 8192
#define TASK_GUARD_WORDS 8
#define TASK_GUARD	 0x57ACC0DEu
#define TICK_HZ		 100

enum task_state { TASK_FREE, TASK_RUNNABLE, TASK_WAITING, TASK_DEAD };

struct task {
	uint32_t *sp; /* while switched out; first: sched/switch.S */
	uint32_t preempt_count;
	const char *name;
	enum task_state state;
	bool queued;	/* on the run queue */
	bool timed;	/* wake_tick counts */
	bool timed_out; /* what ended the last timed wait */
	uint32_t wake_tick;
	struct task *next; /* on the run queue or on waiting_on */
	struct wait_queue *waiting_on;
	uint32_t *stack; /* lowest word: the guard */
	uint32_t stack_words;
	int exit_code;
	struct wait_queue done; /* who joins */
	uint32_t switches;
};

/* What each CPU has of its own; one CPU here. */
struct cpu_local {
	struct task *current;
	volatile bool need_resched;
};
extern struct cpu_local cpu_local;
#define current (cpu_local.current)

/* Makes the running boot code the first task. Before it, current must not be used. */
void sched_init(uint32_t *stack, uint32_t stack_words);

/* Starts fn(arg) as a task; its return value is the exit code. NULL if there is no free task or
 * no memory for its stack. Context: task; does not sleep. */
struct task *task_create(const char *name, int (*fn)(void *arg), void *arg);

/* Ends the running task. Does not return. */
void task_exit(int code) __attribute__((noreturn));

/* Waits for task's end and frees it; returns its exit code. Once for each task. Context: may
 * sleep. */
int task_join(struct task *task);

/* Lets the other runnable tasks run first. Context: task, IRQs open. */
void task_yield(void);

/* At least ticks of 1/TICK_HZ s. Context: may sleep. */
void task_sleep(uint32_t ticks);

/* Makes a waiting task runnable; no effect on others. Context: any, IRQs masked. */
void task_wake(struct task *task);

/* Switches to the next runnable task. Context: IRQs masked; the caller has set its own
 * state. Comes back when this task runs again, IRQs masked. */
void schedule(void);

static inline void preempt_disable(void)
{
	current->preempt_count++;
	__asm__ volatile("" ::: "memory");
}
/* Switches at once if an interrupt asked for it meanwhile. */
void preempt_enable(void);

/* Timer tick. Context: IRQ. */
void sched_tick(void);
uint32_t sched_ticks(void);

/* The i-th task slot, for listings. */
const struct task *task_slot(unsigned i);
bool task_guard_ok(const struct task *task);
/* Bytes of stack that were never used. */
uint32_t task_stack_free(const struct task *task);
const char *task_state_name(const struct task *task);
/* Who waits for what, one line a task. */
void task_print_waits(void);

#endif
