/* SPDX-License-Identifier: MIT */
/* dma/transfer.c: it sleeps until its own interrupt, whatever else wakes it, no longer than its
 * time-out, and leaves nobody who would call back into its stack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

#define CACHE_CP15_H /* the core's own drain is not to be had here */
static void cp15_drain(void)
{
}
static char said[200]; /* the last line printed */
static int say(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(said, sizeof(said), format, args);
	va_end(args);
	return n;
}
#define printf say
#include "dma/transfer.c"
#undef printf

static unsigned witnessed; /* bytes that a device was seen to write */

void witness_device_wrote(uint32_t pa, uint32_t bytes)
{
	(void)pa;
	witnessed += bytes;
}

/* ---- The engine. ---- */

static struct {
	struct dma_seg segs[4];
	unsigned n, starts, stops;
	void (*done)(void *arg, int status);
	void *arg;
	int handle, stop_result; /* what start and stop return */
	void *desc;
	uint32_t bus;
	size_t desc_len;
	int init_result;
	struct board_dma_limits limits;
} engine;

struct board_dma_limits board_dma_limits(void)
{
	return engine.limits;
}

int board_dma_start(const struct dma_seg *segs, unsigned n, void (*done)(void *arg, int status),
		    void *arg)
{
	/* Its interrupt must not come before somebody waits for it. */
	assert_int_equal(host_irq_mask, PSR_I);
	assert_in_range(n, 1, 4);
	memcpy(engine.segs, segs, n * sizeof(*segs));
	engine.n = n;
	engine.done = done;
	engine.arg = arg;
	engine.starts++;
	return engine.handle;
}

int board_dma_stop(int handle)
{
	assert_int_equal(handle, engine.handle);
	engine.stops++;
	engine.done = NULL;
	return engine.stop_result;
}

int board_dma_init(void *desc_cpu, uint32_t desc_bus, size_t desc_len, void (*drain)(void))
{
	engine.desc = desc_cpu;
	engine.bus = desc_bus;
	engine.desc_len = desc_len;
	assert_ptr_equal(drain, cp15_drain);
	return engine.init_result;
}

const char *board_dma_error(int status)
{
	return status == -5 ? "five" : "another";
}

void *dma_alloc_coherent(size_t size, dma_addr_t *addr)
{
	static uint32_t page[PAGE_SIZE / 4];

	assert_int_equal(size, PAGE_SIZE);
	*addr = 0x12345000;
	return engine.desc_len == 77 ? NULL : page;
}

/* ---- The others, while it sleeps. ---- */

static unsigned wakes_in_vain;
static int final_status;

static void interrupt_comes(void)
{
	assert_int_equal(current->state, TASK_WAITING);
	assert_true(current->timed);
	assert_true(current->waiting_on->external); /* no deadlock: an interrupt is awaited */
	if (wakes_in_vain) {
		wakes_in_vain--;
		task_wake(current); /* not by the engine */
		return;
	}
	engine.done(engine.arg, final_status);
	engine.done = NULL;
}

static void time_is_over(void)
{
	assert_int_equal(current->wake_tick, DMA_TIMEOUT_TICKS + 1);
	task_wake(current);
	current->timed_out = true;
}

/* The tick and the engine's interrupt in the same moment. */
static void both(void)
{
	task_wake(current);
	current->timed_out = true;
	engine.done(engine.arg, final_status);
	engine.done = NULL;
}

static int setup(void **state)
{
	(void)state;
	host_mm_reset();
	memset(&engine, 0, sizeof(engine));
	engine.handle = 3;
	engine.limits = (struct board_dma_limits){1, 1, 1, 0x10000};
	host_others = interrupt_comes;
	wakes_in_vain = 0;
	final_status = 0;
	return 0;
}

static void it_sleeps_until_its_interrupt(void **state)
{
	(void)state;
	for (int status = 0; status >= -9; status -= 9) {
		final_status = status;
		engine.handle = -status; /* 0 is one like any other */
		assert_int_equal(dma_transfer(0x1000, 0x2000, 64), status);
		assert_int_equal(host_irq_mask, 0);
	}
	assert_int_equal(host_sleeps, 2);
	assert_int_equal(engine.starts, 2);
	assert_int_equal(engine.stops, 0);
	assert_int_equal(engine.n, 1);
	assert_int_equal(engine.segs[0].dst, 0x1000);
	assert_int_equal(engine.segs[0].src, 0x2000);
	assert_int_equal(engine.segs[0].len, 64);
}

static void woken_by_another_it_sleeps_again(void **state)
{
	(void)state;
	wakes_in_vain = 3;
	final_status = -4;
	assert_int_equal(dma_transfer(0, 64, 64), -4);
	assert_int_equal(host_sleeps, 4);
	assert_int_equal(engine.stops, 0);
}

static void after_its_time_the_engine_is_stopped(void **state)
{
	(void)state;
	host_others = time_is_over;
	assert_int_equal(dma_transfer(0, 64, 64), DMA_E_TIMEOUT);
	assert_int_equal(engine.stops, 1);
	engine.stop_result = 1; /* the data was there, only the interrupt was lost */
	assert_int_equal(dma_transfer(0, 64, 64), 0);
	assert_int_equal(engine.stops, 2);
	assert_null(engine.done);
	assert_int_equal(host_irq_mask, 0);
	assert_int_equal(host_sleeps, 2);
}

