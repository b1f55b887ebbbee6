/* SPDX-License-Identifier: MIT */
/* Small-page descriptors of the ARMv4/v5 MMU (DDI0198D chapter 3), and those that only the
 * trap handler reads. */
#ifndef CACHE_PTE_H
#define CACHE_PTE_H

/* Small-page descriptor: type 2, four AP fields (all: privileged read/write, no user), C, B. */
#define PTE_TYPE_MASK 0x3u
#define PTE_SMALL     0x2u
#define PTE_B	      0x4u
#define PTE_C	      0x8u
#define PTE_AP_KERNEL 0x550u
#define PTE_CACHED    (PTE_AP_KERNEL | PTE_C | PTE_B | PTE_SMALL)
#define PTE_UNCACHED  (PTE_AP_KERNEL | PTE_SMALL)
/* Type 0 is a fault to the MMU, which then ignores all other bits: a descriptor that only
 * the trap handler can read. Used for highmem while the cache model stands in. */
#define PTE_TRAPPED (PTE_AP_KERNEL | PTE_C | PTE_B)

#endif
