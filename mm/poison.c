/* SPDX-License-Identifier: MIT */
/* Filling pages of either zone, so that stale use of memory shows. */
#include <string.h>

#include "mm/kmap_atomic.h"
#include "mm/page_alloc.h"
#include "mm/page_copy.h"

void page_fill(struct page *page, uint8_t byte)
{
	void *va = kmap_atomic(page);

	fill_page(va, byte * 0x01010101u);
	kunmap_atomic(va);
}