static void an_interrupt_in_the_last_moment_counts(void **state)
{
	(void)state;
	host_others = both;
	final_status = -6;
	assert_int_equal(dma_transfer(0, 64, 64), -6);
	assert_int_equal(engine.stops, 0); /* the handle has ended */
}

static void what_cannot_be_started_is_not_awaited(void **state)
{
	(void)state;
	engine.handle = -5;
	assert_int_equal(dma_transfer(0, 64, 64), -5);
	assert_int_equal(host_sleeps, 0);
	assert_int_equal(host_irq_mask, 0);
}

static void a_caller_with_irqs_masked_keeps_them_so(void **state)
{
	(void)state;
	host_irq_mask = PSR_I;
	assert_int_equal(dma_transfer(0, 64, 64), 0);
	assert_int_equal(host_irq_mask, PSR_I);
	engine.handle = -5;
	assert_int_equal(dma_transfer(0, 64, 64), -5);
	assert_int_equal(host_irq_mask, PSR_I);
}

static void a_list_goes_to_the_engine_as_it_is(void **state)
{
	const struct dma_seg list[3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};

	(void)state;
	assert_int_equal(dma_transfer_sg(list, 3), 0);
	assert_int_equal(engine.n, 3);
	assert_memory_equal(engine.segs, list, sizeof(list));
}

/* Each limit on its own, at its edge: the first that an engine takes, and the next that it does
 * not. */
static void what_the_engine_does_not_take_is_not_started(void **state)
{
	static const struct {
		struct board_dma_limits limits;
		struct dma_seg good, bad;
		const char *words;
	} cases[] = {
		{{1, 1, 1, 64},
		 {0x1001, 0x2003, 1},
		 {0x1001, 0x2003, 0},
		 "length is 0x0; this board's engine wants at least 1 "},
		{{128, 1, 1, 4096},
		 {0x1001, 0x2003, 128},
		 {0x1001, 0x2003, 127},
		 "length is 0x7f; this board's engine wants at least 128 "},
		{{1, 1, 1, 4096},
		 {0x1001, 0x2003, 4096},
		 {0x1001, 0x2003, 4097},
		 "length is 0x1001; this board's engine wants at most 4096 "},
		{{1, 4, 1, 4096},
		 {0x1001, 0x2003, 8},
		 {0x1001, 0x2003, 6},
		 "length is 0x6; this board's engine wants a multiple of 4 "},
		{{1, 1, 16, 4096},
		 {0x1010, 0x2020, 33},
		 {0x1010, 0x2028, 33},
		 "source is 0x2028; this board's engine wants a multiple of 16 "},
		{{1, 1, 16, 4096},
		 {0x1010, 0x2020, 33},
		 {0x1008, 0x2020, 33},
		 "destination is 0x1008; this board's engine wants a multiple of 16 "},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dma_seg list[2] = {cases[i].good, cases[i].bad};
		unsigned starts = engine.starts;

		engine.limits = cases[i].limits;
		assert_int_equal(dma_transfer_sg(list, 2), DMA_E_LIMIT);
		assert_non_null(strstr(said, cases[i].words));
		assert_int_equal(engine.starts, starts);
		assert_int_equal(dma_transfer_sg(list, 1), 0);
		assert_int_equal(engine.starts, starts + 1);
		assert_memory_equal(engine.segs, list, sizeof(list[0])); /* and is not split */
	}
	assert_int_equal(host_irq_mask, 0);
}

static void its_descriptors_are_consistent_memory(void **state)
{
	(void)state;
	assert_int_equal(dma_transfer_init(), 0);
	assert_non_null(engine.desc);
	assert_int_equal(engine.bus, 0x12345000);
	assert_int_equal(engine.desc_len, PAGE_SIZE);
	engine.init_result = -5;
	assert_int_equal(dma_transfer_init(), -5);
	engine.desc = NULL;
	engine.desc_len = 77;
	assert_int_equal(dma_transfer_init(), -1);
	assert_null(engine.desc);
}

static void each_status_has_its_words(void **state)
{
	(void)state;
	assert_non_null(strstr(dma_transfer_error(DMA_E_TIMEOUT), "no completion interrupt"));
	assert_non_null(strstr(dma_transfer_error(DMA_E_LIMIT), "outside of what"));
	assert_string_equal(dma_transfer_error(-5), "five");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(it_sleeps_until_its_interrupt),
		T(woken_by_another_it_sleeps_again),
		T(after_its_time_the_engine_is_stopped),
		T(an_interrupt_in_the_last_moment_counts),
		T(what_cannot_be_started_is_not_awaited),
		T(a_caller_with_irqs_masked_keeps_them_so),
		T(a_list_goes_to_the_engine_as_it_is),
		T(what_the_engine_does_not_take_is_not_started),
		T(its_descriptors_are_consistent_memory),
		T(each_status_has_its_words),
	};

	return cmocka_run_group_tests_name("dma_transfer", tests, NULL, NULL);
}
