/* SPDX-License-Identifier: MIT */
/* Modelled mode's log: what became of the model's lines, kept while somebody wants to know. */
#include <string.h>

#include "cache/modelled.h"
#include "lib/irqflags.h"
#include "lib/memory_map.h"
#include "trace/ring.h"

#define EVENTS_MAX 1024 /* two pages' lines, several times over */

static struct line_event log[EVENTS_MAX];
static uint32_t count, missed, selected;
static bool recording, evicted; /* evicted: the line that comes instead is still to come */

static void note(const struct line_event *e)
{
	if (count < EVENTS_MAX) {
		log[count] = *e;
		log[count++].mark = trace_next;
	} else {
		missed++;
	}
}

/* IRQs masked, as everything at the model. */
void model_log_note(const struct cm_event *ev, uintptr_t pc)
{
	if (!recording)
		return;
	if (ev->kind == CM_EV_FILL) {
		if (evicted)
			log[count - 1].by = ev->va;
		evicted = false;
		return;
	}
	/* The write-back of a line that is replaced: the eviction that follows says it. */
	if (ev->kind == CM_EV_WRITEBACK && (ev->op == CM_OP_LOAD || ev->op == CM_OP_STORE))
		return;
	evicted = ev->kind == CM_EV_EVICT && count < EVENTS_MAX;
	note(&(struct line_event){.kind = ev->kind == CM_EV_DISCARD ? LINE_DISCARDED
					  : ev->kind == CM_EV_EVICT ? LINE_EVICTED
								    : LINE_CLEANED,
				  .va = ev->va,
				  .pa = ev->pa,
				  .halves = ev->dirty,
				  .pc = pc,
				  .who = (const char *)ev->who});
}

/* What the buffers between cache and memory hold will be written over what the device wrote. */
static void note_late(uint32_t pa, uint32_t bytes)
{
	const struct cm *m = &cache_model;

	if (m->evict_valid && m->evict_pa - pa < bytes)
		note(&(struct line_event){
			.kind = LINE_LATE, .pa = m->evict_pa, .halves = m->evict_dirty});
	for (uint32_t i = 0; i < m->wb_used; i++)
		if (m->wb[i].pa - pa < bytes)
			note(&(struct line_event){.kind = LINE_LATE,
						  .pa = m->wb[i].pa & ~(m->cfg.line - 1),
						  .halves = 3});
}

void model_log_device(uint32_t pa, uint32_t bytes)
{
	unsigned long flags = irq_save();

	if (recording) {
		note(&(struct line_event){.kind = LINE_DEVICE, .va = bytes, .pa = pa});
		note_late(pa, bytes);
	}
	irq_restore(flags);
}

void model_log_start(void)
{
	discards_clear(); /* what `cache discards` lists is of the last run */
	count = missed = 0;
	evicted = false;
	recording = true;
}

void model_log_stop(void)
{
	recording = false;
}

static bool of_page(const struct line_event *e, uint32_t page_pa)
{
	uint32_t bytes = e->kind == LINE_DEVICE ? e->va : 1;

	return e->pa - page_pa < PAGE_SIZE || page_pa - e->pa < bytes;
}

uint32_t model_log_select(uint32_t page_pa)
{
	uint32_t n = 0;

	selected = page_pa;
	for (uint32_t i = 0; i < count; i++)
		n += of_page(&log[i], page_pa);
	return n;
}

void model_log_event(uint32_t n, struct line_event *e)
{
	for (uint32_t i = 0; i < count; i++)
		if (of_page(&log[i], selected) && n-- == 0) {
			*e = log[i];
			return;
		}
	memset(e, 0, sizeof(*e));
}

uint32_t model_log_missed(void)
{
	return missed;
}

uint32_t model_dirty_lines(uint32_t page_pa)
{
	const struct cm *m = &cache_model;
	unsigned long flags = irq_save();
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->sets * m->cfg.ways; i++)
		n += m->lines[i].valid && m->lines[i].dirty && m->lines[i].pa - page_pa < PAGE_SIZE;
	irq_restore(flags);
	return n;
}

void model_reset_replacement(void)
{
	struct cm *m = &cache_model;

	memset(m->rr, 0, (m->cfg.rr_global ? 1 : m->sets) * sizeof(*m->rr));
	m->rng = m->cfg.seed ? m->cfg.seed : 1;
}
