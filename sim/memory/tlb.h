/* SPDX-License-Identifier: MIT */
/* The main TLB: entries stay until an operation or a newer entry removes them. */
#ifndef SIM_MEMORY_TLB_H
#define SIM_MEMORY_TLB_H

#include <stdbool.h>
#include <stdint.h>

#define TLB_MAX	 128u
#define TLB_NONE 255u /* "MMU off": no entry behind a translation */

struct tlb_entry {
	uint32_t mva, mask; /* hit if (mva ^ entry.mva) & mask == 0 */
	uint32_t pa;	    /* of the first byte */
	uint8_t valid;
	uint8_t domain;
	uint8_t ap[4];	 /* AP of each quarter of the entry (subpages) */
	uint8_t attr;	 /* CM_C | CM_B */
	uint8_t section; /* came from the first-level table: chooses the fault status */
	uint8_t xn, apx; /* v6 */
	uint8_t global, asid;
};

struct tlb {
	struct tlb_entry e[TLB_MAX];
	uint32_t size, next;
	uint64_t fills, evictions, flushes;
};

struct cpu;

/* The slot that translates mva, or TLB_NONE. */
uint32_t tlb_find(const struct cpu *c, uint32_t mva);
/* Puts e in, replacing round robin; returns its slot. */
uint32_t tlb_insert(struct cpu *c, const struct tlb_entry *e);
void tlb_flush_all(struct cpu *c);
/* The entry of mva if it is global or of that ASID; TLB_ANY_ASID: whosever it is. */
#define TLB_ANY_ASID 256u
void tlb_flush_mva(struct cpu *c, uint32_t mva, uint32_t asid);
void tlb_flush_asid(struct cpu *c, uint32_t asid);

#endif
