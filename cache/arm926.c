/* SPDX-License-Identifier: MIT */
/* The ARM926EJ-S as one entry of the table of cores; its loops are in arm926.S. */
#include "cache/ops.h"

void arm926_clean_lines(uintptr_t start, uintptr_t end);
void arm926_inv_lines(uintptr_t start, uintptr_t end);
void arm926_clean_inv_lines(uintptr_t start, uintptr_t end);
void arm926_clean_inv_all(void);
void arm926_drain(void);

const struct dcache_ops arm926_dcache_ops = {
	.name = "arm926",
	.clean_lines = arm926_clean_lines,
	.inv_lines = arm926_inv_lines,
	.clean_inv_lines = arm926_clean_inv_lines,
	.edge_lines = arm926_clean_inv_lines,
	.clean_inv_all = arm926_clean_inv_all,
	.drain = arm926_drain,
};
