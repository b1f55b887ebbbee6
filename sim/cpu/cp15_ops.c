/* SPDX-License-Identifier: MIT */
/* CP15 operations: caches (c7), TLB (c8), lockdown (c9, c10), test registers (c15). */
#include "sim/cpu/cp15.h"
#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/memory/walk.h"

/* Where an MVA is in memory, for caches with physical tags. An unmapped one is passed as
 * it is: the model then finds nothing. */
static uint32_t pa_of(struct cpu *c, uint32_t mva)
{
	uint32_t m, pa, attr;

	if (c->d.cfg.index == CM_VIVT && c->i.cfg.index == CM_VIVT)
		return mva;
	return mmu_peek(c, mva, &m, &pa, &attr) ? pa : mva;
}

static void setway(struct cm *m, uint32_t val, void (*op)(struct cm *, uint32_t, uint32_t))
{
	unsigned int bits = (unsigned int)__builtin_ctz(m->cfg.ways);

	op(m, val >> m->line_shift & m->set_mask, bits ? val >> (32 - bits) : 0);
}

/* After the I-cache lost lines, the code decoded from them must not run on. */
static void icache_changed(struct cpu *c)
{
	fetch_reset(c);
}

static void clean_all(struct cpu *c, bool inv)
{
	if (inv)
		while (!cm_test_clean_inv(&c->d))
			;
	else
		while (!cm_test_clean(&c->d))
			;
}

static bool cache_op(struct cpu *c, uint32_t crm, uint32_t opc2, uint32_t val)
{
	bool v6 = c->core->arch >= ARCH_V6;

	c->d.who = insn_pc(c, c->cur);
	if (unlikely(c->ahead.on) && (opc2 == 1 && (crm == 6 || crm == 10 || crm == 14)))
		ahead_note(c, val);
	if (unlikely(c->hooked)) /* before it happens: what is in the cache now counts */
		debug_cache_op(c, crm << 4 | opc2, val, pa_of(c, val));
	switch (crm << 4 | opc2) {
	case 0x04: /* wait for interrupt */
	case 0x82: /* the same, ARM920T encoding */
		cpu_wait(c);
		return true;
	case 0x50:
		cm_inv_all(&c->i);
		icache_changed(c);
		return true;
	case 0x51:
		cm_inv_mva(&c->i, val, pa_of(c, val));
		icache_changed(c);
		return true;
	case 0x52:
		setway(&c->i, val, cm_inv_setway);
		icache_changed(c);
		return true;
	case 0x54: /* v6: flush prefetch buffer; every CP15 write ends the line here anyway */
	case 0x56: /* v6: flush branch targets */
	case 0x57:
		return v6;
	case 0x60:
		cm_inv_all(&c->d);
		return true;
	case 0x61:
		cm_inv_mva(&c->d, val, pa_of(c, val));
		return true;
	case 0x62:
		setway(&c->d, val, cm_inv_setway);
		return true;
	case 0x70:
		cm_inv_all(&c->i);
		cm_inv_all(&c->d);
		icache_changed(c);
		return true;
	case 0xa0:
		if (v6)
			clean_all(c, false);
		return v6;
	case 0xa1:
		cm_clean_mva(&c->d, val, pa_of(c, val));
		return true;
	case 0xa2:
		setway(&c->d, val, cm_clean_setway);
		return true;
	case 0xa4:
		c->barriers++;
		cm_drain(&c->d);
		return true;
	case 0xa5: /* v6: data memory barrier. One master sees its own accesses in order; the
		    * write buffer is drained so that a device sees them too. */
		c->barriers++;
		cm_drain(&c->d);
		return v6;
	case 0xd1: /* prefetch I-cache line: a hint */
		return true;
	case 0xe0:
		if (v6)
			clean_all(c, true);
		return v6;
	case 0xe1:
		cm_clean_inv_mva(&c->d, val, pa_of(c, val));
		return true;
	case 0xe2:
		setway(&c->d, val, cm_clean_inv_setway);
		return true;
	default:
		return false;
	}
}

