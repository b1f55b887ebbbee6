/* SPDX-License-Identifier: MIT */
/* The words by which an image learns that it runs here, and on which caches. The cache type
 * register cannot say how a cache is indexed, when it allocates and whom it replaces; an image
 * that prints its cache would have to guess. Layout: sim/README.md. */
#include "sim/devices/identity.h"

#include "cache/model.h"
#include "sim/cpu/cpu.h"
#include "sim/machine.h"

#define MARK_LOW    0x4d555250u /* "MURP" */
#define MARK_HIGH   0x4853494du /* "HSIM" */
#define VERSION	    1u
#define CACHE_WRONG 0x14u

#define POLICY_WRITE_ALLOCATE 0x10u
#define POLICY_RANDOM	      0x20u
#define POLICY_RR_GLOBAL      0x40u
#define WRONG_WALK_IN_CACHE   0x80000000u
#define FILLS_BY_ITSELF	      0x40000000u

static uint32_t cache_word(const struct cm_config *g, uint32_t off)
{
	switch (off) {
	case 0x00:
		return g->size;
	case 0x04:
		return g->ways;
	case 0x08:
		return g->line;
	case 0x0c:
		return (uint32_t)g->index | (g->write_allocate ? POLICY_WRITE_ALLOCATE : 0) |
		       (g->replace == CM_RANDOM ? POLICY_RANDOM : 0) |
		       (g->rr_global ? POLICY_RR_GLOBAL : 0) | g->halves << 8;
	case 0x10:
		return g->wb_words | g->wb_addrs << 8;
	case CACHE_WRONG:
		return g->quirks;
	default:
		return 0;
	}
}

uint32_t identity_word(const struct machine *m, uint32_t off)
{
	const struct cpu *c = m->cpu;

	if (off == IDENTITY_DCACHE + CACHE_WRONG)
		return c->d.cfg.quirks | (c->walk_in_cache ? WRONG_WALK_IN_CACHE : 0) |
		       (c->ahead.on ? FILLS_BY_ITSELF : 0);
	if (off >= IDENTITY_DCACHE && off < IDENTITY_ICACHE)
		return cache_word(&c->d.cfg, off - IDENTITY_DCACHE);
	if (off >= IDENTITY_ICACHE && off < IDENTITY_ICACHE + 0x20)
		return cache_word(&c->i.cfg, off - IDENTITY_ICACHE);
	switch (off) {
	case 0xff0:
		return MARK_LOW;
	case 0xff4:
		return MARK_HIGH;
	case 0xff8:
		return VERSION;
	case 0xffc:
		return IDENTITY_DCACHE;
	default:
		return 0;
	}
}
