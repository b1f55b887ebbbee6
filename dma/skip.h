/* SPDX-License-Identifier: MIT */
/* skip=: takes one maintenance call out of the DMA path, so that a test can show that it would
 * be missed. */
#ifndef DMA_SKIP_H
#define DMA_SKIP_H

/* Takes out what skip= names; with skip=none nothing changes and nothing costs. Comes after boot
 * has chosen the cache operations: the parameter is read before their table is filled. Context:
 * task, no mapping under way. */
void skip_apply(void);
/* Puts it back. Context: as skip_apply(). */
void skip_undo(void);

#endif
