/* SPDX-License-Identifier: MIT */
/* Modelled mode: the D-cache operations on the model, its bus, and its log of discards. */
#include "cache/modelled.h"

#include <string.h>

#include "cache/cp15.h"
#include "cache/line_fault.h"
#include "cache/trap.h"
#include "lib/irqflags.h"
#include "lib/memory_map.h"
#include "lib/panic.h"
#include "lib/running.h"
#include "trace/ring.h"

struct cm cache_model;
bool cache_is_modelled;
uint32_t discards_seen;

static struct discard discards[DISCARDS_KEPT];
static uintptr_t actor_pc; /* who is at the model now, for the log */

static struct {
	uintptr_t va;
	uint32_t base, bytes;
} bus_window;

static uint8_t *bus_address(uint32_t pa, uint32_t len)
{
	if (pa - bus_window.base > bus_window.bytes - len)
		panic("cache model: bus access to %08lx, which is not RAM", (unsigned long)pa);
	return (uint8_t *)(bus_window.va + (pa - bus_window.base));
}

static void bus_read(void *ctx, uint32_t pa, void *buf, uint32_t len)
{
	(void)ctx;
	memcpy(buf, bus_address(pa, len), len);
}

static void bus_write(void *ctx, uint32_t pa, const void *buf, uint32_t len)
{
	(void)ctx;
	memcpy(bus_address(pa, len), buf, len);
}

static void on_event(void *ctx, const struct cm_event *ev)
{
	(void)ctx;
	model_log_note(ev, actor_pc);
	if (ev->kind != CM_EV_DISCARD)
		return;
	if (discards_seen < DISCARDS_KEPT)
		discards[discards_seen] = (struct discard){.va = ev->va,
							   .pa = ev->pa,
							   .halves = ev->dirty,
							   .who = (const char *)ev->who,
							   .pc = actor_pc};
	discards_seen++;
	trace_record(TRACE_DISCARD, ev->pa, ev->va, (ev->va & (PAGE_SIZE - 1)) / CACHE_LINE,
		     __builtin_popcount(ev->dirty));
}

void discards_clear(void)
{
	discards_seen = 0;
}

const struct discard *discard_at(uint32_t i)
{
	return i < discards_seen && i < DISCARDS_KEPT ? &discards[i] : NULL;
}

void modelled_actor(uintptr_t pc)
{
	actor_pc = pc;
	cache_model.who = (uintptr_t)running_name();
}

/* One line at a time with IRQs masked: the model must not be entered twice, and between two
 * lines an interrupt may come, as it may between two instructions of the core's own loop. */
static void each_line(uintptr_t start, uintptr_t end, uintptr_t caller,
		      void (*op)(struct cm *, uint32_t va, uint32_t pa))
{
	for (; start < end; start += CACHE_LINE) {
		unsigned long flags;
		uint32_t pa, attr;

		if (!window_contains(start))
			continue;   /* lowmem: its cache holds nothing */
		flags = irq_save(); /* the translation and the operation are one instruction */
		if (!window_translate(start, &pa, &attr)) {
			if (!dcache_is_vivt) {
				irq_restore(flags);
				line_fault(start);
				continue;
			}
			pa = start; /* a VIVT cache finds the line without it */
		}
		modelled_actor(caller);
		op(&cache_model, start, pa);
		irq_restore(flags);
	}
}

#define CALLER ((uintptr_t)__builtin_return_address(0))

static void model_clean_lines(uintptr_t start, uintptr_t end)
{
	each_line(start, end, CALLER, cm_clean_mva);
}

static void model_inv_lines(uintptr_t start, uintptr_t end)
{
	each_line(start, end, CALLER, cm_inv_mva);
}

static void model_clean_inv_lines(uintptr_t start, uintptr_t end)
{
	each_line(start, end, CALLER, cm_clean_inv_mva);
}

static void model_clean_inv_all(void)
{
	unsigned long flags = irq_save();

	modelled_actor(CALLER);
	while (!cm_test_clean_inv(&cache_model))
		;
	cm_drain(&cache_model);
	irq_restore(flags);
}

static void model_drain(void)
{
	unsigned long flags = irq_save();

	modelled_actor(CALLER);
	cm_drain(&cache_model);
	irq_restore(flags);
	cp15_drain(); /* lowmem and descriptors still go through the core's own write buffer */
}

const struct dcache_ops modelled_dcache_ops = {
	.name = "model",
	.clean_lines = model_clean_lines,
	.inv_lines = model_inv_lines,
	.clean_inv_lines = model_clean_inv_lines,
	.edge_lines = model_clean_inv_lines,
	.clean_inv_all = model_clean_inv_all,
	.drain = model_drain,
};

void modelled_start(const struct cm_config *cfg, void *storage, uintptr_t bus_va, uint32_t ram_base,
		    uint32_t ram_bytes)
{
	const struct cm_bus bus = {.read = bus_read, .write = bus_write};

	bus_window.va = bus_va;
	bus_window.base = ram_base;
	bus_window.bytes = ram_bytes;
	cm_init(&cache_model, cfg, &bus, storage);
	cache_model.on_event = on_event;
	cache_model.event_mask = CM_EV_BIT(CM_EV_DISCARD) | CM_EV_BIT(CM_EV_EVICT) |
				 CM_EV_BIT(CM_EV_WRITEBACK) | CM_EV_BIT(CM_EV_FILL);
	dcache_is_vivt = cfg->index == CM_VIVT;
	dcache = modelled_dcache_ops;
	cache_is_modelled = true;
}
