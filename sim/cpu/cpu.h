/* SPDX-License-Identifier: MIT */
/* The emulated ARM core: registers, modes, MMU state, caches and the fast-path tables.
 *
 * Context: one thread, host side. Nothing here may be called from a signal handler.
 */
#ifndef SIM_CPU_CPU_H
#define SIM_CPU_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/model.h"
#include "sim/cpu/core.h"
#include "sim/cpu/insn.h"
#include "sim/memory/ahead.h"
#include "sim/memory/tlb.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

enum {
	MODE_USR = 0x10,
	MODE_FIQ = 0x11,
	MODE_IRQ = 0x12,
	MODE_SVC = 0x13,
	MODE_ABT = 0x17,
	MODE_UND = 0x1b,
	MODE_SYS = 0x1f
};

#define CPSR_N	  0x80000000u
#define CPSR_Z	  0x40000000u
#define CPSR_C	  0x20000000u
#define CPSR_V	  0x10000000u
#define CPSR_Q	  0x08000000u
#define CPSR_NZCV 0xf0000000u
#define CPSR_J	  0x01000000u
#define CPSR_GE	  0x000f0000u
#define CPSR_E	  0x00000200u
#define CPSR_A	  0x00000100u
#define CPSR_I	  0x00000080u
#define CPSR_F	  0x00000040u
#define CPSR_T	  0x00000020u

#define SCTLR_M	 0x00000001u
#define SCTLR_A	 0x00000002u
#define SCTLR_C	 0x00000004u
#define SCTLR_B	 0x00000080u
#define SCTLR_S	 0x00000100u
#define SCTLR_R	 0x00000200u
#define SCTLR_I	 0x00001000u
#define SCTLR_V	 0x00002000u
#define SCTLR_RR 0x00004000u
#define SCTLR_L4 0x00008000u
#define SCTLR_U	 0x00400000u
#define SCTLR_XP 0x00800000u
#define SCTLR_EE 0x02000000u

enum exception { EXC_RESET, EXC_UNDEF, EXC_SVC, EXC_PABT, EXC_DABT, EXC_IRQ, EXC_FIQ };

/* Why the run loop must look up (c->attn). */
#define ATTN_IRQ  1u /* an unmasked interrupt is pending */
#define ATTN_STOP 2u /* the machine wants the CPU to return from cpu_run() */
#define ATTN_STEP 4u /* one instruction at a time: trace, breakpoints, watchpoints */

/* kinds of access() */
#define ACC_LOAD  0u
#define ACC_STORE 1u
#define ACC_FETCH 2u
#define ACC_KIND  3u
#define ACC_USER  4u  /* LDRT and STRT: with user permissions */
#define ACC_MULTI 8u  /* part of LDM, STM: low address bits are ignored on v5 */
#define ACC_EXACT 16u /* LDREX, SWP, v6 LDM, LDRD: unaligned is a fault on v6 */

#define UTLB_SIZE 256u
#define UTLB_NONE 1u /* never equal to a page address or an address masked for a compare */

/* One page as last translated at one privilege. The tags are the page's VA when the fast
 * path may be used for that kind of access. */
struct utlb {
	uint32_t rtag, wtag; /* loads and stores that may hit the D-cache directly */
	uint32_t page;	     /* VA page for which the rest is right, or UTLB_NONE */
	uint32_t mva, pa;    /* of the page */
	uint8_t can;	     /* bit ACC_LOAD, ACC_STORE, ACC_FETCH: permitted */
	uint8_t attr;	     /* CM_C | CM_B as the page table has them */
	uint8_t tlb;	     /* TLB slot it came from, or TLB_NONE */
};

/* Where a line was last found in the D-cache, by VA. Checked against the line's tag. wline
 * is line where stores may take the fast path too, else a line that is never hit. */
struct dhint {
	struct cm_line *line, *wline;
	uint8_t *data;
};
#define DHINT_SIZE 512u

struct cp15 {
	uint32_t sctlr, actlr, cpacr, ttbr0, ttbr1, ttbcr, dacr;
	uint32_t dfsr, ifsr, far, ifar;
	uint32_t fcse, contextidr, tpidr[3];
	uint32_t dlock, ilock, tlblock, tcm[2], prrr, nmrr, par, cdirty;
	uint32_t vbar;
};

struct bank {
	uint32_t sp, lr, spsr;
};

struct machine;

struct cpu {
	uint32_t r[16];
	uint32_t nf, zf, cf, vf; /* N = bit 31 of nf, Z = (zf == 0), C = cf, V = bit 31 of vf */
	uint32_t cpsr;		 /* everything but NZCV */
	uint32_t spsr;		 /* of the current mode */
	uint32_t pc;		 /* next instruction, when outside a line */
	uint32_t attn;

	/* the line being run */
	const struct insn *line, *seg, *last, *cur;
	uint32_t line_va;
	uint8_t line_ok, shift; /* shift: 2 in ARM state, 1 in Thumb */
	bool waiting;		/* in wait-for-interrupt */
	uint32_t vain;		/* waits in a row that ended at once; see cpu_wait() */
	uint64_t vain_insns, vain_uses;

	uint64_t cycles, insns, deadline; /* cycles: insns plus time slept */
	uint32_t irq_line, fiq_line;

	/* fast path of loads and stores */
	struct utlb *ut; /* utlb[privileged] */
	uint32_t d_phys; /* lines are found by physical tag (VIPT, PIPT) */
	uint32_t half_shift, half_mask;
	uint64_t fast_loads, fast_stores;
	uint64_t line_lookups; /* in the I-cache: one for each line that is entered */

