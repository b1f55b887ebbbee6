/* SPDX-License-Identifier: MIT */
/* mm/pkmap.c and mm/kmap_atomic.c under the eyes of the hardware they drive and of the oracle. */
#ifndef TEST_HOST_PKMAP_H
#define TEST_HOST_PKMAP_H

#include <stdint.h>

#include "host_mm.h"
#include "host_pkmap_oracle.h"

#define HOST_HIGH_PAGES ((int)(HOST_PAGES - HOST_LOW_PAGES))

extern struct oracle now; /* how it must be after the step under way */
extern unsigned cache_flushes, tlb_flushes;
extern uintptr_t cleaned_page;	 /* by clean+invalidate, since the last look */
extern uintptr_t fixmap_flushed; /* from the TLB, likewise */
extern int fixmap_count;	 /* kmap_atomic()'s own slots that must be in use */

/* Nothing mapped, a window of so many slots, a VIVT cache or what dcache_is_vivt says. */
void host_pkmap_start(int slots);

/* Fails unless all slots, addresses, descriptors and flushes are as `now` has them. */
void host_pkmap_compare(void);

void *host_slot_address(int slot);

#endif
