/* SPDX-License-Identifier: MIT */
/* What mm/ and dma/ stand on, played on the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"
#include "host_seed.h"

#include "cache/ops.h"
#include "lib/panic.h"
#include "lib/random.h"
#include "mm/consistent.h"
#include "mm/kmap_atomic.h"
#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "sched/task.h"

uint32_t pkmap_pte[LAST_PKMAP];
uint32_t fixmap_pte[256];
uint32_t highmem_prot;
struct cpu_local cpu_local;

void (*host_on_tlb_flush)(uintptr_t start, uintptr_t end);
void (*host_others)(void);
void (*host_preempted)(void);
uint32_t host_sleeps;
char host_panic_text[200];

static uint8_t ram[HOST_PAGES * PAGE_SIZE];
static struct page pages[HOST_PAGES];
static struct task running;
static bool interrupt_pending;
static jmp_buf panic_exit;
static bool panic_awaited;

/* ---- Memory. ---- */

static void nothing_range(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
}

static void nothing(void)
{
}

void host_mm_reset(void)
{
	/* Until the test puts its own in: what boot does before it has chosen a cache. */
	dcache = (struct dcache_ops){.name = "none",
				     .clean_lines = nothing_range,
				     .inv_lines = nothing_range,
				     .clean_inv_lines = nothing_range,
				     .edge_lines = nothing_range,
				     .clean_inv_all = nothing,
				     .drain = nothing};
	memset(ram, 0, sizeof(ram));
	memset(pages, 0, sizeof(pages));
	mem_map = pages;
	mem_map_pages = HOST_PAGES;
	ram_base = HOST_RAM_BASE;
	for (uint32_t i = 0; i < HOST_PAGES; i++) {
		pages[i].zone = i < HOST_LOW_PAGES ? ZONE_LOWMEM : ZONE_HIGHMEM;
		if (i < HOST_LOW_PAGES)
			pages[i].virtual = (void *)(uintptr_t)(PAGE_OFFSET + (i << PAGE_SHIFT));
	}
	memset(pkmap_pte, 0, sizeof(pkmap_pte));
	memset(fixmap_pte, 0, sizeof(fixmap_pte));
	highmem_prot = PTE_CACHED;
	memset(pkmap_count, 0, sizeof(pkmap_count));
	memset(&pkmap_stats, 0, sizeof(pkmap_stats));
	pkmap_wait.head = NULL;
	kmap_lock.held = 0;
	pkmap_last = 0;
	pkmap_slots = LAST_PKMAP;
	kunmap_flushes = false;
	dcache_is_vivt = true;
	host_irq_mask = 0;
	interrupt_pending = false;
	memset(&running, 0, sizeof(running));
	running.name = "task 0";
	running.state = TASK_RUNNABLE;
	running.preempt_count = 1;
	current = &running;
	host_on_tlb_flush = NULL;
	host_others = host_preempted = NULL;
	host_sleeps = 0;
}

uint8_t *host_ram_at(uint32_t pa)
{
	assert_in_range(pa, HOST_RAM_BASE, HOST_RAM_BASE + sizeof(ram) - 1);
	return ram + (pa - HOST_RAM_BASE);
}

struct page *host_high_page(uint32_t i)
{
	assert_in_range(i, 0, HOST_PAGES - HOST_LOW_PAGES - 1);
	return &pages[HOST_LOW_PAGES + i];
}

void page_fill(struct page *page, uint8_t byte)
{
	memset(host_ram_at(page_to_phys(page)), byte, PAGE_SIZE);
}

void *consistent_alloc(size_t size, uint32_t *pa)
{
	(void)size;
	(void)pa;
	return NULL; /* no second, uncached view of memory here */
}

void consistent_free(void *va, size_t size)
{
	fail_msg("consistent_free(%p, %zu) on the host", va, size);
}

/* ---- The TLB. ---- */

void tlb_flush_range(uintptr_t start, uintptr_t end)
{
	if (host_on_tlb_flush)
		host_on_tlb_flush(start, end);
}

void tlb_flush_page(uintptr_t va)
{
	tlb_flush_range(va, va + PAGE_SIZE);
}

/* ---- The scheduler: one task, and the others as functions of the test. ---- */

void task_wake(struct task *task)
{
	assert_int_equal(kmap_lock.held, 0); /* the woken wants it next */
	if (task->state != TASK_WAITING)
		return;
	if (task->waiting_on)
		wait_remove(task);
	task->state = TASK_RUNNABLE;
}

uint32_t sched_ticks(void)
{
	return 0;
}

void schedule(void)
{
	assert_int_equal(host_irq_mask, PSR_I);
	assert_int_equal(kmap_lock.held, 0); /* nobody sleeps with it */
	host_sleeps++;
	assert_non_null(host_others);
	host_irq_mask = 0; /* the others have theirs open */
	host_others();
	host_irq_mask = PSR_I;
	if (running.state != TASK_RUNNABLE)
		fail_msg("deadlock: nobody woke the task that waits for %s",
			 running.waiting_on ? running.waiting_on->what : "nothing");
}

static void take_interrupt(void)
{
	if (!interrupt_pending || host_irq_mask || current->preempt_count)
		return;
	interrupt_pending = false;
	current->preempt_count++; /* the other task is not preempted in its turn */
	host_preempted();
	current->preempt_count--;
}

void host_interrupt(void)
{
	interrupt_pending = true;
	take_interrupt();
}

void host_irqs_opened(void)
{
	take_interrupt();
}

void preempt_enable(void)
{
	BUG_ON(current->preempt_count == 0);
	current->preempt_count--;
	take_interrupt();
}

/* ---- Panics. ---- */

void host_panic(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(host_panic_text, sizeof(host_panic_text), fmt, ap);
	va_end(ap);
	if (!panic_awaited)
		fail_msg("panic at %s:%d: %s", file, line, host_panic_text);
	longjmp(panic_exit, 1);
}

bool host_panics(void (*fn)(void *arg), void *arg)
{
	uint32_t preempt_count = running.preempt_count;

	host_panic_text[0] = '\0';
	panic_awaited = true;
	if (!setjmp(panic_exit))
		fn(arg);
	panic_awaited = false;
	kmap_lock.held = 0;
	host_irq_mask = 0;
	running.preempt_count = preempt_count;
	return host_panic_text[0] != '\0';
}

/* ---- Random numbers. ---- */

static uint32_t random_state;

void host_random_start(void)
{
	random_state = host_seed();
}

uint32_t host_random(uint32_t below)
{
	return random_below(&random_state, below);
}
