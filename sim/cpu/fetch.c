/* SPDX-License-Identifier: MIT */
/* Instruction fetch: from I-cache lines, or from memory when the page or the cache says so.
 *
 * Neither looks into the D-cache or its write buffer: code that was written through the
 * D-side and not cleaned and drained is not seen, and an I-cache line stays as it was
 * filled until it is invalidated or replaced (DDI0198D 4.1: the caches are not coherent).
 */
#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

#include <stddef.h>
#include <string.h>

static const struct insn *end_of_line(struct cpu *c, const struct insn *i)
{
	return leave(c, i - 1, insn_pc(c, i));
}

static const struct insn *decode_arm_now(struct cpu *c, const struct insn *i)
{
	arm_decode(c, (struct insn *)i);
	return i->fn(c, i);
}

static const struct insn *decode_thumb_now(struct cpu *c, const struct insn *i)
{
	thumb_decode(c, (struct insn *)i);
	return i->fn(c, i);
}

void code_line_start(struct code_line *l, bool thumb)
{
	unsigned int n = thumb ? CODE_BYTES / 2 : CODE_BYTES / 4;

	for (unsigned int k = 0; k < n; k++) {
		struct insn *i = &l->insn[k];

		if (thumb) {
			i->op = (uint32_t)(l->raw[2 * k] | l->raw[2 * k + 1] << 8);
			i->fn = decode_thumb_now;
		} else {
			memcpy(&i->op, &l->raw[4 * k], 4);
			i->fn = decode_arm_now;
		}
	}
	l->insn[n].fn = end_of_line;
	l->state = thumb ? CODE_THUMB : CODE_ARM;
}

/* The I-cache line for mva, filled if need be; NULL if the cache would not take it. */
static struct code_line *cached_line(struct cpu *c, uint32_t mva, uint32_t pa)
{
	const struct cm_line *l = NULL;
	struct cm *m = &c->i;
	uint32_t set = (mva >> 5) & m->set_mask, way;
	bool phys = m->cfg.index != CM_VIVT;

	if (m->cfg.index == CM_PIPT)
		set = (pa >> 5) & m->set_mask;
	for (way = 0; way < m->cfg.ways; way++) {
		l = &m->lines[set * m->cfg.ways + way];
		if (l->valid && (phys ? l->pa == pa : l->va == mva))
			break;
	}
	if (unlikely(way == m->cfg.ways)) {
		m->who = mva;
		cm_load(m, mva, pa, 4,
			CM_C | CM_B); /* the fill event makes the old code_line invalid */
		l = cm_peek(m, mva, pa);
		if (!l)
			return NULL;
	}
	return &c->icode[l - m->lines];
}

/* The line whose instructions c runs, and where its bytes are. */
static const struct code_line *line_run(const struct cpu *c)
{
	return (const struct code_line *)((const char *)c->line - offsetof(struct code_line, insn));
}

static const struct insn *look_arm(struct cpu *c, const struct insn *i)
{
	const struct code_line *l = line_run(c);
	uint32_t va = insn_pc(c, i);

	debug_executes(c, va, l->tag + va % CODE_BYTES, 4, l->raw);
	return decode_arm_now(c, i);
}

static const struct insn *look_thumb(struct cpu *c, const struct insn *i)
{
	const struct code_line *l = line_run(c);
	uint32_t va = insn_pc(c, i);

	debug_executes(c, va, l->tag + va % CODE_BYTES, 2, l->raw);
	return decode_thumb_now(c, i);
}

/* Each instruction of l is shown to hunter mode when it is first run: not all of a line is. */
static void look_on(struct code_line *l)
{
	bool thumb = l->state == CODE_THUMB;

	for (unsigned int k = 0; k < CODE_BYTES / (thumb ? 2 : 4); k++)
		l->insn[k].fn = thumb ? look_thumb : look_arm;
}

static struct code_line *uncached_line(struct cpu *c, uint32_t pa)
{
	struct code_line *l = &c->ucode[(pa >> 5) & (UCODE_LINES - 1)];

	if (l->tag != pa || l->state == CODE_INVALID) {
		machine_fetch(c->m, pa, l->raw, CODE_BYTES);
		l->tag = pa;
		l->state = CODE_INVALID;
	}
	return l;
}

const struct insn *cpu_fetch(struct cpu *c)
{
	uint32_t pc = c->pc, want = cpu_thumb(c) ? CODE_THUMB : CODE_ARM;
	struct code_line *l = NULL;
	uint32_t mva, pa;
	struct utlb *u;
	bool cached;

	c->shift = want == CODE_THUMB ? 1 : 2;
	if (likely(((pc ^ c->line_va) & ~(CODE_BYTES - 1)) == 0 && c->line_ok == want))
		return c->line + ((pc & (CODE_BYTES - 1)) >> c->shift);
	u = &c->ut[(pc >> 12) & (UTLB_SIZE - 1)];
	if (unlikely((pc & 0xfffff000u) != u->page || !(u->can & (1u << ACC_FETCH)))) {
		u = mmu_translate(c, pc, ACC_FETCH);
		if (!u) {
			fetch_reset(c);
			return NULL;
		}
	}
	mva = u->mva | (pc & 0xfe0u);
	pa = u->pa + (pc & 0xfe0u);
	if ((c->cp.sctlr & SCTLR_I) && ((u->attr & CM_C) || !(c->cp.sctlr & SCTLR_M))) {
		l = cached_line(c, mva, pa);
		c->line_lookups++;
		if (l && l->state == CODE_INVALID) {
			const struct cm_line *cl = &c->i.lines[l - c->icode];

			memcpy(l->raw, cm_line_data(&c->i, cl), CODE_BYTES);
		}
	}
	cached = l;
	if (!l)
		l = uncached_line(c, pa);
	if (unlikely(l->state != want)) {
		l->tag = pa;
		code_line_start(l, want == CODE_THUMB);
		if (unlikely(c->hooked) && debug_code(c, pa, cached))
			look_on(l);
	}
	c->line = l->insn;
	c->line_va = pc & ~(CODE_BYTES - 1);
	c->line_ok = (uint8_t)want;
	return c->line + ((pc & (CODE_BYTES - 1)) >> c->shift);
}

void fetch_forget_pa(struct cpu *c, uint32_t pa, uint32_t len)
{
	uint32_t first = pa & ~(CODE_BYTES - 1);

	for (uint32_t at = first; at - first < len + (pa - first); at += CODE_BYTES) {
		struct code_line *l = &c->ucode[(at >> 5) & (UCODE_LINES - 1)];

		if (l->state != CODE_INVALID && l->tag == at) {
			l->state = CODE_INVALID;
			fetch_reset(c);
		}
	}
}

void fetch_look_again(struct cpu *c, uint32_t pa)
{
	uint32_t line = pa & ~(CODE_BYTES - 1);

	for (uint32_t n = 0; n < c->i.sets * c->i.cfg.ways; n++)
		if (c->i.lines[n].valid && c->i.lines[n].pa == line)
			c->icode[n].state = CODE_INVALID;
	fetch_forget_pa(c, pa, 1);
	fetch_reset(c);
}
