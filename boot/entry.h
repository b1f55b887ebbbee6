/* SPDX-License-Identifier: MIT */
/* What head.S found, and the register frame of an exception. */
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

/* boot/vectors.S builds it. r[15] is the interrupted (or aborted) instruction. */
struct exception_frame {
	uint32_t r[16];
	uint32_t cpsr;
};

#endif
