/* SPDX-License-Identifier: MIT */
/* Hunter mode: cache operations pay debts. Each is seen just before it happens. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/debug.h"
#include "sim/debug/shadow.h"
#include "sim/machine.h"

#define CLEAN 1u
#define INV   2u

bool debts_undrained(const struct cpu *c, const struct unit *u)
{
	return (u->flags & U_UNDRAINED) && u->epoch == c->m->dbg->shadow->epoch;
}

static void cleaned(struct cpu *c, struct unit *u)
{
	if (!(u->flags & U_DIRTY))
		return;
	u->pending = unit_dirty_bytes(c, u);
	u->flags = (uint16_t)((u->flags | U_UNDRAINED) & ~(U_DIRTY | U_SAID));
	u->epoch = c->m->dbg->shadow->epoch;
}

/* Stored bytes that nobody cleaned: from now on they are there or not, as luck had it. */
static void discarded(struct cpu *c, struct unit *u)
{
	uint8_t view[UNIT], memory[UNIT];

	if (!(u->flags & U_HELD))
		cleaned(c, u); /* the stores went to the write buffer, not into a line */
	if (!(u->flags & U_DIRTY))
		return;
	u->flags &= (uint16_t) ~(U_DIRTY | U_SAID);
	u->invalidated = debug_here(c);
	shadow_view(c, u, view);
	shadow_memory(c, u, memory);
	for (uint32_t n = 0; n < UNIT; n++) {
		if (unit_taints(u) & (1u << n) || view[n] == u->alt[n])
			continue;
		u->lost |= 1u << n;
		if (memory[n] != view[n])
			u->alt[n] = view[n];
	}
	if (u->lost && (u->flags & U_CODE))
		fetch_look_again(c, u->pa);
}

static void operate(struct cpu *c, struct unit *u, uint32_t what)
{
	if (what & CLEAN)
		cleaned(c, u);
	shadow_hints_forget(c, u->pa);
	if (!(what & INV))
		return;
	discarded(c, u);
	u->behind = 0;
	u->flags &= (uint16_t) ~(U_PRESENT | U_HELD | U_OTHER_OLD);
	u->other = UNIT_NO_VA;
}

/* The line of u cached by tag: of two addresses an operation concerns one. */
static void operate_by(struct cpu *c, struct unit *u, uint32_t tag, uint32_t what)
{
	uint32_t second = u->other;

	if (u->va == tag) {
		operate(c, u, what);
		if (!(what & INV) || second == UNIT_NO_VA)
			return;
		u->va = second; /* under that address it is still there */
		u->flags |= U_PRESENT | U_HELD;
	} else if (u->other == tag && (what & INV)) {
		u->other = UNIT_NO_VA;
		u->flags &= (uint16_t)~U_OTHER_OLD;
	}
}

static void by_mva(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t what)
{
	struct unit *u;

	if (c->d_phys) {
		u = shadow_at(c, pa, false);
		if (u)
			operate(c, u, what);
		return;
	}
	for (unsigned int n = 0; n < 2; n++)
		if ((u = shadow_under(c, mva, n)))
			operate_by(c, u, mva & ~(UNIT - 1), what);
}

static void whole(struct cpu *c, uint32_t what)
{
	struct shadow *s = c->m->dbg->shadow;
	uint32_t kept = 0;

	for (uint32_t n = 0; n < s->nlive; n++) {
		struct unit *u = s->live[n];

		operate(c, u, what);
		if (what & INV)
			u->flags &= (uint16_t)~U_LISTED;
		else
			s->live[kept++] = u;
	}
	s->nlive = kept;
	memset(s->swept, 0, c->d.sets * c->d.cfg.ways);
	s->swept_count = 0;
}

/* One set and way: of its line now, and of the whole cache when a loop has been all round. */
static void by_setway(struct cpu *c, uint32_t val, uint32_t what)
{
	struct shadow *s = c->m->dbg->shadow;
	uint32_t bits = (uint32_t)__builtin_ctz(c->d.cfg.ways);
	uint32_t set = val >> c->d.line_shift & c->d.set_mask, way = bits ? val >> (32 - bits) : 0;
	uint32_t n = set * c->d.cfg.ways + way;
	const struct cm_line *l = &c->d.lines[n];
	struct unit *u = l->valid ? shadow_at(c, l->pa, false) : NULL;

	if (u && (c->d_phys || u->va == l->va || u->other == l->va))
		operate_by(c, u, c->d_phys ? u->va : l->va, what);
	if (s->swept_op != what || s->swept[n]) {
		memset(s->swept, 0, c->d.sets * c->d.cfg.ways);
		s->swept_count = 0;
		s->swept_op = what;
	}
	s->swept[n] = 1;
	if (++s->swept_count == c->d.sets * c->d.cfg.ways)
		whole(c, what);
}

static void icache_whole(struct cpu *c)
{
	struct shadow *s = c->m->dbg->shadow;

	for (uint32_t p = 0; p < s->npages; p++)
		for (uint32_t n = 0; s->page[p] && n < UNITS; n++) {
			s->page[p][n].code = 0;
			s->page[p][n].flags &= (uint16_t)~U_ICACHE;
		}
}

static void icache_line(struct cpu *c, uint32_t mva, uint32_t pa)
{
	uint32_t m, attr;
	struct unit *u;

	/* Code is not remapped without more ado: today's translation is the line's */
	if (c->i.cfg.index == CM_VIVT && !mmu_peek(c, mva, &m, &pa, &attr))
		return;
	u = shadow_at(c, pa, false);
	if (u) {
		u->code = 0;
		u->flags &= (uint16_t)~U_ICACHE;
	}
}

void check_cache_op(struct cpu *c, uint32_t op, uint32_t mva, uint32_t pa)
{
	static const uint8_t dcache[16] = {[6] = INV, [7] = INV, [10] = CLEAN, [14] = CLEAN | INV};
	uint32_t crm = op >> 4, what = dcache[crm];

	if (op == 0x50 || op == 0x70)
		icache_whole(c);
	if (op == 0x51)
		icache_line(c, mva, pa);
	if (op == 0xa4 || op == 0xa5) {
		c->m->dbg->shadow->epoch++;
		return;
	}
	if (!what)
		return;
	switch (op & 15) {
	case 0:
	case 3: /* test and clean: it comes here when nothing is dirty any more */
		whole(c, what);
		return;
	case 1:
		by_mva(c, mva, pa, what);
		return;
	case 2:
		by_setway(c, mva, what);
		return;
	default:
		return;
	}
}

void check_event(void *cpu, const struct cm_event *ev)
{
	struct cpu *c = cpu;
	struct unit *u = shadow_at(c, ev->pa, false);
	uint8_t *ram;

	if (ev->kind != CM_EV_WRITEBACK || !u || !machine_ram(c->m, u->pa, &ram, UNIT))
		return;
	u->halves |= (uint8_t)ev->dirty;
	/* The device's bytes go now: of the two values this is the one that is nowhere else */
	for (uint32_t n = 0; u->corrupt && n < UNIT; n++)
		if (u->corrupt & unit_dirty_bytes(c, u) & (1u << n))
			u->alt[n] = ram[n];
}
