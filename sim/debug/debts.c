/* SPDX-License-Identifier: MIT */
/* Hunter mode: what the CPU's own loads and stores owe, and what they must not read. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/debug.h"
#include "sim/debug/shadow.h"
#include "sim/machine.h"

/* The bytes of p's half of its line. */
static uint32_t half_bytes(const struct cpu *c, uint32_t pa)
{
	if (c->d.cfg.halves == 1)
		return 0xffffffffu;
	return pa & 16 ? 0xffff0000u : 0xffffu;
}

/* Of the bytes in mask those with another possible value than got; or[] is that value. */
static uint32_t differ(const struct unit *u, uint32_t mask, const uint8_t *got,
		       const uint8_t *third, uint8_t * or)
{
	uint32_t found = 0;

	memcpy(or, got, UNIT);
	for (uint32_t n = 0; n < UNIT; n++) {
		if (!(mask & (1u << n)))
			continue;
		or [n] = u->alt[n] != got[n] ? u->alt[n] : third[n];
		found |= or [n] != got[n] ? 1u << n : 0;
	}
	return found;
}

/* Somebody reads mask's bytes of u, which may be got or another value: reports that. False if
 * there is no other value. */
static bool judge(struct cpu *c, struct unit *u, enum check_kind kind, uint32_t mask, uint32_t mva,
		  const uint8_t *got, const uint8_t *third)
{
	struct finding f = {.kind = kind, .pc = debug_here(c), .va = mva, .stored = u->stored};
	uint8_t or [UNIT];
	uint32_t at;

	mask = differ(u, mask, got, third, or);
	if (!mask)
		return false;
	at = (uint32_t)__builtin_ctz(mask) & ~3u;
	f.pa = u->pa + at;
	f.va = (mva & ~(UNIT - 1)) + at;
	memcpy(&f.got, got + at, 4);
	memcpy(&f.other, or +at, 4);
	if (kind == CHECK_DISCARD) {
		f.read = f.pc;
		f.pc = u->invalidated;
		f.va = u->va == UNIT_NO_VA || c->d_phys ? f.va : u->va + at;
	}
	if (kind == CHECK_STALE_CODE)
		f.pc = mva; /* not the first of the line's instructions */
	if (kind == CHECK_STALE_READ) {
		f.stored = 0;
		f.filled = u->filled;
	}
	if (kind == CHECK_STALE_READ || kind == CHECK_UNDER_DIRTY)
		f.transfer = u->transfer;
	check_report(c, &f);
	return true;
}

/* A tainted byte is said once: what is read here may have gone anywhere already. */
static void judge_taints(struct cpu *c, struct unit *u, uint32_t mask, uint32_t mva,
			 const uint8_t *got, const uint8_t *third)
{
	if (u->lost & mask) {
		judge(c, u, CHECK_DISCARD, u->lost & mask, mva, got, third);
		u->lost = 0;
	}
	if (u->corrupt & mask) {
		judge(c, u, CHECK_UNDER_DIRTY, u->corrupt & mask, mva, got, third);
		u->corrupt = 0;
	}
}

void debts_memory_read(struct cpu *c, struct unit *u, uint32_t mask, uint32_t va,
		       const struct reader *r)
{
	uint8_t view[UNIT], *ram;
	const uint8_t *got = r->got;

	if (!(u->flags & (U_DIRTY | U_UNDRAINED)) && !unit_taints(u))
		return;
	if (!got && machine_ram(c->m, u->pa, &ram, UNIT))
		got = ram;
	shadow_view(c, u, view);
	if (!(u->flags & U_SAID) &&
	    ((u->flags & U_DIRTY) || (debts_undrained(c, u) && r->undrained != CHECK_KINDS))) {
		bool dirty = u->flags & U_DIRTY;
		uint32_t owed = mask & ~unit_taints(u) & (dirty ? 0xffffffffu : u->pending);

		if (judge(c, u, dirty ? r->stale : r->undrained, owed, va, got, view))
			u->flags |= U_SAID;
	}
	judge_taints(c, u, mask, va, got, view);
}

/* On a VIVT cache each address has a line of its own for the same memory. */
static void by_another_address(struct cpu *c, struct unit *u, uint32_t mva, bool store)
{
	uint32_t tag = mva & ~(UNIT - 1);
	bool old = u->other == tag && (u->flags & U_OTHER_OLD);

	if (u->va == tag || c->d_phys)
		return;
	if ((u->flags & U_DIRTY) || old) {
		uint8_t view[UNIT], memory[UNIT];

		shadow_view(c, u, view);
		shadow_memory(c, u, memory);
		judge(c, u, CHECK_ALIASES, store ? 0xffffffffu : unit_bytes(mva, 4), mva, view,
		      memory);
	}
	u->other = u->flags & U_PRESENT ? u->va : UNIT_NO_VA;
	u->flags &= (uint16_t)~U_OTHER_OLD;
	shadow_hints_forget(c, u->pa);
}

/* The line that mva may still hit is another page's: the mapping changed under it. */
static void wrong_page(struct cpu *c, uint32_t mva, uint32_t pa)
{
	uint32_t tag = mva & ~(UNIT - 1);
	struct unit *u;

	shadow_map(c, mva, pa);
	if (c->d_phys || !(u = shadow_under(c, tag, 1)) || u->pa == (pa & ~(UNIT - 1)))
		return;
	if (u->va == tag && (u->flags & U_PRESENT)) {
		struct finding f = {.kind = CHECK_WRONG_PAGE,
				    .pc = debug_here(c),
				    .va = mva,
				    .pa = pa,
				    .filled = u->filled};
		uint8_t view[UNIT];
		struct unit *mine = shadow_at(c, pa, true);

		shadow_view(c, u, view);
		memcpy(&f.other, view + (pa & 28), 4);
		shadow_view(c, mine, view);
		memcpy(&f.got, view + (pa & 28), 4);
		if (f.got != f.other)
			check_report(c, &f);
		u->va = UNIT_NO_VA;
	} else if (u->other == tag) {
		u->other = UNIT_NO_VA;
	}
}

