/* SPDX-License-Identifier: MIT */
/* D-cache maintenance by virtual address (MVA): the guarantee is in each name.
 *
 * The leaf operations of the core in use sit in one table, `dcache`; boot fills it with the
 * core's own, and with the cache model's where the probe finds that the D-cache holds
 * nothing. Everything above calls the range functions. */
#ifndef CACHE_OPS_H
#define CACHE_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_LINE 32u /* all ARM9 and ARM11 cores of the profile table */

struct dcache_ops {
	const char *name;
	/* Each line of [start, end), both line aligned; nothing if start >= end. No drain. */
	void (*clean_lines)(uintptr_t start, uintptr_t end);
	void (*inv_lines)(uintptr_t start, uintptr_t end);
	void (*clean_inv_lines)(uintptr_t start, uintptr_t end);
	/* As clean_inv_lines: for the partial lines at the edges of an invalidate. */
	void (*edge_lines)(uintptr_t start, uintptr_t end);
	void (*clean_inv_all)(void); /* ends with a drained write buffer */
	void (*drain)(void);
	/* Is there a dirty line anywhere? NULL: this core cannot say. */
	bool (*dirty)(void);
	/* A range is one instruction and no loop: there is no line to stop before, and after an
	 * interrupt it runs again from its start. */
	bool block;
};

/* In use now. Changed at boot, and by tests and instruments while nothing else runs: what
 * is off costs nothing, since the table then holds the plain loops. */
extern struct dcache_ops dcache;

/* Lines are found by virtual address: flush before an address changes its page. */
extern bool dcache_is_vivt;

/* All ranges: context any (IRQ too), never sleep, end with a drained write buffer. */

/* Memory holds what the CPU stored; the lines stay valid. Partial lines are whole ones. */
void dcache_clean_range(uintptr_t va, size_t len);
/* The CPU will read memory again; dirty data of the range is lost on purpose. Bytes outside
 * it, in the partial lines at its edges, are kept: those lines are cleaned as well. */
void dcache_inv_range(uintptr_t va, size_t len);
/* Both: memory holds what was stored, and the CPU will read memory again. */
void dcache_clean_inv_range(uintptr_t va, size_t len);

typedef void (*dcache_range_fn)(uintptr_t va, size_t len);

#endif