bool cp15_line_aborts(struct cpu *c, uint32_t crm, uint32_t mva)
{
	uint32_t m, pa, attr, status, domain = 0;
	struct tlb_entry e;

	if (c->d.cfg.index == CM_VIVT || (crm != 6 && crm != 10 && crm != 12 && crm != 14) ||
	    mmu_peek(c, mva, &m, &pa, &attr))
		return false;
	status = walk_tables(c, m, &e, &domain);
	mmu_fault(c, mva, ACC_STORE, status, domain);
	return true;
}

bool cp15_block_line(struct cpu *c, uint32_t crm, uint32_t va)
{
	static const uint8_t op[16] = {[5] = 0x51, [6] = 0x61, [12] = 0xa1, [14] = 0xe1};

	if (!c->core->block_ops || !op[crm])
		return false;
	return cache_op(c, op[crm] >> 4, op[crm] & 15, va);
}

static bool tlb_op(struct cpu *c, uint32_t crm, uint32_t opc2, uint32_t val)
{
	if (crm < 5 || crm > 7)
		return false;
	switch (opc2) {
	case 0:
		tlb_flush_all(c);
		return true;
	case 1:
		/* ARMv6 names the ASID beside the address, and it need not be the current one */
		tlb_flush_mva(c, val & 0xfffffc00u,
			      c->core->arch < ARCH_V6 ? TLB_ANY_ASID : val & 0xff);
		return true;
	case 2:
		tlb_flush_asid(c, val & 0xff);
		return c->core->arch >= ARCH_V6;
	case 3:
		tlb_flush_mva(c, val & 0xfffffc00u, TLB_ANY_ASID);
		return c->core->arch >= ARCH_V6;
	default:
		return false;
	}
}

bool cp15_op_read(struct cpu *c, uint32_t reg, uint32_t *val)
{
	uint32_t crm = (reg >> 4) & 15, opc2 = reg & 15;

	*val = 0;
	if (reg >> 12 && ((reg >> 8) & 15) != 15)
		return false;
	switch ((reg >> 8) & 15) {
	case 7:
		c->d.who = insn_pc(c, c->cur);
		if (c->core->test_clean && opc2 == 3 && (crm == 10 || crm == 14)) {
			bool clean = crm == 10 ? cm_test_clean(&c->d) : cm_test_clean_inv(&c->d);

			*val = clean ? CPSR_Z : 0;
			if (clean && unlikely(c->hooked))
				debug_cache_op(c, crm << 4 | opc2, 0, 0);
			return true;
		}
		if (c->core->block_ops && crm == 10 && opc2 == 6) { /* cache dirty status */
			for (uint32_t n = 0; n < c->d.sets * c->d.cfg.ways; n++)
				*val |= c->d.lines[n].valid && c->d.lines[n].dirty;
			return true;
		}
		if (c->core->block_ops && crm == 12 && opc2 == 4)
			return true; /* block transfer status: none in progress */
		return false;
	case 9:
		*val = crm == 0 ? (opc2 ? c->cp.ilock : c->cp.dlock) : c->cp.tcm[opc2 & 1];
		return crm <= 1;
	case 10:
		*val = crm == 2 ? (opc2 ? c->cp.nmrr : c->cp.prrr) : c->cp.tlblock;
		return crm == 0 || crm == 2;
	case 15:
		return true; /* test and debug registers read as zero */
	default:
		return false;
	}
}

bool cp15_op_write(struct cpu *c, uint32_t reg, uint32_t val)
{
	uint32_t crm = (reg >> 4) & 15, opc2 = reg & 15;

	if (reg >> 12 && ((reg >> 8) & 15) != 15)
		return false;
	switch ((reg >> 8) & 15) {
	case 7:
		return cache_op(c, crm, opc2, val);
	case 8:
		return tlb_op(c, crm, opc2, val);
	case 9: /* lockdown: accepted, all ways stay in use */
		if (crm == 0)
			*(opc2 ? &c->cp.ilock : &c->cp.dlock) = val;
		else
			c->cp.tcm[opc2 & 1] = val;
		return crm <= 1;
	case 10:
		if (crm == 2)
			*(opc2 ? &c->cp.nmrr : &c->cp.prrr) = val;
		else
			c->cp.tlblock = val;
		return crm == 0 || crm == 2;
	case 15:
		return true;
	default:
		return false;
	}
}
