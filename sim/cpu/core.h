/* SPDX-License-Identifier: MIT */
/* Core profiles: what tells one ARM core from another, as data. */
#ifndef SIM_CPU_CORE_H
#define SIM_CPU_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/model.h"

enum arch { ARCH_V4T, ARCH_V5TE, ARCH_V6, ARCH_V6K };

struct core {
	const char *name, *full_name; /* either is accepted */
	enum arch arch;
	uint32_t midr, ctr;
	uint32_t sctlr_reset;
	uint32_t sctlr_writable;
	bool test_clean;   /* c7,c10,3 and c7,c14,3 (ARM926) */
	bool block_ops;	   /* MCRR block operations (ARM1136, ARM1176) */
	bool v6_mmu;	   /* extended page tables when SCTLR.XP is set */
	bool rotate;	   /* unaligned word loads rotate unless SCTLR.U */
	uint32_t tlb_size; /* main TLB entries, at most TLB_MAX */
	struct cm_config d, i;
};

/* NULL if there is no such core. */
const struct core *core_find(const char *name);
/* Writes the known names, space separated. */
void core_names(char *buf, uint32_t len);

#endif
