/* SPDX-License-Identifier: MIT */
/* Modes, banked registers, status registers and exception entry. */
#include "sim/cpu/cpu.h"

#include <string.h>

#include "sim/machine.h"

#define VAIN_LOOP  16u	    /* instructions of a loop that does nothing else */
#define VAIN_WAITS 1000000u /* so often is for ever */

static unsigned int bank_of(uint32_t mode)
{
	switch (mode & 0x1f) {
	case MODE_FIQ:
		return 1;
	case MODE_IRQ:
		return 2;
	case MODE_SVC:
		return 3;
	case MODE_ABT:
		return 4;
	case MODE_UND:
		return 5;
	default: /* user and system share */
		return 0;
	}
}

uint32_t cpu_cpsr(const struct cpu *c)
{
	return c->cpsr | (c->nf & CPSR_N) | (c->zf ? 0 : CPSR_Z) | (c->cf ? CPSR_C : 0) |
	       (c->vf & 0x80000000u ? CPSR_V : 0);
}

static void switch_mode(struct cpu *c, uint32_t to)
{
	uint32_t from = c->cpsr & 0x1f;
	unsigned int a = bank_of(from), b = bank_of(to);

	if (from == to)
		return;
	c->banks[a] = (struct bank){c->r[13], c->r[14], c->spsr};
	c->r[13] = c->banks[b].sp;
	c->r[14] = c->banks[b].lr;
	c->spsr = c->banks[b].spsr;
	if (from == MODE_FIQ && to != MODE_FIQ) {
		memcpy(c->r8_fiq, &c->r[8], sizeof c->r8_fiq);
		memcpy(&c->r[8], c->r8_usr, sizeof c->r8_usr);
	} else if (to == MODE_FIQ && from != MODE_FIQ) {
		memcpy(c->r8_usr, &c->r[8], sizeof c->r8_usr);
		memcpy(&c->r[8], c->r8_fiq, sizeof c->r8_fiq);
	}
	c->ut = c->utlb[to != MODE_USR];
	if ((from == MODE_USR) != (to == MODE_USR))
		fetch_reset(c); /* other permissions */
}

void cpu_update_attn(struct cpu *c)
{
	bool irq = (c->irq_line && !(c->cpsr & CPSR_I)) || (c->fiq_line && !(c->cpsr & CPSR_F));

	c->attn = (c->attn & ~ATTN_IRQ) | (irq ? ATTN_IRQ : 0);
}

void cpu_set_irq(struct cpu *c, bool irq, bool fiq)
{
	c->irq_line = irq;
	c->fiq_line = fiq;
	cpu_update_attn(c);
}

static bool mode_valid(uint32_t mode)
{
	switch (mode & 0x1f) {
	case MODE_USR:
	case MODE_FIQ:
	case MODE_IRQ:
	case MODE_SVC:
	case MODE_ABT:
	case MODE_UND:
	case MODE_SYS:
		return true;
	default:
		return false;
	}
}

void cpu_set_cpsr(struct cpu *c, uint32_t val, uint32_t mask)
{
	uint32_t keep = CPSR_Q | CPSR_I | CPSR_F | CPSR_T | 0x1f;

	if (c->core->arch >= ARCH_V6)
		keep |= CPSR_GE | CPSR_E | CPSR_A;
	c->turns += mask == 0xffffffffu; /* as a return from an exception writes it */
	if (mask & CPSR_NZCV & 0x80000000u) {
		c->nf = val;
		c->zf = !(val & CPSR_Z);
		c->cf = !!(val & CPSR_C);
		c->vf = val & CPSR_V ? 0x80000000u : 0;
	}
	/* A mode number that means nothing leaves the mode as it is: UNPREDICTABLE on the
	 * chip, and there is no bank to switch to. */
	if ((mask & 0x1f) && mode_valid(val))
		switch_mode(c, val & 0x1f);
	else
		mask &= ~0x1fu;
	mask &= keep;
	if ((c->cpsr ^ val) & mask & CPSR_E)
		mmu_flush_fast(c); /* the fast path does not swap bytes */
	c->cpsr = (c->cpsr & ~mask) | (val & mask);
	cpu_update_attn(c);
}

