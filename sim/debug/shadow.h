/* SPDX-License-Identifier: MIT */
/* Hunter mode's memory: what maintenance each 32 bytes of RAM are owed, and by whom.
 *
 * The cache itself forgets by luck: an eviction writes dirty data back, a fill fetches new
 * data, a full write buffer empties. The shadow does not look at that. A debt stays until the
 * image's own operation pays it, so a run in which luck saved the data convicts as well.
 *
 *   U_PRESENT    the CPU came by here through the cache since the last invalidate: a line
 *                may hold it; a device's write then makes it owe an invalidate
 *   U_DIRTY      stored through the cache since the last clean: owes a clean
 *   U_UNDRAINED  cleaned, or stored past the cache, since the last drain: owes a drain
 *
 * A store owes a clean whether or not a line was there to take it: that depends on who read
 * the neighbourhood before. But an invalidate destroys only what a line held (U_HELD).
 *
 * A taint is a byte of which nobody can say any more which of two values is read:
 *
 *   lost     stored, not cleaned, invalidated
 *   behind   written by a device while a clean line may have held it
 *   corrupt  written by a device while a dirty line, or the write buffer, may have held it
 *
 * Whoever overwrites a tainted byte removes the taint; whoever reads it is reported.
 */
#ifndef SIM_DEBUG_SHADOW_H
#define SIM_DEBUG_SHADOW_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct machine;

#define UNIT	    32u
#define UNITS	    128u /* a page */
#define UNIT_NO_VA  1u	 /* never a line's address */
#define U_PRESENT   1u
#define U_DIRTY	    2u
#define U_UNDRAINED 4u
#define U_CODE	    8u	 /* instructions were fetched from it */
#define U_ICACHE    16u	 /* by the I-cache, and not invalidated there since */
#define U_OTHER_OLD 32u	 /* stored to since it came in by the other address too */
#define U_LISTED    64u	 /* is in the list of what an operation on the whole cache concerns */
#define U_HELD	    256u /* a line was allocated for it: by a load, or a store if those allocate */
#define U_SAID	    128u /* this debt was reported */

struct unit {
	/* Of a tainted byte the other possible value; of the rest, if U_DIRTY or U_UNDRAINED,
	 * what memory held before. */
	uint8_t alt[UNIT];
	uint32_t pa;
	uint32_t va, other; /* the MVA it was last cached by, and one before it (VIVT) */
	uint32_t lost, behind, corrupt; /* bit a byte */
	uint32_t pending;		/* bytes that wait for the drain */
	uint32_t code;			/* bytes that changed behind the I-cache */
	uint32_t epoch;			/* the drains seen when it became U_UNDRAINED */
	uint32_t filled, stored, invalidated, transfer; /* PCs; 0 unknown */
	uint16_t flags;
	uint8_t halves; /* dirty ones of the line */
};

/* A page of MVAs: the RAM page it was last cached as, and the one before that; address | 1. */
struct vpage {
	uint32_t pa, before;
};

struct shadow {
	struct unit **page; /* by RAM page; NULL: nothing owed */
	uint32_t npages;
	struct vpage *vmap;
	struct unit **live; /* U_LISTED */
	uint32_t nlive, room;
	uint32_t epoch; /* drains seen */
	uint8_t *swept; /* sets and ways that a loop over them has reached */
	uint32_t swept_count, swept_op;
	uint64_t overwritten; /* taints that nobody read */
};

struct shadow *shadow_new(struct cpu *c);
void shadow_free(struct shadow *s);
/* An independent copy; NULL when there is no memory for it. */
struct shadow *shadow_copy(struct cpu *c, const struct shadow *s);

/* The unit of pa; NULL outside RAM, or if there is none yet and make is false. */
struct unit *shadow_at(struct cpu *c, uint32_t pa, bool make);
/* Puts u on the list of live units. */
void shadow_list(struct shadow *s, struct unit *u);
/* The n-th unit (0, 1) that a VIVT cache may hold under the line address mva; else NULL. */
struct unit *shadow_under(struct cpu *c, uint32_t mva, unsigned int n);
/* The page of mva is now cached as that of pa. */
void shadow_map(struct cpu *c, uint32_t mva, uint32_t pa);

/* u's bytes as the CPU would read them through the cache, and as memory has them once the
 * write buffer is empty. */
void shadow_view(struct cpu *c, const struct unit *u, uint8_t *out);
void shadow_memory(struct cpu *c, const struct unit *u, uint8_t *out);

/* The mask of len bytes at pa, as far as they lie in its unit. */
uint32_t unit_bytes(uint32_t pa, uint32_t len);
/* The bytes of u in dirty halves of its line, those that luck wrote back counted in. */
uint32_t unit_dirty_bytes(struct cpu *c, const struct unit *u);
static inline uint32_t unit_taints(const struct unit *u)
{
	return u->lost | u->behind | u->corrupt;
}
/* Bytes that were written anew: their taints are gone. */
void unit_overwritten(struct shadow *s, struct unit *u, uint32_t bytes);

/* ---- the fast path of loads and stores (mem.h) ---- */
/* What may go on unseen at u, cached by tag: bit 0 loads, bit 1 stores too. */
uint32_t shadow_permits(const struct unit *u, uint32_t tag);
/* The next access to pa's line takes the full path. */
void shadow_hints_forget(struct cpu *c, uint32_t pa);
void shadow_hints_forget_all(struct cpu *c);

#endif
