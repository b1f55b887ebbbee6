/* SPDX-License-Identifier: MIT */
/* Whole pages by LDM and STM of a line at a time: the bus likes it on a board, and a trapped
 * window takes one trap a line instead of eight. */
#ifndef MM_PAGE_COPY_H
#define MM_PAGE_COPY_H

#include <stdint.h>

/* Both page aligned, 4096 bytes. Context: any. */
void copy_page(void *to, const void *from);
void fill_page(void *to, uint32_t word);
/* bytes: a multiple of 32; both word aligned. */
void copy_lines(void *to, const void *from, uint32_t bytes);

#endif
