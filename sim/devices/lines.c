/* SPDX-License-Identifier: MIT */
/* What really happened to D-cache lines, for an image that asks: a window of words in the system
 * registers.
 *
 * The image says from when on it wants to know, runs what it wants to judge, and then reads the
 * events of a page. Nothing of it goes through the cache or the write buffer (memory/access.c),
 * so that what is asked about is not changed by the asking. */
#include "sim/devices/lines.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/fail.h"
#include "sim/machine.h"

#define VERSION	   1u
#define EVENTS_MAX 65536u
#define ALL_PAGES  0xffffffffu

enum { KIND_DISCARD = 1, KIND_EVICT, KIND_WRITEBACK, KIND_DEVICE };

/* Offsets in the window. */
enum {
	OFF_VERSION = 0x00,
	OFF_RECORD = 0x04,
	OFF_MARK_AT = 0x08,
	OFF_RESET_REPLACEMENT = 0x0c,
	OFF_PAGE = 0x10,  /* write: select; read: selected events */
	OFF_INDEX = 0x14, /* write: select one; read: events that found no room */
	OFF_KIND = 0x18,
	OFF_VA = 0x1c,
	OFF_PA = 0x20,
	OFF_PC = 0x24,
	OFF_MARK = 0x28,
	OFF_BY = 0x2c,
	OFF_DIRTY = 0x30,
	OFF_VALID = 0x34,
	OFF_LINE = 0x38, /* write: a virtual address of the page; read: its line now */
};

struct event {
	uint32_t kind, va, pa, pc, mark, by;
};

struct line_log {
	bool recording, evicted; /* evicted: the line that comes in its place is still to come */
	uint32_t mark_at;
	uint32_t page;		    /* that the image asks about */
	uint32_t mva;		    /* in it */
	const struct event *chosen; /* that it reads now */
	uint32_t count, missed;
	struct event ev[EVENTS_MAX];
	/* whoever wanted the cache's events before */
	uint32_t other_mask;
	void (*other)(void *ctx, const struct cm_event *ev);
	void *other_ctx;
};

static struct line_log *log_of(struct machine *m)
{
	if (!m->lines) {
		m->lines = calloc(1, sizeof *m->lines);
		if (!m->lines)
			fail("out of memory");
		m->lines->page = ALL_PAGES;
	}
	return m->lines;
}

static void note(struct cpu *c, const struct event *e)
{
	struct line_log *l = c->m->lines;

	if (l->count == EVENTS_MAX) {
		l->missed++;
		return;
	}
	l->ev[l->count] = *e;
	l->ev[l->count].pc = c->cur ? insn_pc(c, c->cur) : c->pc;
	if (l->mark_at && !view_read(c, l->mark_at, &l->ev[l->count].mark, 4))
		l->ev[l->count].mark = 0;
	l->count++;
}

static void note_line(struct cpu *c, const struct cm_event *ev)
{
	struct line_log *l = c->m->lines;
	uint32_t kind = ev->kind == CM_EV_DISCARD ? KIND_DISCARD
			: ev->kind == CM_EV_EVICT ? KIND_EVICT
						  : KIND_WRITEBACK;

	if (ev->kind == CM_EV_FILL) {
		if (l->evicted && l->count)
			l->ev[l->count - 1].by = ev->va;
		l->evicted = false;
		return;
	}
	/* The write-back of a line that is replaced: the eviction that follows says it. */
	if (ev->kind == CM_EV_WRITEBACK && (ev->op == CM_OP_LOAD || ev->op == CM_OP_STORE))
		return;
	l->evicted = kind == KIND_EVICT && l->count < EVENTS_MAX;
	note(c, &(struct event){
			.kind = kind | ev->op << 8 | ev->dirty << 16, .va = ev->va, .pa = ev->pa});
}

static void on_event(void *cpu, const struct cm_event *ev)
{
	struct cpu *c = cpu;
	const struct line_log *l = c->m->lines;

	note_line(c, ev);
	if (l->other && l->other_mask & CM_EV_BIT(ev->kind))
		l->other(l->other_ctx, ev);
}

void lines_copy(struct machine *m, uint32_t from, uint32_t to, uint32_t bytes)
{
	if (m->lines && m->lines->recording)
		note(m->cpu,
		     &(struct event){.kind = KIND_DEVICE, .va = bytes, .pa = to, .by = from});
}

