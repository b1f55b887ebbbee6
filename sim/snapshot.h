/* SPDX-License-Identifier: MIT */
/* The whole machine's state, saved and restored in memory. Pages of RAM are copied only if
 * they changed and are shared between snapshots, so that a tree of them is cheap. */
#ifndef SIM_SNAPSHOT_H
#define SIM_SNAPSHOT_H

#include <stdint.h>

struct machine;
struct snapshot;

/* Between instructions only (not from a device or an access hook). NULL if out of memory.
 * What was printed stays printed; the serial input is not part of the state. */
struct snapshot *snapshot_take(struct machine *m);
/* To the same machine. Any number of times, in any order. */
void snapshot_restore(struct machine *m, const struct snapshot *s);
void snapshot_free(struct snapshot *s);
/* Pages that taking s had to copy. */
uint32_t snapshot_copied(const struct snapshot *s);
/* Drops the machine's own references; at its end. */
void snapshot_forget(struct machine *m);

#endif
