/* SPDX-License-Identifier: MIT */
/* Hunter mode: who reads and writes memory beside the CPU's data side: devices, table walks,
 * instruction fetches. None of them sees the D-cache or its write buffer. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/debug.h"
#include "sim/debug/shadow.h"
#include "sim/machine.h"

/* A device, or the CPU past its cache, writes mask's bytes: about to happen. */
void debts_memory_written(struct cpu *c, struct unit *u, uint32_t mask)
{
	uint32_t under = 0;
	uint8_t view[UNIT];

	shadow_view(c, u, view);
	unit_overwritten(c->m->dbg->shadow, u, mask);
	if (u->flags & U_DIRTY)
		under = mask & unit_dirty_bytes(c, u);
	else if (debts_undrained(c, u))
		under = mask & u->pending;
	u->corrupt |= under;
	if ((u->flags & U_PRESENT) || (c->ahead.on && c->d_phys))
		u->behind |= mask & ~under;
	for (uint32_t n = 0; n < UNIT; n++)
		if (mask & (1u << n))
			u->alt[n] = view[n];
	u->transfer = debug_here(c);
	debts_code_changes(c, u, mask);
	shadow_hints_forget(c, u->pa);
}

void check_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write)
{
	static const struct reader device = {CHECK_DMA_STALE, CHECK_DMA_UNDRAINED, NULL};

	/* a bus transfer may be longer than a unit (a descriptor) */
	while (len) {
		uint32_t n = UNIT - pa % UNIT < len ? UNIT - pa % UNIT : len;
		/* A line that fills by itself needs nobody who touched it before */
		struct unit *u = shadow_at(c, pa, write && c->ahead.on && c->d_phys);

		if (u && write)
			debts_memory_written(c, u, unit_bytes(pa, n));
		else if (u)
			debts_memory_read(c, u, unit_bytes(pa, n),
					  u->va == UNIT_NO_VA || c->d_phys ? pa : u->va, &device);
		pa += n;
		len -= n;
	}
}

void check_walk(struct cpu *c, uint32_t pa)
{
	static const struct reader walker = {CHECK_WALK_STALE, CHECK_WALK_UNDRAINED, NULL};
	struct unit *u = shadow_at(c, pa, false);

	if (u)
		debts_memory_read(c, u, unit_bytes(pa, 4),
				  u->va == UNIT_NO_VA || c->d_phys ? pa : u->va, &walker);
}

/* A line of code begins. True if its instructions are to be looked at one by one. */
bool check_code(struct cpu *c, uint32_t pa, bool cached)
{
	struct unit *u = shadow_at(c, pa, true);

	if (!u)
		return false;
	if (!(u->flags & U_CODE))
		shadow_hints_forget(c, pa); /* stores to it are looked at from now on */
	u->flags |= U_CODE | (cached ? U_ICACHE : 0);
	return unit_taints(u) || u->code || (u->flags & (U_DIRTY | U_UNDRAINED));
}

void check_executes(struct cpu *c, uint32_t va, uint32_t pa, uint32_t len, const uint8_t *raw)
{
	const struct reader fetch = {CHECK_STALE_CODE, CHECK_STALE_CODE, raw};
	struct unit *u = shadow_at(c, pa, false);
	uint32_t mask = unit_bytes(pa, len);
	struct finding f = {.kind = CHECK_STALE_CODE, .pc = va, .va = va, .pa = pa};
	uint8_t view[UNIT];

	if (!u)
		return;
	debts_memory_read(c, u, mask, va, &fetch);
	if (!(u->code & mask))
		return;
	u->code &= ~mask;
	shadow_view(c, u, view);
	memcpy(&f.got, raw + pa % UNIT, len);
	memcpy(&f.other,
	       memcmp(view + pa % UNIT, &f.got, len) ? view + pa % UNIT : u->alt + pa % UNIT, len);
	f.stored = u->stored;
	if (f.got != f.other)
		check_report(c, &f);
}

void check_poked(struct cpu *c, uint32_t pa, uint8_t byte)
{
	struct unit *u = shadow_at(c, pa, false);

	if (!u)
		return;
	u->alt[pa % UNIT] = byte; /* in memory and in the line */
	u->lost &= ~unit_bytes(pa, 1);
	u->behind &= ~unit_bytes(pa, 1);
	u->corrupt &= ~unit_bytes(pa, 1);
	u->code &= ~unit_bytes(pa, 1);
}

void check_left_dirty(struct cpu *c, uint32_t addr, const uint8_t *memory)
{
	struct unit *u = shadow_at(c, addr, true);

	if (!u)
		return;
	memcpy(u->alt, memory, UNIT);
	u->va = u->pa;
	u->flags |= U_PRESENT | U_HELD | U_DIRTY;
	u->halves = c->d.cfg.halves == 2 ? 3 : 1;
	shadow_list(c->m->dbg->shadow, u);
}