static void record(struct machine *m, bool on)
{
	struct line_log *l = log_of(m);
	struct cm *d = &m->cpu->d;

	if (on) {
		l->count = l->missed = 0;
		l->evicted = false;
		l->chosen = NULL;
	}
	if (on == l->recording)
		return;
	l->recording = on;
	if (on) {
		l->other = d->on_event;
		l->other_ctx = d->event_ctx;
		l->other_mask = d->event_mask;
		d->on_event = on_event;
		d->event_ctx = m->cpu;
		d->event_mask |= CM_EV_BIT(CM_EV_DISCARD) | CM_EV_BIT(CM_EV_EVICT) |
				 CM_EV_BIT(CM_EV_WRITEBACK) | CM_EV_BIT(CM_EV_FILL);
	} else {
		d->on_event = l->other;
		d->event_ctx = l->other_ctx;
		d->event_mask = l->other_mask;
	}
}

/* Whom the cache replaces next depends on all that it has replaced before; after this only on
 * what follows. Contents stay. */
static void reset_replacement(struct cm *d)
{
	memset(d->rr, 0, (d->cfg.rr_global ? 1 : d->sets) * sizeof *d->rr);
	d->rng = d->cfg.seed ? d->cfg.seed : 1;
}

static bool selected(const struct line_log *l, const struct event *e)
{
	uint32_t bytes = (e->kind & 0xff) == KIND_DEVICE ? e->va : 1;

	return l->page == ALL_PAGES || l->page - e->pa < bytes || e->pa - l->page < PAGE_BYTES;
}

/* The i-th selected event or NULL; *n their number if i is beyond. */
static const struct event *find(const struct line_log *l, uint32_t i, uint32_t *n)
{
	*n = 0;
	for (uint32_t k = 0; k < l->count; k++)
		if (selected(l, &l->ev[k]) && (*n)++ == i)
			return &l->ev[k];
	return NULL;
}

static uint32_t lines_of_page(const struct machine *m, bool dirty_only)
{
	const struct cm *d = &m->cpu->d;
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->sets * d->cfg.ways; i++)
		if (d->lines[i].valid && d->lines[i].pa - m->lines->page < PAGE_BYTES)
			n += !dirty_only || d->lines[i].dirty;
	return n;
}

/* Bit 0: the line is there; bits 1 and 2: its lower and upper half are dirty. */
static uint32_t line_now(const struct machine *m)
{
	uint32_t mva = m->lines->mva;
	const struct cm_line *l =
		cm_peek(&m->cpu->d, mva, m->lines->page | (mva & (PAGE_BYTES - 1)));

	return l ? 1 | (uint32_t)l->dirty << 1 : 0;
}

uint32_t lines_read(struct machine *m, uint32_t off)
{
	const struct event *e;
	uint32_t n;

	off -= LINES_FIRST;
	if (off == OFF_VERSION)
		return VERSION;
	if (!m->lines)
		return 0;
	switch (off) {
	case OFF_RECORD:
		return m->lines->recording;
	case OFF_MARK_AT:
		return m->lines->mark_at;
	case OFF_PAGE:
		find(m->lines, UINT32_MAX, &n);
		return n;
	case OFF_INDEX:
		return m->lines->missed;
	case OFF_DIRTY:
		return lines_of_page(m, true);
	case OFF_VALID:
		return lines_of_page(m, false);
	case OFF_LINE:
		return line_now(m);
	default:
		break;
	}
	e = m->lines->chosen;
	if (!e)
		return 0;
	switch (off) {
	case OFF_KIND:
		return e->kind;
	case OFF_VA:
		return e->va;
	case OFF_PA:
		return e->pa;
	case OFF_PC:
		return e->pc;
	case OFF_MARK:
		return e->mark;
	case OFF_BY:
		return e->by;
	default:
		return 0;
	}
}

void lines_write(struct machine *m, uint32_t off, uint32_t val)
{
	uint32_t n;

	switch (off - LINES_FIRST) {
	case OFF_RECORD:
		record(m, val & 1);
		break;
	case OFF_MARK_AT:
		log_of(m)->mark_at = val;
		break;
	case OFF_RESET_REPLACEMENT:
		if (val == 1)
			reset_replacement(&m->cpu->d);
		break;
	case OFF_PAGE:
		log_of(m)->page = val == ALL_PAGES ? val : val & ~(PAGE_BYTES - 1);
		break;
	case OFF_INDEX:
		log_of(m)->chosen = find(log_of(m), val, &n);
		break;
	case OFF_LINE:
		log_of(m)->mva = val;
		break;
	default:
		break;
	}
}

void lines_free(struct machine *m)
{
	free(m->lines);
	m->lines = NULL;
}
