/* SPDX-License-Identifier: MIT */
/* What mm/ and dma/ stand on, played on the host: RAM, page tables, TLB, the scheduler and
 * panics. Kernel addresses are only numbers here; a test reaches memory by physical address
 * (host_ram_at) or through tests/unit/host_cpu.h. */
#ifndef TEST_HOST_MM_H
#define TEST_HOST_MM_H

#include <stdbool.h>
#include <stdint.h>

#include "mm/page.h"

#define HOST_RAM_BASE  0x30000000u /* not 0, so that a forgotten base shows */
#define HOST_LOW_PAGES 48u
#define HOST_PAGES     1200u

/* RAM with no content, all pages reserved, every mapping gone, `dcache` empty, task 0 running. */
void host_mm_reset(void);

uint8_t *host_ram_at(uint32_t pa);
/* The i-th highmem page. */
struct page *host_high_page(uint32_t i);

/* ---- What the code under test does, as it does it (NULL: nobody looks). ---- */
extern void (*host_on_tlb_flush)(uintptr_t start, uintptr_t end);
/* schedule() with the running task asleep: plays the others; it must be runnable on return. */
extern void (*host_others)(void);
extern uint32_t host_sleeps;

/* The interrupt that switches to another task: called as soon as IRQs are open and
 * preemption is allowed, once for each host_interrupt(). */
extern void (*host_preempted)(void);
void host_interrupt(void);

/* Runs fn; true if it ended in a panic, whose words are then in host_panic_text. Without it a
 * panic fails the test. Locks and masks are as before afterwards. */
bool host_panics(void (*fn)(void *arg), void *arg);
extern char host_panic_text[200];

/* Random numbers of the tests, from the seed of tests/unit/host_seed.h. */
void host_random_start(void);
uint32_t host_random(uint32_t below);

#endif