	struct bank banks[6]; /* usr, fiq, irq, svc, abt, und */
	uint32_t r8_usr[5], r8_fiq[5];
	uint32_t excl_pa, excl_valid;
	uint32_t block_pc, block_at; /* an MCRR block operation on its way */

	uint64_t turns;	   /* interrupts taken, exceptions returned from */
	uint64_t barriers; /* c7,c10,4 and 5 */

	struct cp15 cp;
	struct tlb tlb;
	uint64_t exceptions[7], walks, data_aborts, prefetch_aborts;

	struct cm d, i;
	const struct core *core;
	struct machine *m;
	bool walk_in_cache; /* mutant: table walks look into the D-cache */
	bool odd_cache;	    /* a geometry the fast path cannot serve */
	bool no_fast;	    /* watchpoints: every access takes the full path */
	bool hooked;	    /* hunter mode, watchpoints: the full path calls the hooks */

	struct cm_line no_line; /* never valid: a hint that must not be hit points here */
	struct utlb utlb[2][UTLB_SIZE];
	struct dhint dhint[DHINT_SIZE];
	struct code_line *icode; /* one for each line of the I-cache */
	struct code_line *ucode; /* uncached fetches, by physical line */
	uint8_t *dstore, *istore;
	struct ahead ahead; /* mutant: the D-cache may fill by itself */
};

#define UCODE_LINES 512u

/* ---- cpu.c ---- */
void cpu_reset(struct cpu *c);
uint32_t cpu_cpsr(const struct cpu *c);
/* Writes the CPSR bits in mask; switches banks, state and interrupt masks. */
void cpu_set_cpsr(struct cpu *c, uint32_t val, uint32_t mask);
/* Enters an exception; ret is what LR of the new mode gets. Sets c->pc. */
void cpu_exception(struct cpu *c, enum exception e, uint32_t ret);
void cpu_update_attn(struct cpu *c);
void cpu_set_irq(struct cpu *c, bool irq, bool fiq);
/* Wait for interrupt. */
void cpu_wait(struct cpu *c);
/* A register as mode sees it (user registers for LDM^ and STM^, SRS). */
uint32_t *cpu_reg_of_mode(struct cpu *c, uint32_t mode, unsigned int reg);

/* ---- run.c ---- */
/* Runs until c->cycles >= c->deadline, ATTN_STOP, or wait-for-interrupt. */
void cpu_run(struct cpu *c);
/* c->cycles as of the instruction being executed. */
uint64_t cpu_now(const struct cpu *c);

/* ---- fetch.c ---- */
const struct insn *cpu_fetch(struct cpu *c);
/* The next instruction must be looked up again. */
static inline void fetch_reset(struct cpu *c)
{
	c->line_ok = 0;
}
/* Memory at pa changed without the I-cache knowing: uncached code there is stale. */
void fetch_forget_pa(struct cpu *c, uint32_t pa, uint32_t len);
/* The code at pa, cached or not, goes by debug_code() again when it is next run. */
void fetch_look_again(struct cpu *c, uint32_t pa);

/* ---- mmu.c ---- */
/* The translation of va, by TLB or table walk; NULL after raising the abort. kind: ACC_*. */
struct utlb *mmu_translate(struct cpu *c, uint32_t va, uint32_t kind);
/* Looks without side effects (debugger): true if mapped. Permissions are ignored. */
bool mmu_peek(struct cpu *c, uint32_t va, uint32_t *mva, uint32_t *pa, uint32_t *attr);
/* May a privileged load go through e to mva? */
bool mmu_readable(const struct cpu *c, const struct tlb_entry *e, uint32_t mva);
void mmu_flush_fast(struct cpu *c);
void mmu_fault(struct cpu *c, uint32_t va, uint32_t kind, uint32_t status, uint32_t domain);

/* ---- access.c ---- */
/* The one path of every data access: alignment, TLB, cache, bus. size 1, 2, 4. Returns
 * false after an abort has been taken. i is the instruction that asks. */
bool access_mem(struct cpu *c, const struct insn *i, uint32_t va, uint32_t size, uint32_t kind,
		uint32_t *val);

static inline bool cpu_privileged(const struct cpu *c)
{
	return (c->cpsr & 0x1f) != MODE_USR;
}

static inline bool cpu_thumb(const struct cpu *c)
{
	return c->cpsr & CPSR_T;
}

static inline uint32_t insn_pc(const struct cpu *c, const struct insn *i)
{
	return c->line_va + ((uint32_t)(i - c->line) << c->shift);
}

/* Ends the line with i as its last instruction and pc as the next one. */
static inline const struct insn *leave(struct cpu *c, const struct insn *i, uint32_t pc)
{
	c->last = i;
	c->pc = pc;
	return NULL;
}

/* The same after an exception has set the pc. */
static inline const struct insn *leave_exc(struct cpu *c, const struct insn *i)
{
	c->last = i;
	return NULL;
}

static inline const struct insn *leave_next(struct cpu *c, const struct insn *i)
{
	return leave(c, i, insn_pc(c, i + 1));
}

/* Branch with exchange: bit 0 chooses the state. */
static inline const struct insn *leave_bx(struct cpu *c, const struct insn *i, uint32_t to)
{
	c->cpsr = (c->cpsr & ~CPSR_T) | (to & 1 ? CPSR_T : 0);
	return leave(c, i, to & 1 ? to & ~1u : to & ~3u);
}

/* Branch that keeps the state. */
static inline const struct insn *leave_to(struct cpu *c, const struct insn *i, uint32_t to)
{
	return leave(c, i, cpu_thumb(c) ? to & ~1u : to & ~3u);
}

#endif
