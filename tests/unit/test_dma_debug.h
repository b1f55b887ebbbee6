/* SPDX-License-Identifier: MIT */
/* What the tests of dma-debug share: the callers' names, and what it has counted and printed. */
#ifndef TEST_DMA_DEBUG_H
#define TEST_DMA_DEBUG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dma/debug.h"

#define HERE  ((const void *)0xc0001000)
#define THERE ((const void *)0xc0002000)

#define TO   DMA_TO_DEVICE
#define FROM DMA_FROM_DEVICE
#define BIDI DMA_BIDIRECTIONAL
#define PAGE DMA_DEBUG_PAGE

/* ---- What was printed since the last look. ---- */

static FILE *real_stdout;
static char *printed;
static size_t printed_len;

static inline int setup(void **state)
{
	(void)state;
	dma_debug_reset();
	real_stdout = stdout;
	stdout = open_memstream(&printed, &printed_len);
	return stdout == NULL;
}

static inline int teardown(void **state)
{
	(void)state;
	fclose(stdout);
	stdout = real_stdout;
	free(printed);
	return 0;
}

static inline unsigned lines(void)
{
	unsigned n = 0;

	fflush(stdout);
	for (size_t i = 0; i < printed_len; i++)
		n += printed[i] == '\n';
	return n;
}

/* All counts are 0 but this one, and there is one line, which says all of this. */
static inline void assert_only(enum dma_debug_kind kind, ...)
{
	const char *part;
	va_list parts;

	assert_int_equal(lines(), 1);
	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		assert_int_equal(dma_debug_count(k), k == kind);
	assert_int_equal(strncmp(printed, "dma-debug: ", 11), 0);
	va_start(parts, kind);
	while ((part = va_arg(parts, const char *)))
		if (!strstr(printed, part))
			fail_msg("\"%s\" is not in: %s", part, printed);
	va_end(parts);
}

static inline void assert_nothing(void)
{
	assert_int_equal(lines(), 0);
	for (unsigned k = 0; k < DMA_DEBUG_KINDS; k++)
		assert_int_equal(dma_debug_count(k), 0);
}

#define NO_MORE ((const char *)NULL)

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
