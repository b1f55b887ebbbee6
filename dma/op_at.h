/* SPDX-License-Identifier: MIT */
/* A cache range operation on part of a page at the address found for it. */
#ifndef DMA_OP_AT_H
#define DMA_OP_AT_H

#include "cache/ops.h"

static inline void op_at(void *va, uint32_t offset, uint32_t len, dcache_range_fn op)
{
	op((uintptr_t)va + offset, len);
}

#endif
