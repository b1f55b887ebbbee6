/* SPDX-License-Identifier: MIT */
/* The pkmap rules (design.md section 4) once more, as plainly as they can be said: no PTEs, no
 * page->virtual, every question answered by looking at all slots. */
#ifndef TEST_HOST_PKMAP_ORACLE_H
#define TEST_HOST_PKMAP_ORACLE_H

#include "lib/memory_map.h"

enum { ORACLE_SLEEP = -1, ORACLE_NONE = -2 };

struct oracle {
	int slots;
	int last;	      /* the slot handed out last */
	int page[LAST_PKMAP]; /* where count > 0 */
	int count[LAST_PKMAP];
	unsigned cache_flushes, tlb_flushes, wraps, sleeps, mapped, unmapped;
};

static inline int oracle_slot_of(const struct oracle *o, int page)
{
	for (int s = 0; s < o->slots; s++)
		if (o->count[s] > 0 && o->page[s] == page)
			return s;
	return ORACLE_NONE;
}

/* Every slot that nobody uses becomes free. */
static inline void oracle_flush(struct oracle *o)
{
	int changed = 0;

	o->cache_flushes++;
	for (int s = 0; s < o->slots; s++)
		if (o->count[s] == 1) {
			o->count[s] = 0;
			changed++;
		}
	o->unmapped += changed;
	if (changed)
		o->tlb_flushes++;
}

/* One try to map a page: its slot, one user more; or ORACLE_SLEEP. */
static inline int oracle_kmap(struct oracle *o, int page)
{
	int slot = oracle_slot_of(o, page), misses = 0;

	while (slot == ORACLE_NONE) {
		o->last++;
		if (o->last == o->slots) { /* the wrap: as many misses again are allowed */
			o->last = 0;
			o->wraps++;
			oracle_flush(o);
			misses = 0;
		}
		if (o->count[o->last] == 0) {
			slot = o->last;
			o->page[slot] = page;
			o->count[slot] = 1;
			o->mapped++;
		} else if (++misses == o->slots) {
			o->sleeps++;
			return ORACLE_SLEEP;
		}
	}
	o->count[slot]++;
	return slot;
}

/* True if oracle_kmap() would find a slot. */
static inline int oracle_has_room(const struct oracle *o, int page)
{
	if (oracle_slot_of(o, page) != ORACLE_NONE)
		return 1;
	for (int s = 0; s < o->slots; s++)
		if (o->count[s] < 2)
			return 1;
	return 0;
}

#endif
