/* SPDX-License-Identifier: MIT */
/* What dmatest may draw: lengths and offsets that the board's engine takes. */
#ifndef SELFTEST_DMATEST_LIMITS_H
#define SELFTEST_DMATEST_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct dmatest_limits {
	/* Bytes: every length drawn is whole ones of it. Two lists of such pieces, cut where either
	 * has a cut, still give pieces that are long enough, whole and aligned. */
	uint32_t unit;
	uint32_t align;	  /* of an offset, in bytes */
	uint32_t longest; /* bytes, whole units */
};
extern struct dmatest_limits dmatest_limits;

/* Asks the board. False, with one printed line, where no buffer of dmatest can be drawn. */
bool limits_take(void);
/* One line: what is drawn. */
void limits_print(void);

#endif
