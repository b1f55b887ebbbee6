/* SPDX-License-Identifier: MIT */
/* Level-2 descriptors: the bits that mean the same in the formats of all cores, for those who only
 * read them. The kinds in use are in mm/pgtable.h. */
#ifndef CACHE_PTE_H
#define CACHE_PTE_H

#define PTE_TYPE_MASK 0x3u /* 0: a fault */
#define PTE_B	      0x4u
#define PTE_C	      0x8u

#endif
