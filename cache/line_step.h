/* SPDX-License-Identifier: MIT */
/* An instrument: a hook before each line operation and each drain.
 *
 * Installed, it puts itself into the `dcache` table and calls the operations that were there
 * one line at a time. Not installed, it costs nothing: the table holds the plain loops. */
#ifndef CACHE_LINE_STEP_H
#define CACHE_LINE_STEP_H

#include <stdint.h>

struct line_step_hooks {
	void (*line)(uintptr_t va); /* before the operation on this line */
	void (*drain)(void);	    /* before a drain */
};

/* Context: task; nothing else may be using the cache operations' table. */
void line_step_install(const struct line_step_hooks *hooks);
void line_step_remove(void);

#endif
