/* SPDX-License-Identifier: MIT */
/* The one path of every data access that the fast path of mem.h does not serve. */
#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

/* Remembers where mva's line sits, for the fast path: as far as nobody must look on. */
static void remember(struct cpu *c, uint32_t mva, uint32_t pa)
{
	const struct cm_line *l = cm_peek(&c->d, mva, pa);
	struct dhint *h = &c->dhint[(mva >> 5) & (DHINT_SIZE - 1)];
	uint32_t may = unlikely(c->hooked) ? debug_permits(c, mva, pa) : DEBUG_LOADS | DEBUG_STORES;
	struct cm_line *line;

	if (!l)
		return;
	line = &c->d.lines[l - c->d.lines];
	h->line = may & DEBUG_LOADS ? line : &c->no_line;
	h->wline = may & DEBUG_STORES ? line : &c->no_line;
	h->data = &c->d.data[(size_t)(l - c->d.lines) * c->d.cfg.line];
}

static uint32_t swap_bytes(uint32_t v, uint32_t size)
{
	return size == 4 ? __builtin_bswap32(v) : size == 2 ? __builtin_bswap16((uint16_t)v) : v;
}

static void ask(struct cpu *c, uint32_t pa, uint32_t size, uint32_t kind, uint32_t *val)
{
	if ((kind & ACC_KIND) == ACC_STORE) {
		machine_write(c->m, pa, val, size);
		return;
	}
	*val = 0;
	machine_read(c->m, pa, val, size);
}

/* One naturally aligned piece. */
static bool aligned(struct cpu *c, uint32_t va, uint32_t size, uint32_t kind, uint32_t *val)
{
	struct utlb *u = mmu_translate(c, va, kind);
	uint32_t mva, pa, attr, off = va & 0xfffu;

	if (!u)
		return false;
	mva = u->mva + off;
	pa = u->pa + off;
	attr = u->attr;
	/* With the D-cache off every page is uncached; B still buffers (DDI0198D 4.2) */
	if (!(c->cp.sctlr & SCTLR_C))
		attr &= ~CM_C;
	/* What the image asks of the emulator itself: not even the write buffer may notice. */
	if (unlikely(!(attr & CM_C)) && pa - c->m->words_pa < c->m->words_bytes) {
		ask(c, pa, size, kind, val);
		return true;
	}
	c->d.who = insn_pc(c, c->cur);
	if (unlikely(c->hooked) && !debug_data(c, va, mva, pa, size, kind, attr))
		return false;
	if ((kind & ACC_KIND) == ACC_LOAD) {
		*val = cm_load(&c->d, mva, pa, size, attr);
		if (c->cpsr & CPSR_E)
			*val = swap_bytes(*val, size);
	} else {
		cm_store(&c->d, mva, pa, size, c->cpsr & CPSR_E ? swap_bytes(*val, size) : *val,
			 attr);
	}
	if (unlikely(c->ahead.on) && (attr & CM_C))
		ahead_note(c, (mva & ~0xfffu) | ((mva + c->d.cfg.line) & 0xfffu));
	if (attr & CM_C)
		remember(c, mva & ~31u, pa & ~31u);
	return true;
}

/* True unaligned access (ARMv6 with SCTLR.U): byte by byte; a fault in the second page
 * comes before anything is written, and its address is that of the second page. */
static bool unaligned(struct cpu *c, uint32_t va, uint32_t size, uint32_t kind, uint32_t *val)
{
	uint32_t v = 0, b;

	if (!mmu_translate(c, va, kind) || !mmu_translate(c, (va + size - 1) & ~3u, kind))
		return false;
	for (uint32_t n = 0; n < size; n++) {
		b = (*val >> (8 * n)) & 0xff;
		if (!aligned(c, va + n, 1, kind, &b))
			return false;
		v |= b << (8 * n);
	}
	if ((kind & ACC_KIND) == ACC_LOAD)
		*val = v;
	return true;
}

bool access_mem(struct cpu *c, const struct insn *i, uint32_t va, uint32_t size, uint32_t kind,
		uint32_t *val)
{
	uint32_t low = va & (size - 1);

	c->cur = i;
	if (likely(!low))
		return aligned(c, va, size, kind, val);
	if ((c->cp.sctlr & SCTLR_A) ||
	    ((kind & (ACC_MULTI | ACC_EXACT)) &&
	     (c->core->arch >= ARCH_V6 && (c->cp.sctlr & SCTLR_U))) ||
	    (kind & ACC_EXACT && c->core->arch >= ARCH_V6)) {
		mmu_fault(c, va, kind, 1, 0);
		return false;
	}
	if ((c->core->arch >= ARCH_V6 && (c->cp.sctlr & SCTLR_U)) || !c->core->rotate)
		return unaligned(c, va, size, kind, val);
	/* Legacy: the low address bits are ignored, and a word load rotates (DDI0100I A2.8) */
	if (!aligned(c, va - low, size, kind, val))
		return false;
	if ((kind & (ACC_KIND | ACC_MULTI)) == ACC_LOAD && size == 4)
		*val = *val >> (8 * low) | *val << (32 - 8 * low);
	return true;
}
