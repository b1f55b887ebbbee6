/* SPDX-License-Identifier: MIT */
/* Consistent memory: uncached mappings that the CPU and devices see alike. */
#ifndef MM_CONSISTENT_H
#define MM_CONSISTENT_H

#include <stddef.h>
#include <stdint.h>

/* size bytes (rounded up to pages), zeroed, physically contiguous; *pa gets the physical
 * address. NULL when there is no memory or no address space. Context: task. */
void *consistent_alloc(size_t size, uint32_t *pa);

/* Frees what consistent_alloc gave; a wrong address or size is a panic. Context: task. */
void consistent_free(void *va, size_t size);

#endif
