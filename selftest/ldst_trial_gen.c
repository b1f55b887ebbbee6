/* SPDX-License-Identifier: MIT */
/* Draws a random load or store together with registers that aim it at a given page.
 *
 * It works backwards: first the bytes to touch, then the form and its offset, then the base
 * that makes the sum come out. It has its own shifter and condition table, and shares no
 * decoding with cache/ldst.c: a common mistake would hide itself. */
#include <string.h>

#include "selftest/ldst_trial.h"

#define P_BIT (1u << 24)
#define U_BIT (1u << 23)
#define B_BIT (1u << 22) /* byte; of the halfword group: immediate */
#define W_BIT (1u << 21)
#define L_BIT (1u << 20)
#define PC    15u

uint32_t ldst_trial_random(uint32_t *rng)
{
	uint32_t x = *rng;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *rng = x;
}

/* 0..n-1, n <= 65536; by multiplication, since these cores have no divide. */
static uint32_t draw(uint32_t *rng, uint32_t n)
{
	return ((ldst_trial_random(rng) >> 16) * n) >> 16;
}

/* A place for the bytes: anywhere, but the page's first and last bytes more often. */
static uint32_t draw_offset(uint32_t *rng, uint32_t bytes, uint32_t align)
{
	uint32_t room = LDST_TRIAL_PAGE - bytes, kind = draw(rng, 16);
	uint32_t offset = kind == 0 ? 0 : kind == 1 ? room : draw(rng, room + 1);

	return offset & ~(align - 1);
}

static bool condition_holds(uint32_t cond, uint32_t flags)
{
	bool n = flags >> 31 & 1, z = flags >> 30 & 1, c = flags >> 29 & 1, v = flags >> 28 & 1;
	const bool holds[8] = {z, c, n, v, c && !z, n == v, !z && n == v, true};

	return holds[cond >> 1] != (cond & 1);
}

/* The offset that the shift field of a register form makes of value. */
static uint32_t shifted(uint32_t value, uint32_t type, uint32_t amount, bool carry)
{
	uint64_t twice = (uint64_t)value << 32 | value;
	int64_t extended = (int32_t)value;

	if (amount == 0 && type == 3)
		return (uint32_t)(((uint64_t)carry << 32 | value) >> 1);
	if (amount == 0 && type != 0)
		amount = 32;
	switch (type) {
	case 0:
		return (uint32_t)((uint64_t)value << amount);
	case 1:
		return (uint32_t)((uint64_t)value >> amount);
	case 2:
		return (uint32_t)(extended >> amount);
	default:
		return (uint32_t)(twice >> amount);
	}
}

/* What the two single-register groups have in common once the data register is known. */
struct single {
	uint32_t rd, regs; /* the data register and the mask of it (and its twin) */
	bool half;	   /* the halfword group */
	bool by_register;
	bool wback;
	uint32_t align;
};

static void draw_base(struct ldst_trial_case *c, const struct ldst_trial_place *at,
		      const struct single *s, uint32_t *rng)
{
	bool before = c->insn & P_BIT, up = c->insn & U_BIT;
	uint32_t ea = at->plain + c->offset, offset, rn, rm, type = 0, amount = 0;

	do { /* a written base is neither the PC nor a data register */
		rn = draw(rng, 16);
	} while ((s->wback && (rn == PC || s->regs >> rn & 1)) || (rn == PC && !s->by_register));
	c->insn |= rn << 16;

	if (!s->by_register) {
		offset = draw(rng, s->half ? 256 : 4096);
		c->insn |= s->half ? B_BIT | (offset & 0xf0) << 4 | (offset & 15) : offset;
		c->r[rn] = before ? (up ? ea - offset : ea + offset) : ea;
		c->shift[rn] = at->delta;
		return;
	}

	do { /* the base as its own offset: [rn, rn] is solved below, the others are not */
		rm = draw(rng, 15);
	} while ((rn == rm && (s->wback || !up || ea & 1)) ||
		 (s->align == 8 && (c->insn & 0x20) == 0 && s->regs >> rm & 1));
	c->insn |= rm;
	if (rn == PC) { /* the slot is where it is: the offset carries the address */
		c->r[rm] = up ? ea - (at->slot + 8) : at->slot + 8 - ea;
		c->shift[rm] = up ? at->delta : -at->delta;
		return;
	}
	if (rn == rm) {
		c->r[rn] = ea >> 1 | draw(rng, 2) << 31;
		c->shift[rn] = at->delta >> 1;
		return;
	}
	if (!s->half) {
		type = draw(rng, 4);
		amount = draw(rng, 3) ? draw(rng, 32) : 0;
		c->insn |= amount << 7 | type << 5;
	}
	offset = shifted(c->r[rm], type, amount, c->flags >> 29 & 1);
	c->r[rn] = before ? (up ? ea - offset : ea + offset) : ea;
	c->shift[rn] = at->delta;
}

