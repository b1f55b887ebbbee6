/* SPDX-License-Identifier: MIT */
/* What head.S found. */
#ifndef BOOT_ENTRY_H
#define BOOT_ENTRY_H

#include <stdint.h>

/* Written by head.S in this order. */
struct boot_entry {
	uint32_t machine;   /* r1 as entered */
	uint32_t sctlr;	    /* as entered */
	uint32_t cpsr;	    /* as entered */
	uint32_t loaded_at; /* physical address of the image before it moved */
	uint32_t atags;	    /* r2 as entered */
};
extern const struct boot_entry boot_entry;

#endif
