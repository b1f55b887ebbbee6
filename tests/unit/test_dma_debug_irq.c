/* SPDX-License-Identifier: MIT */
/* dma-debug from any context: its table is looked at with IRQs masked, its lines are printed with
 * IRQs as the caller had them, and they are so again at the end. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lib/irqflags.h"

/* The real table under other names, so that each call of it can be watched. */
#define dma_debug_insert       real_insert
#define dma_debug_remove       real_remove
#define dma_debug_find_around  real_find_around
#define dma_debug_find_overlap real_find_overlap
#define dma_debug_find_ended   real_find_ended
#define dma_debug_find_next    real_find_next
#define dma_debug_clear	       real_clear
#include "dma/debug_table.c"
#undef dma_debug_insert
#undef dma_debug_remove
#undef dma_debug_find_around
#undef dma_debug_find_overlap
#undef dma_debug_find_ended
#undef dma_debug_find_next
#undef dma_debug_clear

#define HERE ((const void *)0xc0001000)
#define TO   DMA_TO_DEVICE
#define FROM DMA_FROM_DEVICE
#define PAGE DMA_DEBUG_PAGE

static unsigned table_calls, openings, writes;
static unsigned long callers_mask;
static FILE *real_stdout;

static void in_table(void)
{
	table_calls++;
	assert_int_equal(host_irq_mask, PSR_I);
}

bool dma_debug_insert(const struct dma_debug_mapping *m)
{
	in_table();
	return real_insert(m);
}

bool dma_debug_remove(const struct dma_debug_mapping *m, struct dma_debug_mapping *was)
{
	in_table();
	return real_remove(m, was);
}

bool dma_debug_find_around(const struct dma_debug_mapping *m, struct dma_debug_mapping *out)
{
	in_table();
	return real_find_around(m, out);
}

bool dma_debug_find_overlap(const struct dma_debug_mapping *m, struct dma_debug_mapping *out)
{
	in_table();
	return real_find_overlap(m, out);
}

bool dma_debug_find_ended(uint32_t pa, struct dma_debug_mapping *out)
{
	in_table();
	return real_find_ended(pa, out);
}

bool dma_debug_find_next(uint32_t seq, struct dma_debug_mapping *out)
{
	in_table();
	return real_find_next(seq, out);
}

void dma_debug_clear(void)
{
	in_table();
	real_clear();
}

void host_irqs_opened(void)
{
	openings++;
}

static ssize_t watched_write(void *cookie, const char *text, size_t len)
{
	(void)cookie;
	(void)text;
	writes++;
	assert_int_equal(host_irq_mask, callers_mask);
	return (ssize_t)len;
}

static int setup(void **state)
{
	(void)state;
	host_irq_mask = callers_mask = 0;
	dma_debug_reset();
	real_stdout = stdout;
	stdout = fopencookie(NULL, "w", (cookie_io_functions_t){.write = watched_write});
	setvbuf(stdout, NULL, _IONBF, 0);
	table_calls = openings = writes = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	callers_mask = host_irq_mask = 0;
	fclose(stdout);
	stdout = real_stdout;
	return 0;
}

/* Since the last look: so many times masked and open again, and lines printed or not. */
static void assert_masked(unsigned times, bool printed)
{
	assert_int_equal(host_irq_mask, callers_mask);
	assert_true(table_calls > 0 || times == 0);
	/* A caller with IRQs masked never sees them open. */
	assert_int_equal(openings, callers_mask ? 0 : times);
	assert_int_equal(writes > 0, printed);
	table_calls = openings = writes = 0;
}

/* Each call that finds nothing masks once; a finding's count masks once more. */
static void calls(void)
{
	dma_debug_map(0x10000, 4096, TO, PAGE, HERE);
	assert_masked(1, false);
	dma_debug_map(0x10000, 4096, FROM, PAGE, HERE); /* overlaps */
	assert_masked(2, true);
	dma_debug_sync(0x10000, 64, TO, DMA_DEBUG_FOR_CPU, HERE);
	assert_masked(1, false);
	dma_debug_sync(0x20000, 64, TO, DMA_DEBUG_FOR_DEVICE, HERE); /* nothing there */
	assert_masked(2, true);
	dma_debug_unmap(0x10000, 4096, FROM, PAGE, HERE);
	assert_masked(1, false);
	dma_debug_unmap(0x30000, 4096, FROM, PAGE, HERE); /* nothing there */
	assert_masked(2, true);
	assert_int_equal(dma_debug_leaks(), 1);
	assert_masked(3, true); /* one look each for the leak and for the end, and the count */
	dma_debug_dump();
	assert_masked(2, true);
	dma_debug_unmap(0x10000, 4096, TO, PAGE, HERE);
	assert_masked(1, false);
	dma_debug_reset();
	assert_masked(1, false);
}

static void irqs_open(void **state)
{
	(void)state;
	calls();
}

static void irqs_masked_by_the_caller(void **state)
{
	(void)state;
	host_irq_mask = callers_mask = PSR_I;
	calls();
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(irqs_open),
		T(irqs_masked_by_the_caller),
	};

	return cmocka_run_group_tests_name("dma_debug_irq", tests, NULL, NULL);
}