/* LDR STR LDRB STRB and their T forms. */
static void draw_word(struct ldst_trial_case *c, const struct ldst_trial_place *at, uint32_t *rng)
{
	static const uint32_t indexing[4] = {P_BIT, P_BIT | W_BIT, 0, W_BIT};
	uint32_t mode = draw(rng, 4);
	bool byte = draw(rng, 3) == 0, load = draw(rng, 2), user = mode == 3;
	struct single s = {.by_register = draw(rng, 2), .wback = mode != 0};

	/* The PC is never a byte, and never loaded by LDRT. */
	s.rd = draw(rng, byte || (load && user) ? 15 : 16);
	s.regs = 1u << s.rd;
	s.align = c->unit = c->bytes = byte ? 1 : 4;
	c->insn |= 0x04000000u | indexing[mode] | s.rd << 12 | draw(rng, 2) * U_BIT;
	c->insn |= byte * B_BIT | load * L_BIT | s.by_register << 25;
	*(load ? &c->loads : &c->stores) = s.regs;
	c->offset = draw_offset(rng, c->bytes, s.align);
	draw_base(c, at, &s, rng);
}

/* LDRH STRH LDRSB LDRSH LDRD STRD. */
static void draw_half(struct ldst_trial_case *c, const struct ldst_trial_place *at, uint32_t *rng)
{
	static const struct {
		uint32_t bits, unit, count;
		bool load;
	} kinds[6] = {
		{0x000000b0, 2, 1, false},	  /* STRH */
		{0x000000b0 | L_BIT, 2, 1, true}, /* LDRH */
		{0x000000d0 | L_BIT, 1, 1, true}, /* LDRSB */
		{0x000000f0 | L_BIT, 2, 1, true}, /* LDRSH */
		{0x000000d0, 4, 2, true},	  /* LDRD */
		{0x000000f0, 4, 2, false},	  /* STRD */
	};
	static const uint32_t indexing[3] = {P_BIT, P_BIT | W_BIT, 0};
	uint32_t kind = draw(rng, 6), mode = draw(rng, 3);
	bool twin = kinds[kind].count == 2;
	struct single s = {.half = true, .by_register = draw(rng, 2), .wback = mode != 0};

	s.rd = twin ? draw(rng, 7) * 2 : draw(rng, 15);
	s.regs = (twin ? 3u : 1u) << s.rd;
	s.align = twin ? 8 : kinds[kind].unit;
	c->unit = kinds[kind].unit;
	c->bytes = c->unit * kinds[kind].count;
	c->insn |= kinds[kind].bits | indexing[mode] | s.rd << 12 | draw(rng, 2) * U_BIT;
	*(kinds[kind].load ? &c->loads : &c->stores) = s.regs;
	c->offset = draw_offset(rng, c->bytes, s.align);
	draw_base(c, at, &s, rng);
}

static void draw_multiple(struct ldst_trial_case *c, const struct ldst_trial_place *at,
			  uint32_t *rng)
{
	bool load = draw(rng, 2), wback = draw(rng, 2), before = draw(rng, 2), up = draw(rng, 2);
	uint32_t rn = draw(rng, 15), list, first;

	do { /* many registers, few, and now and then all of them or all of a byte */
		static const uint32_t whole[4] = {0xffff, 0x00ff, 0xff00, 0x7fff};

		list = ldst_trial_random(rng) >> 16;
		if (draw(rng, 2))
			list &= ldst_trial_random(rng);
		if (draw(rng, 8) == 0)
			list = whole[draw(rng, 4)];
		/* A written base in the list is defined only as the first one stored. */
		if (wback && (load || list & ((1u << rn) - 1)))
			list &= ~(1u << rn);
	} while (!list);

	for (uint32_t rest = list; rest; rest &= rest - 1)
		c->bytes += 4;
	c->unit = 4;
	c->offset = draw_offset(rng, c->bytes, 4);
	first = at->plain + c->offset;
	/* The lowest address, back to the base of each mode: IA, IB, DA, DB. */
	if (up)
		c->r[rn] = before ? first - 4 : first;
	else
		c->r[rn] = before ? first + c->bytes : first + c->bytes - 4;
	c->shift[rn] = at->delta;
	c->insn |= 0x08000000u | before * P_BIT | up * U_BIT | wback * W_BIT | load * L_BIT;
	c->insn |= rn << 16 | list;
	*(load ? &c->loads : &c->stores) = list;
}

static void draw_swap(struct ldst_trial_case *c, const struct ldst_trial_place *at, uint32_t *rng)
{
	bool byte = draw(rng, 2);
	uint32_t rn = draw(rng, 15), rd, rm;

	do {
		rd = draw(rng, 15);
		rm = draw(rng, 15);
	} while (rd == rn || rm == rn);
	c->unit = c->bytes = byte ? 1 : 4;
	c->offset = draw_offset(rng, c->bytes, c->unit);
	c->r[rn] = at->plain + c->offset;
	c->shift[rn] = at->delta;
	c->insn |= 0x01000090u | byte * B_BIT | rn << 16 | rd << 12 | rm;
	c->loads = 1u << rd;
	c->stores = 1u << rm;
}

void ldst_trial_draw(struct ldst_trial_case *c, const struct ldst_trial_place *at, uint32_t *rng)
{
	uint32_t cond = draw(rng, 3) ? 14 : draw(rng, 14), group = draw(rng, 16);

	memset(c, 0, sizeof(*c));
	for (uint32_t i = 0; i < 15; i++)
		c->r[i] = ldst_trial_random(rng);
	c->flags = ldst_trial_random(rng) & 0xf8000000u;
	c->insn = cond << 28;
	c->passes = condition_holds(cond, c->flags);
	c->to_thumb = draw(rng, 2);
	if (group < 6)
		draw_word(c, at, rng);
	else if (group < 10)
		draw_half(c, at, rng);
	else if (group < 15)
		draw_multiple(c, at, rng);
	else
		draw_swap(c, at, rng);
}
