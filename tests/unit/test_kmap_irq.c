/* SPDX-License-Identifier: MIT */
/* kmap_atomic() from an interrupt, at every place where the interrupted code is in the middle of
 * its own: the two never share a slot, and the interrupted one finds everything as it left it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host_mm.h"

#include "cache/ops.h"
#include "mm/kmap_atomic.h"
#include "mm/pkmap.h"
#include "sched/task.h"

static unsigned interrupts, busy_slots;
static bool in_interrupt;

static unsigned slots_mapped(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FIXMAP_SLOTS; i++)
		n += fixmap_pte[i] != 0;
	return n;
}

/* Two pages, one of which has a pkmap address; and lowmem. */
static void interrupt(void)
{
	uint32_t before[FIXMAP_SLOTS], preempt_count = current->preempt_count;
	struct page *p = host_high_page(20), *q = host_high_page(21);
	unsigned mapped = slots_mapped();
	void *a, *b, *c;

	if (in_interrupt)
		return;
	in_interrupt = true;
	interrupts++;
	memcpy(before, fixmap_pte, sizeof(before));
	a = kmap_atomic(p);
	b = kmap_atomic(q);
	c = kmap_atomic(mem_map + 3);
	assert_int_equal(slots_mapped(), mapped + 1); /* p's; q is pinned where it is */
	assert_ptr_equal(kmap_to_page(a), p);
	assert_ptr_equal(kmap_to_page(b), q);
	assert_true(is_pkmap_address(b));
	assert_ptr_equal(c, mem_map[3].virtual);
	/* Not the slot that the interrupted code is giving back, mapped still or no more. */
	assert_true(((uintptr_t)a - FIXMAP_BASE) >> PAGE_SHIFT >= busy_slots);
	kunmap_atomic(c);
	kunmap_atomic(b);
	kunmap_atomic(a);
	assert_memory_equal(before, fixmap_pte, sizeof(before));
	assert_int_equal(current->preempt_count, preempt_count);
	in_interrupt = false;
}

static void lines(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	interrupt();
}

static void drain(void)
{
	interrupt();
}

static void tlb_flush(uintptr_t start, uintptr_t end)
{
	if (!in_interrupt) {
		assert_int_equal(start, FIXMAP_BASE + ((busy_slots - 1) << PAGE_SHIFT));
		assert_int_equal(end - start, PAGE_SIZE);
	}
	interrupt();
}

static int setup(void **state)
{
	(void)state;
	host_mm_reset();
	kmap(host_high_page(21));
	kunmap(host_high_page(21));
	interrupts = busy_slots = 0;
	in_interrupt = false;
	dcache.clean_inv_lines = lines;
	dcache.drain = drain;
	host_on_tlb_flush = tlb_flush;
	return 0;
}

static void an_interrupt_never_gets_a_slot_in_use(void **state)
{
	void *va[KM_SLOTS - 1];

	(void)state;
	for (unsigned deep = 1; deep <= KM_SLOTS - 1; deep++) {
		for (unsigned i = 0; i < deep; i++) {
			va[i] = kmap_atomic(host_high_page(i));
			busy_slots++;
			assert_ptr_equal(va[i],
					 (void *)(uintptr_t)(FIXMAP_BASE + (i << PAGE_SHIFT)));
			interrupt();
		}
		for (unsigned i = deep; i-- > 0;) {
			/* Its lines go, its entry goes, the TLB's goes: interrupted at each. */
			unsigned before = interrupts;

			kunmap_atomic(va[i]);
			assert_true(interrupts >= before + 3);
			busy_slots--;
			assert_int_equal(slots_mapped(), i);
			for (unsigned k = 0; k < i; k++)
				assert_ptr_equal(kmap_to_page(va[k]), host_high_page(k));
		}
		assert_int_equal(current->preempt_count, 1);
	}
	assert_int_equal(pkmap_count[1], 1); /* the interrupts' pins are all given back */
}

/* With IRQs masked, as in a handler: nothing here sleeps or opens them. */
static void the_mask_is_as_it_was(void **state)
{
	void *a, *b;

	(void)state;
	host_irq_mask = PSR_I;
	a = kmap_atomic(host_high_page(1));
	b = kmap_atomic(host_high_page(21));
	assert_int_equal(host_irq_mask, PSR_I);
	busy_slots = 1;
	kunmap_atomic(b);
	kunmap_atomic(a);
	assert_int_equal(host_irq_mask, PSR_I);
	assert_int_equal(host_sleeps, 0);
	host_irq_mask = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_interrupt_never_gets_a_slot_in_use, setup),
		cmocka_unit_test_setup(the_mask_is_as_it_was, setup),
	};

	return cmocka_run_group_tests_name("kmap_irq", tests, NULL, NULL);
}
