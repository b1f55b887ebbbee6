/* SPDX-License-Identifier: MIT */
/* What dmatest may draw: lengths and offsets that the board's engine takes. */
#include <stdbool.h>
#include <stdio.h>

#include "boards/board_api.h"
#include "selftest/dmatest_buffer.h"
#include "selftest/dmatest_limits.h"

struct dmatest_limits dmatest_limits;

bool limits_take(void)
{
	const struct board_dma_limits l = board_dma_limits();
	uint32_t unit = l.multiple > l.align ? l.multiple : l.align;
	uint32_t longest = l.longest < BLOCK_BYTES ? l.longest : BLOCK_BYTES;

	unit = (l.least + unit - 1) & ~(unit - 1);
	dmatest_limits = (struct dmatest_limits){
		.unit = unit, .align = l.align, .longest = longest - longest % unit};
	if (dmatest_limits.longest)
		return true;
	printf("dmatest: its buffers have %lu bytes at the most; the engine takes whole %lu\n",
	       (unsigned long)longest, (unsigned long)unit);
	return false;
}

void limits_print(void)
{
	const struct dmatest_limits *l = &dmatest_limits;

	if (l->unit == 1 && l->align == 1)
		printf("dmatest: any length up to %lu bytes and any offset, as the engine takes\n",
		       (unsigned long)l->longest);
	else
		printf("dmatest: lengths of whole %lu bytes up to %lu, offsets of whole %lu, as "
		       "the engine takes\n",
		       (unsigned long)l->unit, (unsigned long)l->longest, (unsigned long)l->align);
}
