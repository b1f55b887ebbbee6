/* SPDX-License-Identifier: MIT */
/* The shadow's storage: units by physical address, pages of MVAs, the list of live units. */
#include "sim/debug/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

#define VPAGES (1u << 20)

struct shadow *shadow_new(struct cpu *c)
{
	struct shadow *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->npages = c->m->ram_size / PAGE_BYTES;
	s->page = calloc(s->npages, sizeof *s->page);
	s->vmap = calloc(VPAGES, sizeof *s->vmap);
	s->swept = calloc(c->d.sets * c->d.cfg.ways, 1);
	if (s->page && s->vmap && s->swept)
		return s;
	shadow_free(s);
	return NULL;
}

void shadow_free(struct shadow *s)
{
	if (!s)
		return;
	for (uint32_t n = 0; s->page && n < s->npages; n++)
		free(s->page[n]);
	free(s->page);
	free(s->vmap);
	free(s->swept);
	free(s->live);
	free(s);
}

struct shadow *shadow_copy(struct cpu *c, const struct shadow *s)
{
	struct shadow *to = shadow_new(c);
	const size_t size = UNITS * sizeof(struct unit);

	if (!to)
		return NULL;
	memcpy(to->vmap, s->vmap, VPAGES * sizeof *s->vmap);
	memcpy(to->swept, s->swept, c->d.sets * c->d.cfg.ways);
	to->epoch = s->epoch;
	to->swept_count = s->swept_count;
	to->swept_op = s->swept_op;
	to->overwritten = s->overwritten;
	for (uint32_t n = 0; n < s->npages; n++) {
		if (!s->page[n])
			continue;
		to->page[n] = malloc(size);
		if (!to->page[n]) {
			shadow_free(to);
			return NULL;
		}
		memcpy(to->page[n], s->page[n], size);
		for (struct unit *u = to->page[n]; u < to->page[n] + UNITS; u++)
			if (u->flags & U_LISTED) {
				u->flags &= (uint16_t)~U_LISTED;
				shadow_list(to, u);
			}
	}
	return to;
}

struct unit *shadow_at(struct cpu *c, uint32_t pa, bool make)
{
	struct shadow *s = c->m->dbg->shadow;
	uint32_t off = pa - c->m->ram_base, page = off / PAGE_BYTES;

	if (off >= c->m->ram_size)
		return NULL;
	if (!s->page[page]) {
		struct unit *u;

		if (!make)
			return NULL;
		u = calloc(UNITS, sizeof *u);
		if (!u)
			debug_no_memory();
		s->page[page] = u;
		for (uint32_t n = 0; n < UNITS; n++) {
			u[n].pa = (pa & ~(PAGE_BYTES - 1)) + n * UNIT;
			u[n].va = u[n].other = UNIT_NO_VA;
		}
	}
	return &s->page[page][off / UNIT % UNITS];
}

void shadow_list(struct shadow *s, struct unit *u)
{
	if (u->flags & U_LISTED)
		return;
	if (s->nlive == s->room) {
		s->room = s->room ? 2 * s->room : 1024;
		s->live = realloc(s->live, s->room * sizeof(struct unit *));
		if (!s->live)
			debug_no_memory();
	}
	u->flags |= U_LISTED;
	s->live[s->nlive++] = u;
}

struct unit *shadow_under(struct cpu *c, uint32_t mva, unsigned int n)
{
	const struct vpage *v = &c->m->dbg->shadow->vmap[mva / PAGE_BYTES];
	uint32_t page = n ? v->before : v->pa;
	struct unit *u = page ? shadow_at(c, (page & ~1u) | (mva & 0xfe0u), false) : NULL;

	return u && (u->va == (mva & ~31u) || u->other == (mva & ~31u)) ? u : NULL;
}

void shadow_map(struct cpu *c, uint32_t mva, uint32_t pa)
{
	struct vpage *v = &c->m->dbg->shadow->vmap[mva / PAGE_BYTES];
	uint32_t page = (pa & ~(PAGE_BYTES - 1)) | 1;

	if (v->pa == page)
		return;
	v->before = v->pa;
	v->pa = page;
	shadow_hints_forget_all(c);
}

void shadow_memory(struct cpu *c, const struct unit *u, uint8_t *out)
{
	uint8_t *ram;

	if (machine_ram(c->m, u->pa, &ram, UNIT))
		memcpy(out, ram, UNIT);
	view_buffered(c, u->pa, out, UNIT);
}

/* The line that holds u now, by its newest address first; NULL if luck took it away. */
static const struct cm_line *line_of(struct cpu *c, const struct unit *u)
{
	const struct cm_line *l;
	uint32_t n = 0;

	if (c->d_phys)
		return view_line_of_pa(c, u->pa, &n);
	l = cm_peek(&c->d, u->va, u->pa);
	if (!l || l->pa != u->pa)
		l = cm_peek(&c->d, u->other, u->pa);
	return l && l->pa == u->pa ? l : NULL;
}

void shadow_view(struct cpu *c, const struct unit *u, uint8_t *out)
{
	const struct cm_line *l = line_of(c, u);

	if (l)
		memcpy(out, cm_line_data(&c->d, l), UNIT);
	else
		shadow_memory(c, u, out);
}

uint32_t unit_bytes(uint32_t pa, uint32_t len)
{
	uint32_t at = pa % UNIT;

	if (len > UNIT - at)
		len = UNIT - at;
	return (len == UNIT ? 0xffffffffu : (1u << len) - 1) << at;
}

uint32_t unit_dirty_bytes(struct cpu *c, const struct unit *u)
{
	const struct cm_line *l = line_of(c, u);
	uint32_t halves = u->halves;

	if (l)
		halves |= l->dirty;
	if (c->d.cfg.halves == 1)
		return halves ? 0xffffffffu : 0;
	return (halves & 1 ? 0xffffu : 0) | (halves & 2 ? 0xffff0000u : 0);
}

void unit_overwritten(struct shadow *s, struct unit *u, uint32_t bytes)
{
	if (!(unit_taints(u) & bytes))
		return;
	u->lost &= ~bytes;
	u->behind &= ~bytes;
	u->corrupt &= ~bytes;
	s->overwritten += !unit_taints(u);
}

uint32_t shadow_permits(const struct unit *u, uint32_t tag)
{
	if (!u || unit_taints(u) || u->va != tag || !(u->flags & U_PRESENT))
		return 0;
	if (!(u->flags & U_DIRTY) || (u->flags & U_CODE) || u->other != UNIT_NO_VA)
		return 1;
	return 3;
}

void shadow_hints_forget(struct cpu *c, uint32_t pa)
{
	/* By whichever address it is cached: an address keeps its place in the page */
	for (uint32_t n = pa / UNIT % UNITS; n < DHINT_SIZE; n += UNITS)
		c->dhint[n].line = c->dhint[n].wline = &c->no_line;
}

void shadow_hints_forget_all(struct cpu *c)
{
	for (uint32_t n = 0; n < UNITS; n++)
		shadow_hints_forget(c, n * UNIT);
}