uint32_t *cpu_reg_of_mode(struct cpu *c, uint32_t mode, unsigned int reg)
{
	uint32_t now = c->cpsr & 0x1f;

	if (reg >= 8 && reg <= 12) {
		if ((mode == MODE_FIQ) == (now == MODE_FIQ))
			return &c->r[reg];
		return mode == MODE_FIQ ? &c->r8_fiq[reg - 8] : &c->r8_usr[reg - 8];
	}
	if (reg == 13 || reg == 14) {
		if (bank_of(mode) == bank_of(now))
			return &c->r[reg];
		return reg == 13 ? &c->banks[bank_of(mode)].sp : &c->banks[bank_of(mode)].lr;
	}
	return &c->r[reg];
}

static const struct {
	uint32_t mode, offset, mask;
} entry[] = {
	[EXC_RESET] = {MODE_SVC, 0x00, CPSR_I | CPSR_F | CPSR_A},
	[EXC_UNDEF] = {MODE_UND, 0x04, CPSR_I},
	[EXC_SVC] = {MODE_SVC, 0x08, CPSR_I},
	[EXC_PABT] = {MODE_ABT, 0x0c, CPSR_I | CPSR_A},
	[EXC_DABT] = {MODE_ABT, 0x10, CPSR_I | CPSR_A},
	[EXC_IRQ] = {MODE_IRQ, 0x18, CPSR_I | CPSR_A},
	[EXC_FIQ] = {MODE_FIQ, 0x1c, CPSR_I | CPSR_F | CPSR_A},
};

void cpu_exception(struct cpu *c, enum exception e, uint32_t ret)
{
	uint32_t old = cpu_cpsr(c);
	uint32_t set = entry[e].mask;

	c->exceptions[e]++;
	c->turns += e == EXC_IRQ || e == EXC_FIQ;
	c->block_pc = 1; /* an interrupted block operation starts over */
	c->excl_valid = 0;
	if (c->core->arch < ARCH_V6)
		set &= ~CPSR_A;
	else if (c->cp.sctlr & SCTLR_EE)
		set |= CPSR_E;
	cpu_set_cpsr(c, entry[e].mode | set,
		     0x1f | CPSR_T | set | (c->core->arch >= ARCH_V6 ? CPSR_E : 0));
	c->spsr = old;
	c->r[14] = ret;
	c->pc = (c->cp.sctlr & SCTLR_V ? 0xffff0000u : 0) + entry[e].offset;
	c->waiting = false;
}

/* An interrupt that is pending and masked ends a wait at once. An image that has halted itself
 * by waiting over and over with everything masked would spin for ever: nothing can get it out
 * of a loop that takes no interrupt and asks no device. */
void cpu_wait(struct cpu *c)
{
	bool masked = (!c->irq_line || (c->cpsr & CPSR_I)) && (!c->fiq_line || (c->cpsr & CPSR_F));
	bool in_vain = (c->irq_line || c->fiq_line) && masked;

	c->waiting = true;
	if (!in_vain || c->insns - c->vain_insns > VAIN_LOOP || c->vain_uses != c->m->device_uses)
		c->vain = 0;
	c->vain_insns = c->insns;
	c->vain_uses = c->m->device_uses;
	if (++c->vain > VAIN_WAITS)
		machine_stop(c->m, STOP_STUCK, EXIT_STUCK);
}

void cpu_reset(struct cpu *c)
{
	memset(c->r, 0, sizeof c->r);
	memset(&c->cp, 0, sizeof c->cp);
	c->cp.sctlr = c->core->sctlr_reset;
	c->cpsr = MODE_SVC | CPSR_I | CPSR_F | (c->core->arch >= ARCH_V6 ? CPSR_A : 0);
	c->nf = c->cf = c->vf = 0;
	c->zf = 1;
	/* As QEMU leaves it: with SCTLR.U clear the 1176 resets to legacy behaviour. */
	c->ut = c->utlb[1];
	c->pc = 0;
	tlb_flush_all(c);
	mmu_flush_fast(c);
}

uint64_t cpu_now(const struct cpu *c)
{
	return c->cycles + (c->cur && c->seg ? (uint64_t)(c->cur - c->seg) : 0);
}
