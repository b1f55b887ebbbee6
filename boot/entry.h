/* SPDX-License-Identifier: MIT */
/* What head.S found. */
#ifndef BOOT_ENTRY_H
#define BOOT_ENTRY_H

/* What is copied of the loader's list or tree: at least, if RAM has that, and at most (a tree;
 * those of a Pi have 30 KiB, and QEMU doubles what it is given). */
#define HANDOVER_MIN 0x1000
#define HANDOVER_MAX 0x20000

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Written by head.S in this order. */
struct boot_entry {
	uint32_t machine;   /* r1 as entered */
	uint32_t sctlr;	    /* as entered */
	uint32_t cpsr;	    /* as entered */
	uint32_t loaded_at; /* physical address of the image before it moved */
	uint32_t handover;  /* r2 as entered */
	uint32_t copied;    /* bytes at handover_copy; 0: r2 is no word address in RAM, or 0 */
};
extern const struct boot_entry boot_entry;
extern const char handover_copy[];
#endif

#endif
