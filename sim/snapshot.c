/* SPDX-License-Identifier: MIT */
/* Snapshots: reference-counted page copies, and plain copies of CPU, caches and devices. */
#include "sim/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/shadow.h"
#include "sim/machine.h"

struct page {
	uint32_t refs;
	uint8_t bytes[PAGE_BYTES];
};

struct snapshot {
	struct machine *m;
	struct cpu cpu;
	uint8_t *dstore, *istore, *devices;
	struct shadow *shadow; /* hunter mode's */
	struct page **pages;
	uint32_t npages, copied;
	uint64_t idle;
};

/* All-zero pages, most of RAM, are not stored: NULL stands for them. */
static bool all_zero(const uint8_t *p)
{
	return p[0] == 0 && !memcmp(p, p + 1, PAGE_BYTES - 1);
}

static void page_put(struct page *p)
{
	if (p && --p->refs == 0)
		free(p);
}

static size_t devices_size(const struct machine *m)
{
	size_t size = 0;

	for (unsigned int n = 0; n < m->ndev; n++)
		size += m->dev[n]->ops->size;
	return size;
}

/* Makes m->pages what RAM is now: a new copy of each page that was written since. */
static bool sync_pages(struct machine *m, uint32_t *copied)
{
	uint32_t npages = m->ram_size / PAGE_BYTES;

	if (!m->pages) {
		m->pages = calloc(npages, sizeof *m->pages);
		if (!m->pages)
			return false;
		memset(m->dirty, 1, npages);
	}
	for (uint32_t n = 0; n < npages; n++) {
		uint8_t *ram = m->ram + (size_t)n * PAGE_BYTES;
		struct page *p = NULL;

		if (!m->dirty[n])
			continue;
		if (!all_zero(ram)) {
			p = malloc(sizeof *p);
			if (!p)
				return false;
			p->refs = 1;
			memcpy(p->bytes, ram, PAGE_BYTES);
			(*copied)++;
		}
		page_put(m->pages[n]);
		m->pages[n] = p;
		m->dirty[n] = 0;
	}
	return true;
}

struct snapshot *snapshot_take(struct machine *m)
{
	struct snapshot *s = calloc(1, sizeof *s);
	struct cpu *c = m->cpu;
	uint8_t *at;

	if (!s)
		return NULL;
	s->m = m;
	s->npages = m->ram_size / PAGE_BYTES;
	s->dstore = malloc(cm_storage_size(&c->d.cfg));
	s->istore = malloc(cm_storage_size(&c->i.cfg));
	s->devices = malloc(devices_size(m));
	if (m->dbg->shadow)
		s->shadow = shadow_copy(c, m->dbg->shadow);
	s->pages = malloc(s->npages * sizeof *s->pages);
	if (!s->dstore || !s->istore || !s->devices || !s->pages ||
	    (m->dbg->shadow && !s->shadow) || !sync_pages(m, &s->copied)) {
		s->npages = 0;
		snapshot_free(s);
		return NULL;
	}
	s->cpu = *c;
	s->idle = m->idle;
	memcpy(s->dstore, c->dstore, cm_storage_size(&c->d.cfg));
	memcpy(s->istore, c->istore, cm_storage_size(&c->i.cfg));
	at = s->devices;
	for (unsigned int n = 0; n < m->ndev; at += m->dev[n++]->ops->size)
		memcpy(at, m->dev[n], m->dev[n]->ops->size);
	memcpy(s->pages, m->pages, s->npages * sizeof *s->pages);
	for (uint32_t n = 0; n < s->npages; n++)
		if (s->pages[n])
			s->pages[n]->refs++;
	return s;
}

static void restore_pages(struct machine *m, const struct snapshot *s)
{
	for (uint32_t n = 0; n < s->npages; n++) {
		struct page *p = s->pages[n];
		uint8_t *ram = m->ram + (size_t)n * PAGE_BYTES;

		if (!m->dirty[n] && m->pages[n] == p)
			continue;
		if (p) {
			memcpy(ram, p->bytes, PAGE_BYTES);
			p->refs++;
		} else {
			memset(ram, 0, PAGE_BYTES);
		}
		page_put(m->pages[n]);
		m->pages[n] = p;
		m->dirty[n] = 0;
	}
}

void snapshot_restore(struct machine *m, const struct snapshot *s)
{
	struct cpu *c = m->cpu;
	const uint8_t *at = s->devices;

	restore_pages(m, s);
	*c = s->cpu; /* the pointers in it are the machine's own and do not change */
	memcpy(c->dstore, s->dstore, cm_storage_size(&c->d.cfg));
	memcpy(c->istore, s->istore, cm_storage_size(&c->i.cfg));
	if (s->shadow) {
		shadow_free(m->dbg->shadow);
		m->dbg->shadow = shadow_copy(c, s->shadow);
		if (!m->dbg->shadow)
			debug_no_memory();
	}
	for (unsigned int n = 0; n < m->ndev; at += m->dev[n++]->ops->size)
		memcpy(m->dev[n], at, m->dev[n]->ops->size);
	/* Decoded code is derived: from the I-cache's lines, and from memory */
	for (uint32_t n = 0; n < c->i.sets * c->i.cfg.ways; n++)
		c->icode[n].state = CODE_INVALID;
	for (uint32_t n = 0; n < UCODE_LINES; n++)
		c->ucode[n].state = CODE_INVALID;
	c->attn &= ~ATTN_STOP;
	debug_update(c); /* breakpoints are the debugger's, not the snapshot's */
	m->stop = STOP_NONE;
	m->exit_code = 0;
	m->idle = s->idle;
}

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	for (uint32_t n = 0; n < s->npages; n++)
		page_put(s->pages[n]);
	free(s->pages);
	free(s->dstore);
	free(s->istore);
	free(s->devices);
	shadow_free(s->shadow);
	free(s);
}

uint32_t snapshot_copied(const struct snapshot *s)
{
	return s->copied;
}

void snapshot_forget(struct machine *m)
{
	for (uint32_t n = 0; m->pages && n < m->ram_size / PAGE_BYTES; n++)
		page_put(m->pages[n]);
	free(m->pages);
	m->pages = NULL;
}
