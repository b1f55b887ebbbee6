/* SPDX-License-Identifier: MIT */
/* The kernel's view of addresses, drawn once. Usable from C and assembly.
 *
 *   virtual                        what
 *   0xBFE00000 - 0xBFFFFFFF  2 MiB pkmap window, LAST_PKMAP slots of 4 KiB
 *   0xC0000000 - 0xCFFFFFFF        lowmem, linear: VA = PA - PHYS_RAM_BASE + PAGE_OFFSET
 *     +0x4000 level-1 table, +0x8000 the image
 *   0xD0000000 - 0xEFFFFFFF        the cache model's bus window: all RAM, uncached
 *                                  (there only while the model stands in for the D-cache)
 *   0xF0000000 - 0xF0FFFFFF        devices, strongly ordered (boards/<board>/board.h)
 *   0xFFC00000 - 0xFFDFFFFF  2 MiB consistent (uncached) DMA memory
 *   0xFFF00000 - 0xFFFDFFFF        fixmap: kmap_atomic slots, KM_SLOTS a CPU
 *   0xFFFF0000                     vectors (high: SCTLR.V)
 *
 * The ranges of pkmap, consistent memory and fixmap are those of Linux 2.6.30 on ARM.
 * The physical map is the board's: boards/<board>/board.h. */
#ifndef LIB_MEMORY_MAP_H
#define LIB_MEMORY_MAP_H

#define PAGE_SHIFT 12
#define PAGE_SIZE  0x1000
#define PAGE_MASK  0xFFFFF000

#define SECTION_SHIFT 20
#define SECTION_SIZE  0x100000

#define PAGE_OFFSET  0xC0000000
#define L1_TABLE_OFF 0x4000 /* 16 KiB, 16 KiB aligned (DDI0198D 3.2.2) */
#define TEXT_OFFSET  0x8000
#define LOWMEM_MAX   0x10000000
#define LOWMEM_MIN   0x400000 /* what head.S maps before the command line is read */

#define PKMAP_BASE	0xBFE00000 /* PAGE_OFFSET - 2 MiB */
#define LAST_PKMAP	512
#define BUS_BASE	0xD0000000
#define BUS_SIZE	0x20000000
#define IO_BASE		0xF0000000
#define CONSISTENT_BASE 0xFFC00000
#define CONSISTENT_SIZE 0x200000
#define FIXMAP_BASE	0xFFF00000
#define FIXMAP_SLOTS	224 /* up to 0xFFFDFFFF */
#define VECTORS_BASE	0xFFFF0000

#endif
