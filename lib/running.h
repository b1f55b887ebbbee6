/* SPDX-License-Identifier: MIT */
/* Which task runs, for the rooms below sched/: sched/ answers, once it is up. */
#ifndef LIB_RUNNING_H
#define LIB_RUNNING_H

struct running {
	const char *(*name)(void);
	unsigned long (*preempt_count)(void);
};

/* NULL until sched_init(). */
extern const struct running *running;

/* The running task's name; "boot" before there are tasks. Context: any. */
static inline const char *running_name(void)
{
	return running ? running->name() : "boot";
}

#endif
