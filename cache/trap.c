/* SPDX-License-Identifier: MIT */
/* Data aborts: loads and stores of the highmem windows are served from the cache model,
 * anything else is a panic that prints the instruction. */
#include "cache/trap.h"

#include "cache/cp15.h"
#include "cache/ldst.h"
#include "cache/line_fault.h"
#include "cache/modelled.h"
#include "cache/ops.h"
#include "cache/pte.h"
#include "lib/frame.h"
#include "lib/irqflags.h"
#include "lib/memory_map.h"
#include "lib/panic.h"

/* Fault status, DDI0198D 3.4.1 (ARM926EJ-S: DDI0198D table 3-8). */
#define FSR_TRANSLATION_PAGE 0x7u

uint32_t traps_served;

static struct window {
	uintptr_t base;
	uint32_t pages;
	const uint32_t *descriptors;
} windows[2];
static unsigned window_count;

void data_abort(struct exception_frame *f);

void window_add(uintptr_t base, uint32_t pages, const uint32_t *descriptors)
{
	BUG_ON(window_count == sizeof(windows) / sizeof(windows[0]));
	windows[window_count++] = (struct window){base, pages, descriptors};
}

static const uint32_t *window_descriptor(uintptr_t va)
{
	for (unsigned i = 0; i < window_count; i++) {
		uint32_t page = (va - windows[i].base) >> PAGE_SHIFT;

		if (page < windows[i].pages)
			return &windows[i].descriptors[page];
	}
	return 0;
}

bool window_contains(uintptr_t va)
{
	return window_descriptor(va) != 0;
}

bool window_translate(uintptr_t va, uint32_t *pa, uint32_t *attr)
{
	const uint32_t *d = window_descriptor(va);

	if (!d || !*d)
		return false;
	*pa = (*d & PAGE_MASK) | (va & ~PAGE_MASK);
	*attr = (*d & PTE_C ? CM_C : 0) | (*d & PTE_B ? CM_B : 0);
	return true;
}

static uint32_t plain_load(uint32_t va, uint32_t size)
{
	return size == 4   ? *(volatile uint32_t *)va
	       : size == 2 ? *(volatile uint16_t *)va
			   : *(volatile uint8_t *)va;
}

static void plain_store(uint32_t va, uint32_t size, uint32_t value)
{
	if (size == 4)
		*(volatile uint32_t *)va = value;
	else if (size == 2)
		*(volatile uint16_t *)va = value;
	else
		*(volatile uint8_t *)va = value;
}

/* The page of the access before, within one instruction: a multiple of eight words asks once.
 * Nothing can map anything meanwhile, since IRQs are masked. */
static struct {
	uint32_t page, pa,
		attr; /* page: 0, which no window has, at the start of each instruction */
} translated;

static inline bool translate(uint32_t va, uint32_t *pa, uint32_t *attr)
{
	if ((va & PAGE_MASK) != translated.page) {
		if (!window_translate(va, &translated.pa, &translated.attr))
			return false;
		translated.page = va & PAGE_MASK;
		translated.pa &= PAGE_MASK;
	}
	*pa = translated.pa | (va & ~PAGE_MASK);
	*attr = translated.attr;
	return true;
}

/* A multiple may begin in a window and end outside: what is outside is plain memory. */
static bool window_load(void *ctx, uint32_t va, uint32_t size, uint32_t *value)
{
	uint32_t pa, attr;

	(void)ctx;
	if (!translate(va, &pa, &attr)) {
		if (window_contains(va))
			return false;
		*value = plain_load(va, size);
		return true;
	}
	*value = cm_load(&cache_model, va, pa, size, attr);
	return true;
}

static bool window_store(void *ctx, uint32_t va, uint32_t size, uint32_t value)
{
	uint32_t pa, attr;

	(void)ctx;
	if (!translate(va, &pa, &attr)) {
		if (window_contains(va))
			return false;
		plain_store(va, size, value);
		return true;
	}
	cm_store(&cache_model, va, pa, size, value, attr);
	return true;
}

_Static_assert(sizeof(struct ldst_regs) == sizeof(struct exception_frame), "one layout");

/* STR of r15 stores the address of the instruction plus 8 or plus 12 (implementation
 * defined); the served store must do what this core does. */
static uint32_t pc_store_offset(void)
{
	uint32_t here, stored;

	__asm__ volatile("adr %0, 1f\n"
			 "1: str pc, [%1]\n"
			 : "=&r"(here)
			 : "r"(&stored)
			 : "memory");
	return *(volatile uint32_t *)&stored - here;
}

/* A line operation of a core with physical tags, on a highmem address that has gone. */
static bool passes_over(struct exception_frame *f, uint32_t far, uint32_t status)
{
	bool highmem = far - PKMAP_BASE < LAST_PKMAP << PAGE_SHIFT ||
		       far - FIXMAP_BASE < FIXMAP_SLOTS << PAGE_SHIFT;

	if (dcache_is_vivt || status != FSR_TRANSLATION_PAGE || !highmem || f->cpsr & PSR_T ||
	    !is_line_operation(*(uint32_t *)f->r[15]))
		return false;
	line_fault(far);
	f->r[15] += 4;
	return true;
}

/* From boot/vectors.S, on the abort stack, IRQs masked. Changes the frame; the way out
 * restores the registers from it. */
void data_abort(struct exception_frame *f)
{
	static struct ldst_mem mem = {.load = window_load, .store = window_store};
	uint32_t far = cp15_far(), status = cp15_dfsr() & 0xF;
	uint32_t insn;

	if ((f->cpsr & 0x1F) != 0x13)
		panic_frame(f, "data abort in mode 0x%lx, address %08lx", f->cpsr & 0x1Ful,
			    (unsigned long)far);
	if (passes_over(f, far, status))
		return;
	if (!cache_is_modelled || status != FSR_TRANSLATION_PAGE || !window_contains(far))
		panic_frame(f, "data abort: address %08lx, fault status 0x%lx%s",
			    (unsigned long)far, (unsigned long)status,
			    far < PAGE_SIZE ? " (NULL pointer?)" : "");
	if (f->cpsr & PSR_T)
		panic_frame(f, "Thumb instruction %04x at %08lx touched the highmem window",
			    *(uint16_t *)f->r[15], (unsigned long)f->r[15]);
	if (!mem.pc_store)
		mem.pc_store = pc_store_offset();
	insn = *(uint32_t *)f->r[15];
	modelled_actor(f->r[15]);
	traps_served++;
	translated.page = 0;
	switch (ldst_execute((struct ldst_regs *)f, insn, &mem)) {
	case LDST_DONE:
		return;
	case LDST_UNKNOWN:
		panic_frame(f,
			    "instruction %08lx (%s) cannot be served in a highmem window (%08lx)",
			    (unsigned long)insn, ldst_class(insn), (unsigned long)far);
	case LDST_UNALIGNED:
		panic_frame(f, "unaligned address %08lx by %08lx (%s) in a highmem window",
			    (unsigned long)far, (unsigned long)insn, ldst_class(insn));
	case LDST_FAULT:
		panic_frame(f,
			    "highmem address %08lx is not mapped: used after kunmap(), or never "
			    "given by kmap()",
			    (unsigned long)far);
	}
}
