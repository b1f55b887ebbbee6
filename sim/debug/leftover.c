/* SPDX-License-Identifier: MIT */
/* What a loader may leave behind (--entry): the states from which an image must start
 * although an emulator that powers up clean never shows them.
 *
 *   dirty  MMU and caches off, but both caches and the TLB still hold the loader's lines
 *          and entries: the D-cache dirty ones, that a careless clean or eviction writes
 *          over the image
 *   on     MMU, D-cache and I-cache on, flat map, as after U-Boot's "go"; part of the image
 *          is still dirty in the D-cache and not in memory. The map is in a domain of its own,
 *          whose manager the loader is; addresses below 32 MiB go through an FCSE process;
 *          SCTLR has L4, S, R set; and devices are in the middle of interrupts
 */
#include "sim/debug/leftover.h"

#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/debug.h"
#include "sim/fail.h"
#include "sim/machine.h"
#include "sim/options.h"

#define UNDEFINED_INSN 0xe7f000f0u
#define DOMAIN	       3u	   /* the loader's: not the image's */
#define FCSE_BYTES     0x02000000u /* what a process is; its own addresses lie below */
#define FIRST_CODE     0x2000u	   /* of the image: the loader made sure of the entry code itself */

static uint32_t next(uint32_t *rng)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 17;
	*rng ^= *rng << 5;
	return *rng;
}

/* The n-th line gets addr's line; addr must belong to the line's set. */
static void put_line(struct cm *m, uint32_t n, uint32_t addr, uint32_t dirty)
{
	m->lines[n].va = m->lines[n].pa = addr;
	m->lines[n].valid = 1;
	m->lines[n].dirty = (uint8_t)dirty;
}

/* An address of set's lines in [base, end), or end if there is none. */
static uint32_t address_in_set(const struct cm *m, uint32_t set, uint32_t base, uint32_t end,
			       uint32_t *rng)
{
	uint32_t span = m->sets * m->cfg.line, slots = (end - base) / span, addr;

	addr = (base & ~(span - 1)) + (slots ? next(rng) % (slots + 1) : 0) * span +
	       set * m->cfg.line;
	return addr >= base && addr < end ? addr : end;
}

static void dirty_caches(struct machine *m, uint32_t *rng)
{
	struct cpu *c = m->cpu;
	uint32_t full = (1u << c->d.cfg.halves) - 1, insn = UNDEFINED_INSN;

	for (uint32_t n = 0; n < c->d.sets * c->d.cfg.ways; n++) {
		uint32_t at = address_in_set(&c->d, n / c->d.cfg.ways, m->entry, m->image_end, rng);

		if (at == m->image_end || cm_peek(&c->d, at, at))
			continue;
		put_line(&c->d, n, at, full);
		for (uint32_t k = 0; k < c->d.cfg.line; k += 4) {
			uint32_t v = next(rng);

			memcpy(&c->d.data[(size_t)n * c->d.cfg.line + k], &v, 4);
		}
	}
	for (uint32_t n = 0; n < c->i.sets * c->i.cfg.ways; n++) {
		uint32_t at =
			address_in_set(&c->i, n / c->i.cfg.ways, m->ram_base, m->image_end, rng);

		if (at == m->image_end || cm_peek(&c->i, at, at))
			continue;
		put_line(&c->i, n, at, 0);
		for (uint32_t k = 0; k < CODE_BYTES; k += 4)
			memcpy(&c->i.data[(size_t)n * CODE_BYTES + k], &insn, 4);
	}
}

/* Every other megabyte where kernels live maps to somewhere else. */
static void stale_tlb(struct machine *m, uint32_t *rng)
{
	struct cpu *c = m->cpu;

	for (uint32_t n = 0; n < c->tlb.size; n++) {
		uint32_t mva = n < 8	? n << 20
			       : n < 40 ? 0xc0000000u + ((n - 8) << 20)
					: 0xbfe00000u + ((n - 40) << 12);
		struct tlb_entry e = {
			.mva = mva,
			.mask = n < 40 ? 0xfff00000u : 0xfffff000u,
			.pa = m->ram_base + (next(rng) % (m->arm_ram >> 20) << 20),
			.valid = 1,
			.ap = {3, 3, 3, 3},
			.section = n < 40,
			.global = 1,
		};

		tlb_insert(c, &e);
	}
}

/* Every address to itself; the process's 32 MiB, where it finds the addresses below 32 MiB, to
 * those. No access by the permissions: as the domain's manager it needs none. */
static void flat_map(struct machine *m, uint32_t table)
{
	uint32_t process = m->cpu->cp.fcse >> 20;

	for (uint32_t n = 0; n < 4096; n++) {
		uint32_t to = n - process < FCSE_BYTES >> 20 ? n - process : n;
		bool ram = (to << 20) - m->ram_base < m->ram_size;
		uint32_t d = to << 20 | DOMAIN << 5 | 0x12 | (ram ? 0xc : 0);

		memcpy(m->ram + (table - m->ram_base) + 4 * n, &d, 4);
	}
}

static void all_on(struct machine *m, uint32_t *rng)
{
	struct cpu *c = m->cpu;
	uint32_t table = m->ram_base + m->arm_ram - (1u << 20);

	c->cp.fcse = (64 + next(rng) % 32) << 25; /* where neither RAM nor devices are */
	flat_map(m, table);
	c->cp.ttbr0 = table;
	c->cp.dacr = 3u << 2 * DOMAIN;
	c->cp.sctlr |= (SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_S | SCTLR_R | SCTLR_L4) &
		       c->core->sctlr_writable;
	for (uint32_t n = 0; n < c->d.sets * c->d.cfg.ways; n++) {
		uint32_t at = address_in_set(&c->d, n / c->d.cfg.ways, m->entry + FIRST_CODE,
					     m->image_end & ~63u, rng);
		uint32_t mva = at < FCSE_BYTES ? at | c->cp.fcse : at;
		uint8_t *ram = m->ram + (at - m->ram_base);

		if (at == (m->image_end & ~63u) || cm_peek(&c->d, mva, at))
			continue;
		put_line(&c->d, n, at, (1u << c->d.cfg.halves) - 1);
		c->d.lines[n].va = mva;
		memcpy(&c->d.data[(size_t)n * c->d.cfg.line], ram, c->d.cfg.line);
		memset(ram, 0xee, c->d.cfg.line);
		if (m->dbg->shadow)
			check_left_dirty(c, at, ram);
	}
	mmu_flush_fast(c);
	leftover_devices(m);
}

void leftover_apply(struct machine *m, const char *mode)
{
	uint32_t rng = m->opt->seed * 2654435761u | 1;

	if (!strcmp(mode, "cold"))
		return;
	if (!strcmp(mode, "dirty")) {
		dirty_caches(m, &rng);
		stale_tlb(m, &rng);
	} else if (!strcmp(mode, "on")) {
		all_on(m, &rng);
	} else {
		fail("--entry %s: must be cold, dirty or on", mode);
	}
}
