/* SPDX-License-Identifier: MIT */
/* The console: reads lines and runs them until `exit`. */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

struct monitor_io {
	int (*get)(void);    /* next byte from the console; sleeps until there is one;
			      * negative: the input has ended */
	void (*put)(char c); /* one byte out, at once; '\n' as printf's output makes it */
	/* After `exit [status]`, `quit` or the end of the input; may not return (the kernel
	 * ends there). May be NULL. */
	void (*leave)(unsigned status);
};

/* Runs the console. Commands print by printf to the same place put() writes to; stdout is
 * flushed before each prompt. Returns the exit status if io->leave returns. Context: a task,
 * which sleeps in io->get(); there is one monitor at a time. */
unsigned monitor_run(const struct monitor_io *io);

#endif