static void arrives(struct cpu *c, struct unit *u, uint32_t mva, bool store)
{
	by_another_address(c, u, mva, store);
	u->va = c->d_phys ? u->pa : mva & ~(UNIT - 1);
	u->flags |= !store || c->d.cfg.write_allocate ? U_HELD : 0;
	if (!(u->flags & U_PRESENT)) {
		u->flags |= U_PRESENT;
		u->filled = debug_here(c);
		shadow_list(c->m->dbg->shadow, u);
	}
}

static void cached_load(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size)
{
	struct unit *u = shadow_at(c, pa, true);
	uint32_t mask = unit_bytes(pa, size);
	uint8_t view[UNIT], memory[UNIT];

	wrong_page(c, mva, pa);
	arrives(c, u, mva, false);
	if (!(unit_taints(u) & mask))
		return;
	shadow_view(c, u, view);
	shadow_memory(c, u, memory);
	judge_taints(c, u, mask, mva, view, memory);
	if (u->behind & mask) {
		judge(c, u, CHECK_STALE_READ, u->behind & mask, mva, view, memory);
		u->behind = 0;
	}
}

/* Bytes are about to change by the CPU: what was unsure of them is sure now. Where old is
 * what memory has, and not what the line had. */
static void renewed(struct cpu *c, struct unit *u, uint32_t mask)
{
	uint8_t memory[UNIT];

	if (!(unit_taints(u) & mask))
		return;
	shadow_memory(c, u, memory);
	for (uint32_t n = 0; n < UNIT; n++)
		if (unit_taints(u) & mask & (1u << n))
			u->alt[n] = memory[n];
	unit_overwritten(c->m->dbg->shadow, u, mask);
}

/* alt = what memory has had so far, where it is not needed for a taint. */
static void remember_memory(struct cpu *c, struct unit *u)
{
	uint8_t view[UNIT];

	shadow_view(c, u, view);
	for (uint32_t n = 0; n < UNIT; n++)
		if (!(unit_taints(u) & (1u << n)))
			u->alt[n] = view[n];
}

void debts_code_changes(struct cpu *c, struct unit *u, uint32_t mask)
{
	if (!(u->flags & U_CODE))
		return;
	if (u->flags & U_ICACHE)
		u->code |= mask;
	fetch_look_again(c, u->pa);
}

static void cached_store(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size)
{
	struct unit *u = shadow_at(c, pa, true);
	uint32_t mask = unit_bytes(pa, size), half = half_bytes(c, pa);

	wrong_page(c, mva, pa);
	arrives(c, u, mva, true);
	if (!(u->flags & U_DIRTY)) {
		remember_memory(c, u);
		u->flags = (uint16_t)((u->flags | U_DIRTY) & ~(U_UNDRAINED | U_SAID));
		u->stored = debug_here(c);
		u->halves = 0;
	}
	u->halves |= (uint8_t)(c->d.cfg.halves == 2 && (pa & 16) ? 2 : 1);
	renewed(c, u, mask);
	/* The half goes to memory as a whole: what the device wrote there is not safe now */
	u->corrupt |= u->behind & half;
	u->behind &= ~half;
	if (u->other != UNIT_NO_VA)
		u->flags |= U_OTHER_OLD;
	debts_code_changes(c, u, mask);
}

/* A store that goes into the write buffer and not, or not only, into a line. */
static void buffered_store(struct cpu *c, uint32_t pa, uint32_t size)
{
	struct unit *u = shadow_at(c, pa, true);
	uint32_t mask = unit_bytes(pa, size);

	if (!(u->flags & U_DIRTY) && !debts_undrained(c, u)) {
		remember_memory(c, u);
		u->flags = (uint16_t)((u->flags | U_UNDRAINED) & ~U_SAID);
		u->epoch = c->m->dbg->shadow->epoch;
		u->pending = 0;
		u->stored = debug_here(c);
	}
	u->pending |= mask;
	renewed(c, u, mask);
	debts_code_changes(c, u, mask);
}

static void uncached(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size, bool store,
		     bool buffer)
{
	static const struct reader past_the_cache = {CHECK_UNCACHED, CHECK_KINDS, NULL};
	struct unit *u = shadow_at(c, pa, false);

	if (!buffer)
		c->m->dbg->shadow->epoch++; /* strongly ordered: the write buffer empties first */
	if (store && u)
		debts_memory_written(c, u, unit_bytes(pa, size));
	else if (u)
		debts_memory_read(c, u, unit_bytes(pa, size), mva, &past_the_cache);
	if (store && buffer)
		buffered_store(c, pa, size);
}

void check_data(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr)
{
	bool store = (kind & ACC_KIND) == ACC_STORE;
	uint8_t *ram;

	if (!machine_ram(c->m, pa, &ram, size)) {
		if (!(attr & (CM_C | CM_B)))
			c->m->dbg->shadow->epoch++;
		return;
	}
	if ((mva ^ pa) & 0xc00)
		return; /* tiny pages: the shadow keeps whole ones */
	if (!(attr & CM_C))
		uncached(c, mva, pa, size, store, attr & CM_B);
	else if (!store)
		cached_load(c, mva, pa, size);
	else if (attr & CM_B)
		cached_store(c, mva, pa, size);
	else
		buffered_store(c, pa, size);
}
