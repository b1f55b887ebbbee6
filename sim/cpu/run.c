/* SPDX-License-Identifier: MIT */
/* The run loop: one code line after another, interrupts and the deadline in between. */
#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

/* Takes a pending interrupt if it is not masked. */
static void take_interrupt(struct cpu *c)
{
	if (c->fiq_line && !(c->cpsr & CPSR_F))
		cpu_exception(c, EXC_FIQ, c->pc + 4);
	else if (c->irq_line && !(c->cpsr & CPSR_I))
		cpu_exception(c, EXC_IRQ, c->pc + 4);
	fetch_reset(c);
}

/* One instruction, with the hooks of trace and debugger round it. */
static void step(struct cpu *c, const struct insn *i)
{
	if (unlikely(c->attn & ATTN_STEP) && !debug_before(c, i)) {
		c->pc = insn_pc(c, i);
		return;
	}
	c->cur = i;
	i = i->fn(c, i);
	if (i)
		c->pc = insn_pc(c, i);
	c->cur = c->seg = NULL;
	c->cycles++;
	c->insns++;
	if (unlikely(c->attn & ATTN_STEP))
		debug_after(c);
}

void cpu_run(struct cpu *c)
{
	while (c->cycles < c->deadline) {
		const struct insn *i;
		uint64_t n;
		uint32_t at;

		if (unlikely(c->attn)) {
			if (c->attn & ATTN_STOP)
				break;
			if (c->attn & ATTN_IRQ)
				take_interrupt(c);
		}
		if (c->waiting) {
			if (c->irq_line || c->fiq_line)
				c->waiting = false;
			else
				break;
		}
		at = c->pc;
		i = cpu_fetch(c);
		if (unlikely(!i)) { /* prefetch abort: counts as an instruction, for --max-insns */
			if (c->pc == at && !c->m->dbg->gdb)
				machine_stop(c->m, STOP_LOST, 1);
			c->cycles++;
			c->insns++;
			continue;
		}
		c->seg = i;
		c->cur = i;
		/* A line holds 16 instructions at most: nearer to the deadline go one by one,
		 * so that timer interrupts come at an exact instruction. */
		if (unlikely(c->deadline - c->cycles < 17 || (c->attn & ATTN_STEP))) {
			step(c, i);
			continue;
		}
		do {
			i = i->fn(c, i);
		} while (i);
		n = (uint64_t)(c->last - c->seg) + 1;
		c->cycles += n;
		c->insns += n;
		c->cur = c->seg = NULL;
	}
}
