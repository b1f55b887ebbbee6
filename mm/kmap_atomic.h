/* SPDX-License-Identifier: MIT */
/* Short-lived mappings that never sleep: a stack of fixmap slots for each CPU. */
#ifndef MM_KMAP_ATOMIC_H
#define MM_KMAP_ATOMIC_H

#include "mm/page.h"

#define KM_SLOTS 16 /* nesting depth a CPU */

/* An address for page until kunmap_atomic(); undone in reverse order. Uses the page's pkmap
 * mapping if there is one (by kmap_high_get: on a VIVT cache its lines are findable only
 * there), else a fixmap slot. Preemption is off in between. Context: any. */
void *kmap_atomic(struct page *page);

/* As kmap_atomic, but always a fixmap slot for a highmem page: on a VIVT cache this is an
 * alias which does not see the lines under the pkmap address. */
void *kmap_atomic_slot(struct page *page);

void kunmap_atomic(void *va);

#endif
